/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-index-item"

#include "config.h"

#include "muster-index-item.h"

struct _MusterIndexItem
{
  GObject parent_instance;

  char         *id;     /* (owned) */
  MusterEntity *entity; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterIndexItem, muster_index_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_index_item_finalize (GObject *object)
{
  MusterIndexItem *self = MUSTER_INDEX_ITEM (object);

  g_free (self->id);
  g_clear_object (&self->entity);
  G_OBJECT_CLASS (muster_index_item_parent_class)->finalize (object);
}

static void
muster_index_item_class_init (MusterIndexItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_index_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_INDEX_ITEM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_index_item_init (MusterIndexItem *self)
{
}

MusterIndexItem *
muster_index_item_new (const char *id)
{
  MusterIndexItem *self = g_object_new (MUSTER_TYPE_INDEX_ITEM, NULL);

  self->id = g_strdup (id);
  return self;
}

const char *
muster_index_item_get_id (MusterIndexItem *self)
{
  g_return_val_if_fail (MUSTER_IS_INDEX_ITEM (self), NULL);

  return self->id;
}

MusterEntity *
muster_index_item_get_entity (MusterIndexItem *self)
{
  g_return_val_if_fail (MUSTER_IS_INDEX_ITEM (self), NULL);

  return self->entity;
}

void
muster_index_item_set_entity (MusterIndexItem *self, MusterEntity *entity)
{
  g_return_if_fail (MUSTER_IS_INDEX_ITEM (self));

  if (g_set_object (&self->entity, entity))
    muster_index_item_changed (self);
}

void
muster_index_item_changed (MusterIndexItem *self)
{
  g_return_if_fail (MUSTER_IS_INDEX_ITEM (self));

  g_signal_emit (self, signals[CHANGED], 0);
}
