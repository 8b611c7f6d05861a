/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-change-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-age-label.h"
#include "muster-change-row.h"

/* "name: Pump → Pump 2, location: – → Hall 3" */
static char *
describe_members (MusterApiChange *change)
{
  JsonObject *before = muster_api_change_get_before (change);
  JsonObject *after = muster_api_change_get_after (change);
  g_autoptr (GString) text = g_string_new (NULL);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *node;

  if (after == NULL || before == NULL)
    return NULL;
  json_object_iter_init (&iter, after);
  while (json_object_iter_next (&iter, &name, &node))
    {
      JsonNode        *old = json_object_get_member (before, name);
      g_autofree char *old_text = NULL, *new_text = NULL;

      if (g_str_equal (name, "updated_at") || g_str_equal (name, "revision"))
        continue;
      old_text =
        old != NULL && !JSON_NODE_HOLDS_NULL (old) ? json_to_string (old, FALSE) : g_strdup ("–");
      new_text = !JSON_NODE_HOLDS_NULL (node) ? json_to_string (node, FALSE) : g_strdup ("–");
      g_string_append_printf (text, "%s%s: %s → %s", text->len > 0 ? ", " : "", name, old_text,
                              new_text);
    }
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

static const char *
get_title (MusterApiChange *change)
{
  if (muster_api_change_get_summary (change) != NULL)
    return muster_api_change_get_summary (change);
  if (g_strcmp0 (muster_api_change_get_action (change), "insert") == 0)
    return _ ("Added");
  if (g_strcmp0 (muster_api_change_get_action (change), "delete") == 0)
    return _ ("Deleted");
  return _ ("Changed");
}

static void
muster_change_row_undo_cb (GtkButton *button, MusterSession *session)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), FALSE);
  dex_future_disown (
    muster_session_undo_change (session, *(gint64 *)g_object_get_data (G_OBJECT (button),
                                                                       "muster-sequence")));
}

static GtkWidget *
create_undo_button (MusterSession *session, MusterApiChange *change)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gint64     sequence = muster_api_change_get_sequence (change);

  g_object_set_data_full (G_OBJECT (button), "muster-sequence",
                          g_memdup2 (&sequence, sizeof sequence), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_change_row_undo_cb), session, 0);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Take this back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Take this back"), -1);
  return button;
}

GtkWidget *
muster_change_row_new (MusterSession *session, MusterApiChange *change)
{
  GtkWidget       *row = adw_action_row_new ();
  GtkWidget       *age = muster_age_label_new ();
  g_autofree char *members = describe_members (change);
  const char      *actor = muster_api_change_get_actor (change);
  g_autofree char *subtitle =
    g_strdup_printf ("%s%s%s", members != NULL ? members : "",
                     members != NULL && actor != NULL ? " · " : "", actor != NULL ? actor : "");

  g_object_set (row, "use-markup", FALSE, "title", get_title (change), "subtitle", subtitle,
                "subtitle-lines", 2, NULL);
  muster_age_label_set_zone (MUSTER_AGE_LABEL (age), muster_session_get_zone (session));
  muster_age_label_set_time (MUSTER_AGE_LABEL (age), muster_api_change_get_time (change));
  gtk_widget_set_valign (age, GTK_ALIGN_CENTER);
  muster_age_label_set_whole (MUSTER_AGE_LABEL (age), TRUE);
  gtk_widget_add_css_class (age, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), age);
  if (muster_api_change_get_undone_by (change) > 0)
    {
      GtkWidget *label = gtk_label_new (_ ("Taken back"));

      gtk_widget_add_css_class (label, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
    }
  else if (muster_api_change_can_undo (change))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_undo_button (session, change));
  return row;
}
