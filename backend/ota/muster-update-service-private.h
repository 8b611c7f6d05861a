/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-update-service.h"
#include "muster-update-store.h"

G_BEGIN_DECLS

/* Takes of LEAVE, which allows everything, what UPDATE's window, rollout and limits do not allow at
 * NOW. */
typedef void (*MusterUpdateLeaveFunc) (MusterEntity      *update,
                                       gint64             now,
                                       MusterUpdateLeave *leave,
                                       gpointer           user_data);

void                  muster_update_service_set_leave (MusterUpdateService  *self,
                                                       MusterUpdateLeaveFunc leave,
                                                       gpointer              user_data);
MusterDeviceRegistry *muster_update_service_get_registry (MusterUpdateService *self);
/* Every device that has open updates: (transfer container) (element-type utf8). */
GPtrArray *muster_update_service_list_devices (MusterUpdateService *self);
/* What another part of the room made or changed of updates: known from now on, and told. */
void muster_update_service_take (MusterUpdateService *self, GPtrArray *updates);
/* Something else than an update itself now lets updates go on: emits `woken`. */
void muster_update_service_wake (MusterUpdateService *self);
/* DEED upon the update ID. Resolves to it as it is then. */
DexFuture *muster_update_service_change (MusterUpdateService *self,
                                         MusterActor         *actor,
                                         const char          *operation,
                                         const char          *id,
                                         MusterUpdateDeed     deed,
                                         MusterUpdateDelivery delivery);

G_END_DECLS
