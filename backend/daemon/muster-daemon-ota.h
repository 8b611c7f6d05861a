/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "factory/muster-label-queue.h"
#include "factory/muster-factory-resource.h"
#include "factory/muster-factory-rules.h"
#include "flash/muster-flash-resource.h"
#include "muster-data-dir.h"
#include "ota/muster-firmware-resource.h"
#include "ota/muster-firmware-set-resource.h"
#include "ota/muster-node-updates.h"
#include "ota/muster-rollout-resource.h"
#include "ota/muster-signing-resource.h"
#include "ota/muster-update-service.h"

G_BEGIN_DECLS

/* The services that keep and deliver firmware, over the network and over cables, put together. */
typedef struct _MusterDaemonOta MusterDaemonOta;

typedef struct
{
  MusterRepository     *repository;
  MusterSettings       *settings;
  MusterDeviceRegistry *registry;
  MusterSparkplugHost  *host;
  MusterSampleStore    *samples;
  const char           *group_id;
  MusterBus            *bus;
  MusterClock          *clock;
  MusterBaseUriFunc     base_uri;
  gpointer              base_uri_data;
} MusterDaemonOtaParts;

/* PARTS are borrowed for the call, but for `base_uri_data`, which must outlive it. */
MusterDaemonOta *muster_daemon_ota_new (MusterDataDir              *data_dir,
                                        const MusterDaemonOtaParts *parts,
                                        GError                    **error);
void             muster_daemon_ota_free (MusterDaemonOta *self);
/* In the order of their start: (transfer none) (element-type MusterService). */
GPtrArray            *muster_daemon_ota_get_services (MusterDaemonOta *self);
MusterUpdateService  *muster_daemon_ota_get_updates (MusterDaemonOta *self);
MusterRolloutService *muster_daemon_ota_get_rollouts (MusterDaemonOta *self);
void                  muster_daemon_ota_add_resources (MusterDaemonOta *self, MusterRouter *router);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDaemonOta, muster_daemon_ota_free)

G_END_DECLS
