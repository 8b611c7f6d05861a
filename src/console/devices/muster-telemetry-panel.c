/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-panel"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-monitoring.h"
#include "model/muster-metric.h"
#include "muster-command-states.h"
#include "muster-hindsight.h"
#include "muster-metric-row.h"
#include "muster-telemetry-panel.h"
#include "telemetry/muster-chart-deck.h"
#include "telemetry/muster-metric-name.h"

#define COURSE_SPAN (10 * 60 * G_USEC_PER_SEC)
#define CHARTED_AT_FIRST 4
#define COMMAND_SHOWN_MSEC 4000

struct _MusterTelemetryPanel
{
  GtkBox parent_instance;

  MusterSession       *session;   /* (owned) */
  char                *device_id; /* (owned) */
  MusterHearing       *hearing;   /* (owned) */
  GHashTable          *rows;  /* (owned) metric name to MusterMetricRow (borrowed from the list) */
  GHashTable          *lists; /* (owned) folder to GtkListBox (borrowed) */
  GHashTable          *commands; /* (owned) command id to metric name */
  MusterCommandStates *states;   /* (owned) of all commands of the device */
  DexFuture           *loading;  /* (owned) (nullable) metrics */
  DexFuture           *course;   /* (owned) (nullable) the rows' courses */

  /* Template children */
  GtkWidget       *chart_card;
  MusterChartDeck *deck;
  GtkWidget       *groups;
  GtkWidget       *empty_group;
};

G_DEFINE_FINAL_TYPE (MusterTelemetryPanel, muster_telemetry_panel, GTK_TYPE_BOX)

enum
{
  HEARD,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static unsigned
count_charted (MusterTelemetryPanel *self)
{
  return g_list_model_get_n_items (muster_chart_deck_get_tracks (self->deck));
}

/* --- charts --- */

static void
muster_telemetry_panel_charted_cb (MusterTelemetryPanel *self, MusterMetricRow *row)
{
  const char  *name = muster_metric_row_get_name (row);
  MusterTrack *track = muster_chart_deck_find (self->deck, self->device_id, name);

  if (muster_metric_row_is_charted (row) && track == NULL)
    muster_chart_deck_add (self->deck, self->device_id, muster_metric_row_get_api_metric (row),
                           muster_metric_name_get_label (name));
  else if (!muster_metric_row_is_charted (row) && track != NULL)
    muster_chart_deck_remove (self->deck, track);
  gtk_widget_set_visible (self->chart_card, count_charted (self) > 0);
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

  state = muster_command_states_note (self->states, command_id, state);
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
  show_command (row,
                muster_command_states_note (write->panel->states, muster_entity_get_id (command),
                                            muster_entity_get_enum (command, "state")));
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
  g_autofree char *escaped = g_markup_escape_text (title, -1);
  GtkListBox      *list = g_hash_table_lookup (self->lists, folder);
  GtkWidget       *group;

  if (list != NULL)
    return list;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), escaped);
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
  muster_metric_row_set_current (row, muster_hearing_is_current (self->hearing));
  /* The group finds its place by what is in it. */
  gtk_list_box_append (ensure_group (self, name), GTK_WIDGET (row));
  g_hash_table_insert (self->rows, g_strdup (name), row);
  if (count_charted (self) < CHARTED_AT_FIRST && !muster_metric_name_is_diagnostic (name) &&
      muster_metric_row_is_numeric (row) &&
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
        muster_metric_row_set_course (row, series, muster_hearing_get_outages (self->hearing));
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

/* --- what comes in --- */

static void
muster_telemetry_panel_current_cb (MusterTelemetryPanel *self)
{
  GHashTableIter iter;
  gpointer       row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    muster_metric_row_set_current (row, muster_hearing_is_current (self->hearing));
}

/* Ends what stood on the rows' courses: nothing more is heard of the device. */
static void
muster_telemetry_panel_ended_cb (MusterTelemetryPanel *self, gint64 time)
{
  GHashTableIter iter;
  gpointer       row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    muster_series_append (muster_metric_row_get_course (row), time, NAN);
}

static void
load (MusterTelemetryPanel *self)
{
  dex_clear (&self->loading);
  self->loading =
    dex_future_finally (muster_api_devices_list_metrics (muster_session_get_client (self->session),
                                                         self->device_id),
                        muster_telemetry_panel_loaded_cb, self, NULL);
}

void
muster_telemetry_panel_refresh (MusterTelemetryPanel *self)
{
  g_return_if_fail (MUSTER_IS_TELEMETRY_PANEL (self));

  load (self);
  muster_chart_deck_refresh (self->deck);
}

/* The charts end at the moment that is shown. */
static void
muster_telemetry_panel_moment_cb (GtkWidget *widget)
{
  MusterTelemetryPanel *self = MUSTER_TELEMETRY_PANEL (widget);
  gint64                at = muster_session_get_as_of (self->session);
  gint64                span = muster_chart_deck_get_span (self->deck);

  muster_chart_deck_set_present (self->deck, at);
  if (at == 0)
    muster_chart_deck_follow (self->deck, span);
  else
    muster_chart_deck_show_range (self->deck, at - span, at);
}

static void
muster_telemetry_panel_samples_cb (MusterTelemetryPanel *self,
                                   const char           *device_id,
                                   GPtrArray            *samples)
{
  g_signal_emit (self, signals[HEARD], 0);
  for (unsigned i = 0; i < samples->len; i++)
    {
      const MusterApiSeries *series = samples->pdata[i];
      MusterMetricRow       *row = g_hash_table_lookup (self->rows, series->metric);

      for (gsize j = 0; row != NULL && j < series->length; j++)
        muster_metric_row_add (row, series->times[j] * 1000, series->values[j]);
      if (row == NULL && self->loading != NULL && !dex_future_is_pending (self->loading))
        load (self);
    }
}

void
muster_telemetry_panel_open (MusterTelemetryPanel *self,
                             MusterSession        *session,
                             const char           *device_id)
{
  g_return_if_fail (MUSTER_IS_TELEMETRY_PANEL (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->device_id = g_strdup (device_id);
  muster_chart_deck_open (self->deck, session);
  muster_hindsight_follow (GTK_WIDGET (self), session, muster_telemetry_panel_moment_cb);
  if (muster_session_get_as_of (session) != 0)
    muster_telemetry_panel_moment_cb (GTK_WIDGET (self));
  self->hearing = g_object_ref (muster_chart_deck_watch (self->deck, device_id));
  g_signal_connect_object (self->hearing, "changed", G_CALLBACK (muster_telemetry_panel_current_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->hearing, "ended", G_CALLBACK (muster_telemetry_panel_ended_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->deck, "samples", G_CALLBACK (muster_telemetry_panel_samples_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->deck, "ready", G_CALLBACK (load), self, G_CONNECT_SWAPPED);
  load (self);
}

/* --- life --- */

static void
muster_telemetry_panel_dispose (GObject *object)
{
  MusterTelemetryPanel *self = MUSTER_TELEMETRY_PANEL (object);

  dex_clear (&self->loading);
  dex_clear (&self->course);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->lists, g_hash_table_unref);
  g_clear_pointer (&self->commands, g_hash_table_unref);
  g_clear_pointer (&self->states, muster_command_states_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_TELEMETRY_PANEL);
  G_OBJECT_CLASS (muster_telemetry_panel_parent_class)->dispose (object);
}

static void
muster_telemetry_panel_finalize (GObject *object)
{
  MusterTelemetryPanel *self = MUSTER_TELEMETRY_PANEL (object);

  g_clear_object (&self->hearing);
  g_clear_object (&self->session);
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
  g_type_ensure (MUSTER_TYPE_CHART_DECK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/muster/Muster/telemetry-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, chart_card);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, deck);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, groups);
  gtk_widget_class_bind_template_child (widget_class, MusterTelemetryPanel, empty_group);
}

static void
muster_telemetry_panel_init (MusterTelemetryPanel *self)
{
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->commands = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->states = muster_command_states_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
