/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-http-fetch.h"
#include "core/muster-repository.h"
#include "devices/muster-device-registry.h"
#include "model/muster-candidate.h"
#include "muster-mdns.h"

G_BEGIN_DECLS

/**
 * MusterDiscoveryService:
 *
 * What is on the network: merges what mDNS announces and what stands at addresses that people
 * named, matches it with the registry, tells the registry of signs of life, and announces the site
 * itself. Candidates that change are published on the topic `discovery`, those that go as
 * `{"removed":true}`. Its trouble is that of mDNS; everything else goes on.
 */
#define MUSTER_TYPE_DISCOVERY_SERVICE (muster_discovery_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterDiscoveryService,
                      muster_discovery_service,
                      MUSTER,
                      DISCOVERY_SERVICE,
                      MusterService)

/* REGISTRY must have been started before, so that it follows the journal first. */
MusterDiscoveryService *muster_discovery_service_new (MusterMdns           *mdns,
                                                      MusterDeviceRegistry *registry,
                                                      MusterRepository     *repository,
                                                      MusterBus            *bus,
                                                      MusterClock          *clock,
                                                      MusterHttpFetch      *fetch);

/* What introduced itself at the broker, and what does so no more. It proves no life by that. */
void muster_discovery_service_add_told (MusterDiscoveryService *self, MusterMdnsRecord *record);
void muster_discovery_service_remove_told (MusterDiscoveryService *self, MusterMdnsRecord *record);

/* By key, or (KEY NULL) the present one that was matched with the record DEVICE_ID: (transfer full)
 * (nullable). */
MusterCandidate *muster_discovery_service_find (MusterDiscoveryService *self,
                                                const char             *key,
                                                const char             *device_id);
/* (transfer full) (element-type MusterCandidate): in order of first sight. */
GPtrArray *muster_discovery_service_list (MusterDiscoveryService *self);
/* {"available":true,"trouble":null,"types":83,"interfaces":["eth0"],"networks":["10.0.4.0/24"],
 * "candidates":12,"dropped":0} */
void muster_discovery_service_encode_status (MusterDiscoveryService *self, GString *json);

/* Asks the network, and every address that was named, again at once. */
void muster_discovery_service_scan (MusterDiscoveryService *self);
/* Resolve to TRUE, also when it is so already; reject with MUSTER_ERROR_NOT_FOUND. Journalled, so
 * that both can be undone. */
DexFuture *muster_discovery_service_ignore (MusterDiscoveryService *self,
                                            MusterActor            *actor,
                                            const char             *key);
DexFuture *muster_discovery_service_unignore (MusterDiscoveryService *self,
                                              MusterActor            *actor,
                                              const char             *key);
/* Resolves to the MusterManualAddress stored; its candidate follows, not present until it answers.
 * ENTITY: address, name. */
DexFuture *muster_discovery_service_add_address (MusterDiscoveryService *self,
                                                 MusterActor            *actor,
                                                 MusterEntity           *entity);
/* Resolves to TRUE, or rejects with MUSTER_ERROR_NOT_FOUND. */
DexFuture *muster_discovery_service_remove_address (MusterDiscoveryService *self,
                                                    MusterActor            *actor,
                                                    const char             *id);

/* Announces the site's API by HTTPS on PORT; 0 withdraws it. */
void muster_discovery_service_publish_site (MusterDiscoveryService *self,
                                            const char             *name,
                                            const char             *site_id,
                                            guint16                 port);
/* Announces the site's broker: PORT without, TLS_PORT with TLS; 0: not, or no longer. */
void muster_discovery_service_publish_broker (MusterDiscoveryService *self,
                                              const char             *name,
                                              guint16                 port,
                                              guint16                 tls_port);

G_END_DECLS
