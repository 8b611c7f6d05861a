/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-device-names.h"
#include "muster-telemetry.h"

G_BEGIN_DECLS

/* The paths that InfluxDB's clients use: POST /write (version 1) and /api/v2/write, and what they
 * ask before: /ping, /health and /query. */
void muster_line_resource_add (MusterRouter      *router,
                               MusterTelemetry   *telemetry,
                               MusterDeviceNames *names,
                               MusterClock       *clock);

G_END_DECLS
