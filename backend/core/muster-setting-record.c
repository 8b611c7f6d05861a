/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-setting-record"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-setting-record.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "key", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_UNIQUE, 1, 100, .label = N_("Key"), .doc = "Name of the setting." },
  { "value", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Value"), .doc = "Its value as text; null for a secret one." },
  { "secret", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 0, 10000, .label = N_("Secret value"), .doc = "Its value when it is nobody's business." },
};
/* clang-format on */

const MusterEntityInfo muster_setting_info = {
  .name = "setting",
  .table = "setting",
  .path = "settings",
  .schema = "Setting",
  .doc = "A setting of the site that differs from its default.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "key",
  .get_type = muster_setting_record_get_type,
};

struct _MusterSettingRecord
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterSettingRecord, muster_setting_record, MUSTER_TYPE_ENTITY)

static void
muster_setting_record_class_init (MusterSettingRecordClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_setting_info);
}

static void
muster_setting_record_init (MusterSettingRecord *self)
{
}
