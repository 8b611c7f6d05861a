/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-run"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-factory-unit.h"
#include "muster-test-run.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "plan_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "test_plan", .label = N_("Test plan"), .doc = "Which plan; none: it is there no more." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What the plan was called." },
  { "port", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 200, .label = N_("Port"), .doc = "Where the board is: the path of a serial port, or tcp:HOST:PORT." },
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 1, 24, .label = N_("Serial number"), .doc = "Which unit it is, by its own word and proof." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "device", .label = N_("Device"), .doc = "The unit's record, where there is one." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_bench_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "step", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 120, .label = N_("Step"), .doc = "The step that it is at; of one that failed, the step where that was." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 500, .label = N_("Error"), .doc = "Why it failed." },
  { "question", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 500, .label = N_("Question"), .doc = "What is to be answered by yes or no while its status is asking." },
  { "report", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 1048576, .label = N_("Report"), .doc = "Each step with its verdict: waiting, running, passed, failed or skipped; with its measurement, limits and times." },
  { "started_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Started"), .doc = "When it began last." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Finished"), .doc = "When it ended." },
  { "report_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 64, 64, .label = N_("Hash of the report"), .doc = "SHA-256 of the report of what is over, in hexadecimal: the journal vouches for the report by it." },
  { "waits_for", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 300, .label = N_("Waits for"), .doc = "Who has its port, while its status is waiting." },
};
/* clang-format on */

const MusterEntityInfo muster_test_run_info = {
  .name = "test_run",
  .table = "test_run",
  .path = "test-runs",
  .schema = "TestRun",
  .doc = "A test plan run against one board, and what came of it.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_bench_machine,
  .machine_field = "status",
  .title_field = "name",
  .get_type = muster_test_run_get_type,
};

struct _MusterTestRun
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterTestRun, muster_test_run, MUSTER_TYPE_ENTITY)

static void
muster_test_run_class_init (MusterTestRunClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_test_run_info);
}

static void
muster_test_run_init (MusterTestRun *self)
{
}
