/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alerts/muster-alert-service.h"
#include "core/http/muster-router.h"
#include "core/muster-metrics.h"
#include "core/muster-settings.h"
#include "telemetry/muster-telemetry.h"

G_BEGIN_DECLS

/* What takes, checks, keeps and gives samples, put together. */
typedef struct _MusterDaemonSamples MusterDaemonSamples;

typedef struct
{
  MusterDatabase   *database;
  MusterRepository *repository;
  MusterSettings   *settings;
  const char       *site_id;
  MusterBus        *bus;
  MusterClock      *clock;
} MusterDaemonSamplesParts;

/* Samples are kept at PATH, where no other server is set. PARTS are borrowed for the call. */
MusterDaemonSamples *muster_daemon_samples_new (const char                     *path,
                                                const MusterDaemonSamplesParts *parts);
void                 muster_daemon_samples_free (MusterDaemonSamples *self);
/* In the order of their start: (transfer none) (element-type MusterService). */
GPtrArray         *muster_daemon_samples_get_services (MusterDaemonSamples *self);
MusterTelemetry   *muster_daemon_samples_get_telemetry (MusterDaemonSamples *self);
MusterSampleStore *muster_daemon_samples_get_store (MusterDaemonSamples *self);
/* ALERTS say which devices are where. */
void muster_daemon_samples_add_resources (MusterDaemonSamples *self,
                                          MusterRouter        *router,
                                          MusterAlertService  *alerts);
void muster_daemon_samples_add_metrics (MusterDaemonSamples *self, MusterMetrics *metrics);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDaemonSamples, muster_daemon_samples_free)

G_END_DECLS
