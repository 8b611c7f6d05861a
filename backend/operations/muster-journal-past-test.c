/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>

#include "core/muster-core-test-util.h"
#include "core/muster-journal.h"
#include "model/muster-device.h"

#define MANY 1000

/* A job: sets `notes` of device DATA[0] to DATA[1]; NULL deletes the device. */
static gboolean
change_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const char *const *wanted = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, wanted[0], error);

  if (device == NULL)
    return FALSE;
  if (wanted[1] == NULL)
    return muster_transaction_delete (transaction, &muster_device_info, wanted[0], 0, error);
  muster_entity_set_string (device, "notes", wanted[1]);
  return muster_transaction_update (transaction, device, 0, error);
}

static void
change (MusterDatabase *database, const char *id, const char *notes)
{
  const char *wanted[] = { id, notes };

  muster_test_await (muster_test_submit (database, change_job, wanted));
}

/* (transfer full): its id. */
static char *
insert (MusterDatabase *database, const char *name)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_entity_set_string (device, "name", name);
  muster_test_await (muster_test_submit (database, muster_test_insert_job, device));
  return g_strdup (muster_entity_get_id (device));
}

/* A moment between what was before and what comes. */
static gint64
pass (void)
{
  gint64 at;

  muster_test_sleep (5);
  at = g_get_real_time ();
  muster_test_sleep (5);
  return at;
}

static JsonObject *
await_past (MusterDatabase *database, gint64 at, const char *cursor, unsigned limit)
{
  g_autofree char *text =
    muster_test_await_text (muster_journal_list_as_of (database, "device", at, cursor, limit));
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  return json_node_dup_object (node);
}

/* `notes` of device ID at AT: "absent" when it was not there, "" without any. */
static char *
await_notes (MusterDatabase *database, gint64 at, const char *id)
{
  g_autoptr (JsonObject) past = await_past (database, at, NULL, 100);
  JsonArray *items = json_object_get_array_member (past, "items");

  for (unsigned i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);

      g_assert_true (json_object_get_null_member (item, "last_seen"));
      if (g_strcmp0 (json_object_get_string_member (item, "id"), id) == 0)
        return g_strdup (json_object_get_null_member (item, "notes")
                           ? ""
                           : json_object_get_string_member (item, "notes"));
    }
  return g_strdup ("absent");
}

static void
check (MusterDatabase *database, gint64 at, const char *id, const char *notes)
{
  g_autofree char *found = await_notes (database, at, id);

  g_assert_cmpstr (found, ==, notes);
}

/* Every state in a record's life is found again, before its beginning and after its end too. */
static void
test_life (void)
{
  g_autoptr (MusterTestStore) store = muster_test_store_new ();
  gint64           before = pass (), made, first, second, gone;
  g_autofree char *id = insert (store->database, "Lamp");
  g_autofree char *other = insert (store->database, "Other");

  made = pass ();
  change (store->database, id, "dim");
  first = pass ();
  change (store->database, id, "bright");
  second = pass ();
  change (store->database, id, NULL);
  gone = pass ();
  check (store->database, before, id, "absent");
  check (store->database, made, id, "");
  check (store->database, first, id, "dim");
  check (store->database, second, id, "bright");
  check (store->database, gone, id, "absent");
  check (store->database, G_MAXINT64, id, "absent");
  check (store->database, 0, other, "absent");
  check (store->database, made, other, "");
  check (store->database, gone, other, "");
}

/* Pages follow one another without losing what was deleted since, or showing anything twice. */
static void
test_pages (void)
{
  g_autoptr (MusterTestStore) store = muster_test_store_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *cursor = NULL;
  gint64           at;
  char            *ids[7];

  for (unsigned i = 0; i < 7; i++)
    ids[i] = insert (store->database, "Lamp");
  at = pass ();
  change (store->database, ids[2], NULL);
  change (store->database, ids[6], NULL);
  do
    {
      g_autoptr (JsonObject) past = await_past (store->database, at, cursor, 2);
      JsonArray *items = json_object_get_array_member (past, "items");

      g_assert_cmpuint (json_array_get_length (items), <=, 2);
      for (unsigned i = 0; i < json_array_get_length (items); i++)
        g_assert_true (g_hash_table_add (seen, g_strdup (json_object_get_string_member (
                                                 json_array_get_object_element (items, i), "id"))));
      g_set_str (&cursor, json_object_get_null_member (past, "next")
                            ? NULL
                            : json_object_get_string_member (past, "next"));
    }
  while (cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 7);
  for (unsigned i = 0; i < 7; i++)
    {
      g_assert_true (g_hash_table_contains (seen, ids[i]));
      g_free (ids[i]);
    }
}

static void
test_refused (void)
{
  g_autoptr (MusterTestStore) store = muster_test_store_new ();
  g_autoptr (GError) unknown =
      muster_test_await_error (muster_journal_list_as_of (store->database, "unicorn", 0, NULL, 10),
                               MUSTER_ERROR_INVALID);

  g_assert_nonnull (strstr (unknown->message, "unicorn"));
}

static gboolean
insert_many_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  for (unsigned i = 0; i < MANY; i++)
    {
      g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
      g_autofree char *name = g_strdup_printf ("Lamp %u", i);

      muster_entity_set_string (device, "name", name);
      if (!muster_transaction_insert (transaction, device, error))
        return FALSE;
      g_ptr_array_add (data, g_strdup (muster_entity_get_id (device)));
    }
  return TRUE;
}

/* One step of the time machine over a thousand devices, a hundred of which have changed since. The
 * figure is told; what is asserted is far above it, so that a busy machine does not matter. */
static void
test_thousand (void)
{
  g_autoptr (MusterTestStore) store = muster_test_store_new ();
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonObject) past = NULL;
  gint64 at, begin;

  muster_test_await (muster_test_submit (store->database, insert_many_job, ids));
  at = pass ();
  for (unsigned i = 0; i < 100; i++)
    change (store->database, ids->pdata[i * 10], "changed");
  begin = g_get_monotonic_time ();
  past = await_past (store->database, at, NULL, MANY);
  g_test_message ("%d devices as they were: %.1f ms", MANY,
                  (g_get_monotonic_time () - begin) / 1e3);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (past, "items")), ==, MANY);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 3 * G_USEC_PER_SEC);
  check (store->database, at, ids->pdata[0], "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/journal-past/life", test_life);
  muster_test_add_fiber ("/journal-past/pages", test_pages);
  muster_test_add_fiber ("/journal-past/refused", test_refused);
  muster_test_add_fiber ("/journal-past/thousand", test_thousand);
  return g_test_run ();
}
