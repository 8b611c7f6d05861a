/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-candidate.h"

G_BEGIN_DECLS

/* What is on the network now: resolves to a MusterApiPage of MusterCandidate. */
DexFuture *muster_api_discovery_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to a JsonObject {"available","trouble","types","interfaces"}. */
DexFuture *muster_api_discovery_get_status (MusterApiClient *client);
/* The families of devices that are understood over MQTT. Resolves to a JsonObject
 * {"items":[{"family", "title","help","found","devices"}…],…}. */
DexFuture *muster_api_discovery_list_families (MusterApiClient *client);
/* Asks the network again. Resolves to TRUE. */
DexFuture *muster_api_discovery_scan (MusterApiClient *client);
/* Resolve to TRUE. */
DexFuture *muster_api_discovery_ignore (MusterApiClient *client, const char *key);
DexFuture *muster_api_discovery_unignore (MusterApiClient *client, const char *key);
/* Pairs with the candidate KEY. SECRET, NAME, LOCATION may be NULL. Resolves to the MusterDevice
 * that it became. MUSTER_ERROR_FORBIDDEN: wrong secret; MUSTER_ERROR_CONFLICT: adopted elsewhere;
 * waits up to a minute. */
DexFuture *muster_api_discovery_adopt (MusterApiClient *client,
                                       const char      *key,
                                       const char      *secret,
                                       const char      *name,
                                       const char      *location);
/* Resolves to a MusterApiPage of MusterManualAddress. */
DexFuture *muster_api_discovery_list_addresses (MusterApiClient          *client,
                                                const MusterApiListQuery *query);
/* ADDRESS: "192.0.2.7", "node.local:8080". Resolves to a MusterManualAddress. */
DexFuture *muster_api_discovery_add_address (MusterApiClient *client,
                                             const char      *address,
                                             const char      *name);
/* Resolves to TRUE. */
DexFuture *muster_api_discovery_remove_address (MusterApiClient *client, const char *id);

G_END_DECLS
