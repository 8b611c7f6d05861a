/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_firmware_set_member_info;

/* One part of a set of firmware. */
#define MUSTER_TYPE_FIRMWARE_SET_MEMBER (muster_firmware_set_member_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareSetMember,
                      muster_firmware_set_member,
                      MUSTER,
                      FIRMWARE_SET_MEMBER,
                      MusterEntity)

G_END_DECLS
