/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-silence-times.h"

static gint64
at (GTimeZone *zone, const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, zone);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

static void
test_resolve (void)
{
  static const struct
  {
    const char *nick, *now, *end;
  } cases[] = {
    { "30min", "2026-03-04T10:00:00", "2026-03-04T10:30:00" },
    { "4h", "2026-03-04T22:00:00", "2026-03-05T02:00:00" },
    { "1w", "2026-03-04T10:00:00", "2026-03-11T10:00:00" },
    /* Shortly after midnight, tomorrow is the next day still. */
    { "morning", "2026-03-04T00:10:00", "2026-03-05T08:00:00" },
    { "morning", "2026-03-04T23:50:00", "2026-03-05T08:00:00" },
    { "morning", "2026-12-31T12:00:00", "2027-01-01T08:00:00" },
    { "monday", "2026-03-04T10:00:00", "2026-03-09T08:00:00" },
    { "monday", "2026-03-08T23:00:00", "2026-03-09T08:00:00" },
    { "monday", "2026-03-09T07:00:00", "2026-03-16T08:00:00" },
    /* The night in which the clocks change. */
    { "morning", "2026-03-28T20:00:00", "2026-03-29T08:00:00" },
    { "4h", "2026-03-29T00:00:00", "2026-03-29T05:00:00" },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");

  if (zone == NULL)
    {
      g_test_skip ("no time zones here");
      return;
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s at %s", cases[i].nick, cases[i].now);
      g_assert_cmpint (muster_silence_times_resolve (cases[i].nick, at (zone, cases[i].now), zone),
                       ==, at (zone, cases[i].end));
    }
  g_assert_cmpint (muster_silence_times_resolve ("ever", 0, zone), ==, -1);
}

/* Every choice of the menu but the one that asks is one that resolves. */
static void
test_menu (void)
{
  g_autoptr (GMenuModel) menu = muster_silence_times_create_menu ("alerts.silence");
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autoptr (GMenuModel) presets = g_menu_model_get_item_link (menu, 0, G_MENU_LINK_SECTION);

  g_assert_cmpint (g_menu_model_get_n_items (presets), ==, 6);
  for (int i = 0; i < g_menu_model_get_n_items (presets); i++)
    {
      g_autofree char *nick = NULL;

      g_assert_true (
        g_menu_model_get_item_attribute (presets, i, G_MENU_ATTRIBUTE_TARGET, "s", &nick));
      g_assert_cmpint (muster_silence_times_resolve (nick, 0, zone), >, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/silence-times/resolve", test_resolve);
  g_test_add_func ("/silence-times/menu", test_menu);
  return g_test_run ();
}
