/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_COMMAND_PENDING,
  MUSTER_COMMAND_SENT,
  MUSTER_COMMAND_CONFIRMED,
  MUSTER_COMMAND_FAILED,
  MUSTER_COMMAND_TIMED_OUT,
} MusterCommandState;

typedef enum
{
  MUSTER_COMMAND_WRITE,
  MUSTER_COMMAND_REBOOT,
  MUSTER_COMMAND_IDENTIFY,
  MUSTER_COMMAND_REBIRTH,
} MusterCommandKind;

extern const MusterEnum         muster_command_state_enum;
extern const MusterEnum         muster_command_kind_enum;
extern const MusterStateMachine muster_command_state_machine;
extern const MusterEntityInfo   muster_device_command_info;

#define MUSTER_TYPE_DEVICE_COMMAND (muster_device_command_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceCommand,
                      muster_device_command,
                      MUSTER,
                      DEVICE_COMMAND,
                      MusterEntity)

G_END_DECLS
