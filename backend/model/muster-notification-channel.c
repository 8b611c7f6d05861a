/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notification-channel"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-notification-channel.h"
#include "muster-device-event.h"

/* clang-format off */
static const MusterEnumValue kinds[] = {
  { "console", N_("Console") }, { "desktop", N_("Desktop notification") }, { "kiosk", N_("Full screen") }, { "siren", N_("Siren or light") },
  { "email", N_("E-mail") }, { "webhook", N_("Webhook") }, { "ntfy", N_("ntfy") }, { "sms", N_("Text message") }, { NULL, NULL },
};
const MusterEnum muster_channel_kind_enum = { "ChannelKind", kinds };

static const MusterEnumValue sounds[] = {
  { "none", N_("None") }, { "chime", N_("Chime") }, { "alarm", N_("Alarm") }, { NULL, NULL },
};
const MusterEnum muster_channel_sound_enum = { "ChannelSound", sounds };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .enumeration = &muster_channel_kind_enum, .label = N_("Kind"), .doc = "What it tells them by." },
  { "enabled", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = 1, .label = N_("Enabled"), .doc = "Whether anything is sent over it; what came up meanwhile waits." },
  { "min_severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_severity_enum, .label = N_("Least severity"), .doc = "What matters less is not sent over it." },
  { "config", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 20000, .label = N_("Settings"), .doc = "By its kind. email: {host, port, security: none|starttls|tls, user, from, to: [], ca_file}; webhook: {url, ca_file}; ntfy: {url, topic, link, ca_file}; siren: {device_id, metric, value, off_value, seconds}; sms: {via: modem|http, url, number, ca_file}." },
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 1000, .label = N_("Secret"), .doc = "Password at the mail server, key that signs webhooks (whsec_ and base64, or any text), token of ntfy or of the SMS gateway." },
  { "has_secret", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Secret set"), .doc = "Whether it has a secret." },
  { "digest_limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1000, .default_value = 10, .unit = "/min", .label = N_("Messages a minute"), .doc = "The most in a minute to one recipient; what is more goes out together, in one." },
  { "sound", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_channel_sound_enum, .default_value = MUSTER_CHANNEL_SOUND_CHIME, .label = N_("Sound"), .doc = "What console and kiosk play." },
};
/* clang-format on */

const MusterEntityInfo muster_notification_channel_info = {
  .name = "notification_channel",
  .table = "notification_channel",
  .path = "notification-channels",
  .schema = "NotificationChannel",
  .doc = "A way in which people are told of alerts.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_notification_channel_get_type,
};

struct _MusterNotificationChannel
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterNotificationChannel, muster_notification_channel, MUSTER_TYPE_ENTITY)

static void
muster_notification_channel_class_init (MusterNotificationChannelClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_notification_channel_info);
}

static void
muster_notification_channel_init (MusterNotificationChannel *self)
{
}
