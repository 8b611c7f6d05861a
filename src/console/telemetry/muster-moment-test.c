/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-moment.h"

/* 2026-11-28 12:30:00 UTC */
#define NOW (G_GINT64_CONSTANT (1795869000) * G_USEC_PER_SEC)
#define MINUTE (60 * G_USEC_PER_SEC)

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gboolean    end;
    gint64      offset; /* from NOW, in minutes */
  } good[] = {
    { "2026-11-28 12:30", FALSE, 0 },
    { " 2026-11-28 12:31:00 ", FALSE, 1 },
    { "2026-11-28", FALSE, -12 * 60 - 30 },
    { "2026-11-28", TRUE, 11 * 60 + 30 },
    { "12:00", FALSE, -30 },
    { "now", FALSE, 0 },
    { "2024-02-29 12:30", FALSE, -1003 * 24 * 60 },
  };
  static const char *const bad[] = { "",          "yesterday",     "2026-02-30",
                                     "25:00",     "2026-11-28 12", "2026-11-28 12:30x",
                                     "12:30 2026" };
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  gint64 time;

  for (unsigned i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (muster_moment_parse (good[i].text, utc, NOW, good[i].end, &time));
      g_assert_cmpint ((time - NOW) / MINUTE, ==, good[i].offset);
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (muster_moment_parse (bad[i], utc, NOW, FALSE, &time));
}

/* What is shown is understood again, in any zone. */
static void
test_round_trip (void)
{
  static const char *const names[] = { "UTC", "Asia/Kathmandu", "America/St_Johns" };

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (names[i]);
      g_autofree char *text = muster_moment_format (NOW, zone);
      gint64           time;

      g_assert_true (muster_moment_parse (text, zone, 0, FALSE, &time));
      g_assert_cmpint (time, ==, NOW);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moment/parse", test_parse);
  g_test_add_func ("/moment/round-trip", test_round_trip);
  return g_test_run ();
}
