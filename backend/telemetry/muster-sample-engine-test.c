/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sqlite3.h>

#include "core/muster-core-test-util.h"
#include "muster-sample-engine.h"

#define START G_GINT64_CONSTANT (1767225600000000)
#define N_DEVICES 200
#define N_ROWS 60
#define JOURNAL_MOST 20000

static gint64
run_sql (const char *path, const char *sql)
{
  sqlite3      *database = NULL;
  sqlite3_stmt *statement = NULL;
  gint64        number;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (database);
  return number;
}

/* A message of each device, durable when it returns. */
static void
send (MusterSampleEngine *engine, unsigned row)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (unsigned device = 0; device < N_DEVICES; device++)
    {
      g_autofree char *id = g_strdup_printf ("01980000-0000-7000-8000-%012u", device);
      g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (id);

      muster_sample_batch_add_double (batch, "level", START + row * G_USEC_PER_SEC, device / 10.0,
                                      MUSTER_SAMPLE_PLAIN);
      g_ptr_array_add (futures, muster_sample_engine_append_batch (engine, batch));
    }
  for (unsigned device = 0; device < N_DEVICES; device++)
    muster_test_await (dex_ref (futures->pdata[device]));
}

/* Devices that seldom send never fill a block, and yet the journal: what is oldest goes into short
 * blocks, though nothing else is ever sealed. */
static void
test_sparse (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char    *path = muster_test_dir_build (dir, "samples.db");
  g_autofree char    *journal = g_strconcat (path, "-journal.db", NULL);
  MusterSampleEngine *engine = muster_sample_engine_new (path);
  gint64              most = 0;

  muster_sample_engine_set_journal_most (engine, JOURNAL_MOST);
  muster_test_await (muster_sample_engine_when_open (engine));
  for (unsigned row = 0; row < N_ROWS; row++)
    {
      send (engine, row);
      most = MAX (most, run_sql (journal, "SELECT IFNULL (SUM (LENGTH (data)), 0) FROM entry"));
    }
  g_test_message ("at most %" G_GINT64_FORMAT " bytes in the journal", most);
  g_assert_cmpint (most, >, JOURNAL_MOST / 2);
  g_assert_cmpint (most, <, 2 * JOURNAL_MOST);
  g_assert_cmpint (run_sql (path, "SELECT COUNT(*) FROM block"), >=, N_DEVICES / 2);
  muster_sample_engine_free (engine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/sample-engine/sparse", test_sparse);
  return g_test_run ();
}
