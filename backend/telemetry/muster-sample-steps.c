/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-steps"

#include "config.h"

#include "muster-sample-steps.h"

#define HOUR_USEC (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define DAY_USEC (24 * HOUR_USEC)
/* Of 1970-01-05, a Monday, since 0001-01-01: GDate counts days from 1 on. */
#define FIRST_MONDAY 719167
#define FIRST_DAY 719163

gint64
muster_sample_floor_time (gint64 time, gint64 width)
{
  gint64 rest = time % width;

  return time - (rest < 0 ? rest + width : rest);
}

/* The first moment of a day in ZONE: where summer time takes midnight away, the one after it. */
static gint64
get_day_start (const GDate *day, GTimeZone *zone)
{
  g_autoptr (GDateTime) start = g_date_time_new (zone, g_date_get_year (day), g_date_get_month (day),
                                                g_date_get_day (day), 0, 0, 0);

  return g_date_time_to_unix (start) * G_USEC_PER_SEC;
}

static void
get_day (gint64 time, GTimeZone *zone, GDate *day)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (
    muster_sample_floor_time (time, G_USEC_PER_SEC) / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);
  int year, month, number;

  g_date_time_get_ymd (local, &year, &month, &number);
  g_date_clear (day, 1);
  g_date_set_dmy (day, number, month, year);
}

/* Moves DAY to the begin of its step, and NEXT behind it. */
static void
find_days (GDate *day, GDate *next, gint64 step, MusterStepUnit unit)
{
  gint64 month, number = g_date_get_julian (day);

  switch (unit)
    {
    case MUSTER_STEP_WEEK:
      number = muster_sample_floor_time (number - FIRST_MONDAY, 7 * step) + FIRST_MONDAY;
      g_date_set_julian (day, number);
      g_date_set_julian (next, number + 7 * step);
      return;
    case MUSTER_STEP_MONTH:
    case MUSTER_STEP_YEAR:
      step *= unit == MUSTER_STEP_YEAR ? 12 : 1;
      month =
        muster_sample_floor_time ((g_date_get_year (day) - 1970) * 12 + g_date_get_month (day) - 1,
                                  step);
      g_date_set_dmy (day, 1, 1, 1970);
      g_date_set_dmy (next, 1, 1, 1970);
      g_date_add_months (day, month);
      g_date_add_months (next, month + step);
      return;
    case MUSTER_STEP_DAY:
    case MUSTER_STEP_USEC:
    default:
      number = muster_sample_floor_time (number - FIRST_DAY, step) + FIRST_DAY;
      g_date_set_julian (day, number);
      g_date_set_julian (next, number + step);
    }
}

void
muster_sample_step_find (gint64         time,
                         gint64         step,
                         MusterStepUnit unit,
                         GTimeZone     *zone,
                         gint64        *start,
                         gint64        *end)
{
  g_autoptr (GTimeZone) utc = NULL;
  GDate day, next;

  if (unit == MUSTER_STEP_USEC)
    {
      *start = muster_sample_floor_time (time, step);
      *end = *start + step;
      return;
    }
  if (zone == NULL)
    zone = utc = g_time_zone_new_utc ();
  get_day (time, zone, &day);
  next = day;
  find_days (&day, &next, step, unit);
  *start = get_day_start (&day, zone);
  *end = get_day_start (&next, zone);
}

gint64
muster_sample_step_get_least (gint64 step, MusterStepUnit unit)
{
  static const gint64 least[] = {
    [MUSTER_STEP_USEC] = 1,
    [MUSTER_STEP_DAY] = DAY_USEC - HOUR_USEC,
    [MUSTER_STEP_WEEK] = 7 * DAY_USEC - HOUR_USEC,
    [MUSTER_STEP_MONTH] = 28 * DAY_USEC - HOUR_USEC,
    [MUSTER_STEP_YEAR] = 365 * DAY_USEC - HOUR_USEC,
  };

  return step * least[unit];
}
