/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "devices/muster-command-service.h"
#include "discovery/muster-discovery-service.h"
#include "muster-family-host.h"
#include "telemetry/muster-telemetry.h"

G_BEGIN_DECLS

/**
 * MusterFamilyService:
 *
 * Brings devices that speak MQTT in their makers' ways to the site's records: what is found becomes
 * a candidate of discovery, and once it is adopted its metrics become Metric records, its values
 * samples, its words proofs of life, and commands reach it.
 */
#define MUSTER_TYPE_FAMILY_SERVICE (muster_family_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterFamilyService,
                      muster_family_service,
                      MUSTER,
                      FAMILY_SERVICE,
                      MusterService)

/* CLIENT: a connection of its own. HOST_ID: of the site. PROFILES (element-type
 * MusterFamilyProfile) are referenced. */
MusterFamilyService *muster_family_service_new (MusterMqttClient       *client,
                                                const char             *host_id,
                                                GPtrArray              *profiles,
                                                MusterDeviceService    *devices,
                                                MusterDiscoveryService *discovery,
                                                MusterTelemetry        *telemetry,
                                                MusterBus              *bus,
                                                MusterClock            *clock);
/* {"items":[{"family","title","help":[…],"found":2,"devices":1}…],"messages":…,"samples":…,…} */
void muster_family_service_encode (MusterFamilyService *self, GString *json);
/* For muster_command_service_set_route(): USER_DATA is the service. */
extern const MusterCommandRoute muster_family_service_route;
/* Nothing is known of the sessions of the site's nodes any more; those of others stand. */
void muster_family_service_report_all (MusterFamilyService *self);

G_END_DECLS
