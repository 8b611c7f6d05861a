/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "muster-core-test-util.h"
#include "muster-journal.h"
#include "muster-search-queue.h"
#include "muster-transaction-private.h"

#define ROUNDS 400
#define N_NAMES 12

static MusterEntity *
make_device (const char *name, const char *notes)
{
  MusterEntity *device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_entity_set_string (device, "notes", notes);
  return device;
}

static gint64
count_text (MusterTransaction *transaction, const char *text)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);

  muster_query_set_text (query, text);
  return muster_transaction_count (transaction, query, NULL);
}

static gboolean
count_job (MusterTransaction *transaction, gpointer text, GValue *result, GError **error)
{
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, count_text (transaction, text));
  return TRUE;
}

static gint64
count_devices (MusterTestStore *self, const char *text)
{
  return dex_await_int64 (muster_database_read (self->database, count_job, (gpointer)text, NULL),
                          NULL);
}

/* Each row of the index against the record that it is of. */
static gboolean
check_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return muster_search_queue_settle (transaction->connection, error) &&
         muster_connection_execute (
           transaction->connection,
           "INSERT INTO device_search (device_search, rank) VALUES ('integrity-check', 1)", error);
}

static gboolean
fail (MusterTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (MusterEntity) device = make_device ("taken back", NULL);

  g_assert_true (muster_transaction_insert (transaction, device, NULL));
  g_assert_cmpint (count_text (transaction, "taken"), ==, 1);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "on purpose");
  return FALSE;
}

/* Within one transaction: added, found, changed, deleted, some of it taken back. */
static gboolean
walk_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) device = make_device ("quartz", NULL);
  g_autoptr (MusterEntity) passing = make_device ("passing", NULL);

  g_assert_true (muster_transaction_insert (transaction, device, error));
  g_assert_cmpint (count_text (transaction, "quartz"), ==, 1);
  muster_entity_set_string (device, "name", "granite");
  g_assert_true (muster_transaction_update (transaction, device, 0, error));
  g_assert_cmpint (count_text (transaction, "quartz"), ==, 0);
  g_assert_cmpint (count_text (transaction, "granite"), ==, 1);
  g_assert_false (muster_transaction_try (transaction, fail, NULL, NULL));
  g_assert_cmpint (count_text (transaction, "taken"), ==, 0);
  g_assert_true (muster_transaction_insert (transaction, passing, error));
  return muster_transaction_delete (transaction, &muster_device_info,
                                    muster_entity_get_id (passing), 0, error);
}

static void
test_within (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  muster_test_await (muster_test_submit (self->database, walk_job, NULL));
  muster_test_await (muster_test_submit (self->database, check_job, NULL));
  g_assert_cmpint (count_devices (self, "granite"), ==, 1);
  g_assert_cmpint (count_devices (self, "passing"), ==, 0);
}

static gboolean
undo_job (MusterTransaction *transaction, gpointer sequence, GValue *result, GError **error)
{
  return muster_transaction_undo (transaction, *(gint64 *)sequence, error);
}

static void
test_undo (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();
  gint64 first = 1;

  muster_test_await (muster_test_submit (self->database, walk_job, NULL));
  muster_test_await (muster_test_submit (self->database, undo_job, &first));
  g_assert_cmpint (count_devices (self, "granite"), ==, 0);
  muster_test_await (muster_test_submit (self->database, check_job, NULL));
}

static MusterEntity *
find_random (MusterTransaction *transaction)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) devices = muster_transaction_select (transaction, query, NULL);

  if (devices->len == 0)
    return NULL;
  return g_object_ref (devices->pdata[g_test_rand_int_range (0, devices->len)]);
}

/* Anything, on few records, so that the same ones are met again within a transaction. */
static gboolean
step (MusterTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (MusterEntity) device = find_random (transaction);
  g_autofree char *name = g_strdup_printf ("word%d", g_test_rand_int_range (0, N_NAMES));
  gboolean         done;

  switch (device == NULL ? 0 : g_test_rand_int_range (0, 4))
    {
    case 0:
      g_clear_object (&device);
      device = make_device (name, "some \"notes\", with a 'quote' and a Ünïcode");
      done = muster_transaction_insert (transaction, device, error);
      break;
    case 1:
      done = muster_transaction_delete (transaction, &muster_device_info,
                                        muster_entity_get_id (device), 0, error);
      break;
    case 2:
      muster_entity_set_string (device, "notes", NULL);
      done = muster_transaction_update (transaction, device, 0, error);
      break;
    default:
      muster_entity_set_string (device, "name", name);
      done = muster_transaction_update (transaction, device, 0, error);
    }
  g_assert_true (done);
  if (g_test_rand_bit ())
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "on purpose");
  return FALSE;
}

static gboolean
steps_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  for (int i = g_test_rand_int_range (1, 9); i > 0; i--)
    muster_transaction_try (transaction, step, NULL, NULL);
  if (g_test_rand_bit ())
    g_assert_cmpint (count_text (transaction, "word"), >=, 0);
  return TRUE;
}

static void
test_random (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  for (unsigned i = 0; i < ROUNDS; i++)
    {
      g_autoptr (GPtrArray) together = g_ptr_array_new_with_free_func (dex_unref);

      for (unsigned j = 0; j < 3; j++)
        g_ptr_array_add (together, muster_test_submit (self->database, steps_job, NULL));
      muster_test_await (dex_future_allv ((DexFuture *const *)together->pdata, together->len));
      if (i % 20 == 0)
        muster_test_await (muster_test_submit (self->database, check_job, NULL));
      if (i % 7 == 0)
        g_assert_cmpint (count_devices (self, "word"), >=, 0);
    }
  muster_test_await (muster_test_submit (self->database, check_job, NULL));
}

static gboolean
insert_job (MusterTransaction *transaction, gpointer name, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) device = make_device (name, NULL);

  return muster_transaction_insert (transaction, device, error);
}

static gboolean
count_queue_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  gint64 n = -1;

  g_value_init (result, G_TYPE_INT64);
  if (!muster_connection_query_integer (transaction->connection,
                                        "SELECT count(*) FROM search_queue", &n, error))
    return FALSE;
  g_value_set_int64 (result, n);
  return TRUE;
}

static gint64
count_queue (MusterTestStore *self)
{
  return dex_await_int64 (muster_database_read (self->database, count_queue_job, NULL, NULL), NULL);
}

/* What is written is found at once by whoever reads, though it waits for the index till then; and
 * waits no longer than it is quiet. */
static void
test_readers (void)
{
  g_autoptr (MusterTestStore) self = muster_test_store_new ();

  muster_test_await (muster_test_submit (self->database, insert_job, (gpointer) "amber"));
  g_assert_cmpint (count_queue (self), ==, 1);
  g_assert_cmpint (count_devices (self, "amber"), ==, 1);
  g_assert_cmpint (count_queue (self), ==, 0);
  muster_test_await (muster_test_submit (self->database, insert_job, (gpointer) "beryl"));
  for (unsigned i = 0; i < 500 && count_queue (self) > 0; i++)
    muster_test_sleep (20);
  g_assert_cmpint (count_queue (self), ==, 0);
  g_assert_cmpint (count_devices (self, "beryl"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/search-queue/within", test_within);
  muster_test_add_fiber ("/search-queue/undo", test_undo);
  muster_test_add_fiber ("/search-queue/readers", test_readers);
  muster_test_add_fiber ("/search-queue/random", test_random);
  return g_test_run ();
}
