/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-sample-reducer.h"

#define SECOND G_GINT64_CONSTANT (1000000)

static MusterSampleBatch *
reduce (const MusterSampleQuery *query, const double *values, unsigned n, gint64 interval)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d");
  g_autoptr (MusterSampleReducer) reducer = muster_sample_reducer_new (query, "m", batch);
  g_autoptr (GError) error = NULL;

  for (unsigned i = 0; i < n; i++)
    {
      MusterSample sample = { .metric = "m",
                              .time = query->from + i * interval,
                              .type = MUSTER_SAMPLE_DOUBLE,
                              .number = values[i] };

      muster_sample_reducer_push (reducer, &sample);
    }
  g_assert_true (muster_sample_reducer_finish (reducer, &error));
  g_assert_no_error (error);
  return g_steal_pointer (&batch);
}

static void
test_few_points_stay (void)
{
  static const double values[] = { 1, 5, 3 };
  MusterSampleQuery   query = {
      .device_id = "d", .from = 1000 * SECOND, .to = 1010 * SECOND, .points = 3
  };
  g_autoptr (MusterSampleBatch) batch = reduce (&query, values, 3, SECOND);
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpfloat (samples[1].number, ==, 5);
  g_assert_cmpint (samples[2].time, ==, 1002 * SECOND);
}

/* Of each column the first, least, greatest and last are kept, in order and once, and no more
 * points than asked. */
static void
test_m4 (void)
{
  double            values[10000];
  MusterSampleQuery query = { .device_id = "d", .from = 0, .to = 9999 * SECOND, .points = 400 };
  g_autoptr (MusterSampleBatch) batch = NULL;
  const MusterSample *samples;
  unsigned            n;
  double              least = INFINITY, greatest = -INFINITY;

  for (int i = 0; i < 10000; i++)
    values[i] = sin (i * 0.01) + (i == 4321 ? 50 : 0) - (i == 8765 ? 50 : 0);
  batch = reduce (&query, values, 10000, SECOND);
  samples = muster_sample_batch_get (batch, &n);
  g_assert_cmpuint (n, <=, 400);
  g_assert_cmpuint (n, >, 200);
  g_assert_cmpint (samples[0].time, ==, 0);
  g_assert_cmpint (samples[n - 1].time, ==, 9999 * SECOND);
  for (unsigned i = 0; i < n; i++)
    {
      if (i > 0)
        g_assert_cmpint (samples[i].time, >, samples[i - 1].time);
      g_assert_cmpfloat (samples[i].number, ==, values[samples[i].time / SECOND]);
      least = MIN (least, samples[i].number);
      greatest = MAX (greatest, samples[i].number);
    }
  g_assert_cmpfloat (greatest, ==, values[4321]);
  g_assert_cmpfloat (least, ==, values[8765]);
}

static void
test_aggregates (void)
{
  static const double values[] = { 1, 2, 6, 10, 20 };
  static const struct
  {
    MusterAggregate aggregate;
    double          first, second;
  } rows[] = {
    { MUSTER_AGGREGATE_MEAN, 3, 15 }, { MUSTER_AGGREGATE_MIN, 1, 10 },
    { MUSTER_AGGREGATE_MAX, 6, 20 },  { MUSTER_AGGREGATE_SUM, 9, 30 },
    { MUSTER_AGGREGATE_COUNT, 3, 2 }, { MUSTER_AGGREGATE_FIRST, 1, 10 },
    { MUSTER_AGGREGATE_LAST, 6, 20 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      MusterSampleQuery query = { .device_id = "d",
                                  .from = 60 * SECOND,
                                  .to = 200 * SECOND,
                                  .aggregate = rows[i].aggregate,
                                  .step = 60 * SECOND };
      g_autoptr (MusterSampleBatch) batch = reduce (&query, values, 5, 20 * SECOND);
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (batch, &n);

      g_assert_cmpuint (n, ==, 2);
      g_assert_cmpint (samples[0].time, ==, 60 * SECOND);
      g_assert_cmpint (samples[1].time, ==, 120 * SECOND);
      g_assert_cmpfloat (samples[0].number, ==, rows[i].first);
      g_assert_cmpfloat (samples[1].number, ==, rows[i].second);
    }
}

static void
test_texts_and_nulls (void)
{
  MusterSampleQuery query = { .device_id = "d", .from = 0, .to = 100 * SECOND, .points = 4 };
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d");
  g_autoptr (MusterSampleReducer) reducer = muster_sample_reducer_new (&query, "state", batch);
  unsigned            n;
  const MusterSample *samples;

  for (int i = 0; i < 10; i++)
    {
      g_autofree char *text = g_strdup_printf ("state %d", i);
      MusterSample     sample = { .time = i * SECOND,
                                  .type = i == 5 ? MUSTER_SAMPLE_NULL : MUSTER_SAMPLE_STRING,
                                  .text = text };

      muster_sample_reducer_push (reducer, &sample);
    }
  g_assert_true (muster_sample_reducer_finish (reducer, NULL));
  samples = muster_sample_batch_get (batch, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (samples[0].text, ==, "state 0");
  g_assert_cmpstr (samples[1].text, ==, "state 9");
}

static void
test_too_many (void)
{
  MusterSampleQuery query = { .device_id = "d", .from = 0, .to = G_MAXINT64 / 4 };
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d");
  g_autoptr (MusterSampleReducer) reducer = muster_sample_reducer_new (&query, "m", batch);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i <= MUSTER_SAMPLE_MAX_POINTS; i++)
    muster_sample_reducer_push (reducer, &(MusterSample){ .time = i,
                                                          .type = MUSTER_SAMPLE_INTEGER,
                                                          .integer = i });
  g_assert_false (muster_sample_reducer_finish (reducer, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
}

static void
test_check (void)
{
  static const struct
  {
    MusterSampleQuery query;
    const char       *message;
  } rows[] = {
    { { .from = 5, .to = 4 }, "to: must not be before from" },
    { { .from = 0, .to = 4, .aggregate = MUSTER_AGGREGATE_MEAN },
      "step: must be given with agg: the seconds of one step" },
    { { .from = 0, .to = 4, .step = 7 },
      "step: needs agg: mean, min, max, sum, count, first, last, stddev, quantile, rate or time_in_state" },
    { { .from = 0, .to = 100001, .aggregate = MUSTER_AGGREGATE_MEAN, .step = 1 },
      "step: must be greater: the range has more than 100000 steps" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (muster_sample_query_check (&rows[i].query, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
  g_assert_true (muster_sample_query_check (&(MusterSampleQuery){ .from = 4, .to = 4 }, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample-reducer/few-points-stay", test_few_points_stay);
  g_test_add_func ("/sample-reducer/m4", test_m4);
  g_test_add_func ("/sample-reducer/aggregates", test_aggregates);
  g_test_add_func ("/sample-reducer/texts-and-nulls", test_texts_and_nulls);
  g_test_add_func ("/sample-reducer/too-many", test_too_many);
  g_test_add_func ("/sample-reducer/check", test_check);
  return g_test_run ();
}
