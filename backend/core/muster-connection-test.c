/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "muster-connection-private.h"
#include "muster-core-test-util.h"

static const MusterFileFormat format = { 0x1234, 7 };

typedef struct
{
  MusterTestDir    *dir;
  char             *path;
  MusterConnection *connection;
} Fixture;

static void
execute (MusterConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;

  muster_connection_execute (connection, sql, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = muster_test_dir_new ();
  fixture->path = muster_test_dir_build (fixture->dir, "test.db");
  fixture->connection =
    muster_connection_open (fixture->path, MUSTER_CONNECTION_WRITE, &format, &error);
  g_assert_no_error (error);
  execute (fixture->connection,
           "CREATE TABLE lamp (name TEXT NOT NULL, serial TEXT UNIQUE, watts REAL) STRICT;"
           "CREATE UNIQUE INDEX lamp_name_watts ON lamp (name, watts);"
           "CREATE TABLE bulb (lamp TEXT NOT NULL REFERENCES lamp (serial)) STRICT;"
           "PRAGMA application_id = 0x1234");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  muster_connection_close (fixture->connection);
  g_free (fixture->path);
  muster_test_dir_free (fixture->dir);
}

static void
check_error (Fixture *fixture, const char *sql, int code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (muster_connection_execute (fixture->connection, sql, &error));
  g_assert_error (error, MUSTER_ERROR, code);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_constraints (Fixture *fixture, gconstpointer data)
{
  execute (fixture->connection, "INSERT INTO lamp VALUES ('a', 'L-1', 5)");
  check_error (fixture, "INSERT INTO lamp VALUES ('b', 'L-1', 5)", MUSTER_ERROR_CONFLICT,
               "/serial: another lamp has this value already");
  check_error (fixture, "INSERT INTO lamp VALUES ('a', 'L-2', 5)", MUSTER_ERROR_CONFLICT,
               "/name and /watts: another lamp");
  check_error (fixture, "INSERT INTO lamp VALUES (NULL, 'L-2', 5)", MUSTER_ERROR_INVALID,
               "/name: must not be null");
  check_error (fixture, "INSERT INTO bulb VALUES ('L-9')", MUSTER_ERROR_CONFLICT, "does not exist");
  check_error (fixture, "INSERT INTO lamp VALUES ('c', 'L-3', 'bright')", MUSTER_ERROR_CONFLICT,
               "refuses");
  check_error (fixture, "INSERT INTO torch VALUES (1)", MUSTER_ERROR_FAILED, "no such table");
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *pragma;
    gint64      value;
  } cases[] = {
    { "PRAGMA synchronous", 2 },
    { "PRAGMA foreign_keys", 1 },
    { "PRAGMA trusted_schema", 0 },
    { "PRAGMA busy_timeout", 5000 },
    { "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1 },
  };
  gint64 value = -1;

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (
        muster_connection_query_integer (fixture->connection, cases[i].pragma, &value, NULL));
      g_assert_cmpint (value, ==, cases[i].value);
    }
}

static void
test_statement_cache (Fixture *fixture, gconstpointer data)
{
  const char *sql = "SELECT name FROM lamp WHERE serial = :serial";
  g_autoptr (GError) error = NULL;
  MusterStatement *first = NULL, *second = NULL, *third = NULL;

  execute (fixture->connection, "INSERT INTO lamp VALUES ('a', 'L-1', 5)");
  first = muster_statement_new (fixture->connection, sql, &error);
  /* In use: another one is made. */
  second = muster_statement_new (fixture->connection, sql, &error);
  g_assert_true (first != second);
  muster_statement_bind_text (first, ":serial", "L-1");
  g_assert_cmpint (muster_statement_step (first, &error), ==, MUSTER_STEP_ROW);
  g_assert_cmpstr (muster_statement_get_text (first, 0), ==, "a");
  muster_statement_release (second);
  muster_statement_release (first);
  third = muster_statement_new (fixture->connection, sql, &error);
  g_assert_true (third == first);
  /* Nothing is left of what was bound. */
  g_assert_cmpint (muster_statement_step (third, &error), ==, MUSTER_STEP_DONE);
  muster_statement_release (third);
  g_assert_null (muster_statement_new (fixture->connection, "SELECT wings FROM lamp", &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
}

/* More texts than are kept, while one of them is in use. */
static void
test_statement_crowd (Fixture *fixture, gconstpointer data)
{
  MusterStatement *first = NULL;
  MusterStatement *again = NULL;

  execute (fixture->connection, "INSERT INTO lamp VALUES ('a', 'L-1', 5)");
  first = muster_statement_new (fixture->connection, "SELECT name FROM lamp", NULL);
  for (unsigned i = 0; i < 500; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT name FROM lamp WHERE %u", i);
      g_autoptr (MusterStatement) other = muster_statement_new (fixture->connection, sql, NULL);

      g_assert_nonnull (other);
    }
  again = muster_statement_new (fixture->connection, "SELECT name FROM lamp", NULL);
  g_assert_true (again != first);
  g_assert_cmpint (muster_statement_step (first, NULL), ==, MUSTER_STEP_ROW);
  g_assert_cmpstr (muster_statement_get_text (first, 0), ==, "a");
  muster_statement_release (first);
  g_assert_cmpint (muster_statement_step (again, NULL), ==, MUSTER_STEP_ROW);
  muster_statement_release (again);
}

static void
test_statement_values (Fixture *fixture, gconstpointer data)
{
  static const MusterEnumValue nicks[] = { { "red", "" }, { "green", "" }, { NULL, NULL } };
  static const MusterEnum      enumeration = { "Colour", nicks };
  static const MusterField     fields[] = {
    { "s", MUSTER_FIELD_STRING }, { "i", MUSTER_FIELD_INTEGER },
    { "d", MUSTER_FIELD_DOUBLE }, { "b", MUSTER_FIELD_BOOLEAN },
    { "t", MUSTER_FIELD_TIME },   { "e", MUSTER_FIELD_ENUM, .enumeration = &enumeration },
    { "n", MUSTER_FIELD_TEXT },
  };
  const MusterValue values[] = {
    { .text = (char *)"ü\n" }, { .integer = G_MININT64 },       { .number = 0.1 },
    { .integer = 1 },          { .integer = 1767225600123456 }, { .integer = 1 },
    { .is_null = TRUE },
  };
  g_autoptr (MusterStatement) statement =
              muster_statement_new (fixture->connection, "SELECT ?, ?, ?, ?, ?, ?, ?", NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++)
    muster_statement_bind_value (statement, i + 1, &fields[i], &values[i]);
  g_assert_cmpint (muster_statement_step (statement, NULL), ==, MUSTER_STEP_ROW);
  for (size_t i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      MusterValue value;

      muster_statement_get_value (statement, i, &fields[i], &value);
      g_assert_true (muster_value_equal (&fields[i], &value, &values[i]));
    }
  g_assert_cmpstr (muster_statement_get_text (statement, 5), ==, "green");
}

static void
test_unknown_parameter (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (fixture->connection, "SELECT :a", NULL);

  g_test_expect_message ("muster-statement", G_LOG_LEVEL_CRITICAL, "no parameter :b*");
  g_test_expect_message ("muster-statement", G_LOG_LEVEL_CRITICAL, "*out of range*");
  muster_statement_bind_integer (statement, ":b", 1);
  g_test_assert_expected_messages ();
}

static void
test_reader_cannot_write (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterConnection) reader =
              muster_connection_open (fixture->path, MUSTER_CONNECTION_READ, &format, &error);
  gint64 count = -1;

  g_assert_no_error (error);
  g_assert_true (
    muster_connection_query_integer (reader, "SELECT count(*) FROM lamp", &count, NULL));
  g_assert_cmpint (count, ==, 0);
  g_assert_false (
    muster_connection_execute (reader, "INSERT INTO lamp VALUES ('a', 'L-1', 5)", &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  gint64           pages = 0;
  g_autofree char *limit = NULL;

  g_assert_true (
    muster_connection_query_integer (fixture->connection, "PRAGMA page_count", &pages, NULL));
  limit = g_strdup_printf ("PRAGMA max_page_count = %d", (int)pages);
  execute (fixture->connection, limit);
  check_error (fixture, "INSERT INTO lamp (name, serial) VALUES ('a', hex (zeroblob (100000)))",
               MUSTER_ERROR_STORAGE_FULL, "no space is left");
  /* When space returns, so does work. */
  execute (fixture->connection, "PRAGMA max_page_count = 100000");
  execute (fixture->connection,
           "INSERT INTO lamp (name, serial) VALUES ('a', hex (zeroblob (100000)))");
}

static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterConnection) other =
              muster_connection_open (fixture->path, MUSTER_CONNECTION_WRITE, &format, NULL);

  sqlite3_busy_timeout (muster_connection_get_handle (fixture->connection), 1);
  execute (other, "BEGIN IMMEDIATE");
  check_error (fixture, "BEGIN IMMEDIATE", MUSTER_ERROR_UNAVAILABLE, "another program has locked");
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  muster_connection_check (fixture->connection, FALSE, &error);
  g_assert_no_error (error);
  muster_connection_check (fixture->connection, TRUE, &error);
  g_assert_no_error (error);
}

static void
test_newer_version (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  execute (fixture->connection, "PRAGMA user_version = 8");
  g_assert_null (muster_connection_open (fixture->path, MUSTER_CONNECTION_WRITE, &format, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_SCHEMA_TOO_NEW);
}

static void
test_other_format (Fixture *fixture, gconstpointer data)
{
  static const MusterFileFormat other = { 0x4321, 7 };
  g_autoptr (GError) error = NULL;

  g_assert_null (muster_connection_open (fixture->path, MUSTER_CONNECTION_WRITE, &other, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/connection/constraints", test_constraints);
  ADD ("/connection/settings", test_settings);
  ADD ("/connection/statement-cache", test_statement_cache);
  ADD ("/connection/statement-crowd", test_statement_crowd);
  ADD ("/connection/statement-values", test_statement_values);
  ADD ("/connection/unknown-parameter", test_unknown_parameter);
  ADD ("/connection/reader-cannot-write", test_reader_cannot_write);
  ADD ("/connection/full", test_full);
  ADD ("/connection/locked", test_locked);
  ADD ("/connection/check", test_check);
  ADD ("/connection/newer-version", test_newer_version);
  ADD ("/connection/other-format", test_other_format);
  return g_test_run ();
}
