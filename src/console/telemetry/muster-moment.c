/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-moment"

#include "config.h"

#include <stdio.h>

#include <glib/gi18n-lib.h>

#include "muster-moment.h"

char *
muster_moment_format (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

static gboolean
set (GDateTime *moment, gint64 *time)
{
  if (moment == NULL)
    return FALSE;
  *time = g_date_time_to_unix (moment) * G_USEC_PER_SEC;
  return TRUE;
}

gboolean
muster_moment_parse (const char *text, GTimeZone *zone, gint64 now, gboolean end, gint64 *time)
{
  g_autofree char *word = g_strstrip (g_strdup (text));
  g_autofree char *lower = g_utf8_strdown (word, -1);
  g_autoptr (GDateTime) today = NULL;
  g_autoptr (GDateTime) moment = NULL;
  int year, month, day, hour = 0, minute = 0, second = 0, length = 0;
  int n;

  if (g_str_equal (lower, "now") || g_str_equal (lower, _ ("now")))
    {
      *time = now;
      return TRUE;
    }
  n = sscanf (word, "%4d-%2d-%2d%n %2d:%2d%n:%2d%n", &year, &month, &day, &length, &hour, &minute,
              &length, &second, &length);
  if ((n == 3 || n >= 5) && word[length] == '\0')
    {
      moment = g_date_time_new (zone, year, month, day, hour, minute, second);
      if (!set (moment, time))
        return FALSE;
      if (n == 3 && end)
        {
          g_autoptr (GDateTime) next = g_date_time_add_days (moment, 1);

          return set (next, time);
        }
      return TRUE;
    }
  n = sscanf (word, "%2d:%2d%n:%2d%n", &hour, &minute, &length, &second, &length);
  if (n < 2 || word[length] != '\0')
    return FALSE;
  moment = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  today = moment != NULL ? g_date_time_to_timezone (moment, zone) : NULL;
  g_clear_pointer (&moment, g_date_time_unref);
  if (today != NULL)
    moment = g_date_time_new (zone, g_date_time_get_year (today), g_date_time_get_month (today),
                              g_date_time_get_day_of_month (today), hour, minute, second);
  return set (moment, time);
}
