/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "muster-event-row.h"

enum
{
  INFO,
  WARNING,
};

#define FIRST_ID "01890000-0000-7000-8000-000000000001"
#define SECOND_ID "01890000-0000-7000-8000-000000000002"

static MusterDeviceEvent *
create_event (const char *device_id, const char *kind, int severity, gint64 time)
{
  MusterEntity *event = muster_entity_new (&muster_device_event_info);

  muster_entity_set_string (event, "device_id", device_id);
  muster_entity_set_string (event, "kind", kind);
  muster_entity_set_enum (event, "severity", severity);
  muster_entity_set_integer (event, "created_at", time);
  return MUSTER_DEVICE_EVENT (event);
}

static GtkWidget *
create_row (const char *device_name)
{
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_socket ("/nonexistent/api.sock");
  g_autoptr (MusterSession) session = muster_session_new (client, NULL);
  g_autoptr (MusterDeviceEvent) event =
              create_event (FIRST_ID, "adopted", INFO, 10 * G_USEC_PER_SEC);

  return g_object_ref_sink (muster_event_row_new (session, event, device_name));
}

static gboolean
fold (GtkWidget *row, const char *device_id, int severity, gint64 time)
{
  g_autoptr (MusterDeviceEvent) event = create_event (device_id, "birth", severity, time);

  return muster_event_row_fold (row, event);
}

static void
test_fold (void)
{
  g_autoptr (GtkWidget) row = create_row ("Node 1");

  g_assert_true (fold (row, FIRST_ID, INFO, 9 * G_USEC_PER_SEC));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, "Node 1");
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "Birth · Adopted");
}

static void
test_fold_without_name (void)
{
  g_autoptr (GtkWidget) row = create_row (NULL);

  g_assert_true (fold (row, FIRST_ID, INFO, 9 * G_USEC_PER_SEC));
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==,
                   "Birth · Adopted");
}

static void
test_apart (void)
{
  g_autoptr (GtkWidget) row = create_row ("Node 1");

  g_assert_false (fold (row, SECOND_ID, INFO, 9 * G_USEC_PER_SEC));
  g_assert_false (fold (row, FIRST_ID, WARNING, 9 * G_USEC_PER_SEC));
  g_assert_false (fold (row, FIRST_ID, INFO, 7 * G_USEC_PER_SEC));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "Adopted");
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/event-row/fold", test_fold);
  g_test_add_func ("/event-row/fold-without-name", test_fold_without_name);
  g_test_add_func ("/event-row/apart", test_apart);
  return g_test_run ();
}
