/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-candidate-book.h"
#include "muster-discovery-service.h"
#include "muster-expectations.h"
#include "muster-manual-addresses.h"
#include "muster-prober.h"

G_BEGIN_DECLS

typedef enum
{
  PUBLICATION_SITE,
  PUBLICATION_BROKER,
  PUBLICATION_BROKER_TLS,
  N_PUBLICATIONS,
} Publication;

struct _MusterDiscoveryService
{
  MusterService         parent_instance;
  MusterMdns           *mdns;
  MusterDeviceRegistry *registry;
  MusterRepository     *repository;
  MusterBus            *bus;
  MusterClock          *clock;

  MusterFamilies        *families;
  MusterCandidateBook   *book;
  MusterManualAddresses *manual;
  MusterProber          *prober;
  MusterExpectations    *expectations;
  GHashTable            *stored;  /* set of ids of devices that are asked where they were last */
  GHashTable            *ignored; /* record id → key */
  unsigned               publications[N_PUBLICATIONS];
  unsigned               subscription;
  unsigned               n_ticks;
  guint                  tick_id;
  guint                  refresh_id;
};

gboolean muster_discovery_service_is_ignored (MusterDiscoveryService *self,
                                              MusterEntity           *candidate);
/* Takes to the book what the network, the prober and others say, and tells of what changes there.
 */
void muster_discovery_service_watch (MusterDiscoveryService *self);
/* From now on follows the records, and looks for the devices that are stored. */
void muster_discovery_service_follow (MusterDiscoveryService *self);
/* Announcements that stand are kept fresh by the responder, which asks again before a host's record
 * runs out. */
void muster_discovery_service_report_standing (MusterDiscoveryService *self);

G_END_DECLS
