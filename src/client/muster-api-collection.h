/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* The calls that every collection of records takes alike, by the entity's INFO. QUERY may be NULL.
 */

/* More would not fit into one request. */
#define MUSTER_API_COLLECTION_IDS_MAXIMUM 800

/* Resolves to a MusterApiPage of entities of INFO. */
DexFuture *muster_api_collection_list (MusterApiClient          *client,
                                       const MusterEntityInfo   *info,
                                       const MusterApiListQuery *query);
/* Every match in order, limit and cursor ignored: resolves to a GStrv (G_TYPE_STRV). */
DexFuture *muster_api_collection_list_ids (MusterApiClient          *client,
                                           const MusterEntityInfo   *info,
                                           const MusterApiListQuery *query);
/* The records of at most MUSTER_API_COLLECTION_IDS_MAXIMUM IDS, in no order; missing ones are left
 * out: resolves to a MusterApiPage. */
DexFuture *muster_api_collection_list_by_ids (MusterApiClient        *client,
                                              const MusterEntityInfo *info,
                                              const char *const      *ids);
/* Resolves to a MusterEntity of INFO. */
DexFuture *muster_api_collection_get (MusterApiClient        *client,
                                      const MusterEntityInfo *info,
                                      const char             *id);
/* Makes one of MEMBERS (taken). Resolves to the MusterEntity as it was made. */
DexFuture *muster_api_collection_create (MusterApiClient        *client,
                                         const MusterEntityInfo *info,
                                         JsonObject             *members);
/* Sets the members of CHANGES (taken) of the record at REVISION (0: whichever). Resolves to the
 * MusterEntity as it is now. */
DexFuture *muster_api_collection_update (MusterApiClient        *client,
                                         const MusterEntityInfo *info,
                                         const char             *id,
                                         JsonObject             *changes,
                                         gint64                  revision);
/* Resolves to TRUE. */
DexFuture *muster_api_collection_delete (MusterApiClient        *client,
                                         const MusterEntityInfo *info,
                                         const char             *id,
                                         gint64                  revision);

G_END_DECLS
