/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_TIME_TEXT_LENGTH 24 /* 2026-01-31T08:05:09.123Z */

/* UTC microseconds since 1970 to ISO 8601 with milliseconds; BUFFER holds MUSTER_TIME_TEXT_LENGTH +
 * 1 bytes. */
char *muster_time_format (gint64 usec, char *buffer);
/* Takes any ISO 8601 date-time with offset or Z, years 1970 to 9999, fractions up to microseconds;
 * FALSE for anything else. */
gboolean muster_time_parse (const char *text, gint64 *usec);

G_END_DECLS
