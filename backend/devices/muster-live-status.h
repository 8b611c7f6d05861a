/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-bus.h"
#include "muster-liveness.h"

G_BEGIN_DECLS

/* How a device lives at one moment: payload of the topic `live`. Immutable.
 * {"device_id":"…","state":"online","since":…,"proofs":[…]} */
#define MUSTER_TYPE_LIVE_STATUS (muster_live_status_get_type ())
G_DECLARE_FINAL_TYPE (MusterLiveStatus, muster_live_status, MUSTER, LIVE_STATUS, GObject)

MusterLiveStatus *muster_live_status_new (const char           *device_id,
                                          const MusterLiveness *live,
                                          MusterMoment          moment);
const char       *muster_live_status_get_device_id (MusterLiveStatus *self);
MusterLiveState   muster_live_status_get_state (MusterLiveStatus *self);
/* Since when it is in that state: UTC microseconds; 0: unknown. */
gint64 muster_live_status_get_since (MusterLiveStatus *self);
/* The event that carries it: a stream that cannot keep up needs only the newest of a device.
 * (transfer full) */
MusterEvent *muster_live_status_make_event (MusterLiveStatus *self);

G_END_DECLS
