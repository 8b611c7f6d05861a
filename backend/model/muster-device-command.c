/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-command"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-command.h"

/* clang-format off */
static const MusterEnumValue states[] = {
  { "pending", N_("Waiting") }, { "sent", N_("Sent") }, { "confirmed", N_("Confirmed") },
  { "failed", N_("Failed") }, { "timed_out", N_("No answer") }, { NULL, NULL },
};
const MusterEnum muster_command_state_enum = { "CommandState", states };

static const MusterTransition transitions[] = {
  { MUSTER_COMMAND_PENDING, MUSTER_COMMAND_SENT }, { MUSTER_COMMAND_PENDING, MUSTER_COMMAND_FAILED },
  { MUSTER_COMMAND_SENT, MUSTER_COMMAND_CONFIRMED }, { MUSTER_COMMAND_SENT, MUSTER_COMMAND_FAILED },
  { MUSTER_COMMAND_SENT, MUSTER_COMMAND_TIMED_OUT },
  { -1, -1 },
};
const MusterStateMachine muster_command_state_machine = { &muster_command_state_enum, transitions };

static const MusterEnumValue kinds[] = {
  { "write", N_("Write a metric") }, { "reboot", N_("Restart") }, { "identify", N_("Identify") }, { "rebirth", N_("Ask for a birth") }, { NULL, NULL },
};
const MusterEnum muster_command_kind_enum = { "CommandKind", kinds };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY, .references = "device", .label = N_("Device"), .doc = "The device that is told." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_command_kind_enum, .label = N_("Command"), .doc = "What it is told to do." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Metric"), .doc = "For `write`: the name of the metric." },
  { "value", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Value"), .doc = "For `write`: a number, true, false or a string that fits the metric's type." },
  { "state", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_command_state_enum, .label = N_("State"), .doc = "How far it got. Confirmed means that the device reported the new value." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("By"), .doc = "Who asked." },
  { "finished_at", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, .label = N_("Finished"), .doc = "When it was confirmed, failed or timed out." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Error"), .doc = "Why it failed." },
};
/* clang-format on */

const MusterEntityInfo muster_device_command_info = {
  .name = "device_command",
  .table = "device_command",
  .path = "commands",
  .schema = "DeviceCommand",
  .doc = "Something that a device was told to do.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "kind",
  .flags = MUSTER_ENTITY_FINAL,
  .machine = &muster_command_state_machine,
  .machine_field = "state",
  .get_type = muster_device_command_get_type,
};

struct _MusterDeviceCommand
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeviceCommand, muster_device_command, MUSTER_TYPE_ENTITY)

static void
muster_device_command_class_init (MusterDeviceCommandClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_device_command_info);
}

static void
muster_device_command_init (MusterDeviceCommand *self)
{
}
