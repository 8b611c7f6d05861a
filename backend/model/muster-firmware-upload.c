/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-upload"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-upload.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_CASCADE, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What it shall belong to; null: new firmware is made of it." },
  { "file_name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 256, .label = N_("File"), .doc = "Its name." },
  { "size", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, 1, 1125899906842624, .unit = "By", .label = N_("Size"), .doc = "How many bytes it will have; null: not known." },
  { "sha256", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, 64, 64, .label = N_("SHA-256"), .doc = "What its bytes must give, in hexadecimal digits; null: not known." },
  { "received", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .unit = "By", .label = N_("Received"), .doc = "How many bytes are here: the offset to go on from." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Who"), .doc = "Who brings it." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_upload_info = {
  .name = "firmware_upload",
  .table = "firmware_upload",
  .path = "firmware-uploads",
  .schema = "FirmwareUpload",
  .doc = "A file of firmware on its way in, which may come in pieces.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "file_name",
  .get_type = muster_firmware_upload_get_type,
};

struct _MusterFirmwareUpload
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareUpload, muster_firmware_upload, MUSTER_TYPE_ENTITY)

static void
muster_firmware_upload_class_init (MusterFirmwareUploadClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_upload_info);
}

static void
muster_firmware_upload_init (MusterFirmwareUpload *self)
{
}
