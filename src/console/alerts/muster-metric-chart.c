/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-metric-chart"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-monitoring.h"
#include "muster-metric-chart.h"

#define MAX_POINTS 20000
#define QUERY_POINTS 2000
#define QUERY_DELAY_MSEC 150
#define DEFAULT_SPAN (3600 * (gint64)G_USEC_PER_SEC)

struct _MusterMetricChart
{
  AdwBin parent_instance;

  MusterSession         *session;   /* (owned) (nullable) */
  char                  *device_id; /* (owned) (nullable) */
  char                  *metric;    /* (owned) (nullable) */
  char                  *empty;     /* (owned) (nullable) */
  MusterSeries          *series;    /* (owned) (nullable) */
  MusterApiSubscription *telemetry; /* (owned) (nullable) */
  DexFuture             *querying;  /* (owned) (nullable) */
  unsigned               query_id;  /* timeout */
  gint64                 span;
  gint64                 queried_from;
  gint64                 queried_to;

  /* Children */
  MusterChart          *chart;
  MusterThresholdLayer *layer;
};

G_DEFINE_FINAL_TYPE (MusterMetricChart, muster_metric_chart, ADW_TYPE_BIN)

enum
{
  SHOWN,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* --- points --- */

static void
append (MusterMetricChart *self, const MusterApiSeries *points)
{
  for (gsize i = 0; i < points->length; i++)
    muster_series_append (self->series, points->times[i] * 1000, points->values[i]);
}

static DexFuture *
muster_metric_chart_queried_cb (DexFuture *future, gpointer user_data)
{
  MusterMetricChart *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GPtrArray    *answer = value != NULL ? g_value_get_boxed (value) : NULL;

  dex_clear (&self->querying);
  if (self->series == NULL)
    return dex_future_new_true ();
  if (answer == NULL)
    {
      muster_session_tell_error (self->session, _ ("Could not read the history"), error);
      return dex_future_new_true ();
    }
  for (unsigned i = 0; i < answer->len; i++)
    append (self, answer->pdata[i]);
  if (muster_series_get_length (self->series) == 0)
    muster_chart_set_empty_text (self->chart, _ ("Nothing was measured in this time"));
  g_signal_emit (self, signals[SHOWN], 0);
  return dex_future_new_true ();
}

static void
muster_metric_chart_query_cb (gpointer user_data)
{
  MusterMetricChart *self = user_data;
  MusterAxis        *axis = muster_chart_get_x_axis (self->chart);
  const char *const  metrics[] = { self->metric, NULL };
  double             lower = muster_axis_get_lower (axis), upper = muster_axis_get_upper (axis);
  MusterApiRange     range = { .metrics = metrics, .points = QUERY_POINTS };

  self->query_id = 0;
  self->queried_from = lower - (upper - lower) / 2;
  self->queried_to = upper + (upper - lower) / 2;
  range.from = self->queried_from / 1000;
  range.to = MIN (self->queried_to, g_get_real_time ()) / 1000;
  dex_clear (&self->querying);
  self->querying =
    dex_future_finally (muster_api_monitoring_query (muster_session_get_client (self->session),
                                                     self->device_id, &range),
                        muster_metric_chart_queried_cb, self, NULL);
}

static void
queue_query (MusterMetricChart *self)
{
  if (self->query_id == 0 && self->series != NULL)
    self->query_id = g_timeout_add_once (QUERY_DELAY_MSEC, muster_metric_chart_query_cb, self);
}

/* Whatever leaves what was asked for, or is much finer, is asked anew. */
static void
muster_metric_chart_range_cb (MusterMetricChart *self)
{
  MusterAxis *axis = muster_chart_get_x_axis (self->chart);
  double      lower = muster_axis_get_lower (axis), upper = muster_axis_get_upper (axis);

  if (lower < self->queried_from ||
      (upper > self->queried_to && !muster_chart_get_following (self->chart)) ||
      upper - lower < (self->queried_to - self->queried_from) / 6.0)
    queue_query (self);
}

static void
muster_metric_chart_telemetry_cb (MusterMetricChart *self,
                                  const char        *topic,
                                  const char        *subject,
                                  JsonObject        *data)
{
  g_autoptr (GPtrArray) all = muster_api_series_list_from_json (data, NULL);

  for (unsigned i = 0; all != NULL && i < all->len; i++)
    {
      const MusterApiSeries *points = all->pdata[i];

      if (g_strcmp0 (points->metric, self->metric) == 0)
        append (self, points);
    }
  g_signal_emit (self, signals[SHOWN], 0);
}

/* --- what is shown --- */

static void
clear (MusterMetricChart *self)
{
  g_clear_handle_id (&self->query_id, g_source_remove);
  dex_clear (&self->querying);
  if (self->telemetry != NULL)
    muster_api_subscription_close (self->telemetry);
  g_clear_object (&self->telemetry);
  if (self->chart != NULL)
    muster_chart_remove_all (self->chart);
  g_clear_object (&self->series);
}

static void
subscribe (MusterMetricChart *self)
{
  self->telemetry =
    muster_api_stream_subscribe (muster_session_get_stream (self->session), "telemetry",
                                 (const char *const[]){ self->device_id, NULL },
                                 (const char *const[]){ self->metric, NULL }, -1);
  g_signal_connect_object (self->telemetry, "event", G_CALLBACK (muster_metric_chart_telemetry_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->telemetry, "ready", G_CALLBACK (queue_query), self,
                           G_CONNECT_SWAPPED);
}

void
muster_metric_chart_show (MusterMetricChart *self,
                          const char        *device_id,
                          const char        *metric,
                          const char        *unit)
{
  gboolean changed;

  g_return_if_fail (MUSTER_IS_METRIC_CHART (self));
  g_return_if_fail (self->session != NULL);

  changed = g_set_str (&self->device_id, device_id);
  changed |= g_set_str (&self->metric, metric);
  if (!changed && self->series != NULL)
    return;
  clear (self);
  muster_chart_set_empty_text (self->chart, self->empty != NULL ? self->empty : "");
  if (device_id == NULL || metric == NULL)
    return;
  self->series = muster_series_new (metric, unit, MAX_POINTS);
  muster_series_set_holds (self->series, TRUE);
  muster_series_set_current (self->series, TRUE);
  muster_chart_add_series (self->chart, self->series);
  muster_chart_follow (self->chart, self->span);
  subscribe (self);
  queue_query (self);
}

void
muster_metric_chart_set_span (MusterMetricChart *self, gint64 span)
{
  g_return_if_fail (MUSTER_IS_METRIC_CHART (self));

  self->span = span;
  muster_chart_follow (self->chart, span);
  queue_query (self);
}

void
muster_metric_chart_set_empty_text (MusterMetricChart *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_METRIC_CHART (self));

  g_set_str (&self->empty, text);
  if (self->series == NULL)
    muster_chart_set_empty_text (self->chart, text);
}

MusterThresholdLayer *
muster_metric_chart_get_layer (MusterMetricChart *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_CHART (self), NULL);

  return self->layer;
}

const MusterPoint *
muster_metric_chart_peek_last (MusterMetricChart *self)
{
  g_return_val_if_fail (MUSTER_IS_METRIC_CHART (self), NULL);

  return self->series != NULL ? muster_series_peek_last (self->series) : NULL;
}

gboolean
muster_metric_chart_get_extent (MusterMetricChart *self, double *least, double *greatest)
{
  MusterAxis *axis;

  g_return_val_if_fail (MUSTER_IS_METRIC_CHART (self), FALSE);

  axis = muster_chart_get_x_axis (self->chart);
  return self->series != NULL &&
         muster_series_get_extent (self->series, muster_axis_get_lower (axis),
                                   muster_axis_get_upper (axis), least, greatest);
}

/* --- life --- */

static void
muster_metric_chart_dispose (GObject *object)
{
  MusterMetricChart *self = MUSTER_METRIC_CHART (object);

  clear (self);
  self->chart = NULL;
  self->layer = NULL;
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_metric_chart_parent_class)->dispose (object);
}

static void
muster_metric_chart_finalize (GObject *object)
{
  MusterMetricChart *self = MUSTER_METRIC_CHART (object);

  g_free (self->device_id);
  g_free (self->metric);
  g_free (self->empty);
  G_OBJECT_CLASS (muster_metric_chart_parent_class)->finalize (object);
}

static void
muster_metric_chart_class_init (MusterMetricChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_metric_chart_dispose;
  object_class->finalize = muster_metric_chart_finalize;
  signals[SHOWN] = g_signal_new ("shown", MUSTER_TYPE_METRIC_CHART, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_metric_chart_init (MusterMetricChart *self)
{
  GtkWidget *overlay = gtk_overlay_new ();

  self->span = DEFAULT_SPAN;
  self->chart = MUSTER_CHART (muster_chart_new (NULL));
  self->layer = MUSTER_THRESHOLD_LAYER (muster_threshold_layer_new (self->chart));
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->chart));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->layer));
  gtk_overlay_set_clip_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->layer), TRUE);
  adw_bin_set_child (ADW_BIN (self), overlay);
  g_signal_connect_object (muster_chart_get_x_axis (self->chart), "range-changed",
                           G_CALLBACK (muster_metric_chart_range_cb), self, G_CONNECT_SWAPPED);
}

void
muster_metric_chart_open (MusterMetricChart *self, MusterSession *session)
{
  g_return_if_fail (MUSTER_IS_METRIC_CHART (self));
  g_return_if_fail (MUSTER_IS_SESSION (session));

  g_set_object (&self->session, session);
  muster_axis_set_zone (muster_chart_get_x_axis (self->chart), muster_session_get_zone (session));
  muster_chart_follow (self->chart, self->span);
}
