/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "muster-device-courses.h"
#include "widgets/muster-sparkline.h"

#define KNOWN "01980000-0000-7000-8000-000000000001"
#define SILENT "01980000-0000-7000-8000-000000000002"

/* What POST /monitoring/query says of a device that measures two things. */
static const char answer[] =
  "{\"series\":[{\"device_id\":\"" KNOWN "\",\"samples\":["
  "{\"metric\":\"Sensor/Temperature\",\"points\":[[1000,20.5],[2000,21],[3000,22.5]]},"
  "{\"metric\":\"Sensor/Humidity\",\"points\":[[1000,40],[2000,41]]}]}]}";

typedef struct
{
  MusterApiClient     *client;
  MusterSession       *session;
  MusterDeviceCourses *courses; /* (unowned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (JsonNode) node = json_from_string (answer, NULL);

  self->client = muster_api_client_new_for_socket ("/nonexistent/api.sock");
  self->session = muster_session_new (self->client, NULL);
  self->courses = muster_device_courses_get (self->session);
  muster_device_courses_take (self->courses, json_node_get_object (node));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->session);
  g_clear_object (&self->client);
}

/* (transfer full) */
static GtkWidget *
make_cell (Fixture *self, const char *device_id)
{
  GtkWidget *cell = g_object_ref_sink (muster_device_courses_create_cell (self->courses));

  muster_device_courses_show (self->courses, cell, device_id);
  return cell;
}

static void
test_shows_first_metric (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkWidget) cell = make_cell (self, KNOWN);
  MusterSeries      *series = muster_sparkline_get_series (MUSTER_SPARKLINE (cell));
  const MusterPoint *last = series != NULL ? muster_series_peek_last (series) : NULL;

  g_assert_nonnull (last);
  g_assert_cmpint (last->time, ==, 2000 * 1000);
  g_assert_cmpfloat (last->value, ==, 41);
}

/* It has a line as soon as the answer comes, since the cell knows where it will be. */
static void
test_waits_for_answer (Fixture *self, gconstpointer data)
{
  g_autoptr (GtkWidget) cell = make_cell (self, SILENT);
  MusterSeries *series = muster_sparkline_get_series (MUSTER_SPARKLINE (cell));

  g_assert_nonnull (series);
  g_assert_null (muster_series_peek_last (series));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add ("/device-courses/shows-first-metric", Fixture, NULL, set_up, test_shows_first_metric,
              tear_down);
  g_test_add ("/device-courses/waits-for-answer", Fixture, NULL, set_up, test_waits_for_answer,
              tear_down);
  return g_test_run ();
}
