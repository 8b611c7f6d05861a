/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-account"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-account.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, .references = "device", .label = N_("Device"), .doc = "The device that logs in with it." },
  { "username", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, 1, 64, .label = N_("User name"), .doc = "Name at the broker; the Sparkplug edge node id too." },
  { "password_hash", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, 300, .label = N_("Password hash"), .doc = "The password as the broker's password file keeps it." },
  { "group_id", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 64, .label = N_("Group"), .doc = "The Sparkplug group in which it may publish." },
  { "adoption_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Adoption"), .doc = "The pairing that made it; null for an account handed to a person." },
  { "family", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 64, .label = N_("Family"), .doc = "The family whose topics it may use beside those of Sparkplug." },
};
/* clang-format on */

const MusterEntityInfo muster_device_account_info = {
  .name = "device_account",
  .table = "device_account",
  .path = "device-accounts",
  .schema = "DeviceAccount",
  .doc =
    "The account that a device holds at the site's broker: made at adoption, revoked at release.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "username",
  .get_type = muster_device_account_get_type,
};

struct _MusterDeviceAccount
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeviceAccount, muster_device_account, MUSTER_TYPE_ENTITY)

static void
muster_device_account_class_init (MusterDeviceAccountClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_device_account_info);
}

static void
muster_device_account_init (MusterDeviceAccount *self)
{
}
