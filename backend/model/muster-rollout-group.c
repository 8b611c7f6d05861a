/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-group"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-rollout-group.h"

/* clang-format off */
static const MusterEnumValue rollout_group_status_values[] = {
  { "waiting", N_("Waiting") }, { "gate", N_("Waits to be opened") }, { "running", N_("Running") }, { "watched", N_("Watched") }, { "done", N_("Done") }, { "failed", N_("Failed") }, { NULL, NULL },
};
const MusterEnum muster_rollout_group_status_enum = { "RolloutGroupStatus", rollout_group_status_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "rollout_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "rollout", .label = N_("Rollout"), .doc = "Whose group it is." },
  { "position", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 1, 1000, .label = N_("Position"), .doc = "Its place, from 1." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_rollout_group_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "success_threshold", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 100, .default_value = 100, .unit = "%", .label = N_("Success threshold"), .doc = "How much of it must have succeeded before the next begins." },
  { "error_threshold", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 1, 100, .default_value = 10, .unit = "%", .label = N_("Error threshold"), .doc = "How much of it may fail before the rollout pauses by itself." },
  { "manual", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Opened by hand"), .doc = "Whether a second person opens it." },
  { "opened_by", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Opened by"), .doc = "Who opened it." },
  { "evidence", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 65536, .label = N_("Evidence"), .doc = "What the telemetry gate found: figures of the test and its verdict." },
  { "started_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Started"), .doc = "When it began." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Finished"), .doc = "When enough of it was done." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Devices"), .doc = "How many devices it has." },
  { "running", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Under way"), .doc = "How many are at it." },
  { "succeeded", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Succeeded"), .doc = "How many run it." },
  { "failed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Failed"), .doc = "How many failed or reverted." },
  { "target_query", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 4096, .label = N_("Update clients"), .doc = "It has only those that match this filter (RSQL); null: any that its rollout is for." },
  { "confirmation_required", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Asks for consent"), .doc = "Whether somebody at each of its devices must agree first." },
};
/* clang-format on */

const MusterEntityInfo muster_rollout_group_info = {
  .name = "rollout_group",
  .table = "rollout_group",
  .path = "rollout-groups",
  .schema = "RolloutGroup",
  .doc = "Some of the devices of a rollout, which are updated together.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_rollout_group_get_type,
};

struct _MusterRolloutGroup
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterRolloutGroup, muster_rollout_group, MUSTER_TYPE_ENTITY)

static void
muster_rollout_group_class_init (MusterRolloutGroupClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_rollout_group_info);
}

static void
muster_rollout_group_init (MusterRolloutGroup *self)
{
}
