/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "model/muster-device.h"
#include "model/muster-entities.h"
#include "model/muster-metric.h"
#include "muster-core-test-util.h"
#include "muster-database-private.h"
#include "muster-journal.h"
#include "muster-setting-record.h"

/* A job that inserts a device called DATA. */
static gboolean
insert_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", data);
  if (!muster_transaction_insert (transaction, device, error))
    return FALSE;
  g_value_init (result, G_TYPE_STRING);
  g_value_set_string (result, muster_entity_get_id (device));
  return TRUE;
}

static gboolean
count_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  gint64 count = muster_transaction_count (transaction, query, error);

  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, count);
  return count >= 0;
}

static DexFuture *
insert (MusterDatabase *database, const char *name)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");

  return muster_database_write (database, actor, NULL, insert_job, g_strdup (name), g_free);
}

static gint64
count (MusterDatabase *database)
{
  g_autoptr (GError) error = NULL;
  gint64 n = dex_await_int64 (muster_database_read (database, count_job, NULL, NULL), &error);

  g_assert_no_error (error);
  return n;
}

static void
test_write_and_read (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = dex_await_string (insert (database, "Lamp"), &error);

  g_assert_no_error (error);
  g_assert_nonnull (id);
  g_assert_cmpint (count (database), ==, 1);
  g_assert_cmpint (muster_database_get_sequence (database), ==, 1);
  g_assert_cmpuint (strlen (muster_database_get_origin (database)), ==, 36);
  g_assert_true (muster_database_find_entity (database, "device") == &muster_device_info);
  g_assert_null (muster_database_find_entity (database, "unicorn"));
  muster_test_database_free (database);
}

static void
test_many_in_order (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  DexFuture      *futures[300];

  for (size_t i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = insert (database, "Lamp");
  muster_test_await (futures[G_N_ELEMENTS (futures) - 1]);
  /* One writer: when the last is done, so are all. */
  for (size_t i = 0; i + 1 < G_N_ELEMENTS (futures); i++)
    {
      g_assert_true (dex_future_is_resolved (futures[i]));
      dex_unref (futures[i]);
    }
  g_assert_cmpint (count (database), ==, G_N_ELEMENTS (futures));
  g_assert_cmpint (muster_database_get_sequence (database), ==, G_N_ELEMENTS (futures));
  muster_test_database_free (database);
}

static gboolean
failing_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  if (!insert_job (transaction, data, result, error))
    return FALSE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "on second thoughts");
  return FALSE;
}

static void
test_failure_rolls_back_alone (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  DexFuture      *first = insert (database, "First");
  DexFuture      *failing =
    muster_database_write (database, actor, NULL, failing_job, g_strdup ("Second"), g_free);
  DexFuture *last = insert (database, "Last");
  g_autoptr (GError) error = NULL;

  muster_test_await (first);
  error = muster_test_await_error (failing, MUSTER_ERROR_CONFLICT);
  g_assert_cmpstr (error->message, ==, "on second thoughts");
  muster_test_await (last);
  g_assert_cmpint (count (database), ==, 2);
  g_assert_cmpint (muster_database_get_sequence (database), ==, 2);
  muster_test_database_free (database);
}

static void
test_not_open (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (MusterDatabase) database = muster_database_new (path, clock, NULL);
  g_autoptr (GError) error = NULL;

  error = muster_test_await_error (insert (database, "Lamp"), MUSTER_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  error =
    muster_test_await_error (muster_database_backup (database, "x"), MUSTER_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  error = muster_test_await_error (muster_database_read (database, count_job, NULL, NULL),
                                   MUSTER_ERROR_UNAVAILABLE);
}

static void
test_stop_finishes_what_waits (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase  *database = muster_test_database_new (dir, NULL, NULL);
  g_autofree char *log = muster_test_dir_build (dir, "muster.db-wal");
  DexFuture       *futures[20];

  for (size_t i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = insert (database, "Lamp");
  muster_test_await (muster_service_stop (MUSTER_SERVICE (database)));
  for (size_t i = 0; i < G_N_ELEMENTS (futures); i++)
    muster_test_await (futures[i]);
  g_assert_finalize_object (database);
  /* The log was folded into the file. */
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  database = muster_test_database_new (dir, NULL, NULL);
  g_assert_cmpint (count (database), ==, 20);
  muster_test_database_free (database);
}

static void
test_reopens (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase  *database = muster_test_database_new (dir, NULL, NULL);
  g_autofree char *origin = g_strdup (muster_database_get_origin (database));
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  GStatBuf         status;

  muster_test_await (insert (database, "Lamp"));
  muster_test_database_free (database);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  database = muster_test_database_new (dir, NULL, NULL);
  g_assert_cmpstr (muster_database_get_origin (database), ==, origin);
  g_assert_cmpint (muster_database_get_sequence (database), ==, 1);
  muster_test_database_free (database);
}

static void
test_dropped_without_stop (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);

  muster_test_await (insert (database, "Lamp"));
  muster_test_sleep (1);
  g_assert_finalize_object (database);
}

static void
test_dropped_future (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);

  dex_unref (insert (database, "Lamp"));
  muster_test_await (insert (database, "Lamp"));
  g_assert_cmpint (count (database), ==, 2);
  muster_test_database_free (database);
}

/* --- what is published --- */

typedef struct
{
  GString   *heard;
  DexFuture *future; /* of the write under way */
} Listener;

static void
journal_cb (MusterEvent *event, gpointer user_data)
{
  Listener           *listener = user_data;
  MusterJournalEntry *entry = muster_event_get_payload (event);

  g_string_append_printf (listener->heard, "%s%" G_GINT64_FORMAT " ",
                          muster_journal_entry_get_entity (entry),
                          muster_event_get_sequence (event));
  /* Published before the write resolves. */
  if (listener->future != NULL)
    g_assert_true (dex_future_is_pending (listener->future));
}

static void
changed_cb (MusterDatabase         *database,
            const MusterEntityInfo *info,
            const char             *id,
            gpointer                user_data)
{
  g_string_append_printf (((Listener *)user_data)->heard, "~%s ", info->name);
}

static void
test_publishes (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterBus) bus = muster_bus_new ();
  g_autoptr (GString) heard = g_string_new (NULL);
  MusterDatabase *database = muster_test_database_new (dir, NULL, bus);
  Listener        listener = { heard, NULL };

  muster_bus_subscribe (bus, MUSTER_TOPIC_JOURNAL, NULL, journal_cb, &listener);
  g_signal_connect (database, "changed", G_CALLBACK (changed_cb), &listener);
  listener.future = insert (database, "Lamp");
  muster_test_await (dex_ref (listener.future));
  dex_clear (&listener.future);
  g_assert_cmpstr (heard->str, ==, "~device device1 ");
  muster_test_await (insert (database, "Lamp"));
  g_assert_cmpstr (heard->str, ==, "~device device1 ~device device2 ");
  muster_test_database_free (database);
}

static gboolean
insert_many_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  for (int i = 0; i < GPOINTER_TO_INT (data); i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      muster_entity_set_string (device, "name", "Lamp");
      if (!muster_transaction_insert (transaction, device, error))
        return FALSE;
    }
  return TRUE;
}

static void
slow_cb (MusterEvent *event, gpointer user_data)
{
  g_usleep (20);
}

static gboolean
tick_cb (gpointer data)
{
  (*(unsigned *)data)++;
  return G_SOURCE_CONTINUE;
}

static void
test_large_operation_lets_main_loop_run (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterBus) bus = muster_bus_new ();
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  MusterDatabase *database = muster_test_database_new (dir, NULL, bus);
  DexFuture      *bulk = NULL;
  unsigned        ticks = 0;
  guint           source;

  muster_bus_subscribe (bus, NULL, NULL, slow_cb, NULL);
  bulk = muster_database_write (database, actor, "Import", insert_many_job, GINT_TO_POINTER (2000),
                                NULL);
  source = g_timeout_add (1, tick_cb, &ticks);
  muster_test_await (bulk);
  g_source_remove (source);
  g_assert_cmpuint (ticks, >, 3);
  g_assert_cmpint (muster_database_get_sequence (database), ==, 2000);
  muster_test_database_free (database);
}

/* --- files that are refused --- */

static GError *
start_error (const char *path, int code)
{
  g_autoptr (MusterClock) clock = muster_clock_new ();
  MusterDatabase *database = muster_database_new (path, clock, NULL);
  GError         *error = NULL;

  muster_database_register_entities (database, muster_entities);
  error = muster_test_await_error (muster_service_start (MUSTER_SERVICE (database)), code);
  g_assert_finalize_object (database);
  g_assert_nonnull (strstr (error->message, path));
  return error;
}

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

static void
test_refuses_newer_schema (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (GError) error = NULL;

  muster_test_database_free (muster_test_database_new (dir, NULL, NULL));
  run_sql (path, "PRAGMA user_version = 9999");
  error = start_error (path, MUSTER_ERROR_SCHEMA_TOO_NEW);
  g_assert_nonnull (strstr (error->message, "newer version"));
}

static void
test_refuses_foreign_file (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (GError) error = NULL;

  run_sql (path, "CREATE TABLE bookmarks (url TEXT); PRAGMA application_id = 1234");
  error = start_error (path, MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, "another program"));
}

static void
test_refuses_no_database (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (
    path,
    "This is a letter to my aunt, and of course it is longer than the header of a database would be, "
    "which has a hundred bytes.",
    -1, NULL));
  error = start_error (path, MUSTER_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "put a backup there as muster.db"));
}

static void
test_refuses_damaged_file (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  gsize           length;

  for (int i = 0; i < 200; i++)
    muster_test_await (
      insert (database,
              "A lamp with a name of some length, so that there are pages to be damaged"));
  muster_test_database_free (database);
  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  for (gsize i = length / 4; i < length * 3 / 4; i += 7)
    contents[i] ^= 0x5a;
  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  error = start_error (path, MUSTER_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "put a backup there as muster.db"));
}

static void
test_refuses_missing_folder (void)
{
  g_autoptr (GError) error = start_error ("/nonexistent/muster.db", MUSTER_ERROR_FAILED);

  g_assert_nonnull (strstr (error->message, "No such file"));
}

/* --- trouble while running --- */

static gboolean
limit_pages_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %d", GPOINTER_TO_INT (data));

  return muster_connection_execute (transaction->connection, sql, error);
}

/* N settings of ten thousand characters. */
static gboolean
insert_bulky_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autofree char *value = g_strnfill (10000, 'x');

  for (int i = 0; i < GPOINTER_TO_INT (data); i++)
    {
      g_autoptr (MusterEntity) setting = muster_entity_new (&muster_setting_info);
      g_autofree char *key = g_strdup_printf ("key.%d", i);

      muster_entity_set_string (setting, "key", key);
      muster_entity_set_string (setting, "value", value);
      if (!muster_transaction_insert (transaction, setting, error))
        return FALSE;
    }
  return TRUE;
}

static void
test_full_and_back (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (GError) error = NULL;

  muster_test_await (insert (database, "Lamp"));
  muster_test_await (
    muster_database_write (database, actor, NULL, limit_pages_job, GINT_TO_POINTER (1), NULL));
  error = muster_test_await_error (muster_database_write (database, actor, NULL, insert_bulky_job,
                                                          GINT_TO_POINTER (100), NULL),
                                   MUSTER_ERROR_STORAGE_FULL);
  g_assert_cmpstr (muster_service_get_trouble (MUSTER_SERVICE (database)), ==, error->message);
  g_assert_cmpint (count (database), ==, 1);
  muster_test_await (muster_database_write (database, actor, NULL, limit_pages_job,
                                            GINT_TO_POINTER (1000000), NULL));
  muster_test_await (insert (database, "Lamp"));
  g_assert_null (muster_service_get_trouble (MUSTER_SERVICE (database)));
  g_assert_cmpint (count (database), ==, 2);
  g_assert_cmpint (muster_database_get_sequence (database), ==, 2);
  muster_test_database_free (database);
}

/* A large file is not read through before the start; its damage is found soon after. */
static void
test_damage_found_later (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "muster.db");
  g_autoptr (MusterActor) actor = muster_actor_new_system ("test");
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  char            garbage[4096];
  GStatBuf        status;
  FILE           *file = NULL;

  muster_test_await (
    muster_database_write (database, actor, NULL, insert_bulky_job, GINT_TO_POINTER (2000), NULL));
  muster_test_database_free (database);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_size, >, MUSTER_DATABASE_CHECK_AT_START);
  memset (garbage, 0x5a, sizeof garbage);
  file = g_fopen (path, "r+b");
  for (int i = 0; i < 200; i++)
    {
      g_assert_cmpint (fseek (file, status.st_size / 2 / 4096 * 4096 + i * 4096, SEEK_SET), ==, 0);
      g_assert_cmpuint (fwrite (garbage, sizeof garbage, 1, file), ==, 1);
    }
  g_assert_cmpint (fclose (file), ==, 0);

  database = muster_test_database_new (dir, NULL, NULL);
  for (int i = 0; i < 1000 && muster_service_get_trouble (MUSTER_SERVICE (database)) == NULL; i++)
    muster_test_sleep (10);
  g_assert_nonnull (strstr (muster_service_get_trouble (MUSTER_SERVICE (database)),
                            "put a backup there as muster.db"));
  muster_test_database_free (database);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/database/write-and-read", test_write_and_read);
  muster_test_add_fiber ("/database/many-in-order", test_many_in_order);
  muster_test_add_fiber ("/database/failure-rolls-back-alone", test_failure_rolls_back_alone);
  muster_test_add_fiber ("/database/not-open", test_not_open);
  muster_test_add_fiber ("/database/stop-finishes-what-waits", test_stop_finishes_what_waits);
  muster_test_add_fiber ("/database/reopens", test_reopens);
  muster_test_add_fiber ("/database/dropped-without-stop", test_dropped_without_stop);
  muster_test_add_fiber ("/database/dropped-future", test_dropped_future);
  muster_test_add_fiber ("/database/publishes", test_publishes);
  muster_test_add_fiber ("/database/large-operation", test_large_operation_lets_main_loop_run);
  muster_test_add_fiber ("/database/refuses-newer-schema", test_refuses_newer_schema);
  muster_test_add_fiber ("/database/refuses-foreign-file", test_refuses_foreign_file);
  muster_test_add_fiber ("/database/refuses-no-database", test_refuses_no_database);
  muster_test_add_fiber ("/database/refuses-damaged-file", test_refuses_damaged_file);
  muster_test_add_fiber ("/database/refuses-missing-folder", test_refuses_missing_folder);
  muster_test_add_fiber ("/database/full-and-back", test_full_and_back);
  muster_test_add_fiber ("/database/damage-found-later", test_damage_found_later);
  return g_test_run ();
}
