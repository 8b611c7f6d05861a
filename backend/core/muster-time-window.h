/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-error.h"

G_BEGIN_DECLS

/**
 * MusterTimeWindow:
 *
 * A time of day that comes back on some days of the week, by the clocks of the site: a shift, quiet
 * hours, maintenance. It belongs to the day that it begins on. One
 * that does not end after its begin ends on the next day; equal ends are a whole day.
 */
typedef struct
{
  unsigned days; /* bits 1 << 1 (Monday) to 1 << 7: those that it begins on */
  int      from; /* minutes since midnight */
  int      to;
} MusterTimeWindow;

/* Every day of the week. */
#define MUSTER_TIME_WINDOW_ALL_DAYS 0xfe

/* "06:00" to minutes since midnight; "24:00" is taken too. */
gboolean muster_time_window_parse_clock (const char *text, int *minutes);

/* "01:30:00" to seconds, less than a day; -1: it is none. */
gint64 muster_time_window_parse_span (const char *text);

/* Reads DAYS (nullable: all; `[6,7]`), FROM and TO, which POINTER has as `days` and NAMES; adds to
 * ERRORS (nullable) what is wrong with them, and is FALSE then. */
gboolean muster_time_window_parse (MusterTimeWindow  *self,
                                   JsonNode          *days,
                                   const char        *from,
                                   const char        *to,
                                   const char        *pointer,
                                   const char *const  names[2],
                                   MusterFieldErrors *errors);
/* Reads the members `days` (left out: all), `from` and `to` of OBJECT at POINTER: likewise. */
gboolean muster_time_window_read (MusterTimeWindow  *self,
                                  JsonObject        *object,
                                  const char        *pointer,
                                  MusterFieldErrors *errors);

/* When the window that begins on the day YEAR-MONTH-DAY begins and ends, UTC microseconds. Where
 * clocks are put back, a time that comes twice is the later one; where they are put forward, one
 * that does not come is that after the gap: so what ends and what begins at one time of day are
 * never apart. */
void muster_time_window_get_interval (const MusterTimeWindow *self,
                                      GTimeZone              *zone,
                                      int                     year,
                                      int                     month,
                                      int                     day,
                                      gint64                 *from,
                                      gint64                 *to);

/* The local day that AT lies on, or OFFSET days after it: (transfer full). */
GDateTime *muster_time_window_dup_day (GTimeZone *zone, gint64 at, int offset);

G_END_DECLS
