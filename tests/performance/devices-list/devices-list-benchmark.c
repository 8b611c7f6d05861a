/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it costs to show and to scroll a list of 100,000 devices: time from the query to the first
 * rows and to the whole list, time of a query that changes nothing, CPU a frame while scrolling
 * through rows that must be fetched. */
#include "config.h"

#include <sys/resource.h>

#include <adwaita.h>

#include "devices/muster-device-cells.h"
#include "devices/muster-device-courses.h"
#include "model/muster-device.h"
#include "widgets/muster-index-model.h"
#include "widgets/muster-record-column.h"

#define N_DEVICES 100000
#define N_FRAMES 150
#define WARM_UP 20
#define ROWS_A_FRAME 4
#define LIMIT 8.0 /* ms CPU a frame */

static const MusterColumn columns[] = {
  { "name", 150, .flags = MUSTER_COLUMN_TITLE, .get_icon_name = muster_device_get_icon_name },
  { "live_state", 150 },
  { "status", 150 },
  { "model", 150 },
  { "serial", 150 },
  { "location", 150, .create = muster_device_create_place, .show = muster_device_show_place },
  { "address", 150 },
  { "last_seen", 150, .create = muster_device_create_seen, .show = muster_device_show_seen },
  { "course", 110, .flags = MUSTER_COLUMN_UNSORTED, .title = "Course",
    .create = muster_device_create_course, .show = muster_device_show_course },
};
/* Devices that are scrolled by, each with a line of as many points as the list asks for. */
#define N_COURSES 900
#define N_POINTS 72

static char   **ids;
static unsigned n_loads;
static unsigned n_frames;
static double   cpu_at_start;

static double
get_cpu_msec (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static GObject *
make_row (JsonObject *object, gconstpointer data, GError **error)
{
  return G_OBJECT (muster_entity_new_from_json (&muster_device_info, object, error));
}

static JsonObject *
make_record (const char *id)
{
  JsonObject      *object = json_object_new ();
  const char      *number = id + strlen (id) - 6;
  g_autofree char *name = g_strdup_printf ("Sensor %s", number);
  g_autofree char *serial = g_strdup_printf ("SN-%s", number);

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "serial", serial);
  json_object_set_string_member (object, "model", "MN-1");
  json_object_set_string_member (object, "kind", "sensor");
  json_object_set_string_member (object, "status", "deployed");
  json_object_set_string_member (object, "live_state", "online");
  json_object_set_string_member (object, "location", "Hall 3, row 7");
  json_object_set_string_member (object, "address", "192.0.2.7:80");
  json_object_set_string_member (object, "last_seen", "2026-01-31T08:05:09.123Z");
  return object;
}

static DexFuture *
make_page (const char *const *page_ids, unsigned limit)
{
  g_autoptr (JsonObject) answer = json_object_new ();
  JsonArray *items = json_array_new ();

  for (unsigned i = 0; page_ids[i] != NULL && i < limit; i++)
    json_array_add_object_element (items, make_record (page_ids[i]));
  json_object_set_array_member (answer, "items", items);
  return dex_future_new_take_object (
    muster_api_page_new_from_json (answer, MUSTER_TYPE_DEVICE, make_row, NULL, NULL));
}

static DexFuture *
list (gpointer user_data, const MusterApiListQuery *query)
{
  return make_page ((const char *const *)ids, query->limit);
}

static DexFuture *
list_ids (gpointer user_data, const MusterApiListQuery *query)
{
  GValue     value = G_VALUE_INIT;
  DexFuture *future;

  g_value_init (&value, G_TYPE_STRV);
  g_value_set_boxed (&value, ids);
  future = dex_future_new_for_value (&value);
  g_value_unset (&value);
  return future;
}

static DexFuture *
load (gpointer user_data, const char *const *page_ids)
{
  n_loads++;
  return make_page (page_ids, G_MAXUINT);
}

static gboolean
frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));

  if (++n_frames == WARM_UP)
    cpu_at_start = get_cpu_msec ();
  if (n_frames == WARM_UP + N_FRAMES)
    {
      g_main_loop_quit (user_data);
      return G_SOURCE_REMOVE;
    }
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + ROWS_A_FRAME * 32);
  return G_SOURCE_CONTINUE;
}

/* As the site would answer. */
static void
give_courses (MusterDeviceCourses *courses)
{
  g_autoptr (JsonObject) answer = json_object_new ();
  JsonArray *devices = json_array_new ();

  for (unsigned i = 0; i < N_COURSES; i++)
    {
      JsonObject *device = json_object_new (), *series = json_object_new ();
      JsonArray  *samples = json_array_new (), *points = json_array_new ();

      for (unsigned j = 0; j < N_POINTS; j++)
        {
          JsonArray *point = json_array_new ();

          json_array_add_int_element (point, G_GINT64_CONSTANT (1700000000000) + j * 50000);
          json_array_add_double_element (point, (i * 7 + j * j) % 23);
          json_array_add_array_element (points, point);
        }
      json_object_set_string_member (series, "metric", "Sensor/Temperature");
      json_object_set_array_member (series, "points", points);
      json_array_add_object_element (samples, series);
      json_object_set_string_member (device, "device_id", ids[i]);
      json_object_set_array_member (device, "samples", samples);
      json_array_add_object_element (devices, device);
    }
  json_object_set_array_member (answer, "series", devices);
  muster_device_courses_take (courses, answer);
}

static GtkWidget *
create_view (MusterIndexModel *model, MusterSession *session)
{
  GtkWidget *view = gtk_column_view_new (
    GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (model)))));

  for (unsigned i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (columns[i].field, NULL);

      gtk_column_view_column_set_id (column, columns[i].field);
      gtk_column_view_column_set_fixed_width (column, columns[i].width);
      muster_record_column_set_up (column, &columns[i], &muster_device_info, NULL, session, NULL);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
    }
  gtk_widget_add_css_class (view, "data-table");
  return view;
}

static double
measure_query (MusterIndexModel *model)
{
  gint64 begin = g_get_monotonic_time ();

  muster_index_model_set_query (model, NULL, "name", NULL);
  while (!muster_index_model_is_complete (model))
    g_main_context_iteration (NULL, TRUE);
  return (g_get_monotonic_time () - begin) / 1e3;
}

int
main (int argc, char **argv)
{
  const MusterIndexSource source = { list, list_ids, load };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (MusterApiClient) client = NULL;
  g_autoptr (MusterSession) session = NULL;
  MusterIndexModel *model;
  GtkWidget        *window, *scrolled;
  double            first, again, frame;

  gtk_init ();
  adw_init ();
  dex_init ();
  for (unsigned i = 0; i < N_DEVICES; i++)
    g_strv_builder_take (builder, g_strdup_printf ("01900000-0000-7000-8000-%012u", i));
  ids = g_strv_builder_end (builder);
  client = muster_api_client_new_for_socket ("/nonexistent/api.sock");
  session = muster_session_new (client, NULL);
  give_courses (muster_device_courses_get (session));
  model = muster_index_model_new (&source, NULL, NULL);
  first = measure_query (model);
  again = measure_query (model);
  scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), create_view (model, session));
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_window_set_child (GTK_WINDOW (window), scrolled);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_add_tick_callback (scrolled, frame_cb, loop, NULL);
  g_main_loop_run (loop);
  frame = (get_cpu_msec () - cpu_at_start) / N_FRAMES;
  gtk_window_destroy (GTK_WINDOW (window));
  g_print (
    "devices-list: %d rows, 9 columns, one of lines: query %.0f ms, the same again %.0f ms; scrolling %.1f ms CPU a frame (limit %.0f), %u loads\n",
    N_DEVICES, first, again, frame, LIMIT, n_loads);
  g_object_unref (model);
  g_strfreev (ids);
  return frame < 2 * LIMIT ? 0 : 1;
}
