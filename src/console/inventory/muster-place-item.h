/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "model/muster-location.h"

G_BEGIN_DECLS

/* A place in the tree: its record, what lies there and within, and the places within it. */
#define MUSTER_TYPE_PLACE_ITEM (muster_place_item_get_type ())
G_DECLARE_FINAL_TYPE (MusterPlaceItem, muster_place_item, MUSTER, PLACE_ITEM, GObject)

MusterEntity *muster_place_item_get_place (MusterPlaceItem *self); /* borrowed */
const char   *muster_place_item_get_id (MusterPlaceItem *self);
GListModel   *muster_place_item_get_children (MusterPlaceItem *self); /* borrowed */
/* Units and goods, in the places within it too. */
gint64 muster_place_item_get_count (MusterPlaceItem *self);
/* Ids of it and every place within it: (transfer full). */
char **muster_place_item_list_ids (MusterPlaceItem *self);
/* Whether ID is it or within it. */
gboolean muster_place_item_contains (MusterPlaceItem *self, const char *id);

/* The tree of PLACES (element-type MusterEntity), its roots in a GListStore, brothers by name,
 * those whose parent is not among them as roots. COUNTS: (element-type utf8 gint64*): how many lie
 * at the very place. (transfer full). */
GListModel *muster_place_tree_new (GPtrArray *places, GHashTable *counts);
/* That of ID in the tree of ROOTS, or NULL: borrowed. */
MusterPlaceItem *muster_place_tree_find (GListModel *roots, const char *id);

G_END_DECLS
