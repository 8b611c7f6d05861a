/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* Values of muster_severity_enum. */
typedef enum
{
  MUSTER_SEVERITY_INFO,
  MUSTER_SEVERITY_WARNING,
  MUSTER_SEVERITY_ERROR,
} MusterSeverity;

extern const MusterEnum       muster_severity_enum;
extern const MusterEntityInfo muster_device_event_info;

#define MUSTER_TYPE_DEVICE_EVENT (muster_device_event_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceEvent, muster_device_event, MUSTER, DEVICE_EVENT, MusterEntity)

G_END_DECLS
