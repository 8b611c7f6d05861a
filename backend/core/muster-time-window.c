/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-time-window"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "muster-time-window.h"

#define MINUTES_A_DAY (24 * 60)

gboolean
muster_time_window_parse_clock (const char *text, int *minutes)
{
  if (text == NULL || strlen (text) != 5 || text[2] != ':' || !g_ascii_isdigit (text[0]) ||
      !g_ascii_isdigit (text[1]) || !g_ascii_isdigit (text[3]) || !g_ascii_isdigit (text[4]))
    return FALSE;
  *minutes = ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
  return text[3] <= '5' && *minutes <= MINUTES_A_DAY;
}

gint64
muster_time_window_parse_span (const char *text)
{
  unsigned hours, minutes, seconds;
  int      end = 0;

  if (text == NULL || strlen (text) != 8 || strspn (text, "0123456789:") != 8 ||
      sscanf (text, "%2u:%2u:%2u%n", &hours, &minutes, &seconds, &end) != 3 || end != 8 ||
      hours > 23 || minutes > 59 || seconds > 59)
    return -1;
  return (hours * 60 + minutes) * 60 + seconds;
}

static void
refuse (MusterFieldErrors *errors, const char *pointer, const char *name, const char *detail)
{
  g_autofree char *inner = g_strconcat (pointer, "/", name, NULL);

  if (errors != NULL)
    muster_field_errors_add (errors, inner, "%s", detail);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static gboolean
read_clock (const char        *text,
            const char        *name,
            const char        *pointer,
            MusterFieldErrors *errors,
            int               *minutes)
{
  if (muster_time_window_parse_clock (text, minutes))
    return TRUE;
  refuse (errors, pointer, name, "must be a time of day like \"06:00\"");
  return FALSE;
}

/* 0: it is no day of the week. */
static unsigned
read_day (JsonNode *node)
{
  gint64 day = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
                 ? json_node_get_int (node)
                 : 0;

  return day >= 1 && day <= 7 ? 1u << day : 0;
}

static gboolean
read_days (JsonNode *node, const char *pointer, MusterFieldErrors *errors, unsigned *days)
{
  JsonArray *array = NULL;
  gboolean   good = TRUE;

  *days = node == NULL || JSON_NODE_HOLDS_NULL (node) ? MUSTER_TIME_WINDOW_ALL_DAYS : 0;
  if (*days != 0)
    return TRUE;
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      unsigned day = read_day (json_array_get_element (array, i));

      good = good && day != 0;
      *days |= day;
    }
  if (good && *days != 0)
    return TRUE;
  refuse (errors, pointer, "days", "must be an array of days from 1 (Monday) to 7, such as [6,7]");
  return FALSE;
}

gboolean
muster_time_window_parse (MusterTimeWindow  *self,
                          JsonNode          *days,
                          const char        *from,
                          const char        *to,
                          const char        *pointer,
                          const char *const  names[2],
                          MusterFieldErrors *errors)
{
  gboolean good = read_days (days, pointer, errors, &self->days);

  good = read_clock (from, names[0], pointer, errors, &self->from) && good;
  return read_clock (to, names[1], pointer, errors, &self->to) && good;
}

gboolean
muster_time_window_read (MusterTimeWindow  *self,
                         JsonObject        *object,
                         const char        *pointer,
                         MusterFieldErrors *errors)
{
  static const char *const names[] = { "from", "to" };

  return muster_time_window_parse (self, json_object_get_member (object, "days"),
                                   get_text (object, "from"), get_text (object, "to"), pointer,
                                   names, errors);
}

/* The time of day MINUTES of YEAR-MONTH-DAY. */
static gint64
get_instant (GTimeZone *zone, int year, int month, int day, int minutes)
{
  g_autoptr (GDateTime) midnight = g_date_time_new_utc (year, month, day, 0, 0, 0);
  g_autoptr (GDateTime) date = g_date_time_add_days (midnight, minutes / MINUTES_A_DAY);
  g_autoptr (GDateTime) local = NULL;

  minutes %= MINUTES_A_DAY;
  local = g_date_time_new (zone, g_date_time_get_year (date), g_date_time_get_month (date),
                           g_date_time_get_day_of_month (date), minutes / 60, minutes % 60, 0);
  return g_date_time_to_unix_usec (local);
}

void
muster_time_window_get_interval (const MusterTimeWindow *self,
                                 GTimeZone              *zone,
                                 int                     year,
                                 int                     month,
                                 int                     day,
                                 gint64                 *from,
                                 gint64                 *to)
{
  *from = get_instant (zone, year, month, day, self->from);
  *to = get_instant (zone, year, month, day,
                     self->to > self->from ? self->to : self->to + MINUTES_A_DAY);
}

GDateTime *
muster_time_window_dup_day (GTimeZone *zone, gint64 at, int offset)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (at);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_add_days (local, offset);
}
