/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-rollout.h"
#include "muster-firmware-update.h"

/* clang-format off */
static const MusterEnumValue rollout_status_values[] = {
  { "draft", N_("Draft") }, { "approval", N_("Waits for approval") }, { "scheduled", N_("Scheduled") }, { "running", N_("Running") }, { "paused", N_("Paused") }, { "finished", N_("Finished") }, { "cancelled", N_("Cancelled") }, { NULL, NULL },
};
const MusterEnum muster_rollout_status_enum = { "RolloutStatus", rollout_status_values };

#define S(name) MUSTER_ROLLOUT_##name
static const MusterTransition rollout_status_transitions[] = {
  { S (DRAFT), S (APPROVAL) }, { S (DRAFT), S (SCHEDULED) }, { S (DRAFT), S (RUNNING) }, { S (DRAFT), S (CANCELLED) },
  { S (APPROVAL), S (DRAFT) }, { S (APPROVAL), S (SCHEDULED) }, { S (APPROVAL), S (RUNNING) }, { S (APPROVAL), S (CANCELLED) },
  { S (SCHEDULED), S (RUNNING) }, { S (SCHEDULED), S (PAUSED) }, { S (SCHEDULED), S (CANCELLED) },
  { S (RUNNING), S (PAUSED) }, { S (RUNNING), S (FINISHED) }, { S (RUNNING), S (CANCELLED) },
  { S (PAUSED), S (SCHEDULED) }, { S (PAUSED), S (RUNNING) }, { S (PAUSED), S (CANCELLED) },
  { S (FINISHED), S (RUNNING) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_rollout_status_machine = { &muster_rollout_status_enum, rollout_status_transitions };

static const MusterEnumValue rollout_error_action_values[] = {
  { "pause", N_("Pause") }, { "cancel", N_("Cancel the rest") }, { NULL, NULL },
};
const MusterEnum muster_rollout_error_action_enum = { "RolloutErrorAction", rollout_error_action_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 4000, .label = N_("Description"), .doc = "What it is for." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_rollout_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What the devices are given." },
  { "set_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "firmware_set", .label = N_("Set"), .doc = "Or what set of firmware." },
  { "filter", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Devices"), .doc = "Those that match this query of the list of devices: `model=TH-10&status=deployed`." },
  { "device_group_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "device_group", .label = N_("Device group"), .doc = "Or those of this group." },
  { "dynamic", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Late joiners"), .doc = "Whether devices that come to match later get it too." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_update_kind_enum, .label = N_("Kind"), .doc = "How much say the device has in it." },
  { "force_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Forced from"), .doc = "Of a time-forced one, from when on it is forced." },
  { "weight", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1000, .default_value = 500, .label = N_("Weight"), .doc = "Of several updates of a device, the one with more goes first." },
  { "plan", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 65536, .label = N_("Groups"), .doc = "Array of {name, count, percent or share, target_query, success_threshold, error_threshold, manual, confirmation_required}: count of devices, percent of all, or share, percent of those that are left and that target_query (RSQL) lets it take; the rest is the last group. null: one group." },
  { "success_threshold", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 100, .default_value = 100, .unit = "%", .label = N_("Success threshold"), .doc = "How much of a group must have succeeded before the next begins; below 100, one that is over with less stops the rollout." },
  { "error_threshold", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 100, .default_value = 10, .unit = "%", .label = N_("Error threshold"), .doc = "How much of a group, what was cancelled left out, may fail before the rollout pauses by itself." },
  { "error_action", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_rollout_error_action_enum, .label = N_("On errors"), .doc = "What it does then." },
  { "starts_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Starts"), .doc = "When it begins; null: when it is started." },
  { "window", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 4096, .label = N_("Maintenance window"), .doc = "When devices may install, by the clocks of the site: {days: [1…7], from: \"22:00\", to: \"04:00\"}; null: always." },
  { "max_concurrent", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000000, .label = N_("At once"), .doc = "How many devices may be at it at once." },
  { "max_rate", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000000000, .unit = "kBy/s", .label = N_("Bandwidth"), .doc = "How much all downloads of it may take together." },
  { "confirm_within", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 10, 86400, .default_value = 300, .unit = "s", .label = N_("Confirm within"), .doc = "How long a device may take to come back before it reverts." },
  { "give_up_after", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 60, 2592000, .default_value = 86400, .unit = "s", .label = N_("Give up after"), .doc = "How long a device may say nothing before its update counts as failed." },
  { "soak", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 2592000, .unit = "s", .label = N_("Wait between groups"), .doc = "How long a group is watched before the next begins." },
  { "gate", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 16384, .label = N_("Telemetry gate"), .doc = "What must not be worse after the update, an object or up to 8: {watch: \"metric\", \"errors\" or \"reboots\", metric, worse: \"higher\" or \"lower\", tolerance, alpha: 0.01, before: 86400 seconds, against: \"any\", \"before\" or \"rest\", unsure: \"go_on\" or \"stop\"}. Each device counts once, by its mean of the time that it is watched less that of the time before: Wilcoxon's signed-rank test of these, and the rank-sum test against the devices that are still to be updated, alpha divided by the number of tests. Needs a wait between groups; null: nothing is looked at." },
  { "needs_approval", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Second person"), .doc = "Whether another person than who made it must approve it; how it goes is fixed with that." },
  { "approved_by", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Approved by"), .doc = "Who approved it." },
  { "approved_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Approved"), .doc = "When." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Made by"), .doc = "Who made it, or changed its draft last." },
  { "reason", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 1000, .label = N_("Reason"), .doc = "Why it paused or stopped." },
  { "started_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Started"), .doc = "When it began." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Finished"), .doc = "When it ended." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Devices"), .doc = "How many devices it has." },
  { "running", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Under way"), .doc = "How many are at it." },
  { "succeeded", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Succeeded"), .doc = "How many run it." },
  { "failed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Failed"), .doc = "How many failed or reverted." },
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 2147483647, .label = N_("Number"), .doc = "Its short number, by which tools of hawkBit's Management API name it." },
  { "target_query", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 4096, .label = N_("Update clients"), .doc = "Or those update clients that match this filter (RSQL, as hawkBit's Management API takes it): `controllerid==dev*;attribute.hw==2`." },
  { "approval_remark", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 1000, .label = N_("Remark"), .doc = "What was said with the approval, or against it." },
  { "confirmation_required", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Asks for consent"), .doc = "Whether somebody at each device must agree first. Only update clients can be asked: it is for those of target_query alone." },
};
/* clang-format on */

const MusterEntityInfo muster_rollout_info = {
  .name = "rollout",
  .table = "rollout",
  .path = "rollouts",
  .schema = "Rollout",
  .doc = "An update of many devices, group after group.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_rollout_status_machine,
  .machine_field = "status",
  .title_field = "name",
  .instead = "cancel it",
  .get_type = muster_rollout_get_type,
};

struct _MusterRollout
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterRollout, muster_rollout, MUSTER_TYPE_ENTITY)

static void
muster_rollout_class_init (MusterRolloutClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_rollout_info);
}

static void
muster_rollout_init (MusterRollout *self)
{
}
