/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-window"

#include "config.h"

#include <string.h>

#include "core/muster-time-window.h"
#include "muster-quartz.h"
#include "muster-update-window.h"

/* A window may have begun yesterday, and is open again within a week. */
#define FIRST_DAY (-1)
#define LAST_DAY 8

#define OFFSET_MAX (18 * 60) /* minutes, as ISO 8601 tools take them */

/* --- by a calendar --- */

typedef struct
{
  MusterQuartz quartz;
  gint64       duration; /* seconds */
  gint64       offset;   /* seconds: how far its clocks are ahead of UTC */
} Calendar;

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

/* "+02:00", "-09:30", "Z" (or left out). */
static gboolean
read_offset (const char *text, gint64 *offset)
{
  int minutes = 0;

  *offset = 0;
  if (text == NULL || g_ascii_strcasecmp (text, "Z") == 0)
    return TRUE;
  if ((*text != '+' && *text != '-') || !muster_time_window_parse_clock (text + 1, &minutes) ||
      minutes > OFFSET_MAX)
    return FALSE;
  *offset = (*text == '-' ? -60 : 60) * (gint64)minutes;
  return TRUE;
}

/* ERRORS (nullable) get what is wrong with it. */
static gboolean
read_calendar (Calendar *self, JsonObject *object, MusterFieldErrors *errors)
{
  const char *schedule = get_text (object, "schedule");
  g_autoptr (GError) error = NULL;
  unsigned n_wrong = 0;

  if (!muster_quartz_parse (&self->quartz, schedule != NULL ? schedule : "", &error))
    {
      n_wrong++;
      if (errors != NULL)
        muster_field_errors_add (errors, "/window/schedule", "%s", error->message);
    }
  self->duration = muster_time_window_parse_span (get_text (object, "duration"));
  if (self->duration <= 0 && ++n_wrong > 0 && errors != NULL)
    muster_field_errors_add (errors, "/window/duration", "must be like \"01:30:00\"");
  if (!read_offset (get_text (object, "timezone"), &self->offset) && ++n_wrong > 0 &&
      errors != NULL)
    muster_field_errors_add (errors, "/window/timezone", "must be like \"+02:00\"");
  return n_wrong == 0;
}

/* When it begins, of those times that are not over at NOW the first: UTC seconds; -1: none. */
static gint64
calendar_get_next (const Calendar *self, gint64 now)
{
  gint64 begin = muster_quartz_get_next (&self->quartz, now + self->offset - self->duration);

  return begin >= 0 ? begin - self->offset : -1;
}

static gboolean
calendar_is_open (JsonObject *object, gint64 now, gint64 *opens_at)
{
  gint64   seconds = now / G_USEC_PER_SEC;
  Calendar calendar;
  gint64   begin;

  if (!read_calendar (&calendar, object, NULL))
    return TRUE;
  begin = calendar_get_next (&calendar, seconds);
  if (begin > seconds)
    *opens_at = begin * G_USEC_PER_SEC;
  return begin >= 0 && begin <= seconds;
}

/* --- by times of day --- */

static gboolean
times_are_open (const MusterTimeWindow *window, GTimeZone *zone, gint64 now, gint64 *opens_at)
{
  for (int offset = FIRST_DAY; offset <= LAST_DAY; offset++)
    {
      g_autoptr (GDateTime) day = muster_time_window_dup_day (zone, now, offset);
      gint64 from, to;

      if (!(window->days & 1u << g_date_time_get_day_of_week (day)))
        continue;
      muster_time_window_get_interval (window, zone, g_date_time_get_year (day),
                                       g_date_time_get_month (day),
                                       g_date_time_get_day_of_month (day), &from, &to);
      if (now >= from && now < to)
        return TRUE;
      if (from > now)
        {
          *opens_at = from;
          return FALSE;
        }
    }
  return FALSE;
}

/* --- both --- */

gboolean
muster_update_window_is_open (const char *text, GTimeZone *zone, gint64 now, gint64 *opens_at)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject      *object = NULL;
  MusterTimeWindow window;

  g_return_val_if_fail (zone != NULL && opens_at != NULL, TRUE);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return TRUE;
  object = json_node_get_object (node);
  if (json_object_has_member (object, "schedule"))
    return calendar_is_open (object, now, opens_at);
  return !muster_time_window_read (&window, object, "", NULL) ||
         times_are_open (&window, zone, now, opens_at);
}

void
muster_update_window_check (const char        *text,
                            gboolean           calendars,
                            gint64             now,
                            MusterFieldErrors *errors)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonObject *object =
    node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  MusterTimeWindow window;
  Calendar         calendar;

  if (object != NULL && calendars && json_object_has_member (object, "schedule"))
    {
      if (read_calendar (&calendar, object, errors) &&
          calendar_get_next (&calendar, now / G_USEC_PER_SEC) < 0)
        muster_field_errors_add (errors, "/window/schedule", "does not come any more");
    }
  else if (object != NULL)
    muster_time_window_read (&window, object, "/window", errors);
  else if (text != NULL)
    muster_field_errors_add (errors, "/window",
                             "must be an object {days, from, to}, or null for any time");
}
