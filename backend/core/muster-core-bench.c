/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures the storage of records: `muster-core-bench [N]`, N records (100,000), in the folder
 * $TMPDIR. */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "model/muster-device.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-repository.h"

static int n_records = 100000;

static double
now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

static void
fill (MusterEntity *device, int i)
{
  g_autofree char *name =
    g_strdup_printf ("%s sensor %d", i % 3 ? "Boiler" : "Cold store", i * 7919 % 100003);
  g_autofree char *serial = g_strdup_printf ("SN-%08d", i);
  g_autofree char *location = g_strdup_printf ("Hall %d, row %d", i % 7, i % 31);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "serial", serial);
  muster_entity_set_string (device, "location", location);
  muster_entity_set_string (device, "model", i % 2 ? "TH-10" : "TH-20");
  muster_entity_set_enum (device, "status",
                          i % 4 ? MUSTER_DEVICE_STATUS_DEPLOYED : MUSTER_DEVICE_STATUS_IN_STOCK);
}

static gboolean
insert_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  for (int i = 0; i < n_records; i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

      fill (device, i);
      if (!muster_transaction_insert (transaction, device, error))
        return FALSE;
    }
  return TRUE;
}

static void
bench_bulk (MusterDatabase *database)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("bench");
  double start = now_ms ();

  muster_test_await (muster_database_write (database, actor, "Import", insert_job, NULL, NULL));
  g_print ("%d journalled inserts in one job: %.0f/s\n", n_records,
           n_records * 1000.0 / (now_ms () - start));
}

/* --- one operation on all of them, and back --- */

static gboolean
update_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) ids = muster_transaction_select_ids (transaction, query, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (MusterEntity) device =
                  muster_transaction_get (transaction, &muster_device_info, ids->pdata[i], error);

      if (device == NULL)
        return FALSE;
      muster_entity_set_string (device, "notes", "Counted");
      if (!muster_transaction_update (transaction, device, 0, error))
        return FALSE;
    }
  return ids != NULL;
}

static gboolean
delete_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) ids = muster_transaction_select_ids (transaction, query, error);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (!muster_transaction_delete (transaction, &muster_device_info, ids->pdata[i], 0, error))
      return FALSE;
  return ids != NULL;
}

/* Does FUNC and takes it back. */
static void
bench_undo (MusterDatabase *database, const char *what, MusterDatabaseFunc func)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("bench");
  double  start = now_ms (), middle;
  clock_t clock_start = clock (), clock_middle;

  muster_test_await (muster_database_write_large (database, actor, what, func, NULL, NULL));
  middle = now_ms ();
  clock_middle = clock ();
  muster_test_await (
    muster_journal_undo (database, actor, muster_database_get_sequence (database)));
  /* Processor time too: others may be at work on this machine. */
  g_print ("%s %d: %.0f ms (processor %.0f ms), undone in %.0f ms (%.0f ms)\n", what, n_records,
           middle - start, (clock_middle - clock_start) * 1000.0 / CLOCKS_PER_SEC,
           now_ms () - middle, (clock () - clock_middle) * 1000.0 / CLOCKS_PER_SEC);
}

static void
bench_undos (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);
  double          start;

  bench_undo (database, "insert", insert_job);
  muster_test_await (muster_database_write_large (database, muster_actor_new_system ("bench"),
                                                  "Import", insert_job, NULL, NULL));
  bench_undo (database, "update", update_job);
  bench_undo (database, "delete", delete_job);
  start = now_ms ();
  muster_test_await (muster_journal_verify (database));
  g_print ("%" G_GINT64_FORMAT " entries verified: %.0f ms\n",
           muster_database_get_sequence (database), now_ms () - start);
  muster_test_database_free (database);
}

/* N inserts, at most AT_ONCE under way. */
static void
bench_single (MusterRepository *repository, int n, int at_once)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("bench");
  double start = now_ms ();

  for (int i = 0; i < n; i += at_once)
    {
      g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

      for (int j = 0; j < at_once; j++)
        {
          g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

          muster_entity_set_string (device, "name", "Lamp");
          g_ptr_array_add (futures, muster_repository_insert (repository, actor, NULL, device));
        }
      muster_test_await (dex_future_allv ((DexFuture *const *)futures->pdata, futures->len));
    }
  g_print ("journalled inserts, %d at once: %.0f/s\n", at_once, n * 1000.0 / (now_ms () - start));
}

/* The best of five. */
static void
bench_query (MusterRepository *repository, const char *text, gboolean ids)
{
  g_autoptr (GHashTable) params = muster_test_parse_params (text);
  g_autoptr (MusterQuery) query =
              muster_query_new_from_params (&muster_device_info, params, NULL, NULL);
  double best = G_MAXDOUBLE;
  gsize  size = 0;

  for (int i = 0; i < 5; i++)
    {
      double start = now_ms ();
      g_autoptr (GBytes) bytes =
                  dex_await_boxed (ids ? muster_repository_list_ids (repository, query)
                                       : muster_repository_list_json (repository, query),
                                   NULL);

      best = MIN (best, now_ms () - start);
      size = g_bytes_get_size (bytes);
    }
  g_print ("%-4s %-40s %7.2f ms  %zu bytes\n", ids ? "ids" : "rows", text, best, size);
}

static void
bench_get (MusterRepository *repository)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) devices =
              dex_await_boxed (muster_repository_select (repository, query), NULL);
  double start;
  int    n = 200000;

  for (int pass = 0; pass < 2; pass++)
    {
      int count = pass == 0 ? (int)devices->len : n;

      start = now_ms ();
      for (int i = 0; i < count; i++)
        {
          MusterDocument *document =
            dex_await_boxed (muster_repository_get_json (repository, &muster_device_info,
                                                         muster_entity_get_id (
                                                           devices->pdata[i % devices->len])),
                             NULL);

          g_boxed_free (MUSTER_TYPE_DOCUMENT, document);
        }
      g_print ("get, %s: %.2f µs\n", pass == 0 ? "not cached" : "cached",
               (now_ms () - start) * 1000 / count);
    }
}

static void
bench_start (MusterTestDir *dir)
{
  double          start = now_ms ();
  MusterDatabase *database = muster_test_database_new (dir, NULL, NULL);

  g_print ("start: %.1f ms\n", now_ms () - start);
  muster_test_database_free (database);
}

static void
bench (void)
{
  static const char *const lists[] = {
    "sort=name",
    "sort=-updated_at",
    "sort=location",
    "status=in_stock&sort=name",
    "q=cold%20123&sort=name",
    "q=th&sort=name",
    "",
  };
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *copy = muster_test_dir_build (dir, "copy.db");
  MusterDatabase  *database = muster_test_database_new (dir, NULL, NULL);
  g_autoptr (MusterRepository) repository = muster_repository_new (database);
  double start;

  bench_single (repository, 500, 1);
  bench_single (repository, 5000, 50);
  bench_bulk (database);
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    bench_query (repository, lists[i], FALSE);
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    bench_query (repository, lists[i], TRUE);
  bench_get (repository);
  start = now_ms ();
  muster_test_await (muster_database_backup (database, copy));
  g_print ("backup with its check: %.0f ms\n", now_ms () - start);
  g_clear_object (&repository);
  muster_test_database_free (database);
  bench_start (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (argc > 1)
    n_records = atoi (argv[1]);
  if (g_getenv ("MUSTER_BENCH_UNDO") == NULL)
    muster_test_add_fiber ("/bench", bench);
  muster_test_add_fiber ("/bench/undo", bench_undos);
  return g_test_run ();
}
