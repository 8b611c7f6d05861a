/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-courses"

#include "config.h"

#include <math.h>

#include "client/muster-api-json.h"
#include "client/muster-api-monitoring.h"
#include "model/muster-time.h"
#include "muster-device-courses.h"
#include "telemetry/muster-metric-name.h"
#include "widgets/muster-sparkline.h"

#define SPAN G_TIME_SPAN_HOUR
#define POINTS 72 /* a line of that many pixels shows no more */
#define DELAY_MSEC 150
#define AGAIN_SECONDS 60
/* Rows that fit on a large screen; what is asked for beyond them is not seen. */
#define MOST_DEVICES 100
#define MOST_KEPT 1000
#define KEY_SESSION "muster-device-courses"
#define KEY_ID "muster-id"

/* What is known of one device. */
typedef struct
{
  MusterSeries *series; /* (owned) */
  char         *metric; /* (owned) (nullable) */
  gint64        asked;  /* monotonic; 0: never */
} Course;

struct _MusterDeviceCourses
{
  GObject parent_instance;

  MusterSession *session; /* borrowed: it has this one */
  GHashTable    *courses; /* (owned) device id to Course */
  GPtrArray     *cells;   /* (owned) (element-type MusterSparkline) borrowed */
  DexFuture     *asking;  /* (owned) (nullable) */
  unsigned       ask_id;  /* timeouts */
  unsigned       again_id;
};

G_DEFINE_FINAL_TYPE (MusterDeviceCourses, muster_device_courses, G_TYPE_OBJECT)

static void
course_free (gpointer data)
{
  Course *course = data;

  g_object_unref (course->series);
  g_free (course->metric);
  g_free (course);
}

static Course *
ensure_course (MusterDeviceCourses *self, const char *device_id)
{
  Course *course = g_hash_table_lookup (self->courses, device_id);

  if (course != NULL)
    return course;
  /* Somebody scrolled through thousands: those are asked for again when they come back. */
  if (g_hash_table_size (self->courses) >= MOST_KEPT)
    g_hash_table_remove_all (self->courses);
  course = g_new0 (Course, 1);
  course->series = muster_series_new ("", NULL, POINTS * 4);
  g_hash_table_insert (self->courses, g_strdup (device_id), course);
  return course;
}

/* --- answers --- */

/* What a person would look for first; NULL: nothing is a number. */
static const MusterApiSeries *
choose_series (GPtrArray *samples)
{
  const MusterApiSeries *best = NULL;

  for (unsigned i = 0; i < samples->len; i++)
    {
      MusterApiSeries *series = samples->pdata[i];

      muster_api_series_drop_bad (series);
      if (series->length == 0 || series->texts != NULL || isnan (series->values[0]) ||
          muster_metric_name_is_diagnostic (series->metric))
        continue;
      if (best == NULL || muster_metric_name_compare (series->metric, best->metric) < 0)
        best = series;
    }
  return best;
}

static void
fill (Course *course, const MusterApiSeries *series)
{
  g_autofree MusterPoint *points = g_new (MusterPoint, series->length);

  for (gsize i = 0; i < series->length; i++)
    points[i] = (MusterPoint){ series->times[i] * 1000, series->values[i] };
  g_set_str (&course->metric, series->metric);
  muster_series_set_holds (course->series, TRUE);
  muster_series_replace_range (course->series, 0, G_MAXINT64, points, series->length);
}

void
muster_device_courses_take (MusterDeviceCourses *self, JsonObject *answer)
{
  JsonArray *devices;

  g_return_if_fail (MUSTER_IS_DEVICE_COURSES (self));

  devices = muster_api_json_get_array (answer, "series");
  for (unsigned i = 0; devices != NULL && i < json_array_get_length (devices); i++)
    {
      JsonObject *device = muster_api_json_as_object (json_array_get_element (devices, i));
      const char *id = device != NULL ? muster_api_json_get_string (device, "device_id") : NULL;
      g_autoptr (GPtrArray) samples =
                  id != NULL ? muster_api_series_list_from_json (device, NULL) : NULL;
      const MusterApiSeries *series = samples != NULL ? choose_series (samples) : NULL;

      if (series != NULL)
        fill (ensure_course (self, id), series);
    }
}

static DexFuture *
muster_device_courses_answered_cb (DexFuture *future, gpointer self)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    muster_device_courses_take (self, g_value_get_boxed (value));
  return dex_future_new_true ();
}

/* --- asking --- */

/* (transfer full): the devices on the screen that are not known, or no longer. */
static JsonArray *
list_wanted (MusterDeviceCourses *self)
{
  JsonArray *wanted = json_array_new ();
  gint64     now = g_get_monotonic_time ();

  for (unsigned i = 0; i < self->cells->len && json_array_get_length (wanted) < MOST_DEVICES; i++)
    {
      const char *id = g_object_get_data (self->cells->pdata[i], KEY_ID);
      Course     *course;

      if (id == NULL || !gtk_widget_get_mapped (self->cells->pdata[i]))
        continue;
      course = ensure_course (self, id);
      if (course->asked > 0 && now - course->asked < AGAIN_SECONDS * G_USEC_PER_SEC)
        continue;
      course->asked = now;
      json_array_add_string_element (wanted, id);
    }
  return wanted;
}

static void
muster_device_courses_ask_cb (gpointer user_data)
{
  MusterDeviceCourses *self = user_data;
  JsonArray           *wanted = list_wanted (self);
  JsonObject          *question;
  char                 from[MUSTER_TIME_TEXT_LENGTH + 1];

  self->ask_id = 0;
  if (json_array_get_length (wanted) == 0)
    {
      json_array_unref (wanted);
      return;
    }
  question = json_object_new ();
  json_object_set_array_member (question, "devices", wanted);
  json_object_set_string_member (question, "from",
                                 muster_time_format (g_get_real_time () - SPAN, from));
  json_object_set_int_member (question, "points", POINTS);
  dex_clear (&self->asking);
  self->asking =
    dex_future_finally (muster_api_monitoring_query_many (muster_session_get_client (self->session),
                                                          question),
                        muster_device_courses_answered_cb, self, NULL);
}

static void
queue_ask (MusterDeviceCourses *self)
{
  if (self->ask_id == 0)
    self->ask_id = g_timeout_add_once (DELAY_MSEC, muster_device_courses_ask_cb, self);
}

static gboolean
muster_device_courses_again_cb (gpointer user_data)
{
  queue_ask (user_data);
  return G_SOURCE_CONTINUE;
}

/* --- cells --- */

static void
muster_device_courses_cell_gone_cb (gpointer user_data, GObject *cell)
{
  MusterDeviceCourses *self = user_data;

  g_ptr_array_remove_fast (self->cells, cell);
  if (self->cells->len == 0)
    g_clear_handle_id (&self->again_id, g_source_remove);
}

/* Says of which metric the line is. */
static gboolean
muster_device_courses_tooltip_cb (MusterDeviceCourses *self,
                                  int                  x,
                                  int                  y,
                                  gboolean             keyboard,
                                  GtkTooltip          *tooltip,
                                  GtkWidget           *cell)
{
  const char   *id = g_object_get_data (G_OBJECT (cell), KEY_ID);
  const Course *course = id != NULL ? g_hash_table_lookup (self->courses, id) : NULL;

  if (course == NULL || course->metric == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, course->metric);
  return TRUE;
}

GtkWidget *
muster_device_courses_create_cell (MusterDeviceCourses *self)
{
  GtkWidget *cell = muster_sparkline_new ();

  g_return_val_if_fail (MUSTER_IS_DEVICE_COURSES (self), cell);

  muster_sparkline_set_span (MUSTER_SPARKLINE (cell), SPAN);
  gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
  gtk_widget_set_has_tooltip (cell, TRUE);
  g_signal_connect_object (cell, "query-tooltip", G_CALLBACK (muster_device_courses_tooltip_cb),
                           self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->cells, cell);
  g_object_weak_ref (G_OBJECT (cell), muster_device_courses_cell_gone_cb, self);
  g_signal_connect_object (cell, "map", G_CALLBACK (queue_ask), self, G_CONNECT_SWAPPED);
  if (self->again_id == 0)
    self->again_id = g_timeout_add_seconds (AGAIN_SECONDS, muster_device_courses_again_cb, self);
  return cell;
}

void
muster_device_courses_show (MusterDeviceCourses *self, GtkWidget *cell, const char *device_id)
{
  Course *course;

  g_return_if_fail (MUSTER_IS_DEVICE_COURSES (self));

  course = ensure_course (self, device_id);
  if (g_strcmp0 (g_object_get_data (G_OBJECT (cell), KEY_ID), device_id) != 0)
    g_object_set_data_full (G_OBJECT (cell), KEY_ID, g_strdup (device_id), g_free);
  muster_sparkline_set_series (MUSTER_SPARKLINE (cell), course->series);
  if (course->asked == 0)
    queue_ask (self);
}

/* --- life --- */

static void
muster_device_courses_dispose (GObject *object)
{
  MusterDeviceCourses *self = MUSTER_DEVICE_COURSES (object);

  g_clear_handle_id (&self->ask_id, g_source_remove);
  g_clear_handle_id (&self->again_id, g_source_remove);
  dex_clear (&self->asking);
  for (unsigned i = 0; i < self->cells->len; i++)
    g_object_weak_unref (self->cells->pdata[i], muster_device_courses_cell_gone_cb, self);
  g_ptr_array_set_size (self->cells, 0);
  G_OBJECT_CLASS (muster_device_courses_parent_class)->dispose (object);
}

static void
muster_device_courses_finalize (GObject *object)
{
  MusterDeviceCourses *self = MUSTER_DEVICE_COURSES (object);

  g_ptr_array_unref (self->cells);
  g_hash_table_unref (self->courses);
  G_OBJECT_CLASS (muster_device_courses_parent_class)->finalize (object);
}

static void
muster_device_courses_class_init (MusterDeviceCoursesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_device_courses_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_device_courses_finalize;
}

static void
muster_device_courses_init (MusterDeviceCourses *self)
{
  self->courses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, course_free);
  self->cells = g_ptr_array_new ();
}

MusterDeviceCourses *
muster_device_courses_get (MusterSession *session)
{
  MusterDeviceCourses *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);

  self = g_object_get_data (G_OBJECT (session), KEY_SESSION);
  if (self != NULL)
    return self;
  self = g_object_new (MUSTER_TYPE_DEVICE_COURSES, NULL);
  self->session = session;
  g_object_set_data_full (G_OBJECT (session), KEY_SESSION, self, g_object_unref);
  return self;
}
