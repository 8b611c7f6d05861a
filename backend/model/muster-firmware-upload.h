/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_firmware_upload_info;

/* A file of firmware on its way in, which may come in pieces. */
#define MUSTER_TYPE_FIRMWARE_UPLOAD (muster_firmware_upload_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareUpload,
                      muster_firmware_upload,
                      MUSTER,
                      FIRMWARE_UPLOAD,
                      MusterEntity)

G_END_DECLS
