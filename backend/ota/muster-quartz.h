/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_QUARTZ_MAX_LENGTH 256
#define MUSTER_QUARTZ_FIRST_YEAR 1970
#define MUSTER_QUARTZ_LAST_YEAR 2099

/**
 * MusterQuartz:
 *
 * A calendar as the Quartz scheduler writes it: seconds, minutes, hours, day of the month, month,
 * day of the week (1: Sunday) and, if need be, years. Each is `*`, or numbers, names (JAN, SUN),
 * ranges, which may go beyond the end (`22-2`), and steps (`0/15`), commas between; of the two days
 * one is `?`. A day of the month may be `L`, `L-3`, `15W`, `LW`, `L-3W`, a day of the week `L`,
 * `6L`, `6#3`, each alone. Source: the documentation of Quartz 2.3, `CronExpression`.
 */
typedef struct
{
  guint64 seconds; /* bits 1 << 0 to 1 << 59 */
  guint64 minutes;
  guint64 hours;
  guint64 days; /* 1 << 1 to 1 << 31; 0: by weekday, or by what follows */
  guint64 months;
  guint64 weekdays;      /* 1 << 1 (Sunday) to 1 << 7; 0: by day, or by what follows */
  guint8  years[17];     /* bits from the first year on */
  int     before_last;   /* days before the month's last; -1: not by it */
  int     near;          /* the weekday nearest to this day; 0: not by it */
  int     last_weekday;  /* 1 to 7: the month's last of them; 0 */
  int     nth_weekday;   /* 1 to 7: the month's NTH of them; 0 */
  int     nth;           /* 1 to 5 */
  guint   near_last : 1; /* the weekday nearest to that by `before_last` */
} MusterQuartz;

/* MUSTER_ERROR_MALFORMED names the field and what is wrong with it. */
gboolean muster_quartz_parse (MusterQuartz *self, const char *text, GError **error);

/* The first time of it after AFTER: both in seconds since 1970-01-01 00:00:00 by the clock that it
 * is meant for. -1: there is none before the end of its last year. Pure. */
gint64 muster_quartz_get_next (const MusterQuartz *self, gint64 after);

G_END_DECLS
