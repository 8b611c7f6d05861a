/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-sample-model-private-test-util.h"

/* A number of one device of a group. */
typedef struct
{
  gint64 time;
  double number;
} Number;

/* What a step must have. */
typedef struct
{
  gint64   start;
  double   value;
  double   slack;
  gboolean is_any; /* squares of it are no numbers any more */
} Wanted;

/* One metric of one group. */
typedef struct
{
  MusterSampleModel       *model;
  const MusterSeriesQuery *query;
  unsigned                 group;
  const char              *metric;
  GArray                  *answer; /* (element-type MusterSample) */
} Row;

static void
fail_row (const Row *row, gint64 start, const char *what, double wanted, const MusterSample *got)
{
  double number = NAN;

  if (got != NULL)
    muster_model_get_number (got, &number);
  g_error ("group %u, %s, aggregate %d by %" G_GINT64_FORMAT
           " of unit %d in %s: step %" G_GINT64_FORMAT
           ": %s: %.17g wanted, %.17g got at %" G_GINT64_FORMAT,
           row->group, row->metric, row->query->base.aggregate, row->query->base.step,
           row->query->base.unit,
           row->query->base.zone != NULL ? g_time_zone_get_identifier (row->query->base.zone)
                                         : "UTC",
           start, what, wanted, number, got != NULL ? got->time : -1);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const Number *)a)->time, second = ((const Number *)b)->time;

  return (first > second) - (first < second);
}

/* The numbers of all devices of ROW's group, in order of time: (transfer full). */
static GArray *
take_group (const Row *row)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (Number));

  for (unsigned i = 0; i < row->query->n_devices; i++)
    {
      MusterSampleQuery        one = muster_series_query_get_one (row->query, i);
      const MusterModelSeries *series =
        muster_model_find_series (row->model, one.device_id, row->metric);
      MusterModelSeries view;

      if (row->query->groups[i] != row->group || series == NULL)
        continue;
      view = muster_model_view_of (series, &one);
      for (guint k = 0; k < view.samples->len; k++)
        {
          Number number = { muster_model_sample_at (&view, k)->time, 0 };

          if (muster_model_get_number (muster_model_sample_at (&view, k), &number.number))
            g_array_append_val (numbers, number);
        }
      g_array_unref (view.samples);
    }
  g_array_sort (numbers, compare_times);
  return numbers;
}

/* Those at the first, or last, moment of NUMBERS from FROM to TO (excluded): GOT must be one. */
static gboolean
is_at_end (const Row *row, GArray *numbers, guint from, guint to, double got)
{
  gboolean is_first = row->query->base.aggregate == MUSTER_AGGREGATE_FIRST;
  gint64   time = g_array_index (numbers, Number, is_first ? from : to - 1).time;

  for (guint i = from; i < to; i++)
    if (g_array_index (numbers, Number, i).time == time &&
        g_array_index (numbers, Number, i).number == got)
      return TRUE;
  return FALSE;
}

static void
check_step (const Row *row, GArray *numbers, guint from, guint to, gint64 start, guint taken)
{
  const MusterSampleQuery *query = &row->query->base;
  const MusterSample      *got =
    taken < row->answer->len ? &g_array_index (row->answer, MusterSample, taken) : NULL;
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  double number, wanted, slack;

  for (guint i = from; i < to; i++)
    g_array_append_val (values, g_array_index (numbers, Number, i).number);
  if (got == NULL || got->time != start || !muster_model_get_number (got, &number))
    fail_row (row, start, "no value", NAN, got);
  if (query->aggregate == MUSTER_AGGREGATE_FIRST || query->aggregate == MUSTER_AGGREGATE_LAST)
    {
      if (!is_at_end (row, numbers, from, to, number))
        fail_row (row, start, "none at the end", g_array_index (numbers, Number, from).number, got);
      return;
    }
  wanted = muster_model_aggregate (values, query, &slack);
  if (!(fabs (number - wanted) <= slack) &&
      !(query->aggregate == MUSTER_AGGREGATE_STDDEV && muster_model_is_beyond_squares (values)))
    fail_row (row, start, "another value", wanted, got);
}

/* Samples of all devices count together. */
static void
check_together (const Row *row)
{
  g_autoptr (GArray) numbers = take_group (row);
  guint taken = 0;

  for (guint from = 0, to; from < numbers->len; from = to)
    {
      MusterModelStep step =
        muster_model_find_step (&row->query->base, g_array_index (numbers, Number, from).time);

      for (to = from; to < numbers->len && g_array_index (numbers, Number, to).time < step.end;)
        to++;
      check_step (row, numbers, from, to, step.start, taken++);
    }
  if (taken < row->answer->len)
    fail_row (row, 0, "behind the last step", NAN,
              &g_array_index (row->answer, MusterSample, taken));
}

/* --- what is reckoned of each device and added up --- */

static void
add_wanted (GArray *all, gint64 start, double value, double slack)
{
  Wanted wanted = { start, value, slack, FALSE };
  guint  i = 0;

  while (i < all->len && g_array_index (all, Wanted, i).start < start)
    i++;
  if (i < all->len && g_array_index (all, Wanted, i).start == start)
    {
      g_array_index (all, Wanted, i).value += value;
      g_array_index (all, Wanted, i).slack += slack;
    }
  else
    g_array_insert_val (all, i, wanted);
}

static void
add_rates (GArray *all, MusterModelSlice slice, const MusterSampleQuery *query)
{
  while (slice.from < slice.to)
    {
      MusterModelStep step =
        muster_model_find_step (query, muster_model_sample_at (slice.series, slice.from)->time);
      MusterModelSlice part = { slice.series, slice.from,
                                MIN (slice.to, muster_model_find_time (slice.series, step.end)) };
      g_autoptr (GArray) numbers = muster_model_take_numbers (part);
      double slack = 0;

      for (guint i = 0; i < numbers->len; i++)
        slack += fabs (g_array_index (numbers, double, i)) * 1e-9;
      if (numbers->len > 0)
        add_wanted (all, step.start, muster_model_get_rate (part, step), slack);
      slice.from = part.to;
    }
}

static void
add_states (GArray *all, MusterModelSlice slice, const MusterSampleQuery *query)
{
  MusterModelStep step;
  double          number;

  while (slice.from < slice.to &&
         !muster_model_get_number (muster_model_sample_at (slice.series, slice.from), &number))
    slice.from++;
  if (slice.from == slice.to)
    return;
  for (gint64 time = muster_model_sample_at (slice.series, slice.from)->time; time <= query->to;
       time = step.end)
    {
      step = muster_model_find_step (query, time);
      add_wanted (all, step.start, muster_model_get_time_in_state (slice, step, query->to), 1e-3);
    }
}

static void
check_added (const Row *row)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Wanted));
  guint taken = 0;

  for (unsigned i = 0; i < row->query->n_devices; i++)
    {
      MusterSampleQuery        one = muster_series_query_get_one (row->query, i);
      const MusterModelSeries *series =
        muster_model_find_series (row->model, one.device_id, row->metric);
      MusterModelSeries view;

      if (row->query->groups[i] != row->group || series == NULL)
        continue;
      view = muster_model_view_of (series, &one);
      (one.aggregate == MUSTER_AGGREGATE_RATE
         ? add_rates
         : add_states) (all, (MusterModelSlice){ &view, 0, view.samples->len }, &one);
      g_array_unref (view.samples);
    }
  for (guint i = 0; i < all->len; i++)
    {
      const Wanted       *wanted = &g_array_index (all, Wanted, i);
      const MusterSample *got =
        taken < row->answer->len ? &g_array_index (row->answer, MusterSample, taken) : NULL;
      double number;

      /* A step of one moment has a value where a number lies in it. */
      if (row->query->base.aggregate == MUSTER_AGGREGATE_TIME_IN_STATE &&
          wanted->start == row->query->base.to && (got == NULL || got->time != wanted->start))
        continue;
      if (got == NULL || got->time != wanted->start || !muster_model_get_number (got, &number) ||
          !(fabs (number - wanted->value) <= wanted->slack))
        fail_row (row, wanted->start, "added up", wanted->value, got);
      taken++;
    }
  if (taken < row->answer->len)
    fail_row (row, 0, "behind the last step", NAN,
              &g_array_index (row->answer, MusterSample, taken));
}

static void
check_group (MusterSampleModel       *self,
             const MusterSeriesQuery *query,
             unsigned                 group,
             MusterSampleBatch       *batch)
{
  gboolean is_added = query->base.aggregate == MUSTER_AGGREGATE_RATE ||
                      query->base.aggregate == MUSTER_AGGREGATE_TIME_IN_STATE;

  g_assert_cmpstr (muster_sample_batch_get_device_id (batch), ==, query->group_names[group]);
  for (unsigned i = 0; query->base.metrics[i] != NULL; i++)
    {
      g_autoptr (GArray) answer = muster_model_take_metric (batch, query->base.metrics[i]);
      Row row = { self, query, group, query->base.metrics[i], answer };

      (is_added ? check_added : check_together) (&row);
    }
}

void
muster_sample_model_check_series (MusterSampleModel       *self,
                                  const MusterSeriesQuery *query,
                                  GPtrArray               *answer,
                                  const GError            *error)
{
  for (unsigned i = 0; query->groups == NULL && i < query->n_devices; i++)
    {
      MusterSampleQuery one = muster_series_query_get_one (query, i);

      if (muster_model_is_too_large (self, &one))
        {
          g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
          return;
        }
    }
  g_assert_no_error (error);
  g_assert_cmpuint (answer->len, ==, query->groups != NULL ? query->n_groups : query->n_devices);
  for (unsigned i = 0; i < answer->len; i++)
    {
      MusterSampleQuery one;

      if (query->groups != NULL)
        {
          check_group (self, query, i, answer->pdata[i]);
          continue;
        }
      one = muster_series_query_get_one (query, i);
      g_assert_cmpstr (muster_sample_batch_get_device_id (answer->pdata[i]), ==, one.device_id);
      muster_sample_model_check_range (self, &one, answer->pdata[i], NULL);
    }
}
