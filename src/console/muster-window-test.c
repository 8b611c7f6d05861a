/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "devices/muster-device-dialog.h"
#include "devices/muster-device-page.h"
#include "discovery/muster-address-dialog.h"
#include "discovery/muster-adopt-dialog.h"
#include "muster-page.h"
#include "muster-room.h"
#include "muster-toaster.h"
#include "muster-window.h"

/* The window and its pages against a socket that nobody listens on: everything must stand, say so,
 * and be let go of. */

static gboolean
elapsed_cb (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin (unsigned msec)
{
  gboolean elapsed = FALSE;

  g_timeout_add (msec, elapsed_cb, &elapsed);
  while (!elapsed)
    g_main_context_iteration (NULL, TRUE);
}

static MusterSession *
create_session (void)
{
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_socket ("/nonexistent/api.sock");

  return muster_session_new (client, NULL);
}

static int
measure_width (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* Every page fits a width of 360 pixels. */
static void
test_narrow (void)
{
  g_autoptr (MusterSession) session = create_session ();
  unsigned          n_rooms;
  const MusterRoom *rooms = muster_rooms_list (&n_rooms);

  for (unsigned i = 0; i < n_rooms; i++)
    {
      GtkWidget *page =
        g_object_ref_sink (g_object_new (rooms[i].get_page_type (), "session", session, NULL));

      g_test_message ("%s: %d", rooms[i].name, measure_width (page));
      g_assert_cmpint (measure_width (page), <=, 360);
      g_object_unref (page);
    }
  spin (10);
}

static void
test_narrow_device (void)
{
  g_autoptr (MusterSession) session = create_session ();
  GtkWidget *page = g_object_ref_sink (
    GTK_WIDGET (muster_device_page_new (session, "01900000-0000-7000-8000-000000000001")));

  g_assert_cmpint (measure_width (page), <=, 360);
  g_object_unref (page);
  spin (10);
}

static void
test_dialogs (void)
{
  g_autoptr (MusterSession) session = create_session ();
  MusterEntity *candidate = muster_entity_new (&muster_candidate_info);
  AdwDialog    *dialogs[3];

  muster_entity_set_string (candidate, "key", "mac:02:00:00:00:00:01");
  muster_entity_set_string (candidate, "name", "Pump");
  dialogs[0] = muster_adopt_dialog_new (session, MUSTER_CANDIDATE (candidate));
  dialogs[1] = muster_address_dialog_new (session);
  dialogs[2] = muster_device_dialog_new (session, NULL);
  for (unsigned i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      g_object_ref_sink (dialogs[i]);
      g_assert_cmpint (measure_width (GTK_WIDGET (dialogs[i])), <=, 360);
      g_assert_finalize_object (dialogs[i]);
    }
  g_assert_finalize_object (candidate);
}

static void
count_cb (MusterSession *session, const char *text, MusterUndo *undo, unsigned *count)
{
  ++*count;
}

static DexFuture *
undo_cb (MusterSession *session, gpointer user_data)
{
  ++*(unsigned *)user_data;
  return dex_future_new_true ();
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

/* A message takes back what it tells of, though something else was done since. */
static void
test_undo (void)
{
  g_autoptr (MusterSession) session = create_session ();
  GtkWidget *window = adw_window_new ();
  GtkWidget *overlay = adw_toast_overlay_new ();
  g_autoptr (MusterToaster) toaster = muster_toaster_new (ADW_TOAST_OVERLAY (overlay), session);
  GtkWidget *first;
  unsigned   n_first = 0, n_second = 0;

  adw_window_set_content (ADW_WINDOW (window), overlay);
  gtk_window_present (GTK_WINDOW (window));
  muster_session_offer_undo (session, "First", undo_cb, &n_first, NULL);
  spin (100);
  first = find_button (overlay, "_Undo");
  g_assert_nonnull (first);
  muster_session_offer_undo (session, "Second", undo_cb, &n_second, NULL);
  g_signal_emit_by_name (first, "clicked");
  spin (30);
  g_assert_cmpuint (n_first, ==, 1);
  g_assert_cmpuint (n_second, ==, 0);
  muster_toaster_undo (toaster);
  muster_toaster_undo (toaster);
  spin (30);
  g_assert_cmpuint (n_first, ==, 1);
  g_assert_cmpuint (n_second, ==, 1);
  g_assert_false (muster_toaster_can_undo (toaster));
  gtk_window_destroy (GTK_WINDOW (window));
  spin (50);
}

/* Loading is not begun again while it is under way, but once more afterwards. */
static DexFuture *
load_fiber (gpointer page)
{
  unsigned *count = g_object_get_data (page, "count");

  dex_await (dex_timeout_new_msec (50), NULL);
  ++*count;
  return dex_future_new_true ();
}

static void
test_run (void)
{
  g_autoptr (MusterSession) session = create_session ();
  MusterPage *page =
    g_object_ref_sink (muster_device_page_new (session, "01900000-0000-7000-8000-000000000001"));
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no");
  unsigned n_loads = 0, n_messages = 0;

  g_object_set_data (G_OBJECT (page), "count", &n_loads);
  muster_page_run (page, load_fiber);
  spin (20);
  muster_page_run (page, load_fiber);
  muster_page_run (page, load_fiber);
  spin (50);
  g_assert_cmpuint (n_loads, ==, 1);
  spin (150);
  g_assert_cmpuint (n_loads, ==, 2);
  muster_page_run (page, load_fiber);
  spin (100);
  g_assert_cmpuint (n_loads, ==, 3);
  g_signal_connect (session, "message", G_CALLBACK (count_cb), &n_messages);
  g_assert_true (muster_page_tell_missed (page, error));
  g_assert_cmpuint (n_messages, ==, 1);
  g_assert_finalize_object (page);
}

static void
test_window (void)
{
  g_autoptr (MusterSession) session = create_session ();
  g_autoptr (GtkApplication) application =
              GTK_APPLICATION (adw_application_new ("org.muster.Test", G_APPLICATION_NON_UNIQUE));
  GtkWidget *window;
  unsigned   n_messages = 0, n_undone = 0;

  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  window = muster_window_new (application, session);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_window_present (GTK_WINDOW (window));
  for (unsigned i = 0; i < 4; i++)
    {
      static const char *const rooms[] = { "discover", "devices", "settings", "overview" };

      g_assert_true (gtk_widget_activate_action (window, "win.room", "s", rooms[i]));
      spin (30);
    }
  muster_window_open (MUSTER_WINDOW (window), "device", "01900000-0000-7000-8000-000000000001");
  /* Until all that cannot be read has said so. */
  spin (400);
  g_signal_connect (session, "message", G_CALLBACK (count_cb), &n_messages);
  muster_session_offer_undo (session, "Done", undo_cb, &n_undone, NULL);
  g_assert_cmpuint (n_messages, ==, 1);
  g_assert_true (gtk_widget_activate_action (window, "win.undo", NULL));
  spin (30);
  g_assert_cmpuint (n_undone, ==, 1);
  g_assert_cmpuint (n_messages, ==, 2);
  muster_window_set_trouble (MUSTER_WINDOW (window), "The site's service ended with status 3");
  gtk_window_destroy (GTK_WINDOW (window));
  spin (50);
  g_assert_null (window);
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkCssProvider) provider = NULL;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  dex_init ();
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/org/muster/Muster/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_test_add_func ("/window/narrow", test_narrow);
  g_test_add_func ("/window/narrow-device", test_narrow_device);
  g_test_add_func ("/window/dialogs", test_dialogs);
  g_test_add_func ("/window/undo", test_undo);
  g_test_add_func ("/window/run", test_run);
  g_test_add_func ("/window/window", test_window);
  return g_test_run ();
}
