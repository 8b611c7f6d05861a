/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-axis.h"

static void
count_cb (MusterAxis *axis, unsigned *count)
{
  ++*count;
}

static void
test_range (void)
{
  MusterAxis *axis = muster_axis_new (MUSTER_AXIS_NUMBER);
  unsigned    count = 0;

  g_signal_connect (axis, "range-changed", G_CALLBACK (count_cb), &count);
  muster_axis_set_range (axis, 0, 1);
  g_assert_cmpuint (count, ==, 0);
  muster_axis_set_range (axis, 20, 10);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpfloat (muster_axis_get_lower (axis), ==, 10);
  g_assert_cmpfloat (muster_axis_normalize (axis, 15), ==, 0.5);
  g_assert_cmpfloat (muster_axis_denormalize (axis, 1.5), ==, 25);
  muster_axis_set_range (axis, NAN, 5);
  muster_axis_set_range (axis, 0, INFINITY);
  g_assert_cmpuint (count, ==, 1);
  muster_axis_set_range (axis, 7, 7);
  g_assert_false (muster_axis_is_degenerate (axis));
  g_assert_cmpfloat (muster_axis_get_span (axis), >, 0);
  g_assert_finalize_object (axis);
}

static void
test_pan_zoom (void)
{
  MusterAxis *axis = muster_axis_new (MUSTER_AXIS_NUMBER);

  muster_axis_set_range (axis, 0, 100);
  muster_axis_pan (axis, 0.1);
  g_assert_cmpfloat (muster_axis_get_lower (axis), ==, 10);
  muster_axis_zoom (axis, 0.5, 0);
  g_assert_cmpfloat (muster_axis_get_lower (axis), ==, 10);
  g_assert_cmpfloat (muster_axis_get_upper (axis), ==, 60);
  muster_axis_zoom (axis, 2, 1);
  g_assert_cmpfloat (muster_axis_get_lower (axis), ==, -40);
  for (int i = 0; i < 500; i++)
    muster_axis_zoom (axis, 0.1, 0.3);
  g_assert_false (muster_axis_is_degenerate (axis));
  g_assert_finalize_object (axis);
}

static void
test_time_limits (void)
{
  MusterAxis *axis = muster_axis_new (MUSTER_AXIS_TIME);

  muster_axis_set_range (axis, 1.7e15, 1.7e15 + 1);
  g_assert_cmpfloat (muster_axis_get_span (axis), >=, 9999);
  for (int i = 0; i < 100; i++)
    muster_axis_zoom (axis, 10, 1);
  g_assert_cmpfloat (muster_axis_get_span (axis), <, 4e15);
  g_assert_finalize_object (axis);
}

static void
test_fit (gconstpointer data)
{
  static const struct
  {
    double minimum, maximum;
  } cases[] = { { 0, 1 }, { 21.37, 21.94 }, { -1e-9, 1e-9 },   { 5, 5 },
                { 0, 0 }, { -273.15, 1e6 }, { 1e12, 1e12 + 3 } };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MusterAxis *axis = muster_axis_new (MUSTER_AXIS_NUMBER);
      g_autoptr (GArray) ticks = NULL;

      muster_axis_fit (axis, cases[i].minimum, cases[i].maximum);
      g_assert_cmpfloat (muster_axis_get_lower (axis), <=, cases[i].minimum);
      g_assert_cmpfloat (muster_axis_get_upper (axis), >=, cases[i].maximum);
      ticks = muster_axis_list_ticks (axis, 8);
      g_assert_cmpuint (ticks->len, >=, 2);
      g_assert_cmpuint (ticks->len, <=, 8);
      g_assert_finalize_object (axis);
    }
}

static void
assert_labels (MusterAxis *axis, unsigned max_ticks, const char *expected)
{
  g_autoptr (GArray) ticks = muster_axis_list_ticks (axis, max_ticks);
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < ticks->len; i++)
    g_string_append_printf (text, "%s%s%s", i > 0 ? " | " : "",
                            g_array_index (ticks, MusterTick, i).label,
                            g_array_index (ticks, MusterTick, i).major ? "!" : "");
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_number_ticks (void)
{
  MusterAxis *axis = muster_axis_new (MUSTER_AXIS_NUMBER);

  muster_axis_set_range (axis, 0, 100);
  assert_labels (axis, 6, "0! | 20 | 40 | 60 | 80 | 100");
  muster_axis_set_range (axis, -0.25, 0.25);
  assert_labels (axis, 7, "-0.2 | -0.1 | 0.0! | 0.1 | 0.2");
  muster_axis_set_range (axis, 2e7, 6e7);
  assert_labels (axis, 5, "2e+07 | 3e+07 | 4e+07 | 5e+07 | 6e+07");
  g_assert_finalize_object (axis);
}

/* UTC microseconds of an ISO 8601 time. */
static double
at (const char *text)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (date);
  return g_date_time_to_unix_usec (date);
}

static void
test_time_ticks (void)
{
  static const struct
  {
    const char *zone, *from, *to;
    unsigned    max_ticks;
    const char *labels;
  } cases[] = {
    { "UTC", "2026-01-31T08:00:00Z", "2026-01-31T08:05:00Z", 6,
      "08:00 | 08:01 | 08:02 | 08:03 | 08:04 | 08:05" },
    { "UTC", "2026-01-31T08:00:00Z", "2026-01-31T08:00:10Z", 6,
      "08:00:00 | 08:00:02 | 08:00:04 | 08:00:06 | 08:00:08 | 08:00:10" },
    { "UTC", "2026-01-31T23:30:00Z", "2026-02-01T00:30:00Z", 5,
      "23:30 | 23:45 | 1 Feb! | 00:15 | 00:30" },
    /* Half an hour off: the grid is the zone's. */
    { "Asia/Kolkata", "2026-01-31T00:00:00Z", "2026-01-31T06:00:00Z", 7,
      "06:00 | 07:00 | 08:00 | 09:00 | 10:00 | 11:00" },
    /* Clocks go from 2 to 3 at 01:00 UTC: whole hours stay whole, nothing stands twice. */
    { "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z", 7,
      "29 Mar! | 01:00 | 03:00 | 04:00 | 05:00 | 06:00 | 07:00" },
    { "UTC", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z", 4, "1 Jan | 2 Jan | 3 Jan | 4 Jan" },
    { "UTC", "2025-11-15T00:00:00Z", "2026-03-15T00:00:00Z", 6, "Dec | 2026! | Feb | Mar" },
    { "UTC", "2000-01-01T00:00:00Z", "2026-01-01T00:00:00Z", 7,
      "2000! | 2005! | 2010! | 2015! | 2020! | 2025!" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      MusterAxis *axis = muster_axis_new (MUSTER_AXIS_TIME);
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (cases[i].zone);

      g_assert_nonnull (zone);
      muster_axis_set_zone (axis, zone);
      muster_axis_set_range (axis, at (cases[i].from), at (cases[i].to));
      assert_labels (axis, cases[i].max_ticks, cases[i].labels);
      g_assert_finalize_object (axis);
    }
}

static void
test_milliseconds (void)
{
  MusterAxis *axis = muster_axis_new (MUSTER_AXIS_TIME);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *text = NULL;

  muster_axis_set_zone (axis, zone);
  muster_axis_set_range (axis, 1e12, 1e12 + 30000);
  assert_labels (axis, 4, "40.000 | 40.010 | 40.020 | 40.030");
  text = muster_axis_format (axis, 1e12 + 12345);
  g_assert_cmpstr (text, ==, "13:46:40.012");
  g_assert_finalize_object (axis);
}

static void
test_format (void)
{
  MusterAxis      *axis = muster_axis_new (MUSTER_AXIS_NUMBER);
  g_autofree char *narrow = NULL;
  g_autofree char *wide = NULL;

  muster_axis_set_range (axis, 21, 22);
  narrow = muster_axis_format (axis, 21.51);
  g_assert_cmpstr (narrow, ==, "21.510");
  muster_axis_set_range (axis, 0, 1000);
  wide = muster_axis_format (axis, 21.51);
  g_assert_cmpstr (wide, ==, "22");
  g_assert_finalize_object (axis);
}

static void
test_margin (void)
{
  MusterAxis *axis = muster_axis_new (MUSTER_AXIS_TIME);
  unsigned    count = 0;

  g_signal_connect (axis, "range-changed", G_CALLBACK (count_cb), &count);
  muster_axis_reserve_margin (axis, 20);
  muster_axis_reserve_margin (axis, 12);
  g_assert_cmpint (muster_axis_get_margin (axis), ==, 20);
  g_assert_cmpuint (count, ==, 1);
  g_assert_finalize_object (axis);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/axis/range", test_range);
  g_test_add_func ("/axis/pan-zoom", test_pan_zoom);
  g_test_add_func ("/axis/time-limits", test_time_limits);
  g_test_add_data_func ("/axis/fit", NULL, test_fit);
  g_test_add_func ("/axis/number-ticks", test_number_ticks);
  g_test_add_func ("/axis/time-ticks", test_time_ticks);
  g_test_add_func ("/axis/milliseconds", test_milliseconds);
  g_test_add_func ("/axis/format", test_format);
  g_test_add_func ("/axis/margin", test_margin);
  return g_test_run ();
}
