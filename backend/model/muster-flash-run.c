/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-run"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-flash-run.h"

/* clang-format off */
static const MusterEnumValue statuses[] = {
  { "waiting", N_("Waiting") }, { "writing", N_("Writing") }, { "verifying", N_("Reading back") }, { "done", N_("Done") }, { "failed", N_("Failed") }, { "cancelled", N_("Cancelled") }, { NULL, NULL },
};
const MusterEnum muster_flash_run_status_enum = { "FlashRunStatus", statuses };

#define S(name) MUSTER_FLASH_RUN_##name
static const MusterTransition transitions[] = {
  { S (WAITING), S (WRITING) }, { S (WAITING), S (CANCELLED) },
  { S (WRITING), S (WAITING) }, { S (WRITING), S (VERIFYING) }, { S (WRITING), S (DONE) }, { S (WRITING), S (FAILED) }, { S (WRITING), S (CANCELLED) },
  { S (VERIFYING), S (WAITING) }, { S (VERIFYING), S (DONE) }, { S (VERIFYING), S (FAILED) }, { S (VERIFYING), S (CANCELLED) },
  { S (FAILED), S (WAITING) }, { S (CANCELLED), S (WAITING) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_flash_run_machine = { &muster_flash_run_status_enum, transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "flash_batch", .label = N_("Batch"), .doc = "Of which batch." },
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 1, G_MAXINT32, .default_value = 1, .label = N_("Number"), .doc = "Its place in the batch, from 1." },
  { "port", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 200, .label = N_("Port"), .doc = "Where the board is: the path of a serial port, or what else the tool takes for one." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_flash_run_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "progress", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 100, .unit = "%", .label = N_("Progress"), .doc = "Of the step that it is at, as far as the tool tells." },
  { "attempt", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 1000, .label = N_("Attempt"), .doc = "How often it was begun." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 500, .label = N_("Error"), .doc = "Why it failed; the log has all that the tool said." },
  { "started_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Started"), .doc = "When it began." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Finished"), .doc = "When it ended." },
  { "unit_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "factory_unit", .label = N_("Unit"), .doc = "The board of a batch of the factory that it is written for; none: for its own sake." },
  { "waits_for", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 300, .label = N_("Waits for"), .doc = "Who has its port, while its status is waiting." },
};
/* clang-format on */

const MusterEntityInfo muster_flash_run_info = {
  .name = "flash_run",
  .table = "flash_run",
  .path = "flash-runs",
  .schema = "FlashRun",
  .doc = "One board of a batch, at one port.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_flash_run_machine,
  .machine_field = "status",
  .title_field = "port",
  .get_type = muster_flash_run_get_type,
};

struct _MusterFlashRun
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFlashRun, muster_flash_run, MUSTER_TYPE_ENTITY)

static void
muster_flash_run_class_init (MusterFlashRunClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_flash_run_info);
}

static void
muster_flash_run_init (MusterFlashRun *self)
{
}
