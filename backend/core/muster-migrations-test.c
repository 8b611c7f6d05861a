/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-migrations.h"
#include "muster-repository.h"

static MusterConnection *
open_connection (const char *path)
{
  g_autoptr (GError) error = NULL;
  MusterConnection *connection =
    muster_connection_open (path, MUSTER_CONNECTION_WRITE, muster_migrations_get_format (), &error);

  g_assert_no_error (error);
  return connection;
}

static gint64
query_integer (MusterConnection *connection, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 value;

  muster_connection_query_integer (connection, sql, &value, &error);
  g_assert_no_error (error);
  return value;
}

static void
test_apply (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (MusterConnection) connection = open_connection (path);
  g_autoptr (GError) error = NULL;

  /* The second time there is nothing to do. */
  for (int i = 0; i < 2; i++)
    {
      muster_migrations_apply (connection, &error);
      g_assert_no_error (error);
      g_assert_cmpint (query_integer (connection, "PRAGMA user_version"), ==,
                       muster_migrations_get_newest ());
      g_assert_cmpint (query_integer (connection, "PRAGMA application_id"), ==,
                       MUSTER_APPLICATION_ID);
    }
  g_assert_cmpint (muster_migrations_get_newest (), >=, 1);
}

static void
test_failing_step_leaves_nothing (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (MusterConnection) connection = open_connection (path);
  g_autoptr (GError) error = NULL;

  g_assert_true (muster_migrations_apply_step (connection, 1, "0001-one.sql",
                                               "CREATE TABLE one (a INTEGER) STRICT", NULL));
  g_assert_false (muster_migrations_apply_step (
    connection, 2, "0002-two.sql",
    "CREATE TABLE two (a INTEGER) STRICT; CREATE TABLE one (b TEXT) STRICT", &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, "0002-two.sql: "));
  g_assert_cmpint (query_integer (connection, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (query_integer (connection,
                                  "SELECT count(*) FROM sqlite_schema WHERE name = 'two'"),
                   ==, 0);
  g_assert_false (muster_connection_in_transaction (connection));
}

/* A database of an earlier version opens with all that it holds. */
static void
test_fixture_of_version_1 (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *from =
    g_test_build_filename (G_TEST_DIST, "tests", "fixtures", "muster-schema-1.db", NULL);
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autofree char *contents = NULL;
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  g_autoptr (MusterRepository) repository = NULL;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) undone = NULL;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;
  MusterDatabase *database = NULL;
  gsize           length;

  g_assert_true (g_file_get_contents (from, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  database = muster_test_database_new (dir, NULL, NULL);
  repository = muster_repository_new (database);
  g_assert_cmpstr (muster_database_get_origin (database), ==,
                   "01980000-0000-7000-8000-000000000001");
  g_assert_cmpint (muster_database_get_sequence (database), ==, 1);
  device = dex_await_object (muster_repository_get (repository, &muster_device_info,
                                                    "01980000-0000-7000-8000-000000000003"),
                             &error);
  g_assert_no_error (error);
  g_assert_cmpstr (muster_entity_get_string (device, "name"), ==, "Boiler sensor");
  g_assert_cmpint (muster_entity_get_revision (device), ==, 2);
  muster_query_set_text (query, "oiler");
  found = dex_await_boxed (muster_repository_select (repository, query), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  muster_test_await (muster_journal_undo (database, actor, 1));
  undone = dex_await_object (muster_repository_get (repository, &muster_device_info,
                                                    "01980000-0000-7000-8000-000000000003"),
                             &error);
  g_assert_cmpstr (muster_entity_get_string (undone, "name"), ==, "Sensor");
  g_clear_object (&repository);
  muster_test_database_free (database);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migrations/apply", test_apply);
  g_test_add_func ("/migrations/failing-step", test_failing_step_leaves_nothing);
  muster_test_add_fiber ("/migrations/fixture/1", test_fixture_of_version_1);
  return g_test_run ();
}
