/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-attachment"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-attachment.h"

/* clang-format off */
static const MusterEnumValue attachment_purpose_values[] = {
  { "photo", N_("Photo") }, { "picture", N_("Picture") }, { "datasheet", N_("Datasheet") },
  { "document", N_("Document") }, { "sbom", N_("Bill of materials") }, { NULL, NULL },
};
const MusterEnum muster_attachment_purpose_enum = { "AttachmentPurpose", attachment_purpose_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 64, .label = N_("Kind of record"), .doc = "What kind of record it belongs to." },
  { "entity_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .label = N_("Record"), .doc = "The record that it belongs to." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 200, .label = N_("Name"), .doc = "Its file name." },
  { "purpose", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_attachment_purpose_enum, .label = N_("Purpose"), .doc = "What it is." },
  { "media_type", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 0, 100, .label = N_("Media type"), .doc = "As its bytes say, whatever its name." },
  { "size", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .unit = "By", .label = N_("Size"), .doc = "How many bytes." },
  { "sha256", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 0, 64, .label = N_("SHA-256"), .doc = "Of its bytes, in hexadecimal digits." },
  { "sbom_format", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 32, .label = N_("Format"), .doc = "Of a bill of materials, which: CycloneDX 1.5, SPDX 2.3." },
  { "sbom_components", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 1000000, .label = N_("Components"), .doc = "Of a bill of materials, how many components it names." },
};
/* clang-format on */

const MusterEntityInfo muster_attachment_info = {
  .name = "attachment",
  .table = "attachment",
  .path = "attachments",
  .schema = "Attachment",
  .doc = "A file that belongs to a record. Its bytes are kept once, under their SHA-256.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_attachment_get_type,
};

struct _MusterAttachment
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterAttachment, muster_attachment, MUSTER_TYPE_ENTITY)

static void
muster_attachment_class_init (MusterAttachmentClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_attachment_info);
}

static void
muster_attachment_init (MusterAttachment *self)
{
}
