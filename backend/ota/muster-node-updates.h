/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "messaging/muster-sparkplug-host.h"
#include "muster-update-service.h"

G_BEGIN_DECLS

/* Where devices fetch files: "https://192.0.2.1:8443" (transfer full), or NULL where they cannot.
 */
typedef char *(*MusterBaseUriFunc) (gpointer user_data);

/**
 * MusterNodeUpdates:
 *
 * Brings updates to the nodes that speak Sparkplug: tells them by one command what to fetch and
 * where, and reads how far they are from their metrics `Update/…`. The names of both are those of
 * firmware/core. A node that knows the order already takes it as no new one, so telling twice does
 * no harm, and whatever was lost with a connection, the node or the daemon is told again once the
 * node shows by its birth that it does not know of it.
 */
#define MUSTER_TYPE_NODE_UPDATES (muster_node_updates_get_type ())
G_DECLARE_FINAL_TYPE (MusterNodeUpdates, muster_node_updates, MUSTER, NODE_UPDATES, MusterService)

/* GROUP_ID: of the site's nodes. */
MusterNodeUpdates *muster_node_updates_new (MusterUpdateService *updates,
                                            MusterSparkplugHost *host,
                                            const char          *group_id,
                                            MusterClock         *clock,
                                            MusterBaseUriFunc    base_uri,
                                            gpointer             user_data);
/* Whether the device is a node that takes updates so. */
gboolean muster_node_updates_knows (MusterNodeUpdates *self, const char *device_id);

G_END_DECLS
