/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long ago TIME was (both UTC microseconds), for a person: "just now", "12 s ago", "3 h ago":
 * (transfer full). */
char *muster_format_age (gint64 time, gint64 now);
/* Seconds until that text changes. */
unsigned muster_format_age_lifetime (gint64 time, gint64 now);
/* Date and time in ZONE with the zone's name: (transfer full). */
char *muster_format_time (gint64 time, GTimeZone *zone);
/* The same without date where it is today's, and without the zone: for tables. */
char *muster_format_short_time (gint64 time, gint64 now, GTimeZone *zone);
/* The same with the seconds where it is today's: for what comes several times a minute. */
char *muster_format_moment (gint64 time, gint64 now, GTimeZone *zone);
/* A length of time in microseconds: "5 min", "24 h", "7 days": (transfer full). */
char *muster_format_span (gint64 span);
/* A number with as many digits as a person can use: (transfer full). */
char *muster_format_number (double value);
/* A message as the service words it ("no answer"), beginning with a capital: (transfer full). */
char *muster_format_sentence (const char *message);

G_END_DECLS
