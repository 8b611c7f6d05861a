/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-history"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-monitoring.h"
#include "client/muster-api-stream.h"
#include "muster-chart-deck-private.h"

#define QUERY_POINTS 3200
#define QUERY_DELAY_MSEC 120

/* --- history --- */

/* An answer is of one device. */
typedef struct
{
  MusterChartDeck *deck; /* borrowed: the query ends with the deck */
  char            *device_id;
  gint64           from;
} Query;

static void
query_free (gpointer data)
{
  Query *query = data;

  g_free (query->device_id);
  g_free (query);
}

/* What has no points in that time is shown empty. */
static void
fill_track (MusterTrack *track, GPtrArray *answer, gint64 from)
{
  const MusterApiSeries none = { 0 };

  for (unsigned i = 0; i < answer->len; i++)
    if (g_strcmp0 (((MusterApiSeries *)answer->pdata[i])->metric,
                   muster_track_get_metric (track)) == 0)
      {
        muster_track_fill (track, answer->pdata[i], from);
        return;
      }
  muster_track_fill (track, &none, from);
}

static DexFuture *
muster_chart_deck_queried_cb (DexFuture *future, gpointer user_data)
{
  Query           *query = user_data;
  MusterChartDeck *self = query->deck;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    {
      muster_session_tell_error (self->session, _ ("Could not read the history"), error);
      return dex_future_new_true ();
    }
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (g_strcmp0 (muster_track_get_device_id (track), query->device_id) == 0)
        fill_track (track, g_value_get_boxed (value), query->from);
    }
  return dex_future_new_true ();
}

/* (transfer full): the metrics that are charted of DEVICE_ID. */
static char **
list_metrics (MusterChartDeck *self, const char *device_id)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (g_strcmp0 (muster_track_get_device_id (track), device_id) == 0)
        g_strv_builder_add (builder, muster_track_get_metric (track));
    }
  return g_strv_builder_end (builder);
}

static void
ask (MusterChartDeck *self, const char *device_id)
{
  g_auto (GStrv) metrics = list_metrics (self, device_id);
  MusterApiRange range = { .metrics = (const char *const *)metrics,
                           .from = self->queried_from / 1000,
                           .to = MIN (self->queried_to, g_get_real_time ()) / 1000,
                           .points = QUERY_POINTS };
  Query         *query;

  if (metrics[0] == NULL)
    return;
  query = g_new0 (Query, 1);
  query->deck = self;
  query->device_id = g_strdup (device_id);
  query->from = self->queried_from;
  g_hash_table_replace (self->queries, g_strdup (device_id),
                        dex_future_finally (muster_api_monitoring_query (muster_session_get_client (
                                                                           self->session),
                                                                         device_id, &range),
                                            muster_chart_deck_queried_cb, query, query_free));
}

static void
muster_chart_deck_query_cb (gpointer user_data)
{
  MusterChartDeck *self = user_data;
  double lower = muster_axis_get_lower (self->x_axis), upper = muster_axis_get_upper (self->x_axis);
  gint64 margin = (upper - lower) / 2;
  GHashTableIter iter;
  gpointer       device_id;

  self->query_id = 0;
  /* Some more at both sides, so that panning has something to show. */
  self->queried_from = MAX (0, lower - margin);
  self->queried_to = upper + margin;
  g_hash_table_iter_init (&iter, self->hearings);
  while (g_hash_table_iter_next (&iter, &device_id, NULL))
    ask (self, device_id);
}

void
muster_chart_deck_queue_query (MusterChartDeck *self)
{
  if (self->query_id == 0 && self->session != NULL)
    self->query_id = g_timeout_add_once (QUERY_DELAY_MSEC, muster_chart_deck_query_cb, self);
}

/* The charts move on by themselves while they follow; whatever leaves what was asked for, or is
 * much finer, is asked anew. */
void
muster_chart_deck_range_changed (MusterChartDeck *self)
{
  double lower = muster_axis_get_lower (self->x_axis), upper = muster_axis_get_upper (self->x_axis);
  double asked = self->queried_to - self->queried_from;

  if (lower < self->queried_from || (upper > self->queried_to && !self->following) ||
      upper - lower < asked / 6)
    muster_chart_deck_queue_query (self);
}

/* --- what comes in --- */

static void
muster_chart_deck_event_cb (MusterChartDeck *self,
                            const char      *topic,
                            const char      *subject,
                            JsonObject      *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) samples = muster_api_series_list_from_json (data, &error);

  if (samples == NULL)
    {
      g_message ("samples not understood: %s", error->message);
      return;
    }
  for (unsigned i = 0; i < samples->len; i++)
    {
      const MusterApiSeries *series = samples->pdata[i];
      MusterTrack           *track = muster_chart_deck_find (self, subject, series->metric);

      if (track != NULL)
        muster_track_add (track, series);
    }
  g_signal_emit_by_name (self, "samples", subject, samples);
}

static void
muster_chart_deck_ready_cb (MusterChartDeck *self, gboolean resumed)
{
  if (resumed)
    return;
  muster_chart_deck_queue_query (self);
  g_signal_emit_by_name (self, "ready");
}

static void
muster_chart_deck_listen_cb (gpointer user_data)
{
  MusterChartDeck        *self = user_data;
  g_autofree const char **subjects =
    (const char **)g_hash_table_get_keys_as_array (self->hearings, NULL);

  self->listen_id = 0;
  if (self->telemetry != NULL)
    muster_api_subscription_close (self->telemetry);
  g_clear_object (&self->telemetry);
  if (subjects[0] == NULL)
    return;
  self->telemetry = muster_api_stream_subscribe (muster_session_get_stream (self->session),
                                                 "telemetry", subjects, NULL, -1);
  g_signal_connect_object (self->telemetry, "event", G_CALLBACK (muster_chart_deck_event_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->telemetry, "ready", G_CALLBACK (muster_chart_deck_ready_cb), self,
                           G_CONNECT_SWAPPED);
}

void
muster_chart_deck_queue_listen (MusterChartDeck *self)
{
  if (self->listen_id == 0)
    self->listen_id = g_idle_add_once (muster_chart_deck_listen_cb, self);
}

void
muster_chart_deck_stop_queries (MusterChartDeck *self)
{
  g_clear_handle_id (&self->query_id, g_source_remove);
  g_clear_handle_id (&self->listen_id, g_source_remove);
  g_hash_table_remove_all (self->queries);
  if (self->telemetry != NULL)
    muster_api_subscription_close (self->telemetry);
  g_clear_object (&self->telemetry);
}
