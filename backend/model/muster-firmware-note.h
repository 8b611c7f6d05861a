/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_firmware_note_info;

/* A text about firmware, under a key. */
#define MUSTER_TYPE_FIRMWARE_NOTE (muster_firmware_note_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareNote, muster_firmware_note, MUSTER, FIRMWARE_NOTE, MusterEntity)

G_END_DECLS
