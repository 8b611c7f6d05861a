/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-rollout-group.h"
#include "model/muster-rollout.h"
#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* Updates of many devices. What becomes of them is told by the journal (entities rollout and
 * rollout_group) and by the topic `updates`; their figures (total, running, succeeded, failed) are
 * live, and to be read again. The updates of one: muster_api_updates_list() with `rollout_id`. */

/* Resolves to a MusterApiPage of MusterRollout. */
DexFuture *muster_api_rollouts_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterRollout. */
DexFuture *muster_api_rollouts_get (MusterApiClient *client, const char *id);
/* ROLLOUT: a new one. It is a draft until it is started. */
DexFuture *muster_api_rollouts_create (MusterApiClient *client, MusterEntity *rollout);
/* CHANGES is taken. */
DexFuture *muster_api_rollouts_update (MusterApiClient *client,
                                       const char      *id,
                                       JsonObject      *changes,
                                       gint64           revision);
/* Resolves to TRUE. */
DexFuture *muster_api_rollouts_delete (MusterApiClient *client, const char *id, gint64 revision);
/* Groups of all rollouts. Resolves to a MusterApiPage of MusterRolloutGroup. */
DexFuture *muster_api_rollouts_list_all_groups (MusterApiClient          *client,
                                                const MusterApiListQuery *query);
/* Those of one, in their order. Likewise. */
DexFuture *muster_api_rollouts_list_groups (MusterApiClient *client, const char *id);
/* Resolve to a JsonObject (boxed): {"items":[{"device_id","name","verdict":"ready"|"later"|"never",
 * "reasons":["…"]}],"total","ready","later","never"}: of one that is kept, or of one not yet. */
DexFuture *muster_api_rollouts_get_preflight (MusterApiClient *client, const char *id);
DexFuture *muster_api_rollouts_preflight (MusterApiClient *client, MusterEntity *rollout);
/* Resolve to the MusterRollout; MUSTER_ERROR_CONFLICT where it is not in such a state,
 * MUSTER_ERROR_FORBIDDEN where a second person is needed. */
DexFuture *muster_api_rollouts_start (MusterApiClient *client, const char *id);
DexFuture *muster_api_rollouts_approve (MusterApiClient *client, const char *id);
DexFuture *muster_api_rollouts_pause (MusterApiClient *client, const char *id);
DexFuture *muster_api_rollouts_resume (MusterApiClient *client, const char *id);
DexFuture *muster_api_rollouts_cancel (MusterApiClient *client, const char *id);
DexFuture *muster_api_rollouts_retry_failed (MusterApiClient *client, const char *id);
/* POSITION: of the group, from 1. */
DexFuture *muster_api_rollouts_open_group (MusterApiClient *client,
                                           const char      *id,
                                           unsigned         position);

G_END_DECLS
