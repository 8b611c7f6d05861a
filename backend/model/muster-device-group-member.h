/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_device_group_member_info;

#define MUSTER_TYPE_DEVICE_GROUP_MEMBER (muster_device_group_member_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceGroupMember,
                      muster_device_group_member,
                      MUSTER,
                      DEVICE_GROUP_MEMBER,
                      MusterEntity)

G_END_DECLS
