/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-device.h"
#include "muster-index-model.h"

/* A collection of records in memory behind the interface of the API, which counts what it is asked.
 */
typedef struct
{
  char   **ids; /* (owned) in order */
  unsigned lists;
  unsigned id_lists;
  unsigned loads;
  unsigned loaded; /* records */
  GError  *error;  /* (nullable) what the next lists fail with */
} Collection;

static JsonObject *
make_record (const char *id)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", id + strlen (id) - 6);
  return object;
}

static GObject *
make_row (JsonObject *object, gconstpointer data, GError **error)
{
  return G_OBJECT (muster_entity_new_from_json (&muster_device_info, object, error));
}

static DexFuture *
make_page (const char *const *ids, unsigned limit)
{
  g_autoptr (JsonObject) answer = json_object_new ();
  JsonArray     *items = json_array_new ();
  MusterApiPage *page;
  GError        *error = NULL;

  for (unsigned i = 0; ids[i] != NULL && i < limit; i++)
    json_array_add_object_element (items, make_record (ids[i]));
  json_object_set_array_member (answer, "items", items);
  page = muster_api_page_new_from_json (answer, MUSTER_TYPE_DEVICE, make_row, NULL, &error);
  g_assert_no_error (error);
  return dex_future_new_take_object (page);
}

static DexFuture *
collection_list (gpointer user_data, const MusterApiListQuery *query)
{
  Collection *collection = user_data;

  collection->lists++;
  if (collection->error != NULL)
    return dex_future_new_for_error (g_error_copy (collection->error));
  return make_page ((const char *const *)collection->ids, query->limit);
}

static DexFuture *
collection_list_ids (gpointer user_data, const MusterApiListQuery *query)
{
  Collection *collection = user_data;
  GValue      value = G_VALUE_INIT;
  DexFuture  *future;

  collection->id_lists++;
  if (collection->error != NULL)
    return dex_future_new_for_error (g_error_copy (collection->error));
  g_value_init (&value, G_TYPE_STRV);
  g_value_set_boxed (&value, collection->ids);
  future = dex_future_new_for_value (&value);
  g_value_unset (&value);
  return future;
}

static DexFuture *
collection_load (gpointer user_data, const char *const *ids)
{
  Collection *collection = user_data;

  collection->loads++;
  collection->loaded += g_strv_length ((char **)ids);
  return make_page (ids, G_MAXUINT);
}

static const MusterIndexSource source = { collection_list, collection_list_ids, collection_load };

static void
fill (Collection *collection, unsigned count)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned i = 0; i < count; i++)
    g_strv_builder_take (builder, g_strdup_printf ("01900000-0000-7000-8000-%012u", i));
  g_strfreev (collection->ids);
  collection->ids = g_strv_builder_end (builder);
}

static gboolean
elapsed_cb (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin (unsigned msec)
{
  gboolean elapsed = FALSE;

  g_timeout_add (msec, elapsed_cb, &elapsed);
  while (!elapsed)
    g_main_context_iteration (NULL, TRUE);
}

typedef struct
{
  unsigned emissions, position, removed, added;
} Changes;

static void
items_changed_cb (GListModel *model,
                  unsigned    position,
                  unsigned    removed,
                  unsigned    added,
                  Changes    *changes)
{
  *changes = (Changes){ changes->emissions + 1, position, removed, added };
}

typedef struct
{
  Collection        collection;
  MusterIndexModel *model;
  Changes           changes;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fill (&fixture->collection, GPOINTER_TO_UINT (data));
  fixture->model = muster_index_model_new (&source, &fixture->collection, NULL);
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (items_changed_cb),
                    &fixture->changes);
  muster_index_model_set_query (fixture->model, NULL, "name", NULL);
  spin (20);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->model);
  g_strfreev (fixture->collection.ids);
  g_clear_error (&fixture->collection.error);
}

static MusterIndexItem *
get (Fixture *fixture, unsigned position)
{
  return g_list_model_get_item (G_LIST_MODEL (fixture->model), position);
}

static void
test_first_rows_come_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterIndexItem) first = get (fixture, 0);

  g_assert_true (muster_index_model_is_complete (fixture->model));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 1000);
  g_assert_cmpuint (fixture->collection.lists, ==, 1);
  g_assert_cmpuint (fixture->collection.id_lists, ==, 1);
  /* What came with the first rows is not asked for again. */
  g_assert_nonnull (muster_index_item_get_entity (first));
  spin (20);
  g_assert_cmpuint (fixture->collection.loads, ==, 0);
}

static void
test_one_load_a_page (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 500; i < 500 + MUSTER_INDEX_PAGE; i++)
    g_ptr_array_add (items, get (fixture, i));
  g_assert_null (muster_index_item_get_entity (items->pdata[0]));
  spin (20);
  g_assert_cmpuint (fixture->collection.loads, ==, 1);
  g_assert_cmpuint (fixture->collection.loaded, ==, MUSTER_INDEX_PAGE);
  for (unsigned i = 0; i < items->len; i++)
    g_assert_cmpstr (muster_entity_get_id (muster_index_item_get_entity (items->pdata[i])), ==,
                     muster_index_model_get_id (fixture->model, 500 + i));
}

/* Rows that were scrolled past before their turn came are not fetched. */
static void
test_forgotten_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterIndexItem) last = NULL;

  for (unsigned i = 100; i < 900; i++)
    g_object_unref (get (fixture, i));
  last = get (fixture, 999);
  spin (20);
  g_assert_cmpuint (fixture->collection.loaded, ==, 1);
  g_assert_nonnull (muster_index_item_get_entity (last));
}

static void
test_identity (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterIndexItem) item = get (fixture, 7);
  g_autoptr (MusterIndexItem) same = get (fixture, 7);
  g_autoptr (MusterIndexItem) moved = NULL;
  char *id = fixture->collection.ids[7];

  g_assert_true (item == same);
  fixture->collection.ids[7] = fixture->collection.ids[8];
  fixture->collection.ids[8] = id;
  muster_index_model_requery (fixture->model);
  spin (400);
  moved = get (fixture, 8);
  g_assert_true (moved == item);
  g_assert_cmpuint (fixture->changes.position, ==, 7);
  g_assert_cmpuint (fixture->changes.removed, ==, 2);
  g_assert_cmpuint (fixture->changes.added, ==, 2);
}

static void
test_small_difference (Fixture *fixture, gconstpointer data)
{
  unsigned emissions = fixture->changes.emissions;

  muster_index_model_requery (fixture->model);
  muster_index_model_requery (fixture->model);
  spin (400);
  g_assert_cmpuint (fixture->collection.id_lists, ==, 2);
  g_assert_cmpuint (fixture->changes.emissions, ==, emissions);
  g_free (fixture->collection.ids[30]);
  fixture->collection.ids[30] = g_strdup ("01900000-0000-7000-8000-999999999999");
  muster_index_model_requery (fixture->model);
  spin (400);
  g_assert_cmpuint (fixture->changes.emissions, ==, emissions + 1);
  g_assert_cmpuint (fixture->changes.position, ==, 30);
  g_assert_cmpuint (fixture->changes.removed, ==, 1);
  g_assert_cmpuint (fixture->changes.added, ==, 1);
}

static void
test_shorter (Fixture *fixture, gconstpointer data)
{
  fill (&fixture->collection, 0);
  muster_index_model_requery (fixture->model);
  spin (400);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 0);
  g_assert_null (get (fixture, 0));
  g_assert_null (muster_index_model_get_id (fixture->model, 0));
}

static void
test_invalidate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterIndexItem) item = get (fixture, 3);
  MusterEntity *before = muster_index_item_get_entity (item);

  g_assert_true (muster_index_model_find (fixture->model, fixture->collection.ids[3]) == item);
  g_assert_null (muster_index_model_find (fixture->model, fixture->collection.ids[4]));
  muster_index_model_invalidate (fixture->model, fixture->collection.ids[3]);
  muster_index_model_invalidate (fixture->model, fixture->collection.ids[4]);
  spin (200);
  g_assert_cmpuint (fixture->collection.loaded, ==, 1);
  g_assert_true (muster_index_item_get_entity (item) != before);
}

static void
test_error (Fixture *fixture, gconstpointer data)
{
  fixture->collection.error =
    g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "starting");
  muster_index_model_requery (fixture->model);
  spin (400);
  g_assert_error ((GError *)muster_index_model_get_error (fixture->model), MUSTER_ERROR,
                  MUSTER_ERROR_UNAVAILABLE);
  /* What was there stays. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 50);
  g_clear_error (&fixture->collection.error);
  muster_index_model_requery (fixture->model);
  spin (400);
  g_assert_null (muster_index_model_get_error (fixture->model));
}

/* An item may outlive its model. */
static void
test_orphan (Fixture *fixture, gconstpointer data)
{
  MusterIndexItem *item = get (fixture, 1);

  g_assert_finalize_object (fixture->model);
  g_assert_finalize_object (item);
  fixture->model = muster_index_model_new (&source, &fixture->collection, NULL);
}

static void
test_large (Fixture *fixture, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (MusterIndexItem) item = NULL;

  muster_index_model_requery (fixture->model);
  spin (300);
  item = get (fixture, 99999);
  spin (20);
  g_assert_nonnull (muster_index_item_get_entity (item));
  g_assert_cmpint ((g_get_monotonic_time () - begin) / 1000, <, 3000);
  g_test_message ("100,000 ids again, and the last row: %d ms",
                  (int)((g_get_monotonic_time () - begin) / 1000));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    unsigned    count;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/index-model/first-rows-come-first", 1000, test_first_rows_come_first },
    { "/index-model/one-load-a-page", 1000, test_one_load_a_page },
    { "/index-model/forgotten-rows", 1000, test_forgotten_rows },
    { "/index-model/identity", 100, test_identity },
    { "/index-model/small-difference", 100, test_small_difference },
    { "/index-model/shorter", 100, test_shorter },
    { "/index-model/invalidate", 50, test_invalidate },
    { "/index-model/error", 50, test_error },
    { "/index-model/orphan", 50, test_orphan },
    { "/index-model/large", 100000, test_large },
  };

  g_test_init (&argc, &argv, NULL);
  dex_init ();
  for (unsigned i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, GUINT_TO_POINTER (tests[i].count), set_up, tests[i].test,
                tear_down);
  return g_test_run ();
}
