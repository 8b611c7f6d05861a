/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-event"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-event.h"

/* clang-format off */
static const MusterEnumValue severities[] = {
  { "info", N_("Information") }, { "warning", N_("Warning") }, { "error", N_("Error") }, { NULL, NULL },
};
const MusterEnum muster_severity_enum = { "Severity", severities };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "device", .label = N_("Device"), .doc = "The device that it happened to." },
  { "kind", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Event"), .doc = "What happened, as a word: birth, death, online, offline, adopted, released, reboot, or the device's own." },
  { "severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_severity_enum, .label = N_("Severity"), .doc = "How much it matters." },
  { "message", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 1000, .label = N_("Message"), .doc = "One sentence for a person." },
  { "data", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Data"), .doc = "Details for a program." },
};
/* clang-format on */

const MusterEntityInfo muster_device_event_info = {
  .name = "device_event",
  .table = "device_event",
  .path = "events",
  .schema = "DeviceEvent",
  .doc = "Something that happened to a device.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "kind",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .get_type = muster_device_event_get_type,
};

struct _MusterDeviceEvent
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeviceEvent, muster_device_event, MUSTER_TYPE_ENTITY)

static void
muster_device_event_class_init (MusterDeviceEventClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_device_event_info);
}

static void
muster_device_event_init (MusterDeviceEvent *self)
{
}
