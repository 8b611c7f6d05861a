/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-silence-times"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-silence-times.h"

/* When people are back at work. */
#define MORNING_HOUR 8

static const struct
{
  const char *nick;
  const char *label;
  gint64      seconds; /* 0: a morning */
} times[] = {
  { "30min", N_ ("For _30 minutes"), 1800 },     { "1h", N_ ("For _1 hour"), 3600 },
  { "4h", N_ ("For _4 hours"), 4 * 3600 },       { "morning", N_ ("Until tomorrow _morning"), 0 },
  { "monday", N_ ("Until M_onday morning"), 0 }, { "1w", N_ ("For a _week"), 7 * 86400 },
};

/* The morning of the first day after NOW's that is Monday, or (WEEKDAY 0) whichever. */
static gint64
next_morning (gint64 now, GTimeZone *zone, int weekday)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autoptr (GDateTime) here = g_date_time_to_timezone (utc, zone);
  int days = weekday == 0 ? 1 : (weekday - g_date_time_get_day_of_week (here) + 7) % 7;
  g_autoptr (GDateTime) day = g_date_time_add_days (here, days == 0 ? 7 : days);
  g_autoptr (GDateTime) morning =
              g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                               g_date_time_get_day_of_month (day), MORNING_HOUR, 0, 0);

  return g_date_time_to_unix (morning) * G_USEC_PER_SEC;
}

gint64
muster_silence_times_resolve (const char *nick, gint64 now, GTimeZone *zone)
{
  g_return_val_if_fail (nick != NULL && zone != NULL, -1);

  if (g_str_equal (nick, "morning"))
    return next_morning (now, zone, 0);
  if (g_str_equal (nick, "monday"))
    return next_morning (now, zone, 1);
  for (unsigned i = 0; i < G_N_ELEMENTS (times); i++)
    if (g_str_equal (times[i].nick, nick))
      return now + times[i].seconds * G_USEC_PER_SEC;
  return -1;
}

static void
append (GMenu *menu, const char *label, const char *action, const char *nick)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", nick);
  g_menu_append_item (menu, item);
}

GMenuModel *
muster_silence_times_create_menu (const char *action)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) presets = g_menu_new ();
  g_autoptr (GMenu) custom = g_menu_new ();

  for (unsigned i = 0; i < G_N_ELEMENTS (times); i++)
    append (presets, _ (times[i].label), action, times[i].nick);
  append (custom, _ ("_Until…"), action, "custom");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (presets));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (custom));
  return G_MENU_MODEL (menu);
}
