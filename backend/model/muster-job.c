/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-job.h"

/* clang-format off */
static const MusterEnumValue job_status_values[] = {
  { "queued", N_("Queued") }, { "running", N_("Running") }, { "paused", N_("Paused") }, { "done", N_("Done") },
  { "failed", N_("Failed") }, { "cancelled", N_("Cancelled") }, { NULL, NULL },
};
const MusterEnum muster_job_status_enum = { "JobStatus", job_status_values };

#define S(name) MUSTER_JOB_STATUS_##name
static const MusterTransition job_status_transitions[] = {
  { S (QUEUED), S (RUNNING) }, { S (QUEUED), S (PAUSED) }, { S (QUEUED), S (CANCELLED) },
  { S (RUNNING), S (PAUSED) }, { S (RUNNING), S (DONE) }, { S (RUNNING), S (FAILED) }, { S (RUNNING), S (CANCELLED) },
  { S (PAUSED), S (QUEUED) }, { S (PAUSED), S (CANCELLED) },
  { S (DONE), S (QUEUED) },
  { S (FAILED), S (QUEUED) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_job_status_machine = { &muster_job_status_enum, job_status_transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "kind", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 32, .label = N_("Kind"), .doc = "What sort of work: edit, move, status, delete, import." },
  { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 200, .label = N_("Title"), .doc = "What is done, in words." },
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 64, .label = N_("Kind of record"), .doc = "What kind of record it changes." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_job_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Total"), .doc = "How many rows there are." },
  { "done", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Done"), .doc = "How many were changed." },
  { "skipped", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Skipped"), .doc = "How many needed no change." },
  { "failed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Failed"), .doc = "How many were refused." },
  { "parameters", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 1048576, .label = N_("Parameters"), .doc = "What to do to each row: {changes: {field: value}}, and the filter that chose them." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Who"), .doc = "Who asked for it." },
  { "actor_role", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Role"), .doc = "What that one may do." },
  { "operation", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Operation"), .doc = "Of its journal entries: undone together." },
  { "first_sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Journal"), .doc = "Sequence of its first journal entry." },
  { "rate", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .unit = "/s", .label = N_("Rate"), .doc = "Rows a second, while it runs." },
  { "remaining", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .unit = "s", .label = N_("Remaining"), .doc = "How long it will still take by that rate." },
  { "started_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Started"), .doc = "When it began." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Finished"), .doc = "When it ended." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 1000, .label = N_("Error"), .doc = "Why it failed as a whole." },
};
/* clang-format on */

const MusterEntityInfo muster_job_info = {
  .name = "job",
  .table = "job",
  .path = "jobs",
  .schema = "Job",
  .doc = "Long work that the daemon does: bulk changes, imports.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_job_status_machine,
  .machine_field = "status",
  .title_field = "title",
  .get_type = muster_job_get_type,
};

struct _MusterJob
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterJob, muster_job, MUSTER_TYPE_ENTITY)

static void
muster_job_class_init (MusterJobClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_job_info);
}

static void
muster_job_init (MusterJob *self)
{
}
