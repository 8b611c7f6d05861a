/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/* The sample store under a process that is killed, a power that fails and a disk that fails, at
 * each of the writes and syncs of a session of some thousand samples: what was told to be durable
 * is there afterwards, nothing is there twice or otherwise than it was sent, and the store goes on.
 * MUSTER_TEST_BOUNDARIES sets at how many of them each fault comes (0: at all). */

#include "core/muster-core-test-util.h"
#include "faulty-vfs.h"
#include "sample-session.h"

static void
run_with_fault (Fault fault, guint at, Loss loss)
{
  g_autoptr (SampleSession) session = sample_session_new ();

  g_test_message ("fault %d at operation %u, loss %d", fault, at, loss);
  faulty_vfs_arm (fault, at);
  sample_session_run (session);
  /* A disk that failed once has not broken the store for good. */
  if (fault == FAULT_IO || fault == FAULT_FULL)
    g_assert_cmpuint (sample_session_get_n_rejected (session), <=, 4);
  faulty_vfs_recover (loss, at);
  sample_session_check_after (session);
}

/* --- tests --- */

static guint n_operations;

static void
test_without_fault (void)
{
  g_autoptr (SampleSession) session = sample_session_new ();

  faulty_vfs_arm (FAULT_NONE, 0);
  sample_session_run (session);
  n_operations = faulty_vfs_count ();
  g_assert_cmpuint (sample_session_get_n_rejected (session), ==, 0);
  g_test_message ("%u operations", n_operations);
  g_assert_cmpuint (n_operations, >, 50);
  faulty_vfs_recover (LOSE_NOTHING, 0);
  sample_session_check_after (session);
}

/* At some boundaries all over the session, at other ones than in another WAY; or at each. */
static void
meet_boundaries (Fault fault, Loss loss, guint way)
{
  const char *text = g_getenv ("MUSTER_TEST_BOUNDARIES");
  guint       n = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 6;
  guint       step = n == 0 ? 1 : MAX (1, n_operations / n);

  for (guint at = 1 + way % step; at <= n_operations; at += step)
    run_with_fault (fault, at, loss);
}

static void
test_killed (void)
{
  meet_boundaries (FAULT_STOP, LOSE_NOTHING, 0);
}

static void
test_killed_within_a_write (void)
{
  meet_boundaries (FAULT_TEAR, LOSE_NOTHING, 3);
}

static void
test_power_lost (void)
{
  meet_boundaries (FAULT_STOP, LOSE_UNSYNCED, 5);
}

static void
test_power_lost_at_random (void)
{
  meet_boundaries (FAULT_TEAR, LOSE_AT_RANDOM, 7);
}

static void
test_disk_fails_once (void)
{
  meet_boundaries (FAULT_IO, LOSE_NOTHING, 9);
}

static void
test_disk_full_once (void)
{
  meet_boundaries (FAULT_FULL, LOSE_NOTHING, 11);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The store warns of the disk, as it should. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  faulty_vfs_install ();
  muster_test_add_fiber ("/sample-store-faults/none", test_without_fault);
  muster_test_add_fiber ("/sample-store-faults/killed", test_killed);
  muster_test_add_fiber ("/sample-store-faults/killed-within-a-write", test_killed_within_a_write);
  muster_test_add_fiber ("/sample-store-faults/power-lost", test_power_lost);
  muster_test_add_fiber ("/sample-store-faults/power-lost-at-random", test_power_lost_at_random);
  muster_test_add_fiber ("/sample-store-faults/disk-fails-once", test_disk_fails_once);
  muster_test_add_fiber ("/sample-store-faults/disk-full-once", test_disk_full_once);
  return g_test_run ();
}
