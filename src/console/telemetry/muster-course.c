/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-course"

#include "config.h"

#include <math.h>

#include "muster-course.h"

/* Points further apart than this many times their usual distance are joined by a step. */
#define GAP_FACTOR 4

static int
compare_intervals (gconstpointer a, gconstpointer b)
{
  const gint64 *first = a;
  const gint64 *second = b;

  return *first < *second ? -1 : *first > *second;
}

gint64
muster_course_find_interval (const MusterApiSeries *answer)
{
  g_autofree gint64 *intervals = NULL;
  gsize              n_intervals = answer->length - 1;

  if (answer->length < 2)
    return 0;
  intervals = g_new (gint64, n_intervals);
  for (gsize i = 0; i < n_intervals; i++)
    intervals[i] = (answer->times[i + 1] - answer->times[i]) * 1000;
  qsort (intervals, n_intervals, sizeof (gint64), compare_intervals);
  return intervals[n_intervals / 2];
}

static void
add_outages (MusterSeries *series, GArray *outages)
{
  for (unsigned i = 0; i < outages->len; i++)
    {
      gint64             time = g_array_index (outages, gint64, i);
      const MusterPoint *before = muster_course_find_before (series, time);

      /* What came at the same moment was still heard. */
      if (before != NULL)
        muster_series_append (series, before->time == time ? time + 1 : time, NAN);
    }
}

void
muster_course_fill (MusterSeries          *series,
                    const MusterApiSeries *answer,
                    gint64                 from,
                    const MusterPoint     *before,
                    GArray                *outages)
{
  g_autofree MusterPoint *points = g_new (MusterPoint, answer->length + 1);
  unsigned                n_points = 0;

  g_return_if_fail (MUSTER_IS_SERIES (series));

  if (before != NULL && (answer->length == 0 || before->time < answer->times[0] * 1000))
    points[n_points++] = *before;
  for (gsize i = 0; i < answer->length; i++)
    points[n_points++] = (MusterPoint){ answer->times[i] * 1000, answer->values[i] };
  muster_series_set_holds (series, TRUE);
  muster_series_set_max_gap (
    series, answer->length < 3 ? 1 : MAX (1, muster_course_find_interval (answer) * GAP_FACTOR));
  muster_series_replace_range (series, 0,
                               n_points > 0 ? MAX (points[n_points - 1].time, from) : from, points,
                               n_points);
  add_outages (series, outages);
}

const MusterPoint *
muster_course_find_before (MusterSeries *series, gint64 time)
{
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (series, &n_points);
  unsigned           after = muster_series_find (series, time + 1);

  return after > 0 && !isnan (points[after - 1].value) ? points + after - 1 : NULL;
}
