/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-history"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-monitoring.h"
#include "client/muster-api-stream.h"
#include "muster-chart-deck-private.h"

#define QUERY_POINTS 3200
#define QUERY_DELAY_MSEC 120
/* What is shown by steps is asked for again while it follows, no more often than this. */
#define LEAST_AGAIN_MSEC 2000

/* --- asking --- */

/* An answer is of one device. */
typedef struct
{
  MusterChartDeck *deck;      /* borrowed: the query ends with the deck */
  char            *device_id; /* whose tracks it is for */
  MusterTrackPart  part;
  gint64           from;
  gint64           step;      /* 0: points as they were told */
  const char      *aggregate; /* static, of a step */
  gint64           shift;     /* microseconds that a ghost is moved by */
  char            *label;     /* (nullable) of a ghost */
} Query;

static void
query_free (gpointer data)
{
  Query *query = data;

  g_free (query->device_id);
  g_free (query->label);
  g_free (query);
}

/* Whether TRACK shows what is told rather than what the site makes of it. */
static gboolean
shows_points (MusterChartDeck *self, MusterTrack *track)
{
  return muster_chart_deck_get_aggregate (self, track) == NULL;
}

static void
fill_track (MusterTrack *track, const Query *query, const MusterApiSeries *answer)
{
  const char *aggregate = muster_chart_deck_get_aggregate (query->deck, track);

  if (query->part == MUSTER_TRACK_GHOST)
    muster_track_set_ghost (track, answer, query->shift, query->label);
  else if (query->step > 0 && g_strcmp0 (aggregate, query->aggregate) == 0)
    muster_track_fill_steps (track, query->part, answer, query->step,
                             muster_chart_deck_get_factor (query->deck, track));
  else if (query->step == 0 && aggregate == NULL)
    muster_track_fill (track, answer, query->from);
}

static const MusterApiSeries *
find_answer (GPtrArray *answer, const char *metric)
{
  static const MusterApiSeries none = { 0 };

  for (unsigned i = 0; i < answer->len; i++)
    if (g_strcmp0 (((MusterApiSeries *)answer->pdata[i])->metric, metric) == 0)
      return answer->pdata[i];
  /* What has no points in that time is shown empty. */
  return &none;
}

/* Few points come as they were told, bad ones among them; where there are many, thinning left these
 * out already. */
static void
drop_bad (MusterChartDeck *self, GPtrArray *samples)
{
  for (unsigned i = 0; !self->with_bad && i < samples->len; i++)
    muster_api_series_drop_bad (samples->pdata[i]);
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
  drop_bad (self, g_value_get_boxed (value));
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (g_strcmp0 (muster_track_get_device_id (track), query->device_id) == 0)
        fill_track (track, query,
                    find_answer (g_value_get_boxed (value), muster_track_get_metric (track)));
    }
  return dex_future_new_true ();
}

/* (transfer full): the metrics that are charted of DEVICE_ID by AGGREGATE (nullable), or only those
 * of numbers. */
static char **
list_metrics (MusterChartDeck *self, const char *device_id, const char *aggregate, gboolean numeric)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (muster_track_get_hearing (track) != NULL &&
          g_strcmp0 (muster_track_get_device_id (track), device_id) == 0 &&
          g_strcmp0 (muster_chart_deck_get_aggregate (self, track), aggregate) == 0 &&
          (!numeric || muster_track_is_numeric (track)))
        g_strv_builder_add (builder, muster_track_get_metric (track));
    }
  return g_strv_builder_end (builder);
}

/* Asks ASKED_ID (that of QUERY unless it is compared with another) for METRICS; takes QUERY. */
static void
ask (MusterChartDeck *self,
     Query           *query,
     const char      *asked_id,
     char           **metrics,
     const char      *aggregate)
{
  MusterApiRange   range = { .metrics = (const char *const *)metrics,
                             .from = MAX (0, self->queried_from - query->shift) / 1000,
                             .to = MIN (self->queried_to - query->shift, g_get_real_time ()) / 1000,
                             .points = query->step > 0 ? 0 : QUERY_POINTS,
                             .aggregate = aggregate,
                             .quantile = self->calculation.quantile,
                             .step = query->step / 1000,
                             .include_bad = self->with_bad };
  g_autofree char *key = g_strdup_printf ("%s %d %s", query->device_id, query->part,
                                          query->aggregate != NULL ? query->aggregate : "");

  if (metrics[0] == NULL)
    {
      query_free (query);
      return;
    }
  g_hash_table_replace (self->queries, g_steal_pointer (&key),
                        dex_future_finally (muster_api_monitoring_query (muster_session_get_client (
                                                                           self->session),
                                                                         asked_id, &range),
                                            muster_chart_deck_queried_cb, query, query_free));
}

static Query *
create_query (MusterChartDeck *self, const char *device_id, MusterTrackPart part, gint64 step)
{
  Query *query = g_new0 (Query, 1);

  query->deck = self;
  query->device_id = g_strdup (device_id);
  query->part = part;
  query->from = self->queried_from;
  query->step = step;
  return query;
}

/* What is shown by steps of AGGREGATE. */
static void
ask_for_steps (MusterChartDeck *self,
               const char      *device_id,
               MusterTrackPart  part,
               const char      *shown,
               const char      *aggregate)
{
  g_auto (GStrv) metrics = list_metrics (self, device_id, shown, FALSE);
  Query *query = create_query (self, device_id, part, self->step);

  query->aggregate = shown;
  ask (self, query, device_id, metrics, aggregate);
}

static void
ask_for_course (MusterChartDeck *self, const char *device_id)
{
  const char *aggregate =
    self->calculation.aggregate != NULL ? self->calculation.aggregate : self->look->aggregate;
  g_auto (GStrv) told = list_metrics (self, device_id, NULL, FALSE);

  ask (self, create_query (self, device_id, MUSTER_TRACK_COURSE, 0), device_id, told, NULL);
  if (self->look->counters && aggregate == NULL)
    ask_for_steps (self, device_id, MUSTER_TRACK_COURSE, "rate", "rate");
  if (aggregate == NULL)
    return;
  ask_for_steps (self, device_id, MUSTER_TRACK_COURSE, aggregate, aggregate);
  if (!self->look->with_extent || self->calculation.aggregate != NULL)
    return;
  ask_for_steps (self, device_id, MUSTER_TRACK_LOW, aggregate, "min");
  ask_for_steps (self, device_id, MUSTER_TRACK_HIGH, aggregate, "max");
}

static void
ask_for_ghost (MusterChartDeck *self, const char *device_id)
{
  g_auto (GStrv) metrics = list_metrics (self, device_id, NULL, TRUE);
  Query *query;

  if (self->ghost == MUSTER_GHOST_NONE || g_strcmp0 (self->sister_id, device_id) == 0)
    return;
  query = create_query (self, device_id, MUSTER_TRACK_GHOST, 0);
  query->label = muster_chart_deck_dup_ghost_label (self);
  query->shift = muster_chart_deck_get_ghost_shift (self);
  ask (self, query, self->ghost == MUSTER_GHOST_SISTER ? self->sister_id : device_id, metrics,
       NULL);
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
  muster_chart_deck_show_comparison (self);
  /* Some more at both sides, so that panning has something to show. */
  self->queried_from = MAX (0, lower - margin);
  self->queried_to = self->present > 0 ? MIN (upper + margin, self->present) : upper + margin;
  self->step = muster_chart_deck_choose_step (self, upper - lower);
  muster_chart_deck_read_marks (self);
  g_hash_table_iter_init (&iter, self->hearings);
  while (g_hash_table_iter_next (&iter, &device_id, NULL))
    {
      ask_for_course (self, device_id);
      ask_for_ghost (self, device_id);
    }
  muster_chart_deck_ask_groups (self);
}

void
muster_chart_deck_queue_query (MusterChartDeck *self)
{
  if (self->query_id == 0 && self->session != NULL)
    self->query_id = g_timeout_add_once (QUERY_DELAY_MSEC, muster_chart_deck_query_cb, self);
}

static void
muster_chart_deck_again_cb (gpointer user_data)
{
  MusterChartDeck *self = user_data;

  self->again_id = 0;
  muster_chart_deck_queue_query (self);
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
  g_signal_emit_by_name (self, "samples", subject, samples);
  drop_bad (self, samples);
  for (unsigned i = 0; i < samples->len; i++)
    {
      const MusterApiSeries *series = samples->pdata[i];
      MusterTrack           *track = muster_chart_deck_find (self, subject, series->metric);

      if (track != NULL && shows_points (self, track))
        muster_track_add (track, series);
      else if ((track != NULL || self->questions->len > 0) && self->following &&
               self->again_id == 0)
        self->again_id = g_timeout_add_once (MAX (LEAST_AGAIN_MSEC, self->step / 4000),
                                             muster_chart_deck_again_cb, self);
    }
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
  g_clear_handle_id (&self->again_id, g_source_remove);
  g_clear_handle_id (&self->listen_id, g_source_remove);
  g_hash_table_remove_all (self->queries);
  muster_chart_deck_drop_marks (self);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  if (self->telemetry != NULL)
    muster_api_subscription_close (self->telemetry);
  g_clear_object (&self->telemetry);
}
