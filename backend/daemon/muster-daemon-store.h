/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "core/muster-metrics.h"
#include "core/muster-settings.h"
#include "telemetry/muster-sample-store.h"

G_BEGIN_DECLS

/* What keeps the samples of SITE, as SETTINGS say: on this machine in PATH, or in VictoriaMetrics;
 * here and in trouble where they make no sense. A MusterService too: (transfer full). */
MusterSampleStore *muster_daemon_store_new (const char     *path,
                                            MusterClock    *clock,
                                            MusterSettings *settings,
                                            const char     *site);
void muster_daemon_store_add_metrics (MusterSampleStore *store, MusterMetrics *metrics);

G_END_DECLS
