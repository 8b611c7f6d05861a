/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "messaging/muster-sparkplug-session.h"
#include "muster-device-service.h"
#include "telemetry/muster-telemetry.h"

G_BEGIN_DECLS

/**
 * MusterNodeService:
 *
 * What the site's Sparkplug nodes say, brought to their records: births become metrics, data
 * becomes samples, deaths end proofs of life. Nodes that no record knows are counted, and shown;
 * devices that a known node speaks for get records of their own.
 */
#define MUSTER_TYPE_NODE_SERVICE (muster_node_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterNodeService, muster_node_service, MUSTER, NODE_SERVICE, MusterService)

MusterNodeService *muster_node_service_new (MusterDeviceService     *devices,
                                            MusterTelemetry         *telemetry,
                                            MusterBus               *bus,
                                            MusterClock             *clock,
                                            const MusterDeviceLinks *links,
                                            gpointer                 links_data);
/* What to hear the nodes by: muster_sparkplug_host_add_listener (host, …, G_OBJECT (self), self).
 */
extern const MusterSparkplugListener muster_node_service_listener;

/* Asks every node of a record that did not introduce itself since the connection was made to do so:
 * happens by itself some seconds after that. */
void muster_node_service_ask_silent (MusterNodeService *self);
/* [{"group_id","node_id","first_seen","last_seen","messages"}…], the newest first, at most 100. */
void     muster_node_service_encode_unknown (MusterNodeService *self, GString *json);
unsigned muster_node_service_count_unknown (MusterNodeService *self);

G_END_DECLS
