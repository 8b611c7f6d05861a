/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-token"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-token.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, .references = "device", .label = N_("Device"), .doc = "The device that shows it." },
  { "hash", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 64, 64, .label = N_("Hash"), .doc = "BLAKE2b-256 of the token, in hexadecimal digits." },
};
/* clang-format on */

const MusterEntityInfo muster_device_token_info = {
  .name = "device_token",
  .table = "device_token",
  .path = "device-tokens",
  .schema = "DeviceToken",
  .doc = "The right of a device to send samples by HTTP.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "device_id",
  .flags = MUSTER_ENTITY_FINAL,
  .get_type = muster_device_token_get_type,
};

struct _MusterDeviceToken
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeviceToken, muster_device_token, MUSTER_TYPE_ENTITY)

static void
muster_device_token_class_init (MusterDeviceTokenClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_device_token_info);
}

static void
muster_device_token_init (MusterDeviceToken *self)
{
}
