/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "model/muster-device.h"
#include "muster-backup.h"
#include "muster-core-test-util.h"
#include "muster-database-private.h"
#include "muster-migrations.h"
#include "muster-repository.h"

static void
insert_devices (MusterRepository *repository, int n)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  for (int i = 0; i < n; i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      muster_entity_set_string (device, "name", "Lamp");
      muster_test_await (muster_repository_insert (repository, actor, NULL, device));
    }
}

static char *
list_ids (MusterRepository *repository)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
              dex_await_boxed (muster_repository_list_ids (repository, query), &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_equals (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterTestDir) copy_dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (copy_dir, "muster.db");
  g_autofree char *log = muster_test_dir_build (copy_dir, "muster.db-wal");
  g_autofree char *ids = NULL, *copied_ids = NULL, *origin = NULL;
  MusterDatabase  *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (MusterRepository) repository = muster_repository_new (database);
  GStatBuf status;

  insert_devices (repository, 100);
  ids = list_ids (repository);
  origin = g_strdup (muster_database_get_origin (database));
  muster_test_await (muster_database_backup (database, path));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  /* It is one file. */
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  /* What comes afterwards is not in it. */
  insert_devices (repository, 1);
  g_clear_object (&repository);
  muster_test_database_free (database);

  database = muster_test_database_new (copy_dir, NULL, NULL);
  repository = muster_repository_new (database);
  copied_ids = list_ids (repository);
  g_assert_cmpstr (copied_ids, ==, ids);
  g_assert_cmpstr (muster_database_get_origin (database), ==, origin);
  g_assert_cmpint (muster_database_get_sequence (database), ==, 100);
  g_clear_object (&repository);
  muster_test_database_free (database);
}

static void
test_while_writing (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterTestDir) copy_dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (copy_dir, "muster.db");
  MusterDatabase  *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (MusterRepository) repository = muster_repository_new (database);
  DexFuture *backup = NULL;
  gint64     before;

  insert_devices (repository, 50);
  before = muster_database_get_sequence (database);
  backup = muster_database_backup (database, path);
  while (dex_future_is_pending (backup))
    insert_devices (repository, 5);
  muster_test_await (backup);
  g_clear_object (&repository);
  muster_test_database_free (database);
  database = muster_test_database_new (copy_dir, NULL, NULL);
  g_assert_cmpint (muster_database_get_sequence (database), >=, before);
  muster_test_database_free (database);
}

static unsigned
count_files (MusterTestDir *dir)
{
  g_autoptr (GDir) files = g_dir_open (muster_test_dir_get_path (dir), 0, NULL);
  unsigned n_files = 0;

  while (g_dir_read_name (files) != NULL)
    n_files++;
  return n_files;
}

static void
test_refused (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterTestDir) copy_dir = muster_test_dir_new ();
  g_autofree char *itself = muster_test_dir_build (dir, "muster.db");
  MusterDatabase  *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (GError) error = NULL;

  error =
    muster_test_await_error (muster_database_backup (database, itself), MUSTER_ERROR_CONFLICT);
  g_clear_error (&error);
  error = muster_test_await_error (muster_database_backup (database, "/nonexistent/muster.db"),
                                   MUSTER_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "/nonexistent/muster.db"));
  g_clear_error (&error);
  /* A folder of that name: the copy is made, cannot take its place, and goes. */
  error =
    muster_test_await_error (muster_database_backup (database, muster_test_dir_get_path (copy_dir)),
                             MUSTER_ERROR_FAILED);
  g_assert_cmpuint (count_files (copy_dir), ==, 0);
  muster_test_database_free (database);
}

static void
test_cancelled (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterTestDir) copy_dir = muster_test_dir_new ();
  g_autofree char *from = muster_test_dir_build (dir, "muster.db");
  g_autofree char *to = muster_test_dir_build (copy_dir, "muster.db");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (
    muster_backup_run (from, to, muster_migrations_get_format (), cancellable, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE);
  g_assert_cmpuint (count_files (copy_dir), ==, 0);
  muster_test_database_free (database);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/backup/equals", test_equals);
  muster_test_add_fiber ("/backup/while-writing", test_while_writing);
  muster_test_add_fiber ("/backup/refused", test_refused);
  muster_test_add_fiber ("/backup/cancelled", test_cancelled);
  return g_test_run ();
}
