/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-windows"

#include "config.h"

#include <string.h>

#include "model/muster-entity.h"
#include "muster-alert-windows.h"

#define EVERY_DAY 0x7f
#define DAYS_AHEAD 8 /* by then every day of the week has come */

typedef struct
{
  guint8 days; /* bit 0: Monday */
  int    from; /* minutes after midnight */
  int    to;   /* likewise; more than a day's for one that ends on the next */
} Window;

struct _MusterAlertWindows
{
  unsigned n_windows;
  Window   windows[];
};

#define MINUTES_PER_DAY (24 * 60)

/* --- reading --- */

/* "06:30" as minutes after midnight; -1. */
static int
parse_hour (const char *text)
{
  if (text == NULL || strlen (text) != 5 || text[2] != ':' || !g_ascii_isdigit (text[0]) ||
      !g_ascii_isdigit (text[1]) || !g_ascii_isdigit (text[3]) || !g_ascii_isdigit (text[4]))
    return -1;
  if (atoi (text) > 23 || atoi (text + 3) > 59)
    return -1;
  return atoi (text) * 60 + atoi (text + 3);
}

static gboolean
parse_day (JsonNode *node, guint8 *days)
{
  gint64 day = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
                 ? json_node_get_int (node)
                 : 0;

  if (day < 1 || day > 7)
    return FALSE;
  *days |= 1 << (day - 1);
  return TRUE;
}

/* NODE NULL: every day. */
static gboolean
parse_days (JsonNode *node, guint8 *days)
{
  JsonArray *array = NULL;

  *days = node == NULL || JSON_NODE_HOLDS_NULL (node) ? EVERY_DAY : 0;
  if (*days != 0)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!parse_day (json_array_get_element (array, i), days))
      return FALSE;
  return *days != 0;
}

static void
add_row (MusterFieldErrors *errors, const char *pointer, const char *member, const char *detail)
{
  g_autofree char *whole = g_strdup_printf ("%s/%s", pointer, member);

  muster_field_errors_add (errors, whole, "%s", detail);
}

/* NAMES: of the members of its hours, for the rows. */
static gboolean
window_read (Window            *self,
             JsonNode          *days,
             const char        *from,
             const char        *to,
             const char        *pointer,
             const char *const  names[2],
             MusterFieldErrors *errors)
{
  unsigned before = muster_field_errors_get_count (errors);

  self->from = parse_hour (from);
  self->to = parse_hour (to);
  if (!parse_days (days, &self->days))
    add_row (errors, pointer, "days", "must be days of the week, 1 is Monday, such as [6,7]");
  if (self->from < 0)
    add_row (errors, pointer, names[0], "must be an hour from 00:00 to 23:59, such as 22:00");
  if (self->to < 0)
    add_row (errors, pointer, names[1], "must be an hour from 00:00 to 23:59, such as 06:00");
  if (self->to <= self->from)
    self->to += MINUTES_PER_DAY;
  return muster_field_errors_get_count (errors) == before;
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static MusterAlertWindows *
windows_new (unsigned n_windows)
{
  MusterAlertWindows *self = g_malloc0 (sizeof (MusterAlertWindows) + n_windows * sizeof (Window));

  self->n_windows = n_windows;
  return self;
}

static gboolean
windows_read (MusterAlertWindows *self,
              JsonArray          *array,
              const char         *pointer,
              MusterFieldErrors  *errors)
{
  static const char *const names[] = { "from", "to" };
  gboolean                 good = TRUE;

  for (unsigned i = 0; i < self->n_windows; i++)
    {
      JsonNode        *node = json_array_get_element (array, i);
      g_autofree char *place = g_strdup_printf ("%s/%u", pointer, i);
      JsonObject      *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (object == NULL)
        muster_field_errors_add (errors, place, "must be an object of days, from and to");
      good =
        object != NULL &&
        window_read (&self->windows[i], json_object_get_member (object, "days"),
                     get_text (object, "from"), get_text (object, "to"), place, names, errors) &&
        good;
    }
  return good;
}

MusterAlertWindows *
muster_alert_windows_parse (const char *json, const char *pointer, MusterFieldErrors *errors)
{
  g_autoptr (JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (MusterAlertWindows) self = NULL;
  JsonArray *array = NULL;

  g_return_val_if_fail (pointer != NULL && errors != NULL, NULL);

  if (json == NULL || (node != NULL && JSON_NODE_HOLDS_NULL (node)))
    return NULL;
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) > MUSTER_ALERT_MAX_WINDOWS)
    {
      muster_field_errors_add (errors, pointer, "must be a list of at most %d windows",
                               MUSTER_ALERT_MAX_WINDOWS);
      return NULL;
    }
  array = json_node_get_array (node);
  if (json_array_get_length (array) == 0)
    return NULL;
  self = windows_new (json_array_get_length (array));
  return windows_read (self, array, pointer, errors) ? g_steal_pointer (&self) : NULL;
}

MusterAlertWindows *
muster_alert_windows_parse_one (const char        *days,
                                const char        *from,
                                const char        *to,
                                MusterFieldErrors *errors)
{
  static const char *const names[] = { "from_time", "to_time" };
  g_autoptr (JsonNode) node = days != NULL ? json_from_string (days, NULL) : NULL;
  g_autoptr (MusterAlertWindows) self = windows_new (1);

  g_return_val_if_fail (errors != NULL, NULL);

  return window_read (&self->windows[0], node, from, to, "", names, errors)
           ? g_steal_pointer (&self)
           : NULL;
}

void
muster_alert_windows_free (MusterAlertWindows *self)
{
  g_free (self);
}

/* --- asking --- */

/* UTC microseconds of MINUTES after the midnight that begins the local day of DATE. */
static gint64
get_moment (GDateTime *date, GTimeZone *zone, int minutes)
{
  g_autoptr (GDateTime) day = g_date_time_add_days (date, minutes / MINUTES_PER_DAY);
  g_autoptr (GDateTime) moment =
              g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                               g_date_time_get_day_of_month (day), minutes % MINUTES_PER_DAY / 60,
                               minutes % 60, 0);

  return g_date_time_to_unix (moment) * G_USEC_PER_SEC;
}

static gboolean
window_contains (const Window *self, GDateTime *date, GTimeZone *zone, gint64 at, gint64 *until)
{
  gint64 begin = get_moment (date, zone, self->from);
  gint64 end = get_moment (date, zone, self->to);

  if (at < begin)
    *until = MIN (*until, begin);
  else if (at < end)
    {
      *until = end;
      return TRUE;
    }
  return FALSE;
}

gboolean
muster_alert_windows_contain (const MusterAlertWindows *self,
                              GTimeZone                *zone,
                              gint64                    at,
                              gint64                   *until)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (zone != NULL && until != NULL, FALSE);

  *until = G_MAXINT64;
  /* Yesterday's may still last. */
  for (int ahead = -1; ahead < DAYS_AHEAD; ahead++)
    {
      g_autoptr (GDateTime) date = g_date_time_add_days (local, ahead);
      unsigned day = 1 << (g_date_time_get_day_of_week (date) - 1);

      if (ahead > 1 && *until != G_MAXINT64)
        break;
      for (unsigned i = 0; i < self->n_windows; i++)
        if ((self->windows[i].days & day) != 0 &&
            window_contains (&self->windows[i], date, zone, at, until))
          return TRUE;
    }
  return FALSE;
}
