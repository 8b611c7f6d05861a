/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-event"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-update-event.h"

/* clang-format off */
static const MusterEnumValue update_event_kind_values[] = {
  { "assigned", N_("Assigned") }, { "told", N_("Told") }, { "download", N_("Asked for the file") }, { "downloading", N_("Downloading") }, { "downloaded", N_("Downloaded") }, { "installing", N_("Installing") }, { "rebooting", N_("Rebooting") }, { "confirming", N_("Confirming") }, { "running", N_("At work") }, { "warning", N_("Warning") }, { "confirmed", N_("Confirmed") }, { "failed", N_("Failed") }, { "reverted", N_("Reverted") }, { "cancelling", N_("Told to cancel") }, { "cancelled", N_("Cancelled") }, { "cancel_refused", N_("Refused to cancel") }, { "consent_needed", N_("Asks for consent") }, { "consent_given", N_("Consent given") }, { "consent_denied", N_("Consent denied") }, { "retried", N_("Tried again") }, { NULL, NULL },
};
const MusterEnum muster_update_event_kind_enum = { "UpdateEventKind", update_event_kind_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "update_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "firmware_update", .label = N_("Update"), .doc = "Of which update." },
  { "attempt", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1000, .default_value = 1, .label = N_("Attempt"), .doc = "In which attempt." },
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, G_MAXINT64, .label = N_("Number"), .doc = "Its short number, by which update protocols name it." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_update_event_kind_enum, .label = N_("Kind"), .doc = "What happened." },
  { "messages", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 131072, .label = N_("Messages"), .doc = "Array of what the device or the daemon said." },
  { "code", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, -2147483648, 2147483647, .label = N_("Code"), .doc = "The number that the device gave." },
  { "by_device", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("From the device"), .doc = "Whether the device said so, or the daemon." },
};
/* clang-format on */

const MusterEntityInfo muster_update_event_info = {
  .name = "update_event",
  .table = "update_event",
  .path = "update-events",
  .schema = "UpdateEvent",
  .doc = "What happened on the way of a device to other firmware.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .get_type = muster_update_event_get_type,
};

struct _MusterUpdateEvent
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterUpdateEvent, muster_update_event, MUSTER_TYPE_ENTITY)

static void
muster_update_event_class_init (MusterUpdateEventClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_update_event_info);
}

static void
muster_update_event_init (MusterUpdateEvent *self)
{
}
