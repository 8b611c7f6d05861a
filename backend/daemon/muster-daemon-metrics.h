/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-metrics.h"
#include "messaging/muster-messaging.h"
#include "telemetry/muster-telemetry.h"

G_BEGIN_DECLS

/* Adds what the services count about samples and messages, and how large the files in DATA_DIR are.
 */
void muster_daemon_metrics_add (MusterMetrics   *metrics,
                                MusterTelemetry *telemetry,
                                MusterMessaging *messaging,
                                const char      *data_dir);

G_END_DECLS
