/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-field-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-field-row.h"

#define KEY_FIELD "muster-field"
#define KEY_WARNING "muster-warning"

static GtkWidget *
create_enum_row (const MusterField *field, const char *text)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  GtkWidget *row = adw_combo_row_new ();
  int        value = muster_enum_parse (field->enumeration, text);

  for (unsigned i = 0; i < muster_enum_get_count (field->enumeration); i++)
    gtk_string_list_append (labels, _ (muster_enum_get_label (field->enumeration, i)));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (labels));
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), value >= 0 ? value : field->default_value);
  return row;
}

static GtkWidget *
create_entry_row (const MusterField *field, const char *text)
{
  GtkWidget *row =
    field->flags & MUSTER_FIELD_SECRET ? adw_password_entry_row_new () : adw_entry_row_new ();
  GtkWidget *warning = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  if (field->maximum > 0 && field->maximum <= 65535 &&
      (field->type == MUSTER_FIELD_STRING || field->type == MUSTER_FIELD_TEXT))
    adw_entry_row_set_max_length (ADW_ENTRY_ROW (row), field->maximum);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_widget_set_visible (warning, FALSE);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), warning);
  g_object_set_data (G_OBJECT (row), KEY_WARNING, warning);
  return row;
}

GtkWidget *
muster_field_row_new (const MusterField *field, const char *text)
{
  GtkWidget *row;

  g_return_val_if_fail (field != NULL && text != NULL, NULL);

  if (field->type == MUSTER_FIELD_ENUM)
    row = create_enum_row (field, text);
  else if (field->type == MUSTER_FIELD_BOOLEAN)
    row = g_object_new (ADW_TYPE_SWITCH_ROW, "active", g_str_equal (text, "true"), NULL);
  else
    row = create_entry_row (field, text);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (field->label));
  gtk_widget_set_tooltip_text (row, field->doc);
  g_object_set_data (G_OBJECT (row), KEY_FIELD, (gpointer)field);
  return row;
}

const MusterField *
muster_field_row_get_field (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), KEY_FIELD);
}

char *
muster_field_row_dup_text (GtkWidget *row)
{
  const MusterField *field = muster_field_row_get_field (row);

  g_return_val_if_fail (field != NULL, NULL);

  if (field->type == MUSTER_FIELD_ENUM)
    return g_strdup (
      muster_enum_get_nick (field->enumeration, adw_combo_row_get_selected (ADW_COMBO_ROW (row))));
  if (field->type == MUSTER_FIELD_BOOLEAN)
    return g_strdup (adw_switch_row_get_active (ADW_SWITCH_ROW (row)) ? "true" : "false");
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

void
muster_field_row_set_error (GtkWidget *row, const char *message)
{
  const MusterField *field = muster_field_row_get_field (row);
  GtkWidget         *warning = g_object_get_data (G_OBJECT (row), KEY_WARNING);
  g_autofree char   *title = NULL;

  g_return_if_fail (field != NULL);

  title = message != NULL ? g_strdup_printf ("%s: %s", _ (field->label), message)
                          : g_strdup (_ (field->label));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (message != NULL)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  if (warning != NULL)
    gtk_widget_set_visible (warning, message != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               message != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                               : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}
