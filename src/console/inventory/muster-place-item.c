/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-place-item"

#include "config.h"

#include "muster-place-item.h"

/* A chain longer than this is a loop that no site has built. */
#define MAX_DEPTH 100

struct _MusterPlaceItem
{
  GObject parent_instance;

  MusterEntity *place;    /* (owned) */
  GListStore   *children; /* (owned) (element-type MusterPlaceItem) */
  gint64        count;    /* at the place itself, then with those within */
};

G_DEFINE_FINAL_TYPE (MusterPlaceItem, muster_place_item, G_TYPE_OBJECT)

static void
muster_place_item_finalize (GObject *object)
{
  MusterPlaceItem *self = MUSTER_PLACE_ITEM (object);

  g_clear_object (&self->place);
  g_clear_object (&self->children);
  G_OBJECT_CLASS (muster_place_item_parent_class)->finalize (object);
}

static void
muster_place_item_class_init (MusterPlaceItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_place_item_finalize;
}

static void
muster_place_item_init (MusterPlaceItem *self)
{
  self->children = g_list_store_new (MUSTER_TYPE_PLACE_ITEM);
}

MusterEntity *
muster_place_item_get_place (MusterPlaceItem *self)
{
  g_return_val_if_fail (MUSTER_IS_PLACE_ITEM (self), NULL);

  return self->place;
}

const char *
muster_place_item_get_id (MusterPlaceItem *self)
{
  g_return_val_if_fail (MUSTER_IS_PLACE_ITEM (self), NULL);

  return muster_entity_get_id (self->place);
}

GListModel *
muster_place_item_get_children (MusterPlaceItem *self)
{
  g_return_val_if_fail (MUSTER_IS_PLACE_ITEM (self), NULL);

  return G_LIST_MODEL (self->children);
}

gint64
muster_place_item_get_count (MusterPlaceItem *self)
{
  g_return_val_if_fail (MUSTER_IS_PLACE_ITEM (self), 0);

  return self->count;
}

static void
collect_ids (MusterPlaceItem *self, GStrvBuilder *builder, unsigned depth)
{
  g_strv_builder_add (builder, muster_place_item_get_id (self));
  for (unsigned i = 0;
       depth < MAX_DEPTH && i < g_list_model_get_n_items (G_LIST_MODEL (self->children)); i++)
    {
      g_autoptr (MusterPlaceItem) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);

      collect_ids (child, builder, depth + 1);
    }
}

char **
muster_place_item_list_ids (MusterPlaceItem *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (MUSTER_IS_PLACE_ITEM (self), NULL);

  collect_ids (self, builder, 0);
  return g_strv_builder_end (builder);
}

gboolean
muster_place_item_contains (MusterPlaceItem *self, const char *id)
{
  g_auto (GStrv) ids = NULL;

  g_return_val_if_fail (MUSTER_IS_PLACE_ITEM (self), FALSE);

  ids = muster_place_item_list_ids (self);
  return g_strv_contains ((const char *const *)ids, id);
}

/* --- the tree --- */

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const char      *x = muster_entity_get_string (((MusterPlaceItem *)a)->place, "name");
  const char      *y = muster_entity_get_string (((MusterPlaceItem *)b)->place, "name");
  g_autofree char *x_key = g_utf8_collate_key_for_filename (x, -1);
  g_autofree char *y_key = g_utf8_collate_key_for_filename (y, -1);

  return g_strcmp0 (x_key, y_key);
}

static gint64
add_up (MusterPlaceItem *self, unsigned depth)
{
  for (unsigned i = 0;
       depth < MAX_DEPTH && i < g_list_model_get_n_items (G_LIST_MODEL (self->children)); i++)
    {
      g_autoptr (MusterPlaceItem) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);

      self->count += add_up (child, depth + 1);
    }
  return self->count;
}

static MusterPlaceItem *
create_item (MusterEntity *place, GHashTable *counts)
{
  MusterPlaceItem *self = g_object_new (MUSTER_TYPE_PLACE_ITEM, NULL);
  const gint64    *count = g_hash_table_lookup (counts, muster_entity_get_id (place));

  self->place = g_object_ref (place);
  self->count = count != NULL ? *count : 0;
  return self;
}

/* The item within which ITEM lies (nullable); what lies in nothing that is known is a root. */
static MusterPlaceItem *
find_parent (GHashTable *items, MusterPlaceItem *item)
{
  const char *parent_id = muster_entity_get_string (item->place, "parent_id");

  return parent_id != NULL ? g_hash_table_lookup (items, parent_id) : NULL;
}

/* Whether it has an end upward: what goes round would keep itself alive. */
static gboolean
is_rooted (GHashTable *items, MusterPlaceItem *item)
{
  for (unsigned depth = 0; item != NULL && depth < MAX_DEPTH; depth++)
    item = find_parent (items, item);
  return item == NULL;
}

GListModel *
muster_place_tree_new (GPtrArray *places, GHashTable *counts)
{
  GListStore *roots = g_list_store_new (MUSTER_TYPE_PLACE_ITEM);
  g_autoptr (GHashTable) items =
              g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);

  for (unsigned i = 0; i < places->len; i++)
    g_hash_table_insert (items, (gpointer)muster_entity_get_id (places->pdata[i]),
                         create_item (places->pdata[i], counts));
  for (unsigned i = 0; i < places->len; i++)
    {
      MusterPlaceItem *item = g_hash_table_lookup (items, muster_entity_get_id (places->pdata[i]));
      MusterPlaceItem *parent = find_parent (items, item);

      if (is_rooted (items, item))
        g_list_store_insert_sorted (parent != NULL ? parent->children : roots, item, compare_names,
                                    NULL);
    }
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (roots)); i++)
    {
      g_autoptr (MusterPlaceItem) item = g_list_model_get_item (G_LIST_MODEL (roots), i);

      add_up (item, 0);
    }
  return G_LIST_MODEL (roots);
}

MusterPlaceItem *
muster_place_tree_find (GListModel *roots, const char *id)
{
  for (unsigned i = 0; i < g_list_model_get_n_items (roots); i++)
    {
      g_autoptr (MusterPlaceItem) item = g_list_model_get_item (roots, i);
      MusterPlaceItem *found =
        g_strcmp0 (muster_place_item_get_id (item), id) == 0
          ? item
          : muster_place_tree_find (muster_place_item_get_children (item), id);

      if (found != NULL)
        return found; /* the tree holds it */
    }
  return NULL;
}
