/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-update"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-update.h"

/* clang-format off */
static const MusterEnumValue update_status_values[] = {
  { "waiting", N_("Waiting") }, { "running", N_("Running") }, { "cancelling", N_("Being cancelled") }, { "confirmed", N_("Confirmed") }, { "failed", N_("Failed") }, { "reverted", N_("Reverted") }, { "cancelled", N_("Cancelled") }, { NULL, NULL },
};
const MusterEnum muster_update_status_enum = { "UpdateStatus", update_status_values };

#define S(name) MUSTER_UPDATE_##name
static const MusterTransition update_status_transitions[] = {
  { S (WAITING), S (RUNNING) }, { S (WAITING), S (CANCELLED) }, { S (WAITING), S (CANCELLING) }, { S (WAITING), S (CONFIRMED) }, { S (WAITING), S (FAILED) }, { S (WAITING), S (REVERTED) },
  { S (RUNNING), S (CANCELLING) }, { S (RUNNING), S (CONFIRMED) }, { S (RUNNING), S (FAILED) }, { S (RUNNING), S (REVERTED) }, { S (RUNNING), S (CANCELLED) },
  { S (CANCELLING), S (RUNNING) }, { S (CANCELLING), S (CANCELLED) }, { S (CANCELLING), S (CONFIRMED) }, { S (CANCELLING), S (FAILED) }, { S (CANCELLING), S (REVERTED) },
  { S (FAILED), S (WAITING) },
  { S (REVERTED), S (WAITING) },
  { S (CANCELLED), S (WAITING) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_update_status_machine = { &muster_update_status_enum, update_status_transitions };

static const MusterEnumValue update_kind_values[] = {
  { "forced", N_("Forced") }, { "soft", N_("Soft") }, { "time_forced", N_("Forced from a time on") }, { "download_only", N_("Download only") }, { NULL, NULL },
};
const MusterEnum muster_update_kind_enum = { "UpdateKind", update_kind_values };

static const MusterEnumValue update_confirmation_values[] = {
  { "none", N_("Not needed") }, { "needed", N_("Needed") }, { "given", N_("Given") }, { "denied", N_("Denied") }, { NULL, NULL },
};
const MusterEnum muster_update_confirmation_enum = { "UpdateConfirmation", update_confirmation_values };

static const MusterEnumValue update_delivery_values[] = {
  { "none", N_("Not told yet") }, { "node", N_("Sparkplug") }, { "poll", N_("Polling") }, { "cable", N_("Cable") }, { NULL, NULL },
};
const MusterEnum muster_update_delivery_enum = { "UpdateDelivery", update_delivery_values };

static const MusterEnumValue update_phase_values[] = {
  { "none", N_("Waiting") }, { "told", N_("Told") }, { "downloading", N_("Downloading") }, { "downloaded", N_("Downloaded") }, { "installing", N_("Installing") }, { "rebooting", N_("Rebooting") }, { "confirming", N_("Confirming") }, { NULL, NULL },
};
const MusterEnum muster_update_phase_enum = { "UpdatePhase", update_phase_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 2147483647, .label = N_("Number"), .doc = "Its short number, by which update protocols name it; each attempt has its own." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "device", .label = N_("Device"), .doc = "Which device." },
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What it is given." },
  { "set_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, .references = "firmware_set", .label = N_("Set"), .doc = "Or what set of firmware." },
  { "rollout_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "rollout", .label = N_("Rollout"), .doc = "The rollout that gave it." },
  { "rollout_group_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "rollout_group", .label = N_("Group"), .doc = "The group of that rollout." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_update_status_enum, .label = N_("Status"), .doc = "How far it is." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_update_kind_enum, .label = N_("Kind"), .doc = "How much say the device has in it." },
  { "force_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Forced from"), .doc = "Of a time-forced one, from when on it is forced." },
  { "weight", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1000, .default_value = 500, .label = N_("Weight"), .doc = "Of several updates of a device, the one with more goes first." },
  { "window", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 4096, .label = N_("Maintenance window"), .doc = "When the device may install: {days: [1…7], from: \"22:00\", to: \"04:00\"} by the clocks of the site, or {schedule: \"0 30 2 ? * *\", duration: \"01:00:00\", timezone: \"+00:00\"} by a calendar as Quartz writes it; null: always. One whose calendar does not come any more is cancelled." },
  { "confirmation", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_update_confirmation_enum, .label = N_("Consent"), .doc = "Whether somebody at the device must agree first." },
  { "confirm_within", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 10, 86400, .default_value = 300, .unit = "s", .label = N_("Confirm within"), .doc = "How long the device may take to come back before it reverts." },
  { "delivery", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_update_delivery_enum, .label = N_("Delivery"), .doc = "By what way the device is told." },
  { "attempt", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 1, 1000, .default_value = 1, .label = N_("Attempt"), .doc = "Which attempt it is." },
  { "from_version", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 64, .label = N_("From version"), .doc = "What the device ran before." },
  { "to_version", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 64, .label = N_("To version"), .doc = "What it runs once it is done." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 1000, .label = N_("Error"), .doc = "Why it failed." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Who"), .doc = "Who gave it." },
  { "started_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Started"), .doc = "When the device was told." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Finished"), .doc = "When it ended." },
  { "phase", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .enumeration = &muster_update_phase_enum, .label = N_("Phase"), .doc = "What the device is doing." },
  { "progress", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, 100, .unit = "%", .label = N_("Progress"), .doc = "How much of the phase is done." },
  { "reported_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .label = N_("Reported"), .doc = "When the device last spoke of it." },
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 64, .label = N_("Download secret"), .doc = "What its download address holds." },
  { "size", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .unit = "By", .label = N_("Size"), .doc = "Of the main files of what it is given." },
  { "fetched", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .unit = "By", .label = N_("Fetched"), .doc = "How much the device fetched for it, as it says: less than the size where it has a part of it already." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_update_info = {
  .name = "firmware_update",
  .table = "firmware_update",
  .path = "updates",
  .schema = "FirmwareUpdate",
  .doc = "One device on its way to other firmware.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_update_status_machine,
  .machine_field = "status",
  .title_field = "to_version",
  .get_type = muster_firmware_update_get_type,
};

struct _MusterFirmwareUpdate
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareUpdate, muster_firmware_update, MUSTER_TYPE_ENTITY)

static void
muster_firmware_update_class_init (MusterFirmwareUpdateClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_update_info);
}

static void
muster_firmware_update_init (MusterFirmwareUpdate *self)
{
}
