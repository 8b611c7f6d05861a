/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-first-frame"

#include "config.h"

#include "muster-first-frame.h"

/* Whether a page below WIDGET shows its content: not that it loads, is empty or in trouble. */
static gboolean
shows_content (GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_STACK (widget) &&
      g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (widget)), "content") == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows_content (child))
      return TRUE;
  return FALSE;
}

static void
painted_cb (GdkFrameClock *clock, gpointer user_data)
{
  GtkWindow *window = user_data;
  gint64     start = g_ascii_strtoll (g_getenv ("MUSTER_MEASURE_START"), NULL, 10);

  if (!shows_content (GTK_WIDGET (window)))
    return;
  g_print ("first useful frame after %.1f ms\n", (g_get_monotonic_time () - start) / 1e3);
  g_signal_handlers_disconnect_by_func (clock, painted_cb, user_data);
  g_application_quit (G_APPLICATION (gtk_window_get_application (window)));
}

void
muster_first_frame_watch (MusterWindow *window)
{
  const char *room = g_getenv ("MUSTER_MEASURE_ROOM");

  g_return_if_fail (MUSTER_IS_WINDOW (window));

  if (g_getenv ("MUSTER_MEASURE_START") == NULL)
    return;
  if (room != NULL)
    muster_window_show_room (window, room);
  g_signal_connect_object (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                           G_CALLBACK (painted_cb), window, G_CONNECT_DEFAULT);
}
