/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-device.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* What a device is reached through, and of a gateway what is reached through it; not there where
 * neither is known. */
#define MUSTER_TYPE_DEVICE_REACH (muster_device_reach_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceReach, muster_device_reach, MUSTER, DEVICE_REACH, AdwBin)

/* Reads it again at each call. */
void muster_device_reach_show (MusterDeviceReach *self,
                               MusterSession     *session,
                               MusterDevice      *device);

G_END_DECLS
