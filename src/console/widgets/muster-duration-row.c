/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-duration-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-duration-row.h"
#include "muster-duration.h"

struct _MusterDurationRow
{
  AdwEntryRow parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDurationRow, muster_duration_row, ADW_TYPE_ENTRY_ROW)

static void
muster_duration_row_left_cb (MusterDurationRow *self)
{
  gint64           seconds;
  g_autofree char *text = NULL;

  if (!muster_duration_parse (gtk_editable_get_text (GTK_EDITABLE (self)), &seconds))
    return;
  text = muster_duration_format (seconds);
  if (g_strcmp0 (text, gtk_editable_get_text (GTK_EDITABLE (self))) != 0)
    gtk_editable_set_text (GTK_EDITABLE (self), text);
}

static void
muster_duration_row_class_init (MusterDurationRowClass *klass)
{
}

static void
muster_duration_row_init (MusterDurationRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect_object (focus, "leave", G_CALLBACK (muster_duration_row_left_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

GtkWidget *
muster_duration_row_new (const char *title)
{
  /* Translators: examples of how a length of time can be written; the units are fixed. */
  return g_object_new (MUSTER_TYPE_DURATION_ROW, "title", title, "use-markup", FALSE,
                       "tooltip-text", _ ("For example 30 s, 5 min, 1 h 30 min, 2 d"), NULL);
}

char *
muster_duration_row_dup_text (MusterDurationRow *self)
{
  const char *text;
  gint64      seconds;

  g_return_val_if_fail (MUSTER_IS_DURATION_ROW (self), NULL);

  text = gtk_editable_get_text (GTK_EDITABLE (self));
  return muster_duration_parse (text, &seconds) ? g_strdup_printf ("%" G_GINT64_FORMAT, seconds)
                                                : g_strstrip (g_strdup (text));
}

void
muster_duration_row_set_text (MusterDurationRow *self, const char *text)
{
  gint64           seconds;
  g_autofree char *shown = NULL;

  g_return_if_fail (MUSTER_IS_DURATION_ROW (self));

  if (muster_duration_parse (text, &seconds))
    shown = muster_duration_format (seconds);
  gtk_editable_set_text (GTK_EDITABLE (self), shown != NULL ? shown : text);
}
