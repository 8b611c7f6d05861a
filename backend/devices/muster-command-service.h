/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-device-command.h"
#include "muster-device-service.h"
#include "muster-node-service.h"

G_BEGIN_DECLS

/**
 * MusterCommandService:
 *
 * Tells devices what to do, and keeps what became of it: every command is a record that goes from
 * pending to sent to confirmed, failed or timed_out. Confirmed means that the device itself
 * reported the new value, or was born again.
 */
#define MUSTER_TYPE_COMMAND_SERVICE (muster_command_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterCommandService,
                      muster_command_service,
                      MUSTER,
                      COMMAND_SERVICE,
                      MusterService)

/* How devices are told that do not speak Sparkplug. The futures resolve to TRUE once the device
 * confirmed it, and reject as those of MusterDeviceLinks do. */
typedef struct
{
  gboolean (*knows) (const char *device_id, gpointer user_data);
  DexFuture *(*write) (const char         *device_id,
                       const char         *metric,
                       const MusterSample *value,
                       gint64              timeout,
                       gpointer            user_data);
  DexFuture *(*act) (const char       *device_id,
                     MusterCommandKind kind,
                     gint64            timeout,
                     gpointer          user_data);
} MusterCommandRoute;

MusterCommandService *muster_command_service_new (MusterDeviceService     *devices,
                                                  MusterNodeService       *nodes,
                                                  MusterClock             *clock,
                                                  const MusterDeviceLinks *links,
                                                  gpointer                 links_data);

/* ROUTE stays; USER_DATA must outlive the service. */
void muster_command_service_set_route (MusterCommandService     *self,
                                       const MusterCommandRoute *route,
                                       gpointer                  user_data);

/* COMMAND: a new MusterDeviceCommand with kind, metric and value. Resolves to it as stored, still
 * under way; rejects with MUSTER_ERROR_NOT_FOUND (no such device), _CONFLICT (not adopted; a metric
 * that takes no commands), _INVALID (`/metric`, `/value`). */
DexFuture *muster_command_service_give (MusterCommandService *self,
                                        MusterActor          *actor,
                                        const char           *device_id,
                                        MusterEntity         *command);

G_END_DECLS
