/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-course.h"

#define MS G_GINT64_CONSTANT (1000)

static gint64 times[] = { 1000, 1500, 2000, 2500, 60000 };
static double values[] = { 1, 2, 3, 4, 5 };

static MusterSeries *
fill (gsize length, const MusterPoint *before, gint64 outage)
{
  MusterSeries         *series = muster_series_new ("temperature", NULL, 100);
  const MusterApiSeries answer = { .length = length, .times = times, .values = values };
  g_autoptr (GArray) outages = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (outage != 0)
    g_array_append_val (outages, outage);
  muster_course_fill (series, &answer, 1000 * MS, before, outages);
  return series;
}

static void
test_gap (void)
{
  g_autoptr (MusterSeries) rhythm = fill (5, NULL, 0);
  g_autoptr (MusterSeries) lone = fill (1, NULL, 0);

  g_assert_true (muster_series_get_holds (rhythm));
  /* One rest of a minute does not change the rhythm of half a second. */
  g_assert_cmpint (muster_series_get_max_gap (rhythm), ==, 2000 * MS);
  g_assert_cmpint (muster_series_get_max_gap (lone), ==, 1);
}

static void
test_before (void)
{
  const MusterPoint before = { 100 * MS, 87 };
  g_autoptr (MusterSeries) series = fill (0, &before, 0);

  g_assert_cmpuint (muster_series_get_length (series), ==, 1);
  muster_series_set_current (series, TRUE);
  g_assert_cmpfloat (muster_series_find_held (series, 5000 * MS)->value, ==, 87);
}

static void
test_outage (void)
{
  g_autoptr (MusterSeries) series = fill (5, NULL, 30000 * MS);

  g_assert_cmpuint (muster_series_get_length (series), ==, 6);
  g_assert_cmpfloat (muster_series_find_held (series, 29999 * MS)->value, ==, 4);
  g_assert_null (muster_series_find_held (series, 30000 * MS));
  g_assert_null (muster_series_find_held (series, 59999 * MS));
}

static void
test_outage_at_sample (void)
{
  g_autoptr (MusterSeries) series = fill (5, NULL, 2500 * MS);

  g_assert_cmpfloat (muster_series_find_nearest (series, 2500 * MS)->value, ==, 4);
  g_assert_null (muster_series_find_held (series, 2501 * MS));
}

/* Outages before anything was known, and two in a row, leave no marks of their own. */
static void
test_outage_of_nothing (void)
{
  g_autoptr (MusterSeries) series = fill (3, NULL, 10 * MS);

  g_assert_cmpuint (muster_series_get_length (series), ==, 3);
}

static void
test_newer_stay (void)
{
  g_autoptr (MusterSeries) series = fill (2, NULL, 0);
  const MusterApiSeries answer = { .length = 2, .times = times, .values = values };
  g_autoptr (GArray) outages = g_array_new (FALSE, FALSE, sizeof (gint64));

  muster_series_append (series, 70000 * MS, 9);
  muster_course_fill (series, &answer, 1000 * MS, NULL, outages);
  g_assert_cmpfloat (muster_series_peek_last (series)->value, ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/course/gap", test_gap);
  g_test_add_func ("/course/before", test_before);
  g_test_add_func ("/course/outage", test_outage);
  g_test_add_func ("/course/outage-at-sample", test_outage_at_sample);
  g_test_add_func ("/course/outage-of-nothing", test_outage_of_nothing);
  g_test_add_func ("/course/newer-stay", test_newer_stay);
  return g_test_run ();
}
