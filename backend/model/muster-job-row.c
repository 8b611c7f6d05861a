/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-job-row.h"

/* clang-format off */
static const MusterEnumValue job_row_status_values[] = {
  { "pending", N_("Pending") }, { "done", N_("Done") }, { "skipped", N_("Skipped") },
  { "failed", N_("Failed") }, { NULL, NULL },
};
const MusterEnum muster_job_row_status_enum = { "JobRowStatus", job_row_status_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "job_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "job", .label = N_("Job"), .doc = "Of which job." },
  { "position", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 0, 100000000, .label = N_("Position"), .doc = "Its place in the job, from 1; of an import, the line of the file." },
  { "entity_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_VOLATILE, .label = N_("Record"), .doc = "Which record it is about." },
  { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 260, .label = N_("Title"), .doc = "What the record is called, once it was looked at." },
  { "input", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, 0, 65536, .label = N_("Input"), .doc = "The row of an import, as JSON." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .enumeration = &muster_job_row_status_enum, .label = N_("Status"), .doc = "What became of it." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 1, 1000, .label = N_("Error"), .doc = "Why it was refused." },
};
/* clang-format on */

const MusterEntityInfo muster_job_row_info = {
  .name = "job_row",
  .table = "job_row",
  .path = "job-rows",
  .schema = "JobRow",
  .doc = "One row of a job and what became of it.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "position",
  .get_type = muster_job_row_get_type,
};

struct _MusterJobRow
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterJobRow, muster_job_row, MUSTER_TYPE_ENTITY)

static void
muster_job_row_class_init (MusterJobRowClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_job_row_info);
}

static void
muster_job_row_init (MusterJobRow *self)
{
}
