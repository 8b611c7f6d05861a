/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-device-names.h"
#include "muster-metric-units.h"
#include "muster-telemetry.h"

G_BEGIN_DECLS

/* Adds /ws/ingest: samples over a WebSocket. */
void muster_ingest_socket_resource_add (MusterRouter      *router,
                                        MusterTelemetry   *telemetry,
                                        MusterDeviceNames *names,
                                        MusterMetricUnits *units,
                                        MusterClock       *clock);

G_END_DECLS
