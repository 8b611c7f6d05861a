/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-pace.h"

#define SECOND G_USEC_PER_SEC

/* What is taken when, of 1000 bytes a second, and how long it has to wait. */
static void
test_timeline (void)
{
  static const struct
  {
    gint64      at;
    gsize       size;
    gint64      wait;
    const char *what;
  } rows[] = {
    { 100 * SECOND, 250, 0, "a quarter of a second's worth lies ready" },
    { 100 * SECOND, 1000, 0, "the bucket is empty just then" },
    { 100 * SECOND, 500, 1 * SECOND, "after what was taken before" },
    { 100 * SECOND, 500, 3 * SECOND / 2, "and the next after that" },
    { 101 * SECOND, 100, 1 * SECOND, "a second later" },
    { 103 * SECOND, 1, 0, "all of it is there again" },
    { 200 * SECOND, 250, 0, "a long rest brings no more than a quarter of a second's worth" },
    { 200 * SECOND, 1, 0, "which is what it was" },
    { 200 * SECOND, 1, SECOND / 1000, "and no more" },
  };
  g_autoptr (MusterPace) pace = muster_pace_new (1000);

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gint64 wait = muster_pace_take (pace, rows[i].size, rows[i].at);

      g_test_message ("%s", rows[i].what);
      g_assert_cmpint (ABS (wait - rows[i].wait), <=, 1);
    }
}

/* Whoever takes as soon as may be gets the rate, however many they are; what lay ready at the
 * beginning may go to one. */
static void
test_shared (void)
{
  static const unsigned takers[] = { 1, 3, 50 };

  for (unsigned i = 0; i < G_N_ELEMENTS (takers); i++)
    {
      g_autoptr (MusterPace) pace = muster_pace_new (1000000);
      g_autofree gint64 *free_at = g_new (gint64, takers[i]);
      g_autofree gint64 *sent = g_new0 (gint64, takers[i]);
      gsize              piece = muster_pace_get_piece (pace, 65536);
      gint64             now = 0, total = 0;

      for (unsigned j = 0; j < takers[i]; j++)
        free_at[j] = SECOND;
      while (now < 11 * SECOND)
        {
          unsigned next = 0;

          for (unsigned j = 1; j < takers[i]; j++)
            if (free_at[j] < free_at[next])
              next = j;
          now = free_at[next];
          free_at[next] = now + muster_pace_take (pace, piece, now);
          sent[next] += (gint64)piece;
          total += (gint64)piece;
        }
      g_assert_cmpint (total, >=, 9900000);
      g_assert_cmpint (total, <=, 10250000 + (gint64)(piece * (takers[i] + 1)));
      for (unsigned j = 1; j < takers[i]; j++)
        g_assert_cmpint (ABS (sent[j] - sent[0]), <=, 250000 + (gint64)(2 * piece));
    }
}

static void
test_pieces (void)
{
  g_autoptr (MusterPace) pace = muster_pace_new (1);

  g_assert_cmpuint (muster_pace_get_piece (pace, 65536), ==, 1024);
  g_assert_cmpuint (muster_pace_get_piece (pace, 100), ==, 100);
  muster_pace_set_rate (pace, 160000);
  g_assert_cmpuint (muster_pace_get_piece (pace, 65536), ==, 10000);
  muster_pace_set_rate (pace, 1000000000);
  g_assert_cmpuint (muster_pace_get_piece (pace, 65536), ==, 65536);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pace/timeline", test_timeline);
  g_test_add_func ("/pace/shared", test_shared);
  g_test_add_func ("/pace/pieces", test_pieces);
  return g_test_run ();
}
