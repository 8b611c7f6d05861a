/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-retention-service.h"

G_BEGIN_DECLS

/* Adds retention classes as a collection, what a change would delete, and what there is. */
void muster_retention_resource_add (MusterRouter           *router,
                                    MusterRepository       *repository,
                                    MusterRetentionService *service);

G_END_DECLS
