/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-series.h"

typedef struct
{
  unsigned appended;
  unsigned trimmed;
  unsigned changed;
} Counts;

static void
count_appended_cb (MusterSeries *series, unsigned n, Counts *counts)
{
  counts->appended += n;
}

static void
count_trimmed_cb (MusterSeries *series, unsigned n, Counts *counts)
{
  counts->trimmed += n;
}

static void
count_changed_cb (MusterSeries *series, Counts *counts)
{
  counts->changed++;
}

static MusterSeries *
create (unsigned capacity, Counts *counts)
{
  MusterSeries *series = muster_series_new ("temperature", "°C", capacity);

  g_signal_connect (series, "appended", G_CALLBACK (count_appended_cb), counts);
  g_signal_connect (series, "trimmed", G_CALLBACK (count_trimmed_cb), counts);
  g_signal_connect (series, "changed", G_CALLBACK (count_changed_cb), counts);
  return series;
}

static void
assert_times (MusterSeries *series, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (series, &n_points);

  for (unsigned i = 0; i < n_points; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT "=%g", i > 0 ? " " : "", points[i].time,
                            points[i].value);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_append (void)
{
  Counts        counts = { 0 };
  MusterSeries *series = create (4, &counts);

  g_assert_cmpstr (muster_series_get_name (series), ==, "temperature");
  g_assert_cmpstr (muster_series_get_unit (series), ==, "°C");
  g_assert_null (muster_series_peek_last (series));
  for (int i = 1; i <= 6; i++)
    muster_series_append (series, i * 10, i);
  assert_times (series, "30=3 40=4 50=5 60=6");
  g_assert_cmpuint (counts.appended, ==, 6);
  g_assert_cmpuint (counts.trimmed, ==, 2);
  g_assert_cmpuint (counts.changed, ==, 6);
  g_assert_cmpint (muster_series_peek_last (series)->time, ==, 60);
  g_assert_finalize_object (series);
}

static void
test_order (void)
{
  Counts        counts = { 0 };
  MusterSeries *series = create (4, &counts);

  muster_series_append (series, 30, 3);
  muster_series_append (series, 10, 1);
  muster_series_append (series, 20, 2);
  muster_series_append (series, 20, 2.5);
  assert_times (series, "10=1 20=2.5 30=3");
  g_assert_cmpuint (counts.appended, ==, 1);
  muster_series_append (series, 40, 4);
  /* Full: what is older than everything has no place, what is newer than the oldest pushes it out.
   */
  muster_series_append (series, 5, 0);
  assert_times (series, "10=1 20=2.5 30=3 40=4");
  muster_series_append (series, 35, 3.5);
  assert_times (series, "20=2.5 30=3 35=3.5 40=4");
  g_assert_cmpuint (counts.trimmed, ==, 1);
  g_assert_finalize_object (series);
}

static void
test_wrap (void)
{
  Counts        counts = { 0 };
  MusterSeries *series = create (100, &counts);
  unsigned      n_points;

  for (int i = 0; i < 1000; i++)
    muster_series_append (series, i, i);
  g_assert_cmpuint (muster_series_get_length (series), ==, 100);
  for (int i = 0; i < 100; i++)
    g_assert_cmpint (muster_series_peek (series, &n_points)[i].time, ==, 900 + i);
  g_assert_cmpuint (counts.trimmed, ==, 900);
  g_assert_finalize_object (series);
}

static void
test_find (void)
{
  Counts        counts = { 0 };
  MusterSeries *series = create (8, &counts);

  g_assert_null (muster_series_find_nearest (series, 5));
  g_assert_cmpuint (muster_series_find (series, 5), ==, 0);
  for (int i = 1; i <= 4; i++)
    muster_series_append (series, i * 10, i);
  g_assert_cmpuint (muster_series_find (series, 10), ==, 0);
  g_assert_cmpuint (muster_series_find (series, 11), ==, 1);
  g_assert_cmpuint (muster_series_find (series, 41), ==, 4);
  g_assert_cmpint (muster_series_find_nearest (series, -100)->time, ==, 10);
  g_assert_cmpint (muster_series_find_nearest (series, 14)->time, ==, 10);
  g_assert_cmpint (muster_series_find_nearest (series, 16)->time, ==, 20);
  g_assert_cmpint (muster_series_find_nearest (series, 999)->time, ==, 40);
  g_assert_finalize_object (series);
}

static void
test_extent (void)
{
  Counts        counts = { 0 };
  MusterSeries *series = create (8, &counts);
  double        low = -1, high = -1;

  g_assert_false (muster_series_get_extent (series, 0, 100, &low, &high));
  muster_series_append (series, 10, 7);
  muster_series_append (series, 20, NAN);
  muster_series_append (series, 30, -2);
  muster_series_append (series, 40, 50);
  g_assert_true (muster_series_get_extent (series, 0, 30, &low, &high));
  g_assert_cmpfloat (low, ==, -2);
  g_assert_cmpfloat (high, ==, 7);
  g_assert_false (muster_series_get_extent (series, 15, 25, &low, &high));
  g_assert_finalize_object (series);
}

static void
test_replace (void)
{
  Counts            counts = { 0 };
  MusterSeries     *series = create (8, &counts);
  const MusterPoint older[] = { { 1, 1 }, { 2, 2 }, { 3, 3 } };
  const MusterPoint other[] = { { 2, 20 } };

  for (int i = 5; i <= 7; i++)
    muster_series_append (series, i, i);
  muster_series_replace_range (series, 0, 4, older, 3);
  assert_times (series, "1=1 2=2 3=3 5=5 6=6 7=7");
  muster_series_replace_range (series, 2, 5, other, 1);
  assert_times (series, "1=1 2=20 6=6 7=7");
  muster_series_replace_range (series, 3, G_MAXINT64, NULL, 0);
  assert_times (series, "1=1 2=20");
  muster_series_clear (series);
  assert_times (series, "");
  g_assert_cmpuint (counts.trimmed, ==, 2);
  g_assert_finalize_object (series);
}

static void
test_replace_beyond_capacity (void)
{
  Counts                  counts = { 0 };
  MusterSeries           *series = create (4, &counts);
  g_autofree MusterPoint *many = g_new (MusterPoint, 100);

  for (int i = 0; i < 100; i++)
    many[i] = (MusterPoint){ i, i };
  muster_series_append (series, 200, 200);
  muster_series_replace_range (series, 0, 99, many, 100);
  assert_times (series, "97=97 98=98 99=99 200=200");
  muster_series_append (series, 201, 201);
  assert_times (series, "98=98 99=99 200=200 201=201");
  g_assert_finalize_object (series);
}

static void
test_gap (void)
{
  Counts        counts = { 0 };
  MusterSeries *series = create (4, &counts);

  muster_series_set_max_gap (series, 0);
  g_assert_cmpuint (counts.changed, ==, 0);
  muster_series_set_max_gap (series, 5000);
  g_assert_cmpuint (counts.changed, ==, 1);
  g_assert_cmpint (muster_series_get_max_gap (series), ==, 5000);
  g_assert_finalize_object (series);
}

static void
test_held_until (void)
{
  g_autoptr (MusterSeries) series = muster_series_new ("battery", "%", 10);
  gint64 now = g_get_real_time ();

  muster_series_set_holds (series, TRUE);
  muster_series_append (series, now - 100, 87);
  g_assert_cmpint (muster_series_get_held_until (series), ==, 0);
  muster_series_set_current (series, TRUE);
  g_assert_cmpint (muster_series_get_held_until (series), ==, G_MAXINT64);
  muster_series_set_current (series, FALSE);
  g_assert_cmpint (muster_series_get_held_until (series), >=, now);
  g_assert_nonnull (muster_series_find_held (series, now - 1));
  g_assert_null (muster_series_find_held (series, g_get_real_time () + G_USEC_PER_SEC));
}

/* Where only changes are told, a value stands until the next one, until "no value", or until now.
 */
static void
test_held (void)
{
  g_autoptr (MusterSeries) series = muster_series_new ("battery", "%", 10);
  double low, high;

  muster_series_append (series, 100, 87);
  g_assert_null (muster_series_find_held (series, 150));
  g_assert_false (muster_series_get_extent (series, 150, 200, &low, &high));
  muster_series_set_holds (series, TRUE);
  g_assert_null (muster_series_find_held (series, 150));
  muster_series_set_current (series, TRUE);
  g_assert_null (muster_series_find_held (series, 99));
  g_assert_cmpint (muster_series_find_held (series, 100)->time, ==, 100);
  g_assert_cmpint (muster_series_find_held (series, G_MAXINT64)->time, ==, 100);
  g_assert_true (muster_series_get_extent (series, 150, 200, &low, &high));
  g_assert_cmpfloat (low, ==, 87);
  g_assert_cmpfloat (high, ==, 87);
  muster_series_append (series, 300, NAN);
  g_assert_cmpint (muster_series_find_held (series, 299)->time, ==, 100);
  g_assert_null (muster_series_find_held (series, 300));
  muster_series_append (series, 400, 86);
  g_assert_true (muster_series_get_extent (series, 150, 500, &low, &high));
  g_assert_cmpfloat (low, ==, 86);
  g_assert_cmpfloat (high, ==, 87);
}

static void
test_states (void)
{
  g_autoptr (MusterSeries) series = muster_series_new ("mode", NULL, 10);
  g_autoptr (MusterSeries) relay = muster_series_new ("relay", NULL, 10);

  g_assert_null (muster_series_get_state (series, 0));
  g_assert_cmpfloat (muster_series_add_state (series, "idle"), ==, 0);
  g_assert_cmpfloat (muster_series_add_state (series, "heating"), ==, 1);
  g_assert_cmpfloat (muster_series_add_state (series, "idle"), ==, 0);
  g_assert_cmpuint (muster_series_count_states (series), ==, 2);
  g_assert_cmpstr (muster_series_get_state (series, 1), ==, "heating");
  g_assert_null (muster_series_get_state (series, 2));
  g_assert_null (muster_series_get_state (series, -1));
  g_assert_null (muster_series_get_state (series, NAN));
  g_assert_false (muster_series_is_binary (series));
  muster_series_set_binary (relay, "Off", "On");
  g_assert_true (muster_series_is_binary (relay));
  g_assert_cmpstr (muster_series_get_state (relay, 1), ==, "On");
}

static void
count_cb (MusterSeries *series, unsigned *count)
{
  (*count)++;
}

/* What is beside a series is drawn with it: its changes are changes of the series. */
static void
test_beside (void)
{
  MusterSeries *series = muster_series_new ("mean", NULL, 10);
  MusterSeries *low = muster_series_new ("low", NULL, 10);
  MusterSeries *high = muster_series_new ("high", NULL, 10);
  MusterSeries *ghost = muster_series_new ("ghost", NULL, 10);
  unsigned      count = 0;

  muster_series_set_band (series, low, high);
  muster_series_set_ghost (series, ghost);
  g_signal_connect (series, "changed", G_CALLBACK (count_cb), &count);
  muster_series_append (low, 1, 1);
  muster_series_append (high, 1, 3);
  muster_series_append (ghost, 1, 2);
  g_assert_cmpuint (count, ==, 3);
  muster_series_set_ghost (series, NULL);
  g_assert_cmpuint (count, ==, 4);
  muster_series_append (ghost, 2, 2);
  g_assert_cmpuint (count, ==, 4);
  g_assert_finalize_object (ghost);
  g_assert_finalize_object (series);
  g_assert_finalize_object (low);
  g_assert_finalize_object (high);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/series/append", test_append);
  g_test_add_func ("/series/order", test_order);
  g_test_add_func ("/series/wrap", test_wrap);
  g_test_add_func ("/series/find", test_find);
  g_test_add_func ("/series/extent", test_extent);
  g_test_add_func ("/series/replace", test_replace);
  g_test_add_func ("/series/replace-beyond-capacity", test_replace_beyond_capacity);
  g_test_add_func ("/series/gap", test_gap);
  g_test_add_func ("/series/held-until", test_held_until);
  g_test_add_func ("/series/held", test_held);
  g_test_add_func ("/series/states", test_states);
  g_test_add_func ("/series/beside", test_beside);
  return g_test_run ();
}
