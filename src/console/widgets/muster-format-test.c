/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-format.h"

#define NOW G_GINT64_CONSTANT (1769846709000000) /* 2026-01-31T08:05:09Z */

static void
test_age (void)
{
  static const struct
  {
    gint64      seconds;
    const char *text;
    unsigned    lifetime;
  } cases[] = {
    { -5, "just now", 1 },     { 0, "just now", 1 },
    { 12, "12 s ago", 1 },     { 119, "119 s ago", 1 },
    { 120, "2 min ago", 60 },  { 3599, "59 min ago", 1 },
    { 7200, "2 h ago", 3600 }, { 86400 * 3 + 60, "3 days ago", 3540 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64           time = NOW - cases[i].seconds * G_USEC_PER_SEC;
      g_autofree char *text = muster_format_age (time, NOW);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpuint (muster_format_age_lifetime (time, NOW), ==, cases[i].lifetime);
    }
}

static void
test_time (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Asia/Tokyo");
  g_autofree char *full = muster_format_time (NOW, zone);
  g_autofree char *same_day =
    muster_format_short_time (NOW - (gint64)3600 * G_USEC_PER_SEC, NOW, zone);
  g_autofree char *moment = muster_format_moment (NOW - (gint64)3600 * G_USEC_PER_SEC, NOW, zone);
  g_autofree char *moment_before =
    muster_format_moment (NOW - (gint64)18 * 3600 * G_USEC_PER_SEC, NOW, zone);
  g_autofree char *day_before =
    muster_format_short_time (NOW - (gint64)18 * 3600 * G_USEC_PER_SEC, NOW, zone);
  g_autofree char *year_before =
    muster_format_short_time (NOW - (gint64)40 * 86400 * G_USEC_PER_SEC, NOW, zone);

  g_assert_cmpstr (full, ==, "Sat 31 Jan 2026, 17:05:09 JST");
  g_assert_cmpstr (same_day, ==, "16:05");
  g_assert_cmpstr (moment, ==, "16:05:09");
  g_assert_cmpstr (moment_before, ==, "30 Jan, 23:05");
  g_assert_cmpstr (day_before, ==, "30 Jan, 23:05");
  g_assert_cmpstr (year_before, ==, "22 Dec 2025");
}

static void
test_number (void)
{
  static const struct
  {
    double      value;
    const char *text;
  } cases[] = { { 0, "0" },
                { 21.5, "21.50" },
                { 42, "42" },
                { 0.1234567, "0.1235" },
                { 12345.678, "12345.7" },
                { 1e12, "1000000000000" },
                { 2e-6, "2×10⁻⁶" },
                { -3.25, "-3.25" },
                { NAN, "–" },
                { INFINITY, "–" } };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = muster_format_number (cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_span (void)
{
  g_autofree char *minutes = muster_format_span ((gint64)300 * G_USEC_PER_SEC);
  g_autofree char *hours = muster_format_span ((gint64)24 * 3600 * G_USEC_PER_SEC);
  g_autofree char *days = muster_format_span ((gint64)7 * 86400 * G_USEC_PER_SEC);

  g_assert_cmpstr (minutes, ==, "5 min");
  g_assert_cmpstr (hours, ==, "24 h");
  g_assert_cmpstr (days, ==, "7 days");
}

static void
test_sentence (void)
{
  static const char *const cases[][2] = { { "no answer", "No answer" },
                                          { "élan", "Élan" },
                                          { "", "" },
                                          { "A b", "A b" },
                                          { "7 lost", "7 lost" } };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = muster_format_sentence (cases[i][0]);

      g_assert_cmpstr (text, ==, cases[i][1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/age", test_age);
  g_test_add_func ("/format/time", test_time);
  g_test_add_func ("/format/number", test_number);
  g_test_add_func ("/format/span", test_span);
  g_test_add_func ("/format/sentence", test_sentence);
  return g_test_run ();
}
