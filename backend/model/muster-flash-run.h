/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_FLASH_RUN_WAITING,
  MUSTER_FLASH_RUN_WRITING,
  MUSTER_FLASH_RUN_VERIFYING,
  MUSTER_FLASH_RUN_DONE,
  MUSTER_FLASH_RUN_FAILED,
  MUSTER_FLASH_RUN_CANCELLED,
} MusterFlashRunStatus;

extern const MusterEnum         muster_flash_run_status_enum;
extern const MusterStateMachine muster_flash_run_machine;
extern const MusterEntityInfo   muster_flash_run_info;

#define MUSTER_TYPE_FLASH_RUN (muster_flash_run_get_type ())
G_DECLARE_FINAL_TYPE (MusterFlashRun, muster_flash_run, MUSTER, FLASH_RUN, MusterEntity)

G_END_DECLS
