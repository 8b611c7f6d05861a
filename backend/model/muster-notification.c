/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notification"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-notification.h"
#include "muster-device-event.h"

/* clang-format off */
static const MusterEnumValue kinds[] = {
  { "raise", N_("Raised") }, { "repeat", N_("Repeated") }, { "resolve", N_("Resolved") }, { "test", N_("Test") },
  { "digest", N_("Digest") }, { "off", N_("Switched off") }, { NULL, NULL },
};
const MusterEnum muster_notification_kind_enum = { "NotificationKind", kinds };

static const MusterEnumValue statuses[] = {
  { "queued", N_("Waiting") }, { "sent", N_("Sent") }, { "failed", N_("Failed") }, { "dropped", N_("Not sent") }, { NULL, NULL },
};
const MusterEnum muster_notification_status_enum = { "NotificationStatus", statuses };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "alert_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "alert", .label = N_("Alert"), .doc = "What it tells of; null for a test and a digest." },
  { "channel_id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY, .references = "notification_channel", .label = N_("Channel"), .doc = "What it goes over." },
  { "escalation_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "escalation", .label = N_("Escalation"), .doc = "What asked for it." },
  { "step", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 1000, .label = N_("Step"), .doc = "Which step of that, from 0." },
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "person", .label = N_("Person"), .doc = "Whom it is for; null for whoever the channel reaches." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_notification_kind_enum, .label = N_("Kind"), .doc = "Why it is sent." },
  { "severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_severity_enum, .label = N_("Severity"), .doc = "How much it matters." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_notification_status_enum, .label = N_("Status"), .doc = "What became of it." },
  { "attempts", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .label = N_("Attempts"), .doc = "How many times it was tried." },
  { "next_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Next"), .doc = "When it is tried next." },
  { "sent_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Sent"), .doc = "When the other side took it." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 1000, .label = N_("Problem"), .doc = "Why it was not taken, or by whom." },
  { "subject", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 300, .label = N_("Subject"), .doc = "Its one line." },
  { "body", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 0, 100000, .label = N_("Text"), .doc = "The whole of it." },
  { "data", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 20000, .label = N_("Data"), .doc = "The alert as it was then, for programs." },
  { "digest_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "notification", .label = N_("Digest"), .doc = "The one that it went out in together with others." },
};
/* clang-format on */

const MusterEntityInfo muster_notification_info = {
  .name = "notification",
  .table = "notification",
  .path = "notifications",
  .schema = "Notification",
  .doc = "What was, or is to be, told over a channel.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "subject",
  .get_type = muster_notification_get_type,
};

struct _MusterNotification
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterNotification, muster_notification, MUSTER_TYPE_ENTITY)

static void
muster_notification_class_init (MusterNotificationClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_notification_info);
}

static void
muster_notification_init (MusterNotification *self)
{
}
