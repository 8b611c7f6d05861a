/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterDeviceFirmware:
 *
 * The firmware of one device, on its own page: what it runs, the update that it is at, what it ran
 * before with a way back, and a way to another version.
 */
#define MUSTER_TYPE_DEVICE_FIRMWARE (muster_device_firmware_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceFirmware, muster_device_firmware, MUSTER, DEVICE_FIRMWARE, AdwBin)

/* Shows DEVICE, again at each call. */
void muster_device_firmware_show (MusterDeviceFirmware *self,
                                  MusterSession        *session,
                                  MusterEntity         *device);

G_END_DECLS
