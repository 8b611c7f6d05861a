/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-lru"

#include "config.h"

#include "muster-lru.h"

typedef struct
{
  GList    link; /* of `order` */
  char    *key;
  gpointer value;
  gsize    cost;
} Item;

struct _MusterLru
{
  GHashTable    *items; /* (element-type utf8 Item) */
  GQueue         order; /* newest use first */
  gsize          budget;
  gsize          cost;
  GDestroyNotify free_value;
};

MusterLru *
muster_lru_new (gsize budget, GDestroyNotify free_value)
{
  MusterLru *self = g_new0 (MusterLru, 1);

  self->items = g_hash_table_new (g_str_hash, g_str_equal);
  self->budget = budget;
  self->free_value = free_value;
  return self;
}

void
muster_lru_free (MusterLru *self)
{
  g_return_if_fail (self != NULL);

  muster_lru_clear (self);
  g_hash_table_unref (self->items);
  g_free (self);
}

/* Takes ITEM out and frees it, all but its value. */
static gpointer
muster_lru_unlink (MusterLru *self, Item *item)
{
  gpointer value = item->value;

  g_hash_table_remove (self->items, item->key);
  g_queue_unlink (&self->order, &item->link);
  self->cost -= item->cost;
  g_free (item->key);
  g_free (item);
  return value;
}

static void
muster_lru_free_value (MusterLru *self, gpointer value)
{
  if (value != NULL && self->free_value != NULL)
    self->free_value (value);
}

void
muster_lru_insert (MusterLru *self, const char *key, gpointer value, gsize cost)
{
  Item *item = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  muster_lru_remove (self, key);
  if (cost > self->budget)
    {
      muster_lru_free_value (self, value);
      return;
    }
  item = g_new0 (Item, 1);
  item->link.data = item;
  item->key = g_strdup (key);
  item->value = value;
  item->cost = cost;
  g_hash_table_insert (self->items, item->key, item);
  g_queue_push_head_link (&self->order, &item->link);
  self->cost += cost;
  while (self->cost > self->budget)
    muster_lru_free_value (self, muster_lru_unlink (self, self->order.tail->data));
}

gpointer
muster_lru_lookup (MusterLru *self, const char *key)
{
  Item *item = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  item = g_hash_table_lookup (self->items, key);
  if (item == NULL)
    return NULL;
  g_queue_unlink (&self->order, &item->link);
  g_queue_push_head_link (&self->order, &item->link);
  return item->value;
}

gpointer
muster_lru_steal (MusterLru *self, const char *key)
{
  Item *item = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  item = g_hash_table_lookup (self->items, key);
  return item != NULL ? muster_lru_unlink (self, item) : NULL;
}

void
muster_lru_remove (MusterLru *self, const char *key)
{
  muster_lru_free_value (self, muster_lru_steal (self, key));
}

void
muster_lru_clear (MusterLru *self)
{
  g_return_if_fail (self != NULL);

  while (self->order.tail != NULL)
    muster_lru_free_value (self, muster_lru_unlink (self, self->order.tail->data));
}

unsigned
muster_lru_get_count (MusterLru *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->order.length;
}

gsize
muster_lru_get_cost (MusterLru *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->cost;
}
