/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-time.h"

static void
test_format (void)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  g_assert_cmpstr (muster_time_format (0, text), ==, "1970-01-01T00:00:00.000Z");
  g_assert_cmpstr (muster_time_format (G_GINT64_CONSTANT (1767225909123999), text), ==,
                   "2026-01-01T00:05:09.123Z");
  g_assert_cmpstr (muster_time_format (G_MAXINT64, text), ==, "9999-12-31T23:59:59.999Z");
  g_assert_cmpstr (muster_time_format (-5, text), ==, "1970-01-01T00:00:00.000Z");
}

/* Against GLib's calendar, over four centuries of days and every millisecond boundary hit by the
 * step. */
static void
test_agrees_with_glib (void)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  for (gint64 seconds = 0; seconds < G_GINT64_CONSTANT (13569465600); seconds += 86400 * 13 + 3607)
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);
      g_autofree char *expected = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S.000Z");
      gint64           back = 0;

      g_assert_cmpstr (muster_time_format (seconds * G_USEC_PER_SEC, text), ==, expected);
      g_assert_true (muster_time_parse (text, &back));
      g_assert_cmpint (back, ==, seconds * G_USEC_PER_SEC);
    }
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    gint64      usec;
  } rows[] = {
    { "2026-01-31T08:05:09Z", G_GINT64_CONSTANT (1769846709000000) },
    { "2026-01-31t08:05:09.5z", G_GINT64_CONSTANT (1769846709500000) },
    { "2026-01-31 08:05:09,123456Z", G_GINT64_CONSTANT (1769846709123456) },
    { "2026-01-31T08:05:09.123456789Z", G_GINT64_CONSTANT (1769846709123456) },
    { "2026-01-31T10:05:09+02:00", G_GINT64_CONSTANT (1769846709000000) },
    { "2026-01-31T02:35:09-0530", G_GINT64_CONSTANT (1769846709000000) },
    { "2024-02-29T23:59:60Z", G_GINT64_CONSTANT (1709251199000000) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 usec = -1;

      g_assert_true (muster_time_parse (rows[i].text, &usec));
      g_assert_cmpint (usec, ==, rows[i].usec);
    }
}

static void
test_refuse (void)
{
  static const char *const bad[] = {
    "",
    "2026",
    "2026-01-31",
    "2026-01-31T08:05:09",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T08:60:00Z",
    "2026-01-31T08:05:61Z",
    "2026-01-31T08:05:09.Z",
    "2026-01-31T08:05:09.1234567890Z",
    "2026-01-31T08:05:09+24:00",
    "2026-01-31T08:05:09+02:60",
    "2026-01-31T08:05:09Zx",
    "1969-12-31T23:59:59Z",
    "1970-01-01T00:00:00+00:01",
    "2026-1-31T08:05:09Z",
    " 2026-01-31T08:05:09Z",
    "+2026-01-31T08:05:09Z",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gint64 usec = 42;

      g_assert_false (muster_time_parse (bad[i], &usec));
      g_assert_cmpint (usec, ==, 42);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time/format", test_format);
  g_test_add_func ("/time/agrees-with-glib", test_agrees_with_glib);
  g_test_add_func ("/time/parse", test_parse);
  g_test_add_func ("/time/refuse", test_refuse);
  return g_test_run ();
}
