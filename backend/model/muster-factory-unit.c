/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-unit"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-factory-unit.h"

/* clang-format off */
static const MusterEnumValue statuses[] = {
  { "waiting", N_("Waiting") }, { "flashing", N_("Being written") }, { "provisioning", N_("Getting its identity") }, { "testing", N_("Under test") }, { "asking", N_("Waits for an answer") },
  { "passed", N_("Passed") }, { "failed", N_("Failed") }, { "cancelled", N_("Cancelled") }, { NULL, NULL },
};
const MusterEnum muster_bench_status_enum = { "BenchStatus", statuses };

static const MusterEnumValue labels[] = {
  { "none", N_("Not printed") }, { "due", N_("To be printed at the station") }, { "waiting", N_("Waits for the printer") }, { "printed", N_("Printed") }, { "failed", N_("Could not be printed") }, { NULL, NULL },
};
const MusterEnum muster_unit_label_enum = { "UnitLabel", labels };

#define S(name) MUSTER_BENCH_##name
static const MusterTransition transitions[] = {
  { S (WAITING), S (FLASHING) }, { S (WAITING), S (PROVISIONING) }, { S (WAITING), S (TESTING) }, { S (WAITING), S (FAILED) }, { S (WAITING), S (CANCELLED) },
  { S (FLASHING), S (WAITING) }, { S (FLASHING), S (PROVISIONING) }, { S (FLASHING), S (FAILED) }, { S (FLASHING), S (CANCELLED) },
  { S (PROVISIONING), S (WAITING) }, { S (PROVISIONING), S (TESTING) }, { S (PROVISIONING), S (PASSED) }, { S (PROVISIONING), S (FAILED) }, { S (PROVISIONING), S (CANCELLED) },
  { S (TESTING), S (WAITING) }, { S (TESTING), S (ASKING) }, { S (TESTING), S (PASSED) }, { S (TESTING), S (FAILED) }, { S (TESTING), S (CANCELLED) },
  { S (ASKING), S (WAITING) }, { S (ASKING), S (TESTING) }, { S (ASKING), S (FAILED) }, { S (ASKING), S (CANCELLED) },
  { S (FAILED), S (WAITING) }, { S (CANCELLED), S (WAITING) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_bench_machine = { &muster_bench_status_enum, transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "factory_batch", .label = N_("Batch"), .doc = "Of which batch." },
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 1, G_MAXINT32, .default_value = 1, .label = N_("Number"), .doc = "Its place in the batch, from 1." },
  { "port", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 200, .label = N_("Port"), .doc = "Where the board is: the path of a serial port, or tcp:HOST:PORT." },
  { "flash_port", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, 1, 200, .label = N_("Port of the tool"), .doc = "Where its firmware is written, where that is another port." },
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 1, 24, .label = N_("Serial number"), .doc = "What the board is given when it gets its identity; its own for good." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_bench_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "step", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 120, .label = N_("Step"), .doc = "The step that it is at; of one that failed, the step where that was." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 500, .label = N_("Error"), .doc = "Why it failed." },
  { "question", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 500, .label = N_("Question"), .doc = "What is to be answered by yes or no while its status is asking." },
  { "attempt", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 1000, .label = N_("Attempt"), .doc = "How often it was begun." },
  { "flash_run_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "flash_run", .label = N_("Flash run"), .doc = "Where the writing of its firmware is noted, with its log." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "device", .label = N_("Device"), .doc = "The record of the unit that passed." },
  { "link_key", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SECRET, 64, 64, .label = N_("Key"), .doc = "What it proves itself by on a serial line: 32 bytes in hexadecimal." },
  { "report", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 1048576, .label = N_("Report"), .doc = "Each step with its verdict: waiting, running, passed, failed or skipped; with its measurement, limits and times." },
  { "started_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Started"), .doc = "When it began last." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Finished"), .doc = "When it ended." },
  { "label", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_unit_label_enum, .label = N_("Label"), .doc = "What became of its label; one that is printed by hand from the device's record is not told of." },
  { "label_error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 500, .label = N_("Printer"), .doc = "Why its label could not be printed." },
  { "key_read_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Key read"), .doc = "When somebody was given its key last; who that was stands in the journal." },
  { "report_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 64, 64, .label = N_("Hash of the report"), .doc = "SHA-256 of the report of what is over, in hexadecimal: the journal vouches for the report by it." },
  { "waits_for", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 300, .label = N_("Waits for"), .doc = "Who has its port, while its status is waiting." },
};
/* clang-format on */

const MusterEntityInfo muster_factory_unit_info = {
  .name = "factory_unit",
  .table = "factory_unit",
  .path = "factory/units",
  .schema = "FactoryUnit",
  .doc = "One board of a batch on its way to be a unit.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_bench_machine,
  .machine_field = "status",
  .title_field = "port",
  .get_type = muster_factory_unit_get_type,
};

struct _MusterFactoryUnit
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFactoryUnit, muster_factory_unit, MUSTER_TYPE_ENTITY)

static void
muster_factory_unit_class_init (MusterFactoryUnitClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_factory_unit_info);
}

static void
muster_factory_unit_init (MusterFactoryUnit *self)
{
}
