/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* A record that came with what it is made of: an order with its lines, a delivery with its items.
 */
typedef struct
{
  MusterEntity *record; /* (owned) */
  GPtrArray    *items;  /* (owned) (element-type MusterEntity) in their order */
} MusterRecordItems;

/* From {…, "items": […]}, as the API answers it. */
MusterRecordItems *muster_record_items_new_from_json (JsonObject             *object,
                                                      const MusterEntityInfo *info,
                                                      const MusterEntityInfo *items_info,
                                                      GError                **error);
void               muster_record_items_free (MusterRecordItems *self);
/* The item of ID: borrowed, or NULL. */
MusterEntity *muster_record_items_find (MusterRecordItems *self, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterRecordItems, muster_record_items_free)

G_END_DECLS
