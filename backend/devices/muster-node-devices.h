/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "messaging/muster-sparkplug-session.h"
#include "muster-device-service.h"

G_BEGIN_DECLS

/* The devices that nodes speak for: who they are, and the records that they get when their gateway
 * first brings them. Main thread only. */
typedef struct _MusterNodeDevices MusterNodeDevices;

MusterNodeDevices *muster_node_devices_new (MusterDeviceService *devices, MusterClock *clock);
void               muster_node_devices_free (MusterNodeDevices *self);

/* The id of the device that SOURCE names; NULL: no record knows it, or it was released. Borrowed
 * until the next main loop turn. */
const char *muster_node_devices_find (MusterNodeDevices *self, const MusterSparkplugSource *source);
/* The same, and where no record knows the device it gets one: that with the device's name as its
 * serial number, if it speaks with the site in no other way, else a new one. The record is written
 * before whatever is asked of the database after this. GATEWAY_ID: of the node's record. */
const char *muster_node_devices_take (MusterNodeDevices           *self,
                                      const char                  *gateway_id,
                                      const MusterSparkplugSource *source);
/* Whether the record ID was taken so, and whoever follows records may not know it yet. */
gboolean muster_node_devices_is_taken (MusterNodeDevices *self, const char *id);
/* Fills in what the record lacks of the properties that a device tells of itself, once after it was
 * taken. */
void muster_node_devices_note (MusterNodeDevices  *self,
                               const char         *id,
                               const MusterSample *samples,
                               unsigned            n_samples);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeDevices, muster_node_devices_free)

G_END_DECLS
