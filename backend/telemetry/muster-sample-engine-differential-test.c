/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "muster-rollup-make.h"
#include "muster-sample-differential-test-util.h"
#include "muster-sqlite-sample-store.h"

static MusterSampleStore *
new_store (const char *path, MusterClock *clock, gpointer data)
{
  return MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, clock));
}

/* Roll-ups tell what is packed by now. */
static void
catch_up (MusterSampleStore *store)
{
  muster_test_await (muster_sqlite_sample_store_catch_up (MUSTER_SQLITE_SAMPLE_STORE (store)));
}

static const MusterDifferentialStore sqlite_store = { new_store, NULL, 0, TRUE, TRUE, catch_up };

static void
test_random_operations (void)
{
  muster_sample_differential_run (&sqlite_store, NULL, 2000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_rollup_set_least_samples (1);
  muster_test_add_fiber ("/sample-engine/random-operations", test_random_operations);
  return g_test_run ();
}
