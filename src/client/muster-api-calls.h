/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* What the typed calls are made of. Each takes REQUEST, and dropping the future cancels the
 * exchange. */

/* Resolves to a MusterEntity of INFO. */
DexFuture *muster_api_call_entity (MusterApiClient        *client,
                                   MusterApiRequest       *request,
                                   const MusterEntityInfo *info);
/* Resolves to a MusterApiPage of entities of INFO that match QUERY (nullable). */
DexFuture *muster_api_call_page (MusterApiClient          *client,
                                 MusterApiRequest         *request,
                                 const MusterApiListQuery *query,
                                 const MusterEntityInfo   *info);
/* Sets the members of CHANGES (taken) of the record at REVISION (0: whichever). Resolves to the
 * MusterEntity of INFO as it is now. */
DexFuture *muster_api_call_update (MusterApiClient        *client,
                                   MusterApiRequest       *request,
                                   JsonObject             *changes,
                                   gint64                  revision,
                                   const MusterEntityInfo *info);
/* Resolves to TRUE. */
DexFuture *muster_api_call_delete (MusterApiClient  *client,
                                   MusterApiRequest *request,
                                   gint64            revision);
/* Waits for a device to pair, by BODY (taken). Resolves to its MusterDevice. */
DexFuture *muster_api_call_adopt (MusterApiClient  *client,
                                  MusterApiRequest *request,
                                  JsonObject       *body);
/* Resolves to a MusterApiPage of what MAKE_ROW makes. */
DexFuture *muster_api_call_rows (MusterApiClient  *client,
                                 MusterApiRequest *request,
                                 GType             item_type,
                                 MusterApiRowFunc  make_row);
/* Resolves to a JsonObject (boxed). */
DexFuture *muster_api_call_object (MusterApiClient *client, MusterApiRequest *request);
/* Resolves to the ids of `{"ids":[…]}` (G_TYPE_STRV). */
DexFuture *muster_api_call_ids (MusterApiClient *client, MusterApiRequest *request);
/* Resolves to the body (a GBytes) of an answer of the type that REQUEST accepts. */
DexFuture *muster_api_call_bytes (MusterApiClient *client, MusterApiRequest *request);
/* Resolves to TRUE, whatever the body is. */
DexFuture *muster_api_call_done (MusterApiClient *client, MusterApiRequest *request);

void muster_api_request_add_list_query (MusterApiRequest *self, const MusterApiListQuery *query);
/* The members of {NAME: VALUE …} up to a NULL name; NULL values are left out: (transfer full). */
JsonObject *muster_api_make_object (const char *name, ...) G_GNUC_NULL_TERMINATED;
/* {"ENTITY'S MEMBERS"…} without those that only the daemon sets: the body that creates it.
 * (transfer full). */
JsonObject *muster_api_make_body (MusterEntity *entity);

G_END_DECLS
