/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-file"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-file.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 2147483647, .label = N_("Number"), .doc = "Its short number, by which update protocols name it." },
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What it belongs to." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 256, .label = N_("Name"), .doc = "Its file name, unique in its firmware." },
  { "size", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .unit = "By", .label = N_("Size"), .doc = "How many bytes." },
  { "sha256", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 64, 64, .label = N_("SHA-256"), .doc = "In hexadecimal digits." },
  { "sha1", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 40, 40, .label = N_("SHA-1"), .doc = "In hexadecimal digits, for old clients." },
  { "md5", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 32, 32, .label = N_("MD5"), .doc = "In hexadecimal digits, for old clients." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_file_info = {
  .name = "firmware_file",
  .table = "firmware_file",
  .path = "firmware-files",
  .schema = "FirmwareFile",
  .doc = "One file of firmware. Its bytes are kept once, under their SHA-256.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_firmware_file_get_type,
};

struct _MusterFirmwareFile
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareFile, muster_firmware_file, MUSTER_TYPE_ENTITY)

static void
muster_firmware_file_class_init (MusterFirmwareFileClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_file_info);
}

static void
muster_firmware_file_init (MusterFirmwareFile *self)
{
}
