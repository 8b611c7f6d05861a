/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-queue"

#include "config.h"

#include <string.h>

#include "muster-live-queue.h"

struct _MusterLiveQueue
{
  GQueue      items;  /* (element-type MusterLiveItem) */
  GHashTable *by_key; /* (owned) (element-type utf8 GList): the keys are the items' */
  unsigned    limit;
};

void
muster_live_item_free (MusterLiveItem *self)
{
  g_clear_pointer (&self->event, muster_event_unref);
  g_free (self->subscription);
  g_free (self->text);
  g_free (self->key);
  g_free (self);
}

MusterLiveQueue *
muster_live_queue_new (unsigned limit)
{
  MusterLiveQueue *self = g_new0 (MusterLiveQueue, 1);

  g_queue_init (&self->items);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->limit = limit;
  return self;
}

void
muster_live_queue_free (MusterLiveQueue *self)
{
  g_hash_table_unref (self->by_key);
  g_queue_clear_full (&self->items, (GDestroyNotify)muster_live_item_free);
  g_free (self);
}

unsigned
muster_live_queue_get_length (MusterLiveQueue *self)
{
  return self->items.length;
}

static MusterLiveItem *
muster_live_queue_take (MusterLiveQueue *self, GList *link)
{
  MusterLiveItem *item = link->data;

  if (item->key != NULL)
    g_hash_table_remove (self->by_key, item->key);
  g_queue_delete_link (&self->items, link);
  return item;
}

void
muster_live_queue_push_text (MusterLiveQueue *self, char *text)
{
  MusterLiveItem *item = g_new0 (MusterLiveItem, 1);

  item->text = text;
  g_queue_push_tail (&self->items, item);
}

/* Makes room by leaving out the oldest event that may be. */
static gboolean
muster_live_queue_displace (MusterLiveQueue *self, char **displaced)
{
  for (GList *link = self->items.head; link != NULL; link = link->next)
    {
      MusterLiveItem *item = link->data;

      if (item->event == NULL || muster_event_get_sequence (item->event) > 0)
        continue;
      item = muster_live_queue_take (self, link);
      *displaced = g_steal_pointer (&item->subscription);
      muster_live_item_free (item);
      return TRUE;
    }
  return FALSE;
}

static gboolean
muster_live_queue_coalesce (MusterLiveQueue *self, const char *key, MusterEvent *event)
{
  GList          *link = g_hash_table_lookup (self->by_key, key);
  MusterLiveItem *item;

  if (link == NULL)
    return FALSE;
  item = link->data;
  muster_event_unref (item->event);
  item->event = muster_event_ref (event);
  return TRUE;
}

gboolean
muster_live_queue_push_event (MusterLiveQueue *self,
                              const char      *subscription,
                              MusterEvent     *event,
                              char           **displaced)
{
  const char *coalesce =
    muster_event_get_sequence (event) == 0 ? muster_event_get_coalesce_key (event) : NULL;
  g_autofree char *key = coalesce != NULL ? g_strconcat (subscription, "\n", coalesce, NULL) : NULL;
  MusterLiveItem  *item;

  *displaced = NULL;
  if (key != NULL && muster_live_queue_coalesce (self, key, event))
    return TRUE;
  if (self->items.length >= self->limit && !muster_live_queue_displace (self, displaced))
    {
      if (muster_event_get_sequence (event) > 0)
        return FALSE;
      *displaced = g_strdup (subscription);
      return TRUE;
    }
  item = g_new0 (MusterLiveItem, 1);
  item->subscription = g_strdup (subscription);
  item->event = muster_event_ref (event);
  item->key = g_steal_pointer (&key);
  g_queue_push_tail (&self->items, item);
  if (item->key != NULL)
    g_hash_table_insert (self->by_key, item->key, self->items.tail);
  return TRUE;
}

MusterLiveItem *
muster_live_queue_pop (MusterLiveQueue *self)
{
  return self->items.head != NULL ? muster_live_queue_take (self, self->items.head) : NULL;
}

void
muster_live_queue_forget (MusterLiveQueue *self, const char *subscription)
{
  for (GList *link = self->items.head, *next; link != NULL; link = next)
    {
      MusterLiveItem *item = link->data;

      next = link->next;
      if (g_strcmp0 (item->subscription, subscription) == 0)
        muster_live_item_free (muster_live_queue_take (self, link));
    }
}
