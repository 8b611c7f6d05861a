/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <time.h>

#include "muster-sample-model-private-test-util.h"

/* The days since 1970 that it is in the zone of the process, by the C library. */
static gint64
get_local_day (gint64 seconds, struct tm *local)
{
  time_t    time = seconds;
  struct tm civil;

  localtime_r (&time, local);
  civil =
    (struct tm){ .tm_year = local->tm_year, .tm_mon = local->tm_mon, .tm_mday = local->tm_mday };
  return timegm (&civil) / 86400;
}

/* The number of the step that a day lies in; steps count from 1970, weeks from its first Monday. */
static gint64
get_step_number (const MusterSampleQuery *query, gint64 day, const struct tm *local)
{
  switch (query->unit)
    {
    case MUSTER_STEP_WEEK:
      return (gint64)floor ((day - 4) / (7.0 * query->step));
    case MUSTER_STEP_MONTH:
      return (gint64)floor (((local->tm_year - 70) * 12 + local->tm_mon) / (double)query->step);
    case MUSTER_STEP_YEAR:
      return (gint64)floor ((local->tm_year - 70) / (double)query->step);
    case MUSTER_STEP_DAY:
    case MUSTER_STEP_USEC:
    default:
      return (gint64)floor (day / (double)query->step);
    }
}

/* The first quarter of an hour whose step is NUMBER or a later one: no zone begins a day at another
 * moment. */
static gint64
find_step_start (const MusterSampleQuery *query, gint64 number, gint64 seconds)
{
  gint64 low = seconds / 900 - 40000 * 96, high = seconds / 900 + 40000 * 96;

  while (low < high)
    {
      gint64    middle = low + (high - low) / 2;
      struct tm local;
      gint64    day = get_local_day (middle * 900, &local);

      if (get_step_number (query, day, &local) < number)
        low = middle + 1;
      else
        high = middle;
    }
  return low * 900 * G_USEC_PER_SEC;
}

MusterModelStep
muster_model_find_step (const MusterSampleQuery *query, gint64 time)
{
  gint64    seconds = time / G_USEC_PER_SEC, day, number;
  struct tm local;

  if (query->unit == MUSTER_STEP_USEC)
    return (MusterModelStep){ time / query->step * query->step,
                              time / query->step * query->step + query->step };
  g_setenv ("TZ", query->zone != NULL ? g_time_zone_get_identifier (query->zone) : "UTC", TRUE);
  tzset ();
  day = get_local_day (seconds, &local);
  number = get_step_number (query, day, &local);
  return (MusterModelStep){ find_step_start (query, number, seconds),
                            find_step_start (query, number + 1, seconds) };
}
