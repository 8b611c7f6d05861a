/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "inventory/muster-place-item.h"

static void
add_place (GPtrArray *places, const char *id, const char *name, const char *parent_id)
{
  MusterEntity *place = muster_entity_new (&muster_location_info);

  muster_entity_set_string (place, "id", id);
  muster_entity_set_string (place, "name", name);
  muster_entity_set_string (place, "parent_id", parent_id);
  g_ptr_array_add (places, place);
}

static void
add_count (GHashTable *counts, const char *id, gint64 count)
{
  g_hash_table_insert (counts, g_strdup (id), g_memdup2 (&count, sizeof count));
}

static const char *
get_name (GListModel *list, unsigned position)
{
  g_autoptr (MusterPlaceItem) item = g_list_model_get_item (list, position);

  return muster_entity_get_string (muster_place_item_get_place (item), "name");
}

static void
test_tree (void)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GListModel) roots = NULL;
  MusterPlaceItem *hall;
  g_auto (GStrv) ids = NULL;

  /* Children may come before their parents; digits sort as numbers. */
  add_place (places, "bin10", "Bin 10", "rack");
  add_place (places, "bin2", "Bin 2", "rack");
  add_place (places, "rack", "Rack", "hall");
  add_place (places, "hall", "Hall", NULL);
  add_place (places, "van", "Van", "sold-long-ago");
  add_count (counts, "bin10", 5);
  add_count (counts, "bin2", 2);
  add_count (counts, "hall", 1);
  roots = muster_place_tree_new (places, counts);
  g_assert_cmpuint (g_list_model_get_n_items (roots), ==, 2);
  g_assert_cmpstr (get_name (roots, 0), ==, "Hall");
  g_assert_cmpstr (get_name (roots, 1), ==, "Van");
  hall = muster_place_tree_find (roots, "hall");
  g_assert_cmpint (muster_place_item_get_count (hall), ==, 8);
  g_assert_cmpint (muster_place_item_get_count (muster_place_tree_find (roots, "rack")), ==, 7);
  g_assert_cmpstr (
    get_name (muster_place_item_get_children (muster_place_tree_find (roots, "rack")), 0), ==,
    "Bin 2");
  ids = muster_place_item_list_ids (hall);
  g_assert_cmpuint (g_strv_length (ids), ==, 4);
  g_assert_true (muster_place_item_contains (hall, "bin10"));
  g_assert_false (muster_place_item_contains (hall, "van"));
  g_assert_null (muster_place_tree_find (roots, "nowhere"));
}

static void
test_loop (void)
{
  g_autoptr (GPtrArray) places = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GListModel) roots = NULL;

  /* The daemon does not let it be, and the window lives through it. */
  add_place (places, "a", "A", "b");
  add_place (places, "b", "B", "a");
  add_place (places, "c", "C", NULL);
  roots = muster_place_tree_new (places, counts);
  g_assert_cmpuint (g_list_model_get_n_items (roots), ==, 1);
  g_assert_null (muster_place_tree_find (roots, "a"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/place-item/tree", test_tree);
  g_test_add_func ("/place-item/loop", test_loop);
  return g_test_run ();
}
