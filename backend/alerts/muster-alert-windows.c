/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-windows"

#include "config.h"

#include "muster-alert-windows.h"
#include "core/muster-time-window.h"

#define DAYS_AHEAD 8 /* by then every day of the week has come */

struct _MusterAlertWindows
{
  unsigned         n_windows;
  MusterTimeWindow windows[];
};

/* --- reading --- */

static MusterAlertWindows *
windows_new (unsigned n_windows)
{
  MusterAlertWindows *self =
    g_malloc0 (sizeof (MusterAlertWindows) + n_windows * sizeof (MusterTimeWindow));

  self->n_windows = n_windows;
  return self;
}

static gboolean
windows_read (MusterAlertWindows *self,
              JsonArray          *array,
              const char         *pointer,
              MusterFieldErrors  *errors)
{
  gboolean good = TRUE;

  for (unsigned i = 0; i < self->n_windows; i++)
    {
      JsonNode        *node = json_array_get_element (array, i);
      g_autofree char *place = g_strdup_printf ("%s/%u", pointer, i);
      JsonObject      *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (object == NULL)
        muster_field_errors_add (errors, place, "must be an object of days, from and to");
      good = object != NULL && muster_time_window_read (&self->windows[i], object, place, errors) &&
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

  return muster_time_window_parse (&self->windows[0], node, from, to, "", names, errors)
           ? g_steal_pointer (&self)
           : NULL;
}

void
muster_alert_windows_free (MusterAlertWindows *self)
{
  g_free (self);
}

/* --- asking --- */

static gboolean
window_contains (const MusterTimeWindow *self,
                 GDateTime              *date,
                 GTimeZone              *zone,
                 gint64                  at,
                 gint64                 *until)
{
  gint64 begin = 0;
  gint64 end = 0;

  muster_time_window_get_interval (self, zone, g_date_time_get_year (date),
                                   g_date_time_get_month (date),
                                   g_date_time_get_day_of_month (date), &begin, &end);
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
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (zone != NULL && until != NULL, FALSE);

  *until = G_MAXINT64;
  /* Yesterday's may still last. */
  for (int ahead = -1; ahead < DAYS_AHEAD; ahead++)
    {
      g_autoptr (GDateTime) date = muster_time_window_dup_day (zone, at, ahead);
      unsigned day = 1u << g_date_time_get_day_of_week (date);

      if (ahead > 1 && *until != G_MAXINT64)
        break;
      for (unsigned i = 0; i < self->n_windows; i++)
        if ((self->windows[i].days & day) != 0 &&
            window_contains (&self->windows[i], date, zone, at, until))
          return TRUE;
    }
  return FALSE;
}
