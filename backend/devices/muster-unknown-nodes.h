/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The Sparkplug nodes that speak, but that no record knows: up to 1,000, the longest silent
 * forgotten first. */
typedef struct _MusterUnknownNodes MusterUnknownNodes;

MusterUnknownNodes *muster_unknown_nodes_new (void);
void                muster_unknown_nodes_free (MusterUnknownNodes *self);
/* NOW: UTC microseconds. */
void muster_unknown_nodes_note (MusterUnknownNodes *self,
                                const char         *group_id,
                                const char         *node_id,
                                gint64              now);
/* Whether it was there. */
gboolean muster_unknown_nodes_remove (MusterUnknownNodes *self,
                                      const char         *group_id,
                                      const char         *node_id);
unsigned muster_unknown_nodes_count (MusterUnknownNodes *self);
/* [{"group_id","node_id","first_seen","last_seen","messages"}…], the newest first, at most LIMIT.
 */
void muster_unknown_nodes_encode (MusterUnknownNodes *self, unsigned limit, GString *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterUnknownNodes, muster_unknown_nodes_free)

G_END_DECLS
