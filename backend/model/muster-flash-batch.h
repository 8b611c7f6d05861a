/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* Programs that write firmware into boards. */
typedef enum
{
  MUSTER_FLASH_ESPTOOL,
  MUSTER_FLASH_AVRDUDE,
  MUSTER_FLASH_PICOTOOL,
  MUSTER_FLASH_STM32FLASH,
  MUSTER_FLASH_OPENOCD,
} MusterFlashTool;

#define MUSTER_FLASH_N_TOOLS (MUSTER_FLASH_OPENOCD + 1)

typedef enum
{
  MUSTER_FLASH_BATCH_OPEN,     /* boards wait, or are being written */
  MUSTER_FLASH_BATCH_FINISHED, /* none does any more */
  MUSTER_FLASH_BATCH_CANCELLED,
} MusterFlashBatchStatus;

extern const MusterEnum       muster_flash_tool_enum;
extern const MusterEnum       muster_flash_batch_status_enum;
extern const MusterEntityInfo muster_flash_batch_info;

#define MUSTER_TYPE_FLASH_BATCH (muster_flash_batch_get_type ())
G_DECLARE_FINAL_TYPE (MusterFlashBatch, muster_flash_batch, MUSTER, FLASH_BATCH, MusterEntity)

G_END_DECLS
