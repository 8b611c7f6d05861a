/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-clock.h"

static void
test_system (void)
{
  g_autoptr (MusterClock) clock = muster_clock_new ();
  gint64 before = g_get_real_time ();
  gint64 now = muster_clock_get_now (clock);
  gint64 monotonic = muster_clock_get_monotonic (clock);

  g_assert_cmpint (now, >=, before);
  g_assert_cmpint (now, <=, g_get_real_time ());
  g_assert_cmpint (muster_clock_get_monotonic (clock), >=, monotonic);
}

static void
test_manual (void)
{
  g_autoptr (MusterClock) clock = muster_manual_clock_new (1000);
  gint64 monotonic = muster_clock_get_monotonic (clock);

  g_assert_cmpint (muster_clock_get_now (clock), ==, 1000);
  g_assert_cmpint (muster_clock_get_now (clock), ==, 1000);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (clock), 250);
  g_assert_cmpint (muster_clock_get_now (clock), ==, 1250);
  g_assert_cmpint (muster_clock_get_monotonic (clock), ==, monotonic + 250);
}

static void
test_wall_alone (void)
{
  g_autoptr (MusterClock) clock = muster_manual_clock_new (1000);
  gint64 monotonic = muster_clock_get_monotonic (clock);

  muster_manual_clock_set_now (MUSTER_MANUAL_CLOCK (clock), 10);
  g_assert_cmpint (muster_clock_get_now (clock), ==, 10);
  g_assert_cmpint (muster_clock_get_monotonic (clock), ==, monotonic);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/system", test_system);
  g_test_add_func ("/clock/manual", test_manual);
  g_test_add_func ("/clock/wall-alone", test_wall_alone);
  return g_test_run ();
}
