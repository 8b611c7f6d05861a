/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-device-names.h"
#include "muster-telemetry.h"

G_BEGIN_DECLS

/* Adds the ways in beside readings and line protocol: Prometheus remote-write, CSV. */
void muster_ingest_resource_add (MusterRouter      *router,
                                 MusterTelemetry   *telemetry,
                                 MusterDeviceNames *names,
                                 MusterClock       *clock);

G_END_DECLS
