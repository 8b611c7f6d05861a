/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-update-target.h"

G_BEGIN_DECLS

/* What filters of update clients (RSQL) look at, read as it is needed. On the thread of its
 * transaction, and as long as that. */
typedef struct _MusterTargetQuery MusterTargetQuery;

MusterTargetQuery *muster_target_query_new (MusterTransaction *transaction);
void               muster_target_query_free (MusterTargetQuery *self);

/* The values of NAME (in lower case: `controllerid`, `name`, `attribute.hw`, `tag`, `updatestatus`
 * …) of TARGET: (transfer full) (nullable) (array zero-terminated=1). */
char **muster_target_query_get (MusterTargetQuery *self, MusterEntity *target, const char *name);

/* How far the device of TARGET is, in hawkBit's words: registered, pending, in_sync, error. */
const char *muster_target_query_get_status (MusterTransaction *transaction, MusterEntity *target);

/* FALSE with MUSTER_ERROR_MALFORMED, which says at which character of TEXT. */
gboolean muster_target_query_check (const char *text, GError **error);
/* Whether what TEXT compares changes without the journal: where devices are, when they were heard,
 * and, with LIVE_TAGS, what groups they are in. */
gboolean muster_target_query_is_live (const char *text, gboolean live_tags);
/* Adds the devices of the update clients that match TEXT to DEVICES: (element-type utf8
 * MusterDevice), by the id of each. ONLY: (nullable): looks at no others than the clients of these
 * devices, by their ids. */
gboolean muster_target_query_add_matches (MusterTransaction *transaction,
                                          const char        *text,
                                          GHashTable        *only,
                                          GHashTable        *devices,
                                          GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTargetQuery, muster_target_query_free)

G_END_DECLS
