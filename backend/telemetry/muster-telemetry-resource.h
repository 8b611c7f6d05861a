/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-repository.h"
#include "muster-exclusion-book.h"
#include "muster-telemetry.h"

G_BEGIN_DECLS

/* Adds /monitoring/data, /monitoring/data/{device_id} and /monitoring/stats to ROUTER. */
void muster_telemetry_resource_add (MusterRouter        *router,
                                    MusterTelemetry     *telemetry,
                                    MusterRepository    *repository,
                                    MusterExclusionBook *exclusions);

G_END_DECLS
