/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-batch"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-flash-batch.h"

/* clang-format off */
static const MusterEnumValue tools[] = {
  { "esptool", "esptool" }, { "avrdude", "AVRDUDE" }, { "picotool", "picotool" }, { "stm32flash", "stm32flash" }, { "openocd", "OpenOCD" }, { NULL, NULL },
};
const MusterEnum muster_flash_tool_enum = { "FlashTool", tools };

static const MusterEnumValue statuses[] = {
  { "open", N_("Under way") }, { "finished", N_("Finished") }, { "cancelled", N_("Cancelled") }, { NULL, NULL },
};
const MusterEnum muster_flash_batch_status_enum = { "FlashBatchStatus", statuses };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What the boards are given." },
  { "tool", MUSTER_FIELD_ENUM, MUSTER_FIELD_IMMUTABLE, .enumeration = &muster_flash_tool_enum, .label = N_("Tool"), .doc = "The program that writes it." },
  { "part", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, 1, 64, .label = N_("Part"), .doc = "The chip, as the tool calls it: `esp32c3`, `m328p`; of OpenOCD the target's file: `stm32f1x`." },
  { "programmer", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, 1, 64, .label = N_("Programmer"), .doc = "What stands between: of AVRDUDE its name, `arduino`; of OpenOCD the interface's file, `stlink`." },
  { "address", MUSTER_FIELD_INTEGER, MUSTER_FIELD_IMMUTABLE, 0, 4294967295, .label = N_("Address"), .doc = "Where in the chip's memory it goes." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_flash_batch_status_enum, .label = N_("Status"), .doc = "Whether there is something left to do." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT32, .label = N_("Boards"), .doc = "How many boards it has." },
  { "succeeded", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT32, .label = N_("Succeeded"), .doc = "How many were written, and read back right." },
  { "failed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT32, .label = N_("Failed"), .doc = "How many were not." },
};
/* clang-format on */

const MusterEntityInfo muster_flash_batch_info = {
  .name = "flash_batch",
  .table = "flash_batch",
  .path = "flash-batches",
  .schema = "FlashBatch",
  .doc = "Boards that are given firmware over a cable, several at once.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_flash_batch_get_type,
};

struct _MusterFlashBatch
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFlashBatch, muster_flash_batch, MUSTER_TYPE_ENTITY)

static void
muster_flash_batch_class_init (MusterFlashBatchClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_flash_batch_info);
}

static void
muster_flash_batch_init (MusterFlashBatch *self)
{
}
