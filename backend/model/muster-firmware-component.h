/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_firmware_component_info;

/* What firmware contains, as a bill of materials tells that is attached to it. It follows from that
 * file's bytes, and comes and goes with it. */
#define MUSTER_TYPE_FIRMWARE_COMPONENT (muster_firmware_component_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareComponent,
                      muster_firmware_component,
                      MUSTER,
                      FIRMWARE_COMPONENT,
                      MusterEntity)

G_END_DECLS
