/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/* Bytes that changed in the file of samples while nobody looked: a block that is damaged is put
 * aside and the rest stays readable, and never is a value told that nobody sent. */

#include <sqlite3.h>
#include <stdio.h>

#include "core/muster-core-test-util.h"
#include "model/muster-error.h"
#include "sample-session.h"

/* Runs SQL on the closed file; the number in its first row, 0 where there is none. */
static gint64
run_sql (SampleSession *session, const char *sql)
{
  g_autofree char *path = sample_session_build_path (session, "samples.db");
  sqlite3         *database;
  sqlite3_stmt    *statement;
  gint64           number = 0;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    number = sqlite3_column_int64 (statement, 0);
  g_assert_cmpint (sqlite3_finalize (statement), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  return number;
}

static SampleSession *
make_session (void)
{
  SampleSession *session = sample_session_new ();

  sample_session_run (session);
  g_assert_cmpint (run_sql (session, "SELECT COUNT(*) FROM block"), >, 2);
  return session;
}

/* What is lost are at most N_ROWS, now and after more starts; the N_BLOCKS are put aside by whoever
 * reads them, and the store takes more. */
static void
check_loss (SampleSession *session, gint64 n_rows, gint64 n_blocks)
{
  g_autoptr (GError) error = NULL;
  guint n_lost;

  sample_session_open (session, &error);
  g_assert_no_error (error);
  n_lost = sample_session_check (session);
  g_assert_cmpuint (n_lost, >, 0);
  g_assert_cmpuint (n_lost, <=, 3 * n_rows);
  for (guint i = 0; i < 2; i++)
    {
      sample_session_send (session, i, 300);
      sample_session_settle (session);
      g_assert_cmpuint (sample_session_get_n_rejected (session), ==, 0);
      g_assert_cmpuint (sample_session_check (session), ==, n_lost);
      sample_session_close (session);
      sample_session_open (session, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sample_session_check (session), ==, n_lost);
    }
  sample_session_close (session);
  g_assert_cmpint (run_sql (session, "SELECT COUNT(*) FROM quarantine"), ==, n_blocks);
}

/* SQL with %d for the block's number */
static char *
name_block (const char *sql, gint64 id)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  g_auto (GStrv) parts = g_strsplit (sql, "%d", -1);

  return g_strjoinv (text, parts);
}

/* In each of some blocks in turn; the last is the newest. COUNT tells the rows that are lost,
 * BLOCKS the blocks. */
static void
damage_blocks (const char *sql, const char *count, const char *blocks)
{
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (SampleSession) session = make_session ();
      g_autofree char *pick =
        g_strdup_printf ("SELECT id FROM block ORDER BY device, first "
                         "LIMIT 1 OFFSET (SELECT COUNT(*) * %u / 3 FROM block)",
                         i);
      gint64           id = run_sql (session, pick);
      g_autofree char *count_rows = name_block (count, id);
      g_autofree char *change = name_block (sql, id);
      g_autofree char *count_blocks = name_block (blocks, id);
      gint64           n_rows = run_sql (session, count_rows);
      gint64           n_blocks = run_sql (session, count_blocks);

      run_sql (session, change);
      check_loss (session, n_rows, n_blocks);
    }
}

/* A byte in the middle becomes another. */
#define FLIPPED(column)                                                                            \
  "CAST (substr (" column ", 1, length (" column ") / 2) || CASE substr (" column                  \
  ", length (" column ") / 2 + 1, 1) WHEN x'55' "                                                  \
  "THEN x'aa' ELSE x'55' END || substr (" column ", length (" column ") / 2 + 2) AS BLOB)"

#define OF_BLOCK "SELECT n_rows FROM block WHERE id = %d"
#define ITS_EXTENT "(SELECT extent FROM block WHERE id = %d)"

static void
test_data (void)
{
  damage_blocks (
    "UPDATE extent SET data = CAST (substr (data, 1, place) || CASE substr (data, place + 1, 1) WHEN x'55' THEN x'aa' ELSE x'55' END "
    "|| substr (data, place + 2) AS BLOB) FROM (SELECT extent, offset + length / 2 AS place FROM block WHERE id = %d) AS at WHERE at.extent = extent.id",
    OF_BLOCK, "SELECT 1");
}

static void
test_directory (void)
{
  damage_blocks ("UPDATE block SET directory = " FLIPPED ("directory") " WHERE id = %d", OF_BLOCK,
                 "SELECT 1");
}

static void
test_missing (void)
{
  damage_blocks ("DELETE FROM extent WHERE id = " ITS_EXTENT,
                 "SELECT SUM (n_rows) FROM block WHERE extent = " ITS_EXTENT,
                 "SELECT COUNT (*) FROM block WHERE extent = " ITS_EXTENT);
}

static void
test_cut (void)
{
  damage_blocks (
    "UPDATE extent SET data = substr (data, 1, length (data) - 1) WHERE id = " ITS_EXTENT,
    "SELECT n_rows FROM block WHERE extent = " ITS_EXTENT " ORDER BY offset DESC", "SELECT 1");
}

static void
test_latest (void)
{
  g_autoptr (SampleSession) session = make_session ();

  run_sql (session, "UPDATE device SET latest = x'ffffffffff'");
  sample_session_check_after (session);
}

/* --- anywhere in the file --- */

static void
flip_byte (const char *path, GRand *random)
{
  FILE *file = fopen (path, "r+b");
  long  size, place;
  int   byte;

  fseek (file, 0, SEEK_END);
  size = ftell (file);
  place = g_rand_int_range (random, 0, size);
  fseek (file, place, SEEK_SET);
  byte = fgetc (file);
  fseek (file, place, SEEK_SET);
  fputc (byte ^ 1 << g_rand_int_range (random, 0, 8), file);
  fclose (file);
}

/* The store opens or says what is wrong; what it tells is what was sent. */
static void
check_flipped (SampleSession *session)
{
  g_autoptr (GError) error = NULL;

  if (sample_session_open (session, &error))
    sample_session_check_readable (session);
  else
    g_assert_nonnull (strstr (error->message, "samples"));
  sample_session_close (session);
}

static void
test_anywhere (void)
{
  g_autoptr (SampleSession) session = make_session ();
  g_autofree char *path = sample_session_build_path (session, "samples.db");
  g_autofree char *whole = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  gsize length;

  g_assert_true (g_file_get_contents (path, &whole, &length, NULL));
  for (guint i = 0; i < 60; i++)
    {
      g_assert_true (g_file_set_contents (path, whole, length, NULL));
      for (guint n = g_rand_int_range (random, 1, 20); n > 0; n--)
        flip_byte (path, random);
      check_flipped (session);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The store warns of what is damaged, as it should. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  muster_test_add_fiber ("/sample-store-damage/data", test_data);
  muster_test_add_fiber ("/sample-store-damage/directory", test_directory);
  muster_test_add_fiber ("/sample-store-damage/missing", test_missing);
  muster_test_add_fiber ("/sample-store-damage/cut", test_cut);
  muster_test_add_fiber ("/sample-store-damage/latest", test_latest);
  muster_test_add_fiber ("/sample-store-damage/anywhere", test_anywhere);
  return g_test_run ();
}
