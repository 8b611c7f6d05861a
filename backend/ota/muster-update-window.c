/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-window"

#include "config.h"

#include "core/muster-time-window.h"
#include "muster-update-window.h"

/* A window may have begun yesterday, and is open again within a week. */
#define FIRST_DAY (-1)
#define LAST_DAY 8

gboolean
muster_update_window_is_open (const char *text, GTimeZone *zone, gint64 now, gint64 *opens_at)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  MusterTimeWindow window;

  g_return_val_if_fail (zone != NULL && opens_at != NULL, TRUE);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      !muster_time_window_read (&window, json_node_get_object (node), "", NULL))
    return TRUE;
  for (int offset = FIRST_DAY; offset <= LAST_DAY; offset++)
    {
      g_autoptr (GDateTime) day = muster_time_window_dup_day (zone, now, offset);
      gint64 from, to;

      if (!(window.days & 1u << g_date_time_get_day_of_week (day)))
        continue;
      muster_time_window_get_interval (&window, zone, g_date_time_get_year (day),
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
