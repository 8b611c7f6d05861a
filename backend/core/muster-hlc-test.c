/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-hlc.h"

#define NOW_MS G_GINT64_CONSTANT (1767225600000)

typedef struct
{
  MusterClock *clock;
  MusterHlc   *hlc;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = muster_manual_clock_new (NOW_MS * 1000);
  fixture->hlc = muster_hlc_new (fixture->clock);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->hlc);
  g_assert_finalize_object (fixture->clock);
}

static void
test_follows_clock (Fixture *fixture, gconstpointer data)
{
  gint64 first = muster_hlc_next (fixture->hlc);
  gint64 second;

  g_assert_cmpint (muster_hlc_get_time_ms (first), ==, NOW_MS);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (fixture->clock), 5000);
  second = muster_hlc_next (fixture->hlc);
  g_assert_cmpint (muster_hlc_get_time_ms (second), ==, NOW_MS + 5);
  g_assert_cmpint (second, >, first);
}

static void
test_stands_still (Fixture *fixture, gconstpointer data)
{
  gint64 last = muster_hlc_next (fixture->hlc);

  for (unsigned i = 0; i < 1000; i++)
    {
      gint64 next = muster_hlc_next (fixture->hlc);

      g_assert_cmpint (next, ==, last + 1);
      last = next;
    }
  g_assert_cmpint (muster_hlc_get_time_ms (last), ==, NOW_MS);
}

static void
test_overflow_carries (Fixture *fixture, gconstpointer data)
{
  gint64 last = 0;

  for (unsigned i = 0; i < 65537; i++)
    {
      gint64 next = muster_hlc_next (fixture->hlc);

      g_assert_cmpint (next, >, last);
      last = next;
    }
  g_assert_cmpint (muster_hlc_get_time_ms (last), ==, NOW_MS + 1);
}

static void
test_clock_goes_back (Fixture *fixture, gconstpointer data)
{
  gint64 before = muster_hlc_next (fixture->hlc);

  muster_manual_clock_set_now (MUSTER_MANUAL_CLOCK (fixture->clock), (NOW_MS - 3600000) * 1000);
  g_assert_cmpint (muster_hlc_next (fixture->hlc), ==, before + 1);
}

static void
test_observe (Fixture *fixture, gconstpointer data)
{
  gint64 ahead = ((NOW_MS + 1000) << 16) + 7;

  g_assert_true (muster_hlc_observe (fixture->hlc, ahead, 60000));
  g_assert_cmpint (muster_hlc_next (fixture->hlc), ==, ahead + 1);
  /* One from the past changes nothing. */
  g_assert_true (muster_hlc_observe (fixture->hlc, 42, 60000));
  g_assert_cmpint (muster_hlc_next (fixture->hlc), ==, ahead + 2);
}

static void
test_observe_refuses (Fixture *fixture, gconstpointer data)
{
  g_assert_false (muster_hlc_observe (fixture->hlc, (NOW_MS + 60001) << 16, 60000));
  g_assert_false (muster_hlc_observe (fixture->hlc, -1, 60000));
  g_assert_false (muster_hlc_observe (fixture->hlc, G_MAXINT64, 60000));
  g_assert_cmpint (muster_hlc_get_time_ms (muster_hlc_next (fixture->hlc)), ==, NOW_MS);
}

static gpointer
stamp_thread (gpointer data)
{
  GArray *stamps = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (unsigned i = 0; i < 5000; i++)
    {
      gint64 stamp = muster_hlc_next (data);

      g_array_append_val (stamps, stamp);
    }
  return stamps;
}

static void
test_threads_get_different_stamps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GThread *threads[3];

  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("stamps", stamp_thread, fixture->hlc);
  for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (GArray) stamps = g_thread_join (threads[i]);

      for (guint j = 0; j < stamps->len; j++)
        g_hash_table_add (seen, g_memdup2 (&g_array_index (stamps, gint64, j), sizeof (gint64)));
    }
  g_assert_cmpuint (g_hash_table_size (seen), ==, 15000);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/hlc/follows-clock", test_follows_clock);
  ADD ("/hlc/stands-still", test_stands_still);
  ADD ("/hlc/overflow-carries", test_overflow_carries);
  ADD ("/hlc/clock-goes-back", test_clock_goes_back);
  ADD ("/hlc/observe", test_observe);
  ADD ("/hlc/observe-refuses", test_observe_refuses);
  ADD ("/hlc/threads", test_threads_get_different_stamps);
  return g_test_run ();
}
