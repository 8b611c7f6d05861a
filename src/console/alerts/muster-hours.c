/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-hours"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-hours.h"

MusterHours *
muster_hours_new (unsigned days, int from, int to, const char *who)
{
  MusterHours *self = g_new (MusterHours, 1);

  *self = (MusterHours){ days & MUSTER_HOURS_EVERY_DAY, from, to, g_strdup (who) };
  return self;
}

void
muster_hours_free (MusterHours *self)
{
  g_free (self->who);
  g_free (self);
}

int
muster_hours_get_length (const MusterHours *self)
{
  int length = self->to - self->from;

  return length > 0 ? length : length + MUSTER_MINUTES_A_DAY;
}

/* --- for people --- */

char *
muster_day_format (unsigned day)
{
  /* The first of January 2024 was a Monday. */
  g_autoptr (GDateTime) date = g_date_time_new_utc (2024, 1, 1 + day % 7, 12, 0, 0);

  return g_date_time_format (date, "%a");
}

/* Appends the days FIRST to LAST, all of which are in it. */
static void
append_run (GString *text, unsigned first, unsigned last)
{
  g_autofree char *begin = muster_day_format (first);
  g_autofree char *end = muster_day_format (last);

  if (text->len > 0)
    g_string_append (text, ", ");
  if (last > first + 1)
    g_string_append_printf (text, "%s–%s", begin, end);
  else if (last > first)
    g_string_append_printf (text, "%s, %s", begin, end);
  else
    g_string_append (text, begin);
}

char *
muster_days_format (unsigned days)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if ((days & MUSTER_HOURS_EVERY_DAY) == MUSTER_HOURS_EVERY_DAY)
    return g_strdup (_ ("Every day"));
  for (unsigned day = 0; day < 7; day++)
    {
      unsigned last = day;

      if (!(days & 1u << day))
        continue;
      while (last < 6 && days & 1u << (last + 1))
        last++;
      append_run (text, day, last);
      day = last;
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
muster_hours_format (const MusterHours *self)
{
  g_autofree char *days = muster_days_format (self->days);
  g_autofree char *from = muster_clock_format (self->from);
  g_autofree char *to = muster_clock_format (self->to);

  /* Translators: days of the week, and the hours on them. */
  return g_strdup_printf (_ ("%s, %s–%s"), days, from, to);
}

/* --- the time of day --- */

gboolean
muster_clock_parse (const char *text, int *minutes)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));
  gsize            length = strlen (clean);
  char            *colon = strchr (clean, ':');
  guint64          hour = 0, minute = 0;

  if (colon != NULL)
    *colon = '\0';
  /* 0630, 630 */
  if (colon == NULL && length > 2)
    {
      if (!g_ascii_string_to_unsigned (clean + length - 2, 10, 0, 59, &minute, NULL))
        return FALSE;
      clean[length - 2] = '\0';
    }
  else if (colon != NULL && !g_ascii_string_to_unsigned (colon + 1, 10, 0, 59, &minute, NULL))
    return FALSE;
  if (strlen (clean) > 2 || !g_ascii_string_to_unsigned (clean, 10, 0, 24, &hour, NULL) ||
      (hour == 24 && minute > 0))
    return FALSE;
  *minutes = (int)(hour % 24 * 60 + minute);
  return TRUE;
}

char *
muster_clock_format (int minutes)
{
  minutes = CLAMP (minutes, 0, MUSTER_MINUTES_A_DAY) % MUSTER_MINUTES_A_DAY;
  return g_strdup_printf ("%02d:%02d", minutes / 60, minutes % 60);
}

/* --- JSON --- */

static unsigned
read_days (JsonArray *array)
{
  unsigned days = 0;

  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64    day = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;

      if (day >= 1 && day <= 7)
        days |= 1u << (day - 1);
    }
  return days;
}

static JsonArray *
write_days (unsigned days)
{
  JsonArray *array = json_array_new ();

  for (unsigned day = 0; day < 7; day++)
    if (days & 1u << day)
      json_array_add_int_element (array, day + 1);
  return array;
}

static JsonArray *
parse_array (const char *text, JsonNode **root)
{
  *root = text != NULL ? json_from_string (text, NULL) : NULL;
  return *root != NULL && JSON_NODE_HOLDS_ARRAY (*root) ? json_node_get_array (*root) : NULL;
}

unsigned
muster_days_from_json (const char *text)
{
  g_autoptr (JsonNode) root = NULL;

  return read_days (parse_array (text, &root));
}

static char *
array_to_text (JsonArray *array)
{
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);

  json_array_unref (array);
  return json_to_string (node, FALSE);
}

char *
muster_days_to_json (unsigned days)
{
  return days & MUSTER_HOURS_EVERY_DAY ? array_to_text (write_days (days)) : NULL;
}

static MusterHours *
read_hours (JsonObject *object)
{
  const char *from = muster_api_json_get_string (object, "from");
  const char *to = muster_api_json_get_string (object, "to");
  unsigned    days = read_days (muster_api_json_get_array (object, "days"));
  int         begin, end;

  if (from == NULL || to == NULL || !muster_clock_parse (from, &begin) ||
      !muster_clock_parse (to, &end))
    return NULL;
  return muster_hours_new (days, begin, end, muster_api_json_get_string (object, "person_id"));
}

GPtrArray *
muster_hours_list_from_json (const char *text)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_hours_free);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array = parse_array (text, &root);

  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject  *object = muster_api_json_as_object (json_array_get_element (array, i));
      MusterHours *hours = object != NULL ? read_hours (object) : NULL;

      if (hours != NULL)
        g_ptr_array_add (list, hours);
    }
  return list;
}

char *
muster_hours_list_to_json (GPtrArray *list)
{
  JsonArray *array;

  if (list->len == 0)
    return NULL;
  array = json_array_new ();
  for (unsigned i = 0; i < list->len; i++)
    {
      const MusterHours *hours = list->pdata[i];
      g_autofree char   *from = muster_clock_format (hours->from);
      g_autofree char   *to = muster_clock_format (hours->to);
      JsonObject        *object = json_object_new ();

      if (hours->who != NULL)
        json_object_set_string_member (object, "person_id", hours->who);
      json_object_set_array_member (object, "days", write_days (hours->days));
      json_object_set_string_member (object, "from", from);
      json_object_set_string_member (object, "to", to);
      json_array_add_object_element (array, object);
    }
  return array_to_text (array);
}
