/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_firmware_file_info;

/* One file of firmware. Its bytes are kept once, under their SHA-256. */
#define MUSTER_TYPE_FIRMWARE_FILE (muster_firmware_file_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareFile, muster_firmware_file, MUSTER, FIRMWARE_FILE, MusterEntity)

G_END_DECLS
