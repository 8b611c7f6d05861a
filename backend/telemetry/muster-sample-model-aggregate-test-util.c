/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-sample-model-private-test-util.h"

/* The numbers of SLICE: (transfer full) (element-type double) */
GArray *
muster_model_take_numbers (MusterModelSlice slice)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));
  double  number;

  for (guint i = slice.from; i < slice.to; i++)
    if (muster_model_get_number (muster_model_sample_at (slice.series, i), &number))
      g_array_append_val (numbers, number);
  return numbers;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  double first = *(const double *)a, second = *(const double *)b;

  return (first > second) - (first < second);
}

static double
get_quantile (GArray *numbers, double quantile)
{
  double place = quantile * (numbers->len - 1);
  guint  below = (guint)floor (place), above = (guint)ceil (place);
  double low, high;

  g_array_sort (numbers, compare_numbers);
  low = g_array_index (numbers, double, below);
  high = g_array_index (numbers, double, above);
  return low + (high - low) * (place - below);
}

static double
get_deviation (GArray *numbers)
{
  long double mean = 0, squares = 0;

  for (guint i = 0; i < numbers->len; i++)
    mean += (long double)g_array_index (numbers, double, i) / numbers->len;
  for (guint i = 0; i < numbers->len; i++)
    squares +=
      (g_array_index (numbers, double, i) - mean) * (g_array_index (numbers, double, i) - mean);
  return sqrtl (squares / numbers->len);
}

/* How much the numbers of SLICE grew, that before them counted too. */
static double
get_growth (MusterModelSlice slice)
{
  double   growth = 0, before = 0, number;
  gboolean has_before = FALSE;

  for (guint i = 0; i < slice.to; i++)
    if (muster_model_get_number (muster_model_sample_at (slice.series, i), &number))
      {
        if (has_before && i >= slice.from)
          growth += number >= before ? number - before : number;
        before = number;
        has_before = TRUE;
      }
  return growth;
}

double
muster_model_get_rate (MusterModelSlice slice, MusterModelStep step)
{
  return get_growth (slice) / ((step.end - step.start) / 1e6);
}

double
muster_model_aggregate (GArray *numbers, const MusterSampleQuery *query, double *slack)
{
  double sum = 0, magnitude = 0, least = G_MAXDOUBLE, greatest = -G_MAXDOUBLE;

  for (guint i = 0; i < numbers->len; i++)
    {
      double number = g_array_index (numbers, double, i);

      sum += number;
      magnitude += fabs (number);
      least = MIN (least, number);
      greatest = MAX (greatest, number);
    }
  *slack = magnitude * 1e-12;
  switch ((int)query->aggregate)
    {
    case MUSTER_AGGREGATE_MIN:
      *slack = 0;
      return least;
    case MUSTER_AGGREGATE_MAX:
      *slack = 0;
      return greatest;
    case MUSTER_AGGREGATE_COUNT:
      *slack = 0;
      return numbers->len;
    case MUSTER_AGGREGATE_SUM:
      return sum;
    case MUSTER_AGGREGATE_MEAN:
      return sum / numbers->len;
    case MUSTER_AGGREGATE_STDDEV:
      *slack = MAX (magnitude * 1e-9, 1e-140);
      return get_deviation (numbers);
    case MUSTER_AGGREGATE_QUANTILE:
      return get_quantile (numbers, query->quantile);
    default:
      g_assert_not_reached ();
    }
}

/* The same, or a rate, which knows of what comes before. */
static double
aggregate_slice (MusterModelSlice         slice,
                 MusterModelStep          step,
                 const MusterSampleQuery *query,
                 GArray                  *numbers,
                 double                  *slack)
{
  if (query->aggregate == MUSTER_AGGREGATE_COUNT)
    return slice.to - slice.from;
  if (query->aggregate != MUSTER_AGGREGATE_RATE)
    return muster_model_aggregate (numbers, query, slack);
  *slack = 0;
  for (guint i = 0; i < numbers->len; i++)
    *slack += fabs (g_array_index (numbers, double, i)) * 1e-9;
  return muster_model_get_rate (slice, step);
}

/* Squares of what is as large as this are no numbers any more. */
gboolean
muster_model_is_beyond_squares (GArray *numbers)
{
  for (guint i = 0; i < numbers->len; i++)
    if (fabs (g_array_index (numbers, double, i)) > 1e140)
      return TRUE;
  return FALSE;
}

/* Whether GOT (nullable) is the value of STEP; USED: whether there must be one. */
static gboolean
check_step (MusterModelSlice         slice,
            MusterModelStep          step,
            const MusterSampleQuery *query,
            const MusterSample      *got,
            gboolean                *used)
{
  g_autoptr (GArray) numbers = muster_model_take_numbers (slice);
  double value, slack = 0, number;

  *used = TRUE;
  if (query->aggregate == MUSTER_AGGREGATE_FIRST || query->aggregate == MUSTER_AGGREGATE_LAST)
    return got != NULL && got->time == step.start &&
           muster_model_has_same_value (
             got, muster_model_sample_at (slice.series, query->aggregate == MUSTER_AGGREGATE_FIRST
                                                          ? slice.from
                                                          : slice.to - 1));
  *used = query->aggregate == MUSTER_AGGREGATE_COUNT || numbers->len > 0;
  if (!*used)
    return TRUE;
  value = aggregate_slice (slice, step, query, numbers, &slack);
  if (got == NULL || got->time != step.start || !muster_model_get_number (got, &number))
    return FALSE;
  return fabs (number - value) <= slack ||
         (query->aggregate == MUSTER_AGGREGATE_STDDEV && muster_model_is_beyond_squares (numbers));
}

static void
fail_step (const MusterModelSlice  *slice,
           const MusterSampleQuery *query,
           MusterModelStep          step,
           const MusterSample      *got)
{
  g_autofree char *what =
    g_strdup_printf ("aggregate %d of %u samples, step %" G_GINT64_FORMAT
                     " of unit %d in %s from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                     query->aggregate, slice->to - slice->from, query->step, query->unit,
                     query->zone != NULL ? g_time_zone_get_identifier (query->zone) : "UTC",
                     step.start, step.end);

  muster_model_fail (slice->series, what, muster_model_sample_at (slice->series, slice->from), got);
}

void
muster_model_check_steps (MusterModelSlice slice, const MusterSampleQuery *query, GArray *answer)
{
  guint taken = 0;

  while (slice.from < slice.to)
    {
      MusterModelStep step =
        muster_model_find_step (query, muster_model_sample_at (slice.series, slice.from)->time);
      MusterModelSlice    part = { slice.series, slice.from,
                                   MIN (slice.to, muster_model_find_time (slice.series, step.end)) };
      const MusterSample *got =
        taken < answer->len ? &g_array_index (answer, MusterSample, taken) : NULL;
      gboolean used;

      if (!check_step (part, step, query, got, &used))
        fail_step (&part, query, step, got);
      taken += used;
      slice.from = part.to;
    }
  if (taken < answer->len)
    muster_model_fail (slice.series, "behind the last step", NULL,
                       &g_array_index (answer, MusterSample, taken));
}

/* Seconds of STEP in which the last number told was not 0, up to UNTIL. */
double
muster_model_get_time_in_state (MusterModelSlice slice, MusterModelStep step, gint64 until)
{
  gint64 sum = 0;

  for (guint i = slice.from; i < slice.to; i++)
    {
      gint64 from = muster_model_sample_at (slice.series, i)->time, to = until;
      double state, next;

      if (!muster_model_get_number (muster_model_sample_at (slice.series, i), &state))
        continue;
      for (guint j = i + 1; j < slice.to && to == until; j++)
        if (muster_model_get_number (muster_model_sample_at (slice.series, j), &next))
          to = muster_model_sample_at (slice.series, j)->time;
      from = MAX (from, step.start);
      to = MIN (to, step.end);
      sum += state != 0 && to > from ? to - from : 0;
    }
  return sum / 1e6;
}

/* Every step has a value from the first number on. */
void
muster_model_check_states (MusterModelSlice slice, const MusterSampleQuery *query, GArray *answer)
{
  guint           taken = 0;
  double          number;
  MusterModelStep step;

  while (slice.from < slice.to &&
         !muster_model_get_number (muster_model_sample_at (slice.series, slice.from), &number))
    slice.from++;
  if (slice.from < slice.to)
    for (gint64 time = muster_model_sample_at (slice.series, slice.from)->time; time <= query->to;
         time = step.end)
      {
        const MusterSample *got =
          taken < answer->len ? &g_array_index (answer, MusterSample, taken) : NULL;

        step = muster_model_find_step (query, time);
        if (step.start == query->to && (got == NULL || got->time != step.start))
          break; /* a step of one moment has a value where a number lies in it */
        if (got == NULL || got->time != step.start || !muster_model_get_number (got, &number) ||
            fabs (number - muster_model_get_time_in_state (slice, step, query->to)) > 1e-3)
          fail_step (&slice, query, step, got);
        taken++;
      }
  if (taken < answer->len)
    muster_model_fail (slice.series, "behind the last step", NULL,
                       &g_array_index (answer, MusterSample, taken));
}
