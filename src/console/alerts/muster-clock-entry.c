/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-clock-entry"

#include "config.h"

#include "muster-clock-entry.h"
#include "muster-hours.h"

static void
muster_clock_entry_changed_cb (GtkWidget *entry)
{
  gboolean wrong = muster_clock_entry_get_minutes (entry) < 0;

  if (wrong)
    gtk_widget_add_css_class (entry, "error");
  else
    gtk_widget_remove_css_class (entry, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

/* Written out once the keyboard leaves it. */
static void
muster_clock_entry_left_cb (GtkWidget *entry)
{
  int              minutes = muster_clock_entry_get_minutes (entry);
  g_autofree char *text = minutes >= 0 ? muster_clock_format (minutes) : NULL;

  if (text != NULL && g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (entry))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

GtkWidget *
muster_clock_entry_new (const char *label)
{
  GtkWidget          *entry = gtk_entry_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 5);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 5);
  gtk_entry_set_max_length (GTK_ENTRY (entry), 5);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (entry, "numeric");
  gtk_widget_set_tooltip_text (entry, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (entry, "changed", G_CALLBACK (muster_clock_entry_changed_cb), NULL);
  g_signal_connect_object (focus, "leave", G_CALLBACK (muster_clock_entry_left_cb), entry,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (entry, focus);
  return entry;
}

int
muster_clock_entry_get_minutes (GtkWidget *entry)
{
  int minutes;

  return muster_clock_parse (gtk_editable_get_text (GTK_EDITABLE (entry)), &minutes) ? minutes : -1;
}

void
muster_clock_entry_set_minutes (GtkWidget *entry, int minutes)
{
  g_autofree char *text = minutes >= 0 ? muster_clock_format (minutes) : g_strdup ("");

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}
