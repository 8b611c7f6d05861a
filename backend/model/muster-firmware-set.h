/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_firmware_set_info;

/* Firmware of several parts that a device is given as one. */
#define MUSTER_TYPE_FIRMWARE_SET (muster_firmware_set_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareSet, muster_firmware_set, MUSTER, FIRMWARE_SET, MusterEntity)

G_END_DECLS
