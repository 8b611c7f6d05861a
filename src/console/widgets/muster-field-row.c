/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-field-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-entity.h"
#include "model/muster-time.h"
#include "muster-date-row.h"
#include "muster-duration-row.h"
#include "muster-field-row.h"
#include "muster-properties-row.h"
#include "muster-record-format.h"
#include "muster-reference-row.h"
#include "muster-references.h"
#include "muster-text-row.h"

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

static GtkInputPurpose
get_purpose (const MusterField *field)
{
  if (field->type == MUSTER_FIELD_INTEGER)
    return GTK_INPUT_PURPOSE_DIGITS;
  if (field->type == MUSTER_FIELD_MONEY || field->type == MUSTER_FIELD_DOUBLE)
    return GTK_INPUT_PURPOSE_NUMBER;
  return GTK_INPUT_PURPOSE_FREE_FORM;
}

static void
add_unit (GtkWidget *row, const char *word)
{
  GtkWidget *label = gtk_label_new (word);

  gtk_widget_add_css_class (label, "dim-label");
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (row))),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, word, -1);
}

static GtkWidget *
create_entry_row (const MusterField *field, const char *text)
{
  GtkWidget *row =
    field->flags & MUSTER_FIELD_SECRET ? adw_password_entry_row_new () : adw_entry_row_new ();
  GtkWidget  *warning = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  const char *unit = muster_record_format_unit (field);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  if (unit != NULL)
    add_unit (row, unit);
  if (field->maximum > 0 && field->maximum <= 65535 && field->type == MUSTER_FIELD_STRING)
    adw_entry_row_set_max_length (ADW_ENTRY_ROW (row), field->maximum);
  if (!(field->flags & MUSTER_FIELD_SECRET))
    adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (row), get_purpose (field));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_widget_set_visible (warning, FALSE);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), warning);
  g_object_set_data (G_OBJECT (row), KEY_WARNING, warning);
  return row;
}

static GtkWidget *
create_date_row (MusterSession *session, const MusterField *field, const char *text)
{
  GtkWidget *row = muster_date_row_new (_ (field->label), muster_session_get_zone (session));
  gint64     time;

  if (*text != '\0' && muster_time_parse (text, &time))
    muster_date_row_set_time (MUSTER_DATE_ROW (row), time);
  return row;
}

static GtkWidget *
create_reference_row (MusterSession *session, const MusterField *field, const char *text)
{
  GtkWidget *row = muster_reference_row_new (session, field->references, _ (field->label),
                                             (field->flags & MUSTER_FIELD_NULLABLE) != 0);

  muster_reference_row_set_id (MUSTER_REFERENCE_ROW (row), text);
  return row;
}

static GtkWidget *
create_text_row (const MusterField *field, const char *text)
{
  GtkWidget *row = muster_text_row_new (_ (field->label));

  muster_text_row_set_text (MUSTER_TEXT_ROW (row), text);
  return row;
}

static GtkWidget *
create_properties_row (const MusterField *field, const char *text)
{
  GtkWidget *row = muster_properties_row_new (_ (field->label));

  muster_properties_row_set_text (MUSTER_PROPERTIES_ROW (row), text);
  return row;
}

static gboolean
is_duration (const MusterField *field)
{
  return field->type == MUSTER_FIELD_INTEGER && g_strcmp0 (field->unit, "s") == 0;
}

static GtkWidget *
create_duration_row (const MusterField *field, const char *text)
{
  GtkWidget *row = muster_duration_row_new (_ (field->label));

  muster_duration_row_set_text (MUSTER_DURATION_ROW (row), text);
  return row;
}

static GtkWidget *
create_row (MusterSession *session, const MusterField *field, const char *text)
{
  switch (field->type)
    {
    case MUSTER_FIELD_ENUM:
      return create_enum_row (field, text);
    case MUSTER_FIELD_BOOLEAN:
      return g_object_new (ADW_TYPE_SWITCH_ROW, "active", g_str_equal (text, "true"), NULL);
    case MUSTER_FIELD_TIME:
      return create_date_row (session, field, text);
    case MUSTER_FIELD_JSON:
      return create_properties_row (field, text);
    case MUSTER_FIELD_TEXT:
      return create_text_row (field, text);
    case MUSTER_FIELD_UUID:
      if (muster_reference_find_info (field->references) != NULL)
        return create_reference_row (session, field, text);
      return create_entry_row (field, text);
    case MUSTER_FIELD_INTEGER:
      return is_duration (field) ? create_duration_row (field, text)
                                 : create_entry_row (field, text);
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_DOUBLE:
    case MUSTER_FIELD_MONEY:
    default:
      return create_entry_row (field, text);
    }
}

GtkWidget *
muster_field_row_new (MusterSession *session, const MusterField *field, const char *text)
{
  GtkWidget *row;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (field != NULL && text != NULL, NULL);

  row = create_row (session, field, text);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (field->label));
  if (!MUSTER_IS_DURATION_ROW (row))
    gtk_widget_set_tooltip_text (row, field->doc);
  g_object_set_data (G_OBJECT (row), KEY_FIELD, (gpointer)field);
  return row;
}

const MusterField *
muster_field_row_get_field (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), KEY_FIELD);
}

/* What a calendar says is the end of a day; what has happened today has not happened later. */
static char *
dup_date (GtkWidget *row, const MusterField *field)
{
  gint64      time = muster_date_row_get_time (MUSTER_DATE_ROW (row));
  MusterValue value = { .integer = time };

  if (time == 0)
    return g_strdup ("");
  if (g_str_has_prefix (field->name, "received"))
    value.integer = MIN (time, g_get_real_time ());
  return muster_field_format_text (field, &value);
}

char *
muster_field_row_dup_text (GtkWidget *row)
{
  const MusterField *field = muster_field_row_get_field (row);

  g_return_val_if_fail (field != NULL, NULL);

  if (ADW_IS_COMBO_ROW (row))
    return g_strdup (
      muster_enum_get_nick (field->enumeration, adw_combo_row_get_selected (ADW_COMBO_ROW (row))));
  if (ADW_IS_SWITCH_ROW (row))
    return g_strdup (adw_switch_row_get_active (ADW_SWITCH_ROW (row)) ? "true" : "false");
  if (MUSTER_IS_DATE_ROW (row))
    return dup_date (row, field);
  if (MUSTER_IS_REFERENCE_ROW (row))
    return g_strdup (muster_reference_row_get_id (MUSTER_REFERENCE_ROW (row)) != NULL
                       ? muster_reference_row_get_id (MUSTER_REFERENCE_ROW (row))
                       : "");
  if (MUSTER_IS_DURATION_ROW (row))
    return muster_duration_row_dup_text (MUSTER_DURATION_ROW (row));
  if (MUSTER_IS_PROPERTIES_ROW (row))
    return muster_properties_row_dup_text (MUSTER_PROPERTIES_ROW (row));
  if (MUSTER_IS_TEXT_ROW (row))
    return muster_text_row_dup_text (MUSTER_TEXT_ROW (row));
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

void
muster_field_row_set_text (GtkWidget *row, const char *text)
{
  const MusterField *field = muster_field_row_get_field (row);
  gint64             time = 0;

  g_return_if_fail (field != NULL && text != NULL);

  if (ADW_IS_COMBO_ROW (row))
    adw_combo_row_set_selected (ADW_COMBO_ROW (row),
                                MAX (muster_enum_parse (field->enumeration, text), 0));
  else if (ADW_IS_SWITCH_ROW (row))
    adw_switch_row_set_active (ADW_SWITCH_ROW (row), g_str_equal (text, "true"));
  else if (MUSTER_IS_DATE_ROW (row))
    muster_date_row_set_time (MUSTER_DATE_ROW (row), muster_time_parse (text, &time) ? time : 0);
  else if (MUSTER_IS_REFERENCE_ROW (row))
    muster_reference_row_set_id (MUSTER_REFERENCE_ROW (row), text);
  else if (MUSTER_IS_DURATION_ROW (row))
    muster_duration_row_set_text (MUSTER_DURATION_ROW (row), text);
  else if (MUSTER_IS_PROPERTIES_ROW (row))
    muster_properties_row_set_text (MUSTER_PROPERTIES_ROW (row), text);
  else if (MUSTER_IS_TEXT_ROW (row))
    muster_text_row_set_text (MUSTER_TEXT_ROW (row), text);
  else
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}

void
muster_field_row_set_error (GtkWidget *row, const char *message)
{
  const MusterField *field = muster_field_row_get_field (row);
  GtkWidget         *warning = g_object_get_data (G_OBJECT (row), KEY_WARNING);
  g_autofree char   *title = NULL;

  g_return_if_fail (field != NULL);

  if (MUSTER_IS_TEXT_ROW (row))
    {
      muster_text_row_set_error (MUSTER_TEXT_ROW (row), message);
      return;
    }
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
