/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_device_group_info;

#define MUSTER_TYPE_DEVICE_GROUP (muster_device_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceGroup, muster_device_group, MUSTER, DEVICE_GROUP, MusterEntity)

G_END_DECLS
