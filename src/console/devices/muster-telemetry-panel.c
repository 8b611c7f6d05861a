/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-panel"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-monitoring.h"
#include "model/muster-device-command.h"
#include "model/muster-metric.h"
#include "muster-chart-table.h"
#include "muster-course.h"
#include "muster-metric-name.h"
#include "muster-metric-row.h"
#include "muster-telemetry-panel.h"
#include "widgets/muster-chart.h"

#define MAX_POINTS 20000
#define COURSE_SPAN (10 * 60 * G_USEC_PER_SEC)
#define QUERY_POINTS 1600
#define QUERY_DELAY_MSEC 120
#define CHARTED_AT_FIRST 4
#define COMMAND_SHOWN_MSEC 4000
#define MAX_OUTAGES 200
#define N_COLOURS 8
#define CHART_HEIGHT 230

/* One metric on a chart. */
typedef struct
{
  MusterSeries *series; /* (owned) */
  MusterChart  *chart;  /* borrowed */
  unsigned      colour;
} Line;

struct _MusterTelemetryPanel
{
  GtkBox parent_instance;

  MusterSession         *session;   /* (owned) */
  char                  *device_id; /* (owned) */
  MusterAxis            *x_axis;    /* (owned) shared by all charts */
  GHashTable            *rows; /* (owned) metric name to MusterMetricRow (borrowed from the list) */
  GHashTable            *lists;       /* (owned) folder to GtkListBox (borrowed) */
  GHashTable            *lines;       /* (owned) metric name to Line */
  GHashTable            *commands;    /* (owned) command id to metric name */
  MusterApiSubscription *telemetry;   /* (owned) (nullable) */
  DexFuture             *loading;     /* (owned) (nullable) metrics */
  DexFuture             *course;      /* (owned) (nullable) the rows' courses */
  DexFuture             *querying;    /* (owned) (nullable) the charts' history */
  DexFuture             *remembering; /* (owned) (nullable) outages */
  GArray                *outages;     /* (owned) (element-type gint64) when the device went away */
  int                    heard;       /* whether it is heard now; -1: not known */
  unsigned               query_id;    /* timeout */
  gint64                 span;
  gint64                 queried_from;
  gint64                 queried_to;
  guint                  following : 1;

  /* Template children */
  GtkWidget *chart_card;
  GtkWidget *charts;
  GtkWidget *range_5min, *range_1h, *range_24h, *range_7d;
  GtkWidget *follow;
  GtkWidget *groups;
  GtkWidget *empty_group;
};

G_DEFINE_FINAL_TYPE (MusterTelemetryPanel, muster_telemetry_panel, GTK_TYPE_BOX)

enum
{
  HEARD,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static const gint64 spans[] = { 300, 3600, 86400,
                                7 * 86400 }; /* seconds, in the order of the buttons */

static void
line_free (gpointer data)
{
  Line *line = data;

  g_object_unref (line->series);
  g_free (line);
}

static MusterChart *
first_chart (MusterTelemetryPanel *self)
{
  GtkWidget *child = gtk_widget_get_first_child (self->charts);

  return child != NULL ? MUSTER_CHART (child) : NULL;
}

/* --- history --- */

static void
fill_line (MusterTelemetryPanel *self, Line *line, const MusterApiSeries *series)
{
  MusterMetricRow   *row = g_hash_table_lookup (self->rows, series->metric);
  const MusterPoint *before =
    row != NULL ? muster_course_find_before (muster_metric_row_get_course (row), self->queried_from)
                : NULL;

  muster_course_fill (line->series, series, self->queried_from, before, self->outages);
}

static DexFuture *
muster_telemetry_panel_queried_cb (DexFuture *future, gpointer user_data)
{
  MusterTelemetryPanel *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GPtrArray    *answer;

  if (value == NULL)
    {
      muster_session_tell_error (self->session, _ ("Could not read the history"), error);
      return dex_future_new_true ();
    }
  answer = g_value_get_boxed (value);
  for (unsigned i = 0; i < answer->len; i++)
    {
      const MusterApiSeries *series = answer->pdata[i];
      Line                  *line = g_hash_table_lookup (self->lines, series->metric);

      if (line != NULL)
        fill_line (self, line, series);
    }
  return dex_future_new_true ();
}

static void
muster_telemetry_panel_query_cb (gpointer user_data)
{
  MusterTelemetryPanel *self = user_data;
  double lower = muster_axis_get_lower (self->x_axis), upper = muster_axis_get_upper (self->x_axis);
  gint64 margin = (upper - lower) / 2;
  g_auto (GStrv) names = (char **)g_hash_table_get_keys_as_array (self->lines, NULL);
  MusterApiRange range = { .points = QUERY_POINTS * 2 };

  for (unsigned i = 0; names[i] != NULL; i++)
    names[i] = g_strdup (names[i]);
  self->query_id = 0;
  if (g_hash_table_size (self->lines) == 0)
    return;
  /* Some more at both sides, so that panning has something to show. */
  self->queried_from = lower - margin;
  self->queried_to = upper + margin;
  range.metrics = (const char *const *)names;
  range.from = self->queried_from / 1000;
  range.to = MIN (self->queried_to, g_get_real_time ()) / 1000;
  dex_clear (&self->querying);
  self->querying =
    dex_future_finally (muster_api_monitoring_query (muster_session_get_client (self->session),
                                                     self->device_id, &range),
                        muster_telemetry_panel_queried_cb, self, NULL);
}

static void
queue_query (MusterTelemetryPanel *self)
{
  if (self->query_id == 0)
    self->query_id = g_timeout_add_once (QUERY_DELAY_MSEC, muster_telemetry_panel_query_cb, self);
}

/* The charts move on by themselves while they follow; whatever leaves what was asked for, or is
 * much finer, is asked anew. */
static void
muster_telemetry_panel_range_cb (MusterTelemetryPanel *self)
{
  double lower = muster_axis_get_lower (self->x_axis), upper = muster_axis_get_upper (self->x_axis);
  double asked = self->queried_to - self->queried_from;

  if (lower < self->queried_from || (upper > self->queried_to && !self->following) ||
      upper - lower < asked / 6)
    queue_query (self);
}

/* --- charts --- */

static void
muster_telemetry_panel_following_cb (MusterTelemetryPanel *self,
                                     GParamSpec           *pspec,
                                     MusterChart          *chart)
{
  self->following = muster_chart_get_following (chart);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->follow), self->following);
}

static MusterChart *
ensure_chart (MusterTelemetryPanel *self, const char *unit)
{
  MusterChart     *first = first_chart (self);
  GtkWidget       *chart;
  g_autofree char *label = NULL;

  for (chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (chart), "muster-unit"), unit) == 0)
      return MUSTER_CHART (chart);
  chart = muster_chart_new (self->x_axis);
  g_object_set_data_full (G_OBJECT (chart), "muster-unit", g_strdup (unit), g_free);
  gtk_widget_set_size_request (chart, -1, CHART_HEIGHT);
  label = unit != NULL ? g_strdup_printf (_ ("Chart of values in %s"), unit)
                       : g_strdup (_ ("Chart of values without a unit"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (first != NULL)
    {
      /* One crosshair over all charts, and one present. */
      g_object_bind_property (first, "cursor-time", chart, "cursor-time",
                              G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
      g_object_bind_property (first, "following", chart, "following",
                              G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
    }
  else
    {
      g_signal_connect_object (chart, "notify::following",
                               G_CALLBACK (muster_telemetry_panel_following_cb), self,
                               G_CONNECT_SWAPPED);
      muster_chart_follow (MUSTER_CHART (chart), self->span);
    }
  gtk_box_append (GTK_BOX (self->charts), chart);
  return MUSTER_CHART (chart);
}

static void
remove_line (MusterTelemetryPanel *self, const char *name)
{
  Line *line = g_hash_table_lookup (self->lines, name);

  muster_chart_remove_series (line->chart, line->series);
  /* The first chart leads the others, so it stays until it is the last. */
  if (g_list_model_get_n_items (muster_chart_get_series (line->chart)) == 0 &&
      (line->chart != first_chart (self) ||
       gtk_widget_get_next_sibling (GTK_WIDGET (line->chart)) == NULL))
    gtk_box_remove (GTK_BOX (self->charts), GTK_WIDGET (line->chart));
  g_hash_table_remove (self->lines, name);
}

/* What was told last stands while the device would tell what changes, and we would hear of it. */
static gboolean
is_current (MusterTelemetryPanel *self)
{
  return self->heard == TRUE && muster_session_is_connected (self->session);
}

/* The one that is least in use: no two lines of the page look the same while there are enough. */
static unsigned
choose_colour (MusterTelemetryPanel *self)
{
  unsigned       used[N_COLOURS] = { 0 };
  unsigned       best = 0;
  GHashTableIter iter;
  gpointer       line;

  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, NULL, &line))
    used[((Line *)line)->colour]++;
  for (unsigned i = 1; i < N_COLOURS; i++)
    if (used[i] < used[best])
      best = i;
  return best;
}

static void
add_line (MusterTelemetryPanel *self, MusterMetricRow *row)
{
  const char *name = muster_metric_row_get_name (row);
  const char *unit =
    muster_entity_get_string (MUSTER_ENTITY (muster_metric_row_get_metric (row)), "unit");
  Line *line = g_new0 (Line, 1);

  line->series = muster_series_new (muster_metric_name_get_label (name), unit, MAX_POINTS);
  muster_series_set_holds (line->series, TRUE);
  muster_series_set_current (line->series, is_current (self));
  line->chart = ensure_chart (self, unit);
  line->colour = choose_colour (self);
  muster_chart_add_series_in_colour (line->chart, line->series, line->colour);
  g_hash_table_insert (self->lines, g_strdup (name), line);
  queue_query (self);
}

static void
muster_telemetry_panel_charted_cb (MusterTelemetryPanel *self, MusterMetricRow *row)
{
  const char *name = muster_metric_row_get_name (row);
  gboolean    there = g_hash_table_contains (self->lines, name);

  if (muster_metric_row_is_charted (row) && !there)
    add_line (self, row);
  else if (!muster_metric_row_is_charted (row) && there)
    remove_line (self, name);
  gtk_widget_set_visible (self->chart_card, g_hash_table_size (self->lines) > 0);
}

static void
muster_telemetry_panel_span_cb (MusterTelemetryPanel *self, GtkToggleButton *button)
{
  GtkWidget *buttons[] = { self->range_5min, self->range_1h, self->range_24h, self->range_7d };

  if (!gtk_toggle_button_get_active (button))
    return;
  for (unsigned i = 0; i < G_N_ELEMENTS (buttons); i++)
    if (buttons[i] == GTK_WIDGET (button))
      self->span = spans[i] * G_USEC_PER_SEC;
  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    muster_chart_follow (MUSTER_CHART (chart), self->span);
  queue_query (self);
}

static void
muster_telemetry_panel_follow_cb (MusterTelemetryPanel *self)
{
  MusterChart *chart = first_chart (self);

  if (chart != NULL)
    muster_chart_set_following (chart,
                                gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->follow)));
}

static void
muster_telemetry_panel_table_cb (MusterTelemetryPanel *self)
{
  if (first_chart (self) != NULL)
    adw_dialog_present (muster_chart_table_new (first_chart (self),
                                                muster_session_get_zone (self->session)),
                        GTK_WIDGET (self));
}

/* --- commands --- */

typedef struct
{
  MusterTelemetryPanel *panel;
  char                 *metric;
} Write;

static void
write_free (gpointer data)
{
  Write *write = data;

  g_object_unref (write->panel);
  g_free (write->metric);
  g_free (write);
}

static gboolean
muster_telemetry_panel_command_shown_cb (gpointer user_data)
{
  muster_metric_row_set_command (user_data, -1);
  return G_SOURCE_REMOVE;
}

static void
show_command (MusterMetricRow *row, int state)
{
  muster_metric_row_set_command (row, state);
  if (state == MUSTER_COMMAND_CONFIRMED)
    g_timeout_add_full (G_PRIORITY_DEFAULT, COMMAND_SHOWN_MSEC,
                        muster_telemetry_panel_command_shown_cb, g_object_ref (row),
                        g_object_unref);
}

void
muster_telemetry_panel_command_changed (MusterTelemetryPanel *self,
                                        const char           *command_id,
                                        int                   state)
{
  const char      *name;
  MusterMetricRow *row;

  g_return_if_fail (MUSTER_IS_TELEMETRY_PANEL (self));

  name = g_hash_table_lookup (self->commands, command_id);
  row = name != NULL ? g_hash_table_lookup (self->rows, name) : NULL;
  if (row != NULL)
    show_command (row, state);
}

static DexFuture *
muster_telemetry_panel_written_cb (DexFuture *future, gpointer user_data)
{
  Write *write = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterMetricRow *row =
    write->panel->rows != NULL ? g_hash_table_lookup (write->panel->rows, write->metric) : NULL;
  MusterEntity *command;

  if (row == NULL)
    return dex_future_new_true ();
  if (value == NULL)
    {
      show_command (row, MUSTER_COMMAND_FAILED);
      muster_session_tell_error (write->panel->session, _ ("The value was not written"), error);
      return dex_future_new_true ();
    }
  command = g_value_get_object (value);
  g_hash_table_insert (write->panel->commands, g_strdup (muster_entity_get_id (command)),
                       g_strdup (write->metric));
  show_command (row, muster_entity_get_enum (command, "state"));
  return dex_future_new_true ();
}

static void
muster_telemetry_panel_write_cb (MusterTelemetryPanel *self,
                                 MusterMetric         *metric,
                                 JsonNode             *value,
                                 MusterMetricRow      *row)
{
  const char *name = muster_entity_get_string (MUSTER_ENTITY (metric), "name");
  Write      *write = g_new0 (Write, 1);

  write->panel = g_object_ref (self);
  write->metric = g_strdup (name);
  show_command (row, MUSTER_COMMAND_PENDING);
  dex_future_disown (
    dex_future_finally (muster_api_devices_command (muster_session_get_client (self->session),
                                                    self->device_id, "write", name,
                                                    json_node_copy (value)),
                        muster_telemetry_panel_written_cb, write, write_free));
}

/* --- metrics --- */

static int
muster_telemetry_panel_compare_rows (GtkListBoxRow *a, GtkListBoxRow *b, gpointer user_data)
{
  return muster_metric_name_compare (muster_metric_row_get_name (MUSTER_METRIC_ROW (a)),
                                     muster_metric_row_get_name (MUSTER_METRIC_ROW (b)));
}

static const char *
get_first_name (GtkListBox *list)
{
  return muster_metric_row_get_name (MUSTER_METRIC_ROW (gtk_list_box_get_row_at_index (list, 0)));
}

/* The groups stand in the order of what is in them. */
static void
insert_group (MusterTelemetryPanel *self, GtkWidget *group, const char *name)
{
  GtkWidget *after = NULL;

  for (GtkWidget *other = gtk_widget_get_first_child (self->groups); other != NULL;
       other = gtk_widget_get_next_sibling (other))
    {
      GtkListBox *list = g_object_get_data (G_OBJECT (other), "muster-list");

      if (list != NULL && muster_metric_name_compare (get_first_name (list), name) < 0)
        after = other;
    }
  gtk_box_insert_child_after (GTK_BOX (self->groups), group, after);
}

/* The list of the metrics in NAME's folder. */
static GtkListBox *
ensure_group (MusterTelemetryPanel *self, const char *name)
{
  g_autofree char *folder = muster_metric_name_get_folder (name);
  const char      *title = *folder != '\0' ? folder : _ ("Metrics");
  GtkListBox      *list = g_hash_table_lookup (self->lists, folder);
  GtkWidget       *group;

  if (list != NULL)
    return list;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (list, GTK_SELECTION_NONE);
  gtk_list_box_set_sort_func (list, muster_telemetry_panel_compare_rows, NULL, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (list));
  g_object_set_data (G_OBJECT (group), "muster-list", list);
  g_hash_table_insert (self->lists, g_steal_pointer (&folder), list);
  insert_group (self, group, name);
  gtk_widget_set_visible (self->groups, TRUE);
  gtk_widget_set_visible (self->empty_group, FALSE);
  return list;
}

static MusterMetricRow *
ensure_row (MusterTelemetryPanel *self, MusterApiMetric *metric)
{
  const char *name =
    muster_entity_get_string (MUSTER_ENTITY (muster_api_metric_get_metric (metric)), "name");
  MusterMetricRow *row = g_hash_table_lookup (self->rows, name);

  if (row != NULL)
    return row;
  row = MUSTER_METRIC_ROW (muster_metric_row_new (self->session, metric));
  g_signal_connect_object (row, "charted-changed", G_CALLBACK (muster_telemetry_panel_charted_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "write", G_CALLBACK (muster_telemetry_panel_write_cb), self,
                           G_CONNECT_SWAPPED);
  muster_metric_row_set_current (row, is_current (self));
  /* The group finds its place by what is in it. */
  gtk_list_box_append (ensure_group (self, name), GTK_WIDGET (row));
  g_hash_table_insert (self->rows, g_strdup (name), row);
  if (g_hash_table_size (self->lines) < CHARTED_AT_FIRST &&
      !muster_metric_name_is_diagnostic (name) && muster_metric_row_is_numeric (row) &&
      !muster_entity_get_boolean (MUSTER_ENTITY (muster_metric_row_get_metric (row)), "writable"))
    muster_metric_row_set_charted (row, TRUE);
  return row;
}

static DexFuture *
muster_telemetry_panel_course_cb (DexFuture *future, gpointer user_data)
{
  MusterTelemetryPanel *self = user_data;
  const GValue         *value = dex_future_get_value (future, NULL);
  GPtrArray            *answer = value != NULL ? g_value_get_boxed (value) : NULL;

  for (unsigned i = 0; answer != NULL && i < answer->len; i++)
    {
      const MusterApiSeries *series = answer->pdata[i];
      MusterMetricRow       *row = g_hash_table_lookup (self->rows, series->metric);

      if (row != NULL)
        muster_metric_row_set_course (row, series, self->outages);
    }
  return dex_future_new_true ();
}

static DexFuture *
muster_telemetry_panel_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterTelemetryPanel *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  gint64         now = g_get_real_time ();
  MusterApiRange range = { .from = (now - COURSE_SPAN) / 1000, .to = now / 1000, .points = 240 };

  if (value == NULL)
    {
      muster_session_tell_error (self->session, _ ("Could not read the metrics"), error);
      return dex_future_new_true ();
    }
  for (unsigned i = 0; i < muster_api_page_get_length (g_value_get_object (value)); i++)
    ensure_row (self, muster_api_page_get (g_value_get_object (value), i));
  dex_clear (&self->course);
  self->course =
    dex_future_finally (muster_api_monitoring_query (muster_session_get_client (self->session),
                                                     self->device_id, &range),
                        muster_telemetry_panel_course_cb, self, NULL);
  return dex_future_new_true ();
}

/* --- when it was away --- */

static DexFuture *
muster_telemetry_panel_remembered_cb (DexFuture *future, gpointer user_data)
{
  MusterTelemetryPanel *self = user_data;
  const GValue         *value = dex_future_get_value (future, NULL);

  if (value == NULL)
    return dex_future_new_true ();
  g_array_set_size (self->outages, 0);
  for (unsigned i = muster_api_page_get_length (g_value_get_object (value)); i > 0; i--)
    {
      MusterEntity *event = muster_api_page_get (g_value_get_object (value), i - 1);
      gint64        time = muster_entity_get_integer (event, "created_at");

      g_array_append_val (self->outages, time);
    }
  if (self->outages->len > 0)
    queue_query (self);
  return dex_future_new_true ();
}

static void
remember_outages (MusterTelemetryPanel *self)
{
  static const char *const filters[] = { "kind", "offline,death", NULL };
  const MusterApiListQuery query = { .filters = filters,
                                     .limit = MAX_OUTAGES,
                                     .sort = "-created_at" };

  dex_clear (&self->remembering);
  self->remembering =
    dex_future_finally (muster_api_devices_list_events (muster_session_get_client (self->session),
                                                        self->device_id, &query),
                        muster_telemetry_panel_remembered_cb, self, NULL);
}

static void
muster_telemetry_panel_update_current (MusterTelemetryPanel *self)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    muster_metric_row_set_current (value, is_current (self));
  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    muster_series_set_current (((Line *)value)->series, is_current (self));
}

/* Ends what stood on the plots: nothing more is heard of the device. */
static void
end_lines (MusterTelemetryPanel *self)
{
  gint64         now = g_get_real_time ();
  GHashTableIter iter;
  gpointer       value;

  g_array_append_val (self->outages, now);
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    muster_series_append (muster_metric_row_get_course (value), now, NAN);
  g_hash_table_iter_init (&iter, self->lines);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    muster_series_append (((Line *)value)->series, now, NAN);
}

static void
set_heard (MusterTelemetryPanel *self, gboolean heard)
{
  if (self->heard == heard)
    return;
  if (self->heard == TRUE)
    end_lines (self);
  self->heard = heard;
  muster_telemetry_panel_update_current (self);
}

void
muster_telemetry_panel_set_live (MusterTelemetryPanel *self, JsonObject *live)
{
  JsonArray *proofs;
  gboolean   heard = FALSE;

  g_return_if_fail (MUSTER_IS_TELEMETRY_PANEL (self));

  /* That it answers a ping does not mean that it tells its values. */
  proofs = live != NULL ? muster_api_json_get_array (live, "proofs") : NULL;
  for (unsigned i = 0; proofs != NULL && i < json_array_get_length (proofs); i++)
    {
      JsonObject *proof = muster_api_json_as_object (json_array_get_element (proofs, i));
      const char *kind = proof != NULL ? muster_api_json_get_string (proof, "kind") : NULL;

      heard |= (g_strcmp0 (kind, "mqtt") == 0 || g_strcmp0 (kind, "sample") == 0) &&
               muster_api_json_get_boolean (proof, "fresh");
    }
  set_heard (self, heard);
}

void
muster_telemetry_panel_refresh (MusterTelemetryPanel *self)
{
  g_return_if_fail (MUSTER_IS_TELEMETRY_PANEL (self));

  dex_clear (&self->loading);
  self->loading =
    dex_future_finally (muster_api_devices_list_metrics (muster_session_get_client (self->session),
                                                         self->device_id),
                        muster_telemetry_panel_loaded_cb, self, NULL);
  remember_outages (self);
  queue_query (self);
}

static void
muster_telemetry_panel_event_cb (MusterTelemetryPanel *self,
                                 const char           *topic,
                                 const char           *subject,
                                 JsonObject           *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) samples = muster_api_series_list_from_json (data, &error);

  if (samples == NULL)
    {
      g_message ("samples not understood: %s", error->message);
      return;
    }
  g_signal_emit (self, signals[HEARD], 0);
  for (unsigned i = 0; i < samples->len; i++)
    {
      const MusterApiSeries *series = samples->pdata[i];
      MusterMetricRow       *row = g_hash_table_lookup (self->rows, series->metric);
      Line                  *line = g_hash_table_lookup (self->lines, series->metric);

      for (gsize j = 0; j < series->length; j++)
        {
          if (row != NULL)
            muster_metric_row_add (row, series->times[j] * 1000, series->values[j]);
          if (line != NULL)
            muster_series_append (line->series, series->times[j] * 1000, series->values[j]);
        }
      if (row == NULL && self->loading != NULL && !dex_future_is_pending (self->loading))
        muster_telemetry_panel_refresh (self);
    }
}

static void
muster_telemetry_panel_ready_cb (MusterTelemetryPanel *self, gboolean resumed)
{
  if (!resumed)
    muster_telemetry_panel_refresh (self);
}

void
muster_telemetry_panel_open (MusterTelemetryPanel *self,
                             MusterSession        *session,
                             const char           *device_id)
{
  const char *subjects[] = { device_id, NULL };

  g_return_if_fail (MUSTER_IS_TELEMETRY_PANEL (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);
  muster_axis_set_zone (self->x_axis, muster_session_get_zone (session));
  g_signal_connect_object (session, "notify::connected",
                           G_CALLBACK (muster_telemetry_panel_update_current), self,
                           G_CONNECT_SWAPPED);
  self->telemetry = muster_api_stream_subscribe (muster_session_get_stream (session), "telemetry",
                                                 subjects, NULL, -1);
  g_signal_connect_object (self->telemetry, "event", G_CALLBACK (muster_telemetry_panel_event_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->telemetry, "ready", G_CALLBACK (muster_telemetry_panel_ready_cb),
                           self, G_CONNECT_SWAPPED);
  muster_telemetry_panel_refresh (self);
}

/* --- life --- */

static void
muster_telemetry_panel_dispose (GObject *object)
{
  MusterTelemetryPanel *self = MUSTER_TELEMETRY_PANEL (object);

  g_clear_handle_id (&self->query_id, g_source_remove);
  dex_clear (&self->loading);
  dex_clear (&self->course);
  dex_clear (&self->querying);
  dex_clear (&self->remembering);
  if (self->telemetry != NULL)
    muster_api_subscription_close (self->telemetry);
  g_clear_object (&self->telemetry);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_clear_pointer (&self->lines, g_hash_table_unref);
  g_clear_pointer (&self->commands, g_hash_table_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_TELEMETRY_PANEL);
  G_OBJECT_CLASS (muster_telemetry_panel_parent_class)->dispose (object);
}

static void
muster_telemetry_panel_finalize (GObject *object)
{
  MusterTelemetryPanel *self = MUSTER_TELEMETRY_PANEL (object);

  g_clear_object (&self->session);
  g_clear_object (&self->x_axis);
  g_array_unref (self->outages);
  g_free (self->device_id);
  G_OBJECT_CLASS (muster_telemetry_panel_parent_class)->finalize (object);
}

static void
muster_telemetry_panel_class_init (MusterTelemetryPanelClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_telemetry_panel_dispose;
  object_class->finalize = muster_telemetry_panel_finalize;
  signals[HEARD] = g_signal_new ("heard", MUSTER_TYPE_TELEMETRY_PANEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/telemetry-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, chart_card);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, charts);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, range_5min);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, range_1h);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, range_24h);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, range_7d);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, follow);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, groups);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, empty_group);
  gtk_widget_class_bind_template_callback (widget_class, muster_telemetry_panel_table_cb);
}

static void
muster_telemetry_panel_init (MusterTelemetryPanel *self)
{
  GtkWidget *buttons[4];

  self->x_axis = muster_axis_new (MUSTER_AXIS_TIME);
  self->span = spans[0] * G_USEC_PER_SEC;
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->outages = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->heard = -1;
  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, line_free);
  self->commands = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  buttons[0] = self->range_5min;
  buttons[1] = self->range_1h;
  buttons[2] = self->range_24h;
  buttons[3] = self->range_7d;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (buttons[0]), TRUE);
  for (unsigned i = 0; i < G_N_ELEMENTS (buttons); i++)
    g_signal_connect_object (buttons[i], "toggled", G_CALLBACK (muster_telemetry_panel_span_cb),
                             self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->follow, "toggled", G_CALLBACK (muster_telemetry_panel_follow_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->x_axis, "range-changed",
                           G_CALLBACK (muster_telemetry_panel_range_cb), self, G_CONNECT_SWAPPED);
}
