/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"

G_BEGIN_DECLS

/* Resolves to a JsonObject
 * {"devices":{"total","by_status","by_adoption"},"by_live_state","samples_per_second",
 * "events":[MusterDeviceEvent…] (newest first),"unknown_nodes":[…]}. */
DexFuture *muster_api_overview_get (MusterApiClient *client);
/* State of the broker, clients, dropped messages, address: resolves to a JsonObject. */
DexFuture *muster_api_messaging_get_status (MusterApiClient *client);
/* Whether everything is up: resolves to a JsonObject; MUSTER_ERROR_UNAVAILABLE, at once, when not.
 */
DexFuture *muster_api_operations_get_ready (MusterApiClient *client);
/* Writes a backup on the daemon's machine; PATH NULL: a new file in its data directory. Resolves to
 * a JsonObject with `path` of the records, `samples_path` and `files_path`, the folder of what else
 * belongs to them. */
DexFuture *muster_api_operations_backup (MusterApiClient *client, const char *path);

G_END_DECLS
