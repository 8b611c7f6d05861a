/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/**
 * MusterApiChange:
 *
 * One entry of the journal: who changed what, when, and whether it was taken back. Immutable.
 */
#define MUSTER_TYPE_API_CHANGE (muster_api_change_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiChange, muster_api_change, MUSTER, API_CHANGE, GObject)

/* From an item of the list, or the data of a `journal` event. */
MusterApiChange *muster_api_change_new_from_json (JsonObject *object, GError **error);
gint64           muster_api_change_get_sequence (MusterApiChange *self);
gint64           muster_api_change_get_time (MusterApiChange *self);    /* UTC microseconds */
const char      *muster_api_change_get_actor (MusterApiChange *self);   /* (nullable) */
const char      *muster_api_change_get_summary (MusterApiChange *self); /* (nullable) */
/* UUID (nullable): entries that belong together share it. */
const char *muster_api_change_get_operation (MusterApiChange *self);
const char *muster_api_change_get_entity (MusterApiChange *self);    /* "device" */
const char *muster_api_change_get_entity_id (MusterApiChange *self); /* UUID */
const char *muster_api_change_get_title (MusterApiChange *self); /* (nullable): the record's name */
const char *muster_api_change_get_action (MusterApiChange *self); /* "insert", "update", "delete" */
JsonObject *muster_api_change_get_before (
  MusterApiChange *self); /* borrowed (nullable): members changed */
JsonObject *muster_api_change_get_after (MusterApiChange *self);     /* borrowed (nullable) */
gint64      muster_api_change_get_undoes (MusterApiChange *self);    /* sequence, or 0 */
gint64      muster_api_change_get_undone_by (MusterApiChange *self); /* sequence, or 0 */
/* Why it cannot be taken back, or NULL. */
const char *muster_api_change_get_final (MusterApiChange *self);
/* Whether the operation that it belongs to could be undone when the list was read. */
gboolean muster_api_change_can_undo (MusterApiChange *self);
/* Why not, or NULL. */
const char *muster_api_change_get_reason (MusterApiChange *self);

/* Newest first. ENTITY and ENTITY_ID may be NULL; BEFORE: only entries before that sequence number,
 * 0: the newest; LIMIT 0: 100. Resolves to a MusterApiPage of MusterApiChange. */
DexFuture *muster_api_journal_list (MusterApiClient *client,
                                    const char      *entity,
                                    const char      *entity_id,
                                    gint64           before,
                                    unsigned         limit);
/* The first LIMIT changes of the operation OPERATION (its UUID), in the order in which they were
 * made. Resolves to a MusterApiPage of MusterApiChange. */
DexFuture *muster_api_journal_list_operation (MusterApiClient *client,
                                              const char      *operation,
                                              unsigned         limit);
/* Takes an operation back. Resolves to a JsonObject with the `sequence` of the undoing one.
 * MUSTER_ERROR_CONFLICT when later changes stand in the way: muster_error_get_blockers() names
 * their sequence numbers. */
DexFuture *muster_api_journal_undo (MusterApiClient *client, gint64 sequence);

G_END_DECLS
