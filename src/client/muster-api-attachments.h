/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-attachment.h"

G_BEGIN_DECLS

/* What belongs to the record ENTITY_ID of the kind ENTITY ("device"), newest first. Resolves to a
 * MusterApiPage of MusterAttachment. */
DexFuture *muster_api_attachments_list (MusterApiClient *client,
                                        const char      *entity,
                                        const char      *entity_id);
DexFuture *muster_api_attachments_get (MusterApiClient *client, const char *id);
/* Attaches the bytes of CONTENT under NAME; PURPOSE: "photo", "picture", "datasheet", "document".
 * Resolves to the MusterAttachment. MUSTER_ERROR_UNSUPPORTED for a type that is not kept,
 * MUSTER_ERROR_TOO_LARGE. */
DexFuture *muster_api_attachments_create (MusterApiClient *client,
                                          const char      *entity,
                                          const char      *entity_id,
                                          const char      *name,
                                          const char      *purpose,
                                          GBytes          *content);
/* Its bytes: resolves to a GBytes. */
DexFuture *muster_api_attachments_get_content (MusterApiClient *client, const char *id);
/* CHANGES (`name`, `purpose`) is taken. Resolves to the MusterAttachment as it is now. */
DexFuture *muster_api_attachments_update (MusterApiClient *client,
                                          const char      *id,
                                          JsonObject      *changes,
                                          gint64           revision);
/* Resolves to TRUE; undo brings it back. */
DexFuture *muster_api_attachments_delete (MusterApiClient *client, const char *id, gint64 revision);

G_END_DECLS
