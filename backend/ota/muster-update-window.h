/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-error.h"

G_BEGIN_DECLS

/* A maintenance window is the JSON of a rollout or an update: times of day that come back on days
 * of the week, by the clocks of the site (`{days, from, to}`, a MusterTimeWindow), or by a
 * calendar of Quartz (`{schedule, duration, timezone}`, a MusterQuartz), by clocks that are
 * TIMEZONE
 * ("+02:00", "Z") ahead of UTC, each time for DURATION ("01:30:00"). */

/* Adds what is wrong with TEXT (nullable: any time) to ERRORS, at `/window`. CALENDARS: whether one
 * by a calendar will do, which must open after NOW (UTC µs). */
void muster_update_window_check (const char        *text,
                                 gboolean           calendars,
                                 gint64             now,
                                 MusterFieldErrors *errors);

/* Whether NOW (UTC µs) lies in the window TEXT, times of day by the clocks of ZONE; NULL is always
 * open. Where it is closed, *OPENS_AT is when it opens next, and stays as it is where it never
 * does. Pure. */
gboolean muster_update_window_is_open (const char *text,
                                       GTimeZone  *zone,
                                       gint64      now,
                                       gint64     *opens_at);

G_END_DECLS
