/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "model/muster-device-event.h"

G_BEGIN_DECLS

/**
 * MusterDeviceEventLog:
 *
 * Notes what happens to devices: those of a short while are stored together, and published on the
 * topic `events` once they are. Main thread only.
 */
#define MUSTER_TYPE_DEVICE_EVENT_LOG (muster_device_event_log_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceEventLog,
                      muster_device_event_log,
                      MUSTER,
                      DEVICE_EVENT_LOG,
                      GObject)

MusterDeviceEventLog *muster_device_event_log_new (MusterRepository *repository, MusterBus *bus);
/* KIND: a word ("online"). MESSAGE, DATA (JSON) may be NULL. What cannot be stored is logged and
 * dropped. */
void muster_device_event_log_append (MusterDeviceEventLog *self,
                                     const char           *device_id,
                                     const char           *kind,
                                     MusterSeverity        severity,
                                     const char           *message,
                                     const char           *data);
/* EVENT (referenced): a MusterDeviceEvent without base fields. */
void muster_device_event_log_append_event (MusterDeviceEventLog *self, MusterEntity *event);
/* Stores what waits. Resolves to TRUE. */
DexFuture *muster_device_event_log_flush (MusterDeviceEventLog *self);

/* The newest events of all devices, newest first, up to 50: (transfer none) (element-type
 * MusterDeviceEvent). */
GPtrArray *muster_device_event_log_get_newest (MusterDeviceEventLog *self);

G_END_DECLS
