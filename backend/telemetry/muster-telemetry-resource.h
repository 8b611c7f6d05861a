/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-repository.h"
#include "muster-device-names.h"
#include "muster-exclusion-book.h"
#include "muster-metric-units.h"
#include "muster-telemetry.h"

G_BEGIN_DECLS

/* Adds /monitoring/data, /monitoring/data/{device_id} and /monitoring/stats to ROUTER. */
void muster_telemetry_resource_add (MusterRouter        *router,
                                    MusterTelemetry     *telemetry,
                                    MusterRepository    *repository,
                                    MusterExclusionBook *exclusions,
                                    MusterDeviceNames   *names,
                                    MusterMetricUnits   *units);

G_END_DECLS
