/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-time-ticks"

#include "config.h"

#include <math.h>

#include "muster-time-ticks.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MONTH (30 * DAY)
#define YEAR (365 * DAY)

typedef struct
{
  gint64      step;
  unsigned    months; /* above 0: STEP is this many months of whatever length */
  const char *format; /* g_date_time_format() */
} TimeStep;

static const TimeStep steps[] = {
  { 1000, 0, "%S.%f" },           { 10 * 1000, 0, "%S.%f" },      { 100 * 1000, 0, "%H:%M:%S.%f" },
  { SECOND, 0, "%H:%M:%S" },      { 2 * SECOND, 0, "%H:%M:%S" },  { 5 * SECOND, 0, "%H:%M:%S" },
  { 10 * SECOND, 0, "%H:%M:%S" }, { 15 * SECOND, 0, "%H:%M:%S" }, { 30 * SECOND, 0, "%H:%M:%S" },
  { MINUTE, 0, "%H:%M" },         { 2 * MINUTE, 0, "%H:%M" },     { 5 * MINUTE, 0, "%H:%M" },
  { 10 * MINUTE, 0, "%H:%M" },    { 15 * MINUTE, 0, "%H:%M" },    { 30 * MINUTE, 0, "%H:%M" },
  { HOUR, 0, "%H:%M" },           { 2 * HOUR, 0, "%H:%M" },       { 3 * HOUR, 0, "%H:%M" },
  { 6 * HOUR, 0, "%H:%M" },       { 12 * HOUR, 0, "%H:%M" },      { DAY, 0, "%-e %b" },
  { 2 * DAY, 0, "%-e %b" },       { 7 * DAY, 0, "%-e %b" },       { MONTH, 1, "%b" },
  { 3 * MONTH, 3, "%b" },         { 6 * MONTH, 6, "%b" },         { YEAR, 12, "%Y" },
  { 2 * YEAR, 24, "%Y" },         { 5 * YEAR, 60, "%Y" },         { 10 * YEAR, 120, "%Y" },
  { 20 * YEAR, 240, "%Y" },       { 50 * YEAR, 600, "%Y" },
};

static const TimeStep *
choose_step (double span, unsigned max_ticks)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (steps); i++)
    if (span / steps[i].step <= max_ticks - 1)
      return &steps[i];
  return &steps[G_N_ELEMENTS (steps) - 1];
}

/* Microseconds that ZONE's clocks are ahead of UTC; LOCAL says which of the two TIME is. */
static gint64
offset_at (GTimeZone *zone, gint64 time, gboolean local)
{
  gint64 seconds = time / SECOND;
  int    interval;

  if (local)
    interval = g_time_zone_adjust_time (zone, G_TIME_TYPE_STANDARD, &seconds);
  else
    interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, seconds);
  return interval < 0 ? 0 : g_time_zone_get_offset (zone, interval) * SECOND;
}

static GDateTime *
date_time_of (double time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec ((gint64)time);

  return utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
}

static void
add_tick (GArray *ticks, gint64 time, const char *format, gboolean major, GTimeZone *zone)
{
  MusterTick tick = { .value = time, .major = major };
  g_autoptr (GDateTime) date = date_time_of (time, zone);
  g_autofree char *label = date != NULL ? g_date_time_format (date, format) : NULL;

  if (label == NULL)
    return;
  if (g_str_has_suffix (format, ".%f"))
    label[strlen (label) - 3] = '\0';
  g_strlcpy (tick.label, label, sizeof tick.label);
  g_array_append_val (ticks, tick);
}

/* Steps along the zone's own clock, so that summer time does not shift the grid. */
static void
list_by_clock (GArray *ticks, double lower, double upper, GTimeZone *zone, const TimeStep *step)
{
  gint64 phase = step->step == 7 * DAY ? 4 * DAY : 0; /* 1970 began on a Thursday */
  gint64 start = (gint64)lower + offset_at (zone, lower, FALSE);
  gint64 previous = G_MININT64;

  for (gint64 clock = (start - phase) / step->step * step->step + phase;; clock += step->step)
    {
      gint64   time = clock - offset_at (zone, clock, TRUE);
      gboolean midnight = clock % DAY == 0;

      if (time > upper)
        break;
      if (time < lower || time <= previous)
        continue;
      add_tick (ticks, time, midnight && step->step < DAY ? "%-e %b" : step->format,
                midnight && step->step < DAY, zone);
      previous = time;
    }
}

static void
list_by_month (GArray *ticks, double lower, double upper, GTimeZone *zone, const TimeStep *step)
{
  g_autoptr (GDateTime) start = date_time_of (lower, zone);
  int month; /* counted from year 0 */

  if (start == NULL)
    return;
  month = g_date_time_get_year (start) * 12 + g_date_time_get_month (start) - 1;
  for (month = month / step->months * step->months;; month += step->months)
    {
      g_autoptr (GDateTime) date = g_date_time_new (zone, month / 12, month % 12 + 1, 1, 0, 0, 0);
      gint64 time = date != NULL ? g_date_time_to_unix_usec (date) : G_MAXINT64;

      if (time > upper)
        break;
      if (time >= lower)
        add_tick (ticks, time, month % 12 == 0 ? "%Y" : step->format, month % 12 == 0, zone);
    }
}

GArray *
muster_time_ticks_list (double lower, double upper, GTimeZone *zone, unsigned max_ticks)
{
  GArray         *ticks = g_array_new (FALSE, FALSE, sizeof (MusterTick));
  const TimeStep *step = choose_step (upper - lower, max_ticks);

  g_return_val_if_fail (zone != NULL, ticks);

  if (step->months > 0)
    list_by_month (ticks, lower, upper, zone, step);
  else
    list_by_clock (ticks, lower, upper, zone, step);
  return ticks;
}

char *
muster_time_ticks_format (double time, double span, GTimeZone *zone)
{
  g_autoptr (GDateTime) date = date_time_of (time, zone);
  char *text;

  if (date == NULL)
    return g_strdup ("");
  if (span >= 30.0 * DAY)
    return g_date_time_format (date, "%-e %b %Y, %H:%M");
  if (span >= 12.0 * HOUR)
    return g_date_time_format (date, "%a %-e %b, %H:%M");
  if (span >= MINUTE)
    return g_date_time_format (date, "%H:%M:%S");
  text = g_date_time_format (date, "%H:%M:%S.%f");
  text[strlen (text) - 3] = '\0';
  return text;
}
