/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-flash-batch.h"
#include "model/muster-flash-run.h"
#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* Boards that are given firmware over cables, at the daemon's machine. What becomes of them is told
 * by the journal (entities flash_batch and flash_run). */

/* Resolves to a MusterApiPage of MusterFlashBatch. */
DexFuture *muster_api_flash_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to the MusterFlashBatch. */
DexFuture *muster_api_flash_get (MusterApiClient *client, const char *id);
/* MEMBERS (taken): those of a FlashBatch, and `ports`, an array of texts. Resolves to the
 * MusterFlashBatch. */
DexFuture *muster_api_flash_create (MusterApiClient *client, JsonObject *members);
/* The next boards at PORTS. Resolve to the MusterFlashBatch. */
DexFuture *muster_api_flash_add (MusterApiClient *client, const char *id, const char *const *ports);
DexFuture *muster_api_flash_retry_failed (MusterApiClient *client, const char *id);
DexFuture *muster_api_flash_cancel (MusterApiClient *client, const char *id);
/* Of every batch, or of one by a filter `batch_id`. Resolves to a MusterApiPage of MusterFlashRun.
 */
DexFuture *muster_api_flash_list_runs (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to the MusterFlashRun. */
DexFuture *muster_api_flash_get_run (MusterApiClient *client, const char *id);
/* What the tools said. Resolves to a GBytes of text. */
DexFuture *muster_api_flash_get_log (MusterApiClient *client, const char *run_id);
/* Resolve to a JsonObject (boxed): {"items":[{"tool","program","problem","needs_part",
 * "needs_programmer"}]} and {"items":[{"port","busy","used_by"(a phrase or null),
 * "user_id"}]}. */
DexFuture *muster_api_flash_list_tools (MusterApiClient *client);
DexFuture *muster_api_flash_list_ports (MusterApiClient *client);

G_END_DECLS
