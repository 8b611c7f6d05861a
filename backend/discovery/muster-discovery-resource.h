/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-discovery-service.h"

G_BEGIN_DECLS

/* Adds the paths under /discovery to ROUTER, but /discovery/{key}/adopt, which belongs to the
 * devices. REPOSITORY: for the list of addresses. */
void muster_discovery_resource_add (MusterRouter           *router,
                                    MusterDiscoveryService *service,
                                    MusterRepository       *repository);

G_END_DECLS
