/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-set"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-set.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 2147483647, .label = N_("Number"), .doc = "Its short number, by which update protocols name it." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 128, .label = N_("Name"), .doc = "What it is called, the same for all its versions." },
  { "version", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Version"), .doc = "As the device reports it once it runs it." },
  { "kind", MUSTER_FIELD_STRING, MUSTER_FIELD_IMMUTABLE, 1, 64, .default_text = "os", .label = N_("Kind"), .doc = "What parts it has: os, os_app …" },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 4000, .label = N_("Description"), .doc = "What it is." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_set_info = {
  .name = "firmware_set",
  .table = "firmware_set",
  .path = "firmware-sets",
  .schema = "FirmwareSet",
  .doc = "Firmware of several parts that a device is given as one.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_firmware_set_get_type,
};

struct _MusterFirmwareSet
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareSet, muster_firmware_set, MUSTER_TYPE_ENTITY)

static void
muster_firmware_set_class_init (MusterFirmwareSetClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_set_info);
}

static void
muster_firmware_set_init (MusterFirmwareSet *self)
{
}
