/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-service.h"
#include "muster-sample-differential-private-test-util.h"
#include "muster-sample-reducer.h"

static void
ask (MusterDifferential *self, const MusterSampleQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_range (self->store, query), &error);

  if (batches != NULL)
    g_assert_cmpuint (batches->len, ==, 1);
  muster_sample_model_check_range (self->model, query, batches != NULL ? batches->pdata[0] : NULL,
                                   error);
}

/* Around where the device has been of late, mostly. */
static MusterSampleQuery
draw_query (MusterDifferential *self)
{
  guint  device = muster_differential_draw (self, N_DEVICES);
  gint64 span = (const gint64[]){
    1, 90 * SECOND, 3 * 3600 * SECOND, 5 * DAY, 800 * DAY, 4000 * DAY
  }[muster_differential_draw (self, 6)];
  gint64 from = self->times[device] - (gint64)(g_rand_double (self->random) * span);
  gint64 to = MIN (from + (gint64)(g_rand_double (self->random) * span), NOW + 2 * DAY);

  from = MAX (from, 0);
  return (MusterSampleQuery){ .device_id = muster_differential_one_in (self, 50)
                                             ? "unknown"
                                             : self->ids[device],
                              .from = from,
                              .to = MAX (from, to) };
}

/* Zones whose days have 23 to 25 hours, one whose summer time takes midnight away, and one that is
 * half an hour beside. */
static GTimeZone *
draw_zone (MusterDifferential *self)
{
  static const char *const zones[] = { "Europe/Berlin", "America/New_York", "Asia/Beirut",
                                       "Australia/Lord_Howe", "Asia/Kolkata" };

  return muster_differential_one_in (self, 6)
           ? NULL
           : g_time_zone_new_identifier (
               zones[muster_differential_draw (self, G_N_ELEMENTS (zones))]);
}

static void
draw_step (MusterDifferential *self, MusterSampleQuery *query)
{
  query->aggregate =
    MUSTER_AGGREGATE_MEAN +
    muster_differential_draw (self, MUSTER_AGGREGATE_TIME_IN_STATE - MUSTER_AGGREGATE_NONE);
  query->quantile = (const double[]){ 0, 0.5, 0.95, 1 }[muster_differential_draw (self, 4)];
  if (muster_differential_one_in (self, 3))
    {
      query->unit = MUSTER_STEP_DAY + muster_differential_draw (self, 4);
      query->step =
        muster_differential_one_in (self, 2) ? 1 : 1 + muster_differential_draw (self, 10);
      query->zone = draw_zone (self);
      return;
    }
  query->step = (const gint64[]){
    60 * SECOND, 3600 * SECOND, DAY, 777777, 1 + muster_differential_draw (self, 100000000)
  }[muster_differential_draw (self, 5)];
  query->step = MAX (query->step, (query->to - query->from) / 2000 + 1);
}

/* Stretches within what is asked for, or over its ends. */
static void
draw_exclusions (MusterDifferential    *self,
                 MusterSampleQuery     *query,
                 MusterSampleExclusion *excluded)
{
  query->excluded = excluded;
  for (query->n_excluded = 1 + muster_differential_draw (self, 2);
       excluded < query->excluded + query->n_excluded; excluded++)
    {
      double span = query->to - query->from;

      excluded->metric = muster_differential_one_in (self, 2)
                           ? NULL
                           : muster_differential_metrics[muster_differential_draw (self, N_KINDS)];
      excluded->range.from =
        query->from + (gint64)((g_rand_double (self->random) * 1.2 - 0.2) * span);
      excluded->range.to =
        excluded->range.from + (gint64)(g_rand_double (self->random) * 0.3 * span);
    }
}

void
muster_differential_ask_range (MusterDifferential *self)
{
  MusterSampleQuery     query = draw_query (self);
  MusterSampleExclusion excluded[2];
  const char *some[] = { muster_differential_metrics[muster_differential_draw (self, N_KINDS)],
                         muster_differential_metrics[muster_differential_draw (self, N_KINDS)],
                         "no such metric", NULL };

  if (muster_differential_one_in (self, 2))
    query.metrics = some;
  query.include_bad = muster_differential_one_in (self, 3);
  if (muster_differential_one_in (self, 4))
    draw_exclusions (self, &query, excluded);
  switch (muster_differential_draw (self, 3))
    {
    case 0:
      break;
    case 1:
      query.points =
        1 + muster_differential_draw (self, muster_differential_one_in (self, 3) ? 10 : 2000);
      break;
    default:
      draw_step (self, &query);
    }
  ask (self, &query);
  g_clear_pointer (&query.zone, g_time_zone_unref);
}

/* --- many devices --- */

/* Devices in some order, one perhaps that is not known: N of IDS. */
static unsigned
draw_devices (MusterDifferential *self, const char **ids)
{
  unsigned n = 0, first = muster_differential_draw (self, N_DEVICES);

  for (unsigned i = 0; i < N_DEVICES; i++)
    if (i == 0 || muster_differential_one_in (self, 2))
      ids[n++] = self->ids[(first + i) % N_DEVICES];
  if (muster_differential_one_in (self, 4))
    ids[n++] = "unknown";
  ids[n] = NULL;
  return n;
}

/* Exclusions of each device: to be freed by g_array_unref. */
static void
draw_all_exclusions (MusterDifferential *self, MusterSeriesQuery *query, GArray **excluded)
{
  for (unsigned i = 0; i < query->n_devices; i++)
    {
      MusterSampleExclusion some[2];
      MusterSampleQuery     one = query->base;

      excluded[i] = g_array_new (FALSE, FALSE, sizeof (MusterSampleExclusion));
      if (!muster_differential_one_in (self, 3))
        continue;
      draw_exclusions (self, &one, some);
      g_array_append_vals (excluded[i], some, one.n_excluded);
    }
  query->excluded = excluded;
}

static MusterSeriesQuery
draw_series (MusterDifferential *self, const char **ids, GArray **excluded)
{
  MusterSeriesQuery query = { .base = draw_query (self), .device_ids = ids };

  query.base.device_id = NULL;
  query.n_devices = draw_devices (self, ids);
  draw_all_exclusions (self, &query, excluded);
  return query;
}

static void
clear_exclusions (MusterSeriesQuery *query)
{
  for (unsigned i = 0; i < query->n_devices; i++)
    g_array_unref (query->excluded[i]);
}

void
muster_differential_ask_series (MusterDifferential *self)
{
  static const char *const names[] = { "hall", "yard", "roof", NULL };
  const char              *ids[N_DEVICES + 2];
  GArray                  *excluded[N_DEVICES + 1] = { NULL };
  unsigned                 groups[N_DEVICES + 1];
  MusterSeriesQuery        query = draw_series (self, ids, excluded);
  const char *some[] = { muster_differential_metrics[muster_differential_draw (self, N_KINDS - 1)],
                         muster_differential_metrics[N_KINDS - 1], "no such metric", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = NULL;

  query.base.metrics = some;
  query.base.include_bad = muster_differential_one_in (self, 3);
  if (muster_differential_one_in (self, 4))
    query.base.points = 1 + muster_differential_draw (self, 200);
  else
    {
      /* All together, by groups of which one may be empty, or each by itself. */
      query.n_groups = 1 + muster_differential_draw (self, 3);
      query.group_names = names;
      for (unsigned i = 0; i < query.n_devices; i++)
        groups[i] = muster_differential_draw (self, query.n_groups);
      if (!muster_differential_one_in (self, 4))
        query.groups = groups;
      draw_step (self, &query.base);
    }
  batches = dex_await_boxed (muster_sample_store_query_series (self->store, &query), &error);
  muster_sample_model_check_series (self->model, &query, batches, error);
  clear_exclusions (&query);
  g_clear_pointer (&query.base.zone, g_time_zone_unref);
}

void
muster_differential_ask_export (MusterDifferential *self)
{
  const char        *ids[N_DEVICES + 2];
  GArray            *excluded[N_DEVICES + 1] = { NULL };
  MusterSeriesQuery  query = draw_series (self, ids, excluded);
  MusterSampleFormat format =
    muster_differential_one_in (self, 2) ? MUSTER_SAMPLE_CSV : MUSTER_SAMPLE_NDJSON;
  const char *some[] = { muster_differential_metrics[muster_differential_draw (self, N_KINDS)],
                         "no such metric", NULL };
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char   buffer[4096];
  gssize n;

  if (muster_differential_one_in (self, 2))
    query.base.metrics = some;
  stream = muster_sample_store_export (self->store, &query, format);
  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (text, buffer, n);
  g_assert_no_error (error);
  muster_sample_model_check_export (self->model, &query, format, text->str);
  clear_exclusions (&query);
}

/* --- the newest, and figures --- */

void
muster_differential_ask_latest (MusterDifferential *self)
{
  const char *some[] = { self->ids[muster_differential_draw (self, N_DEVICES)], "unknown", NULL };
  const char *const *ids = muster_differential_one_in (self, 2) ? some : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_latest (self->store, ids), &error);

  g_assert_no_error (error);
  muster_sample_model_check_latest (self->model, ids, batches);
}

void
muster_differential_check_stats (MusterDifferential *self, gboolean is_exact)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats =
              dex_await_variant (muster_sample_store_get_stats (self->store), &error);
  gint64 samples = -1, series = -1;

  g_assert_no_error (error);
  g_variant_lookup (stats, "samples", "x", &samples);
  g_variant_lookup (stats, "series", "x", &series);
  if (is_exact && self->kind->has_exact_counts)
    g_assert_cmpint (samples, ==, muster_sample_model_count_samples (self->model));
  g_assert_cmpint (samples, >=, muster_sample_model_count_samples (self->model));
  if (self->kind->has_exact_counts)
    g_assert_cmpint (series, ==, muster_sample_model_count_series (self->model));
}

void
muster_differential_ask_stats (MusterDifferential *self)
{
  muster_differential_check_stats (self, FALSE);
}

void
muster_differential_ask_everything (MusterDifferential *self)
{
  for (guint i = 0; i < N_DEVICES; i++)
    for (gint64 from = muster_differential_get_begin (i) - 400 * DAY,
                span = i == N_DEVICES - 1 ? 200 * DAY : 20 * DAY;
         from < NOW + 2 * DAY; from += span)
      {
        MusterSampleQuery query = { .device_id = self->ids[i],
                                    .from = from,
                                    .to = from + span - 1 };

        ask (self, &query);
      }
  muster_differential_ask_latest (self);
  muster_differential_ask_stats (self);
}
