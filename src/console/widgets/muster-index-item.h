/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/**
 * MusterIndexItem:
 *
 * A place in a [class@Muster.IndexModel]: a record known by its id, whose content may still be on
 * its way. Keeps its identity as long as anybody holds it, however the list is sorted. Signal:
 * `changed` when there is content, or other content.
 */
#define MUSTER_TYPE_INDEX_ITEM (muster_index_item_get_type ())
G_DECLARE_FINAL_TYPE (MusterIndexItem, muster_index_item, MUSTER, INDEX_ITEM, GObject)

MusterIndexItem *muster_index_item_new (const char *id);
const char      *muster_index_item_get_id (MusterIndexItem *self);
MusterEntity    *muster_index_item_get_entity (MusterIndexItem *self); /* NULL: not there yet */
void             muster_index_item_set_entity (MusterIndexItem *self, MusterEntity *entity);
/* The entity was changed in place. */
void muster_index_item_changed (MusterIndexItem *self);

G_END_DECLS
