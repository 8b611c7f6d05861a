/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterReferences:
 *
 * What the records that others point at are called: fetched when somebody asks, many at a time,
 * kept, and fetched again when they change. One a session. Signal `changed`: what was not known
 * may be now, or is another.
 */
#define MUSTER_TYPE_REFERENCES (muster_references_get_type ())
G_DECLARE_FINAL_TYPE (MusterReferences, muster_references, MUSTER, REFERENCES, GObject)

/* That of SESSION, made on first use: borrowed. */
MusterReferences *muster_references_get (MusterSession *session);

/* The record ID of ENTITY ("product"), borrowed; NULL: not known (yet), which is asked for. */
MusterEntity *muster_references_lookup (MusterReferences *self, const char *entity, const char *id);
/* What a person calls it, borrowed, or NULL: see above. */
const char *muster_references_get_name (MusterReferences *self, const char *entity, const char *id);
/* Keeps RECORD, which somebody has read anyway. */
void muster_references_keep (MusterReferences *self, MusterEntity *record);

/* The info of ENTITY, where it is one that others point at; else NULL. */
const MusterEntityInfo *muster_reference_find_info (const char *entity);
/* What a person calls RECORD: borrowed. A place by its path. */
const char *muster_reference_get_title (MusterEntity *record);

G_END_DECLS
