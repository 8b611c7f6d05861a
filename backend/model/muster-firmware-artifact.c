/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-artifact"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-artifact.h"

/* clang-format off */
static const MusterEnumValue artifact_status_values[] = {
  { "draft", N_("Draft") }, { "ready", N_("Ready") }, { "withdrawn", N_("Withdrawn") }, { NULL, NULL },
};
const MusterEnum muster_artifact_status_enum = { "ArtifactStatus", artifact_status_values };

#define S(name) MUSTER_ARTIFACT_##name
static const MusterTransition artifact_status_transitions[] = {
  { S (DRAFT), S (READY) }, { S (DRAFT), S (WITHDRAWN) },
  { S (READY), S (WITHDRAWN) }, { S (READY), S (DRAFT) },
  { S (WITHDRAWN), S (READY) }, { S (WITHDRAWN), S (DRAFT) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_artifact_status_machine = { &muster_artifact_status_enum, artifact_status_transitions };

static const MusterEnumValue artifact_format_values[] = {
  { "unknown", N_("Unknown") }, { "image", N_("Muster image") }, { "swu", N_("SWUpdate") }, { "raucb", N_("RAUC bundle") }, { "bin", N_("Raw binary") }, { "hex", N_("Intel HEX") }, { "uf2", N_("UF2") }, { NULL, NULL },
};
const MusterEnum muster_artifact_format_enum = { "ArtifactFormat", artifact_format_values };

static const MusterEnumValue artifact_trust_values[] = {
  { "unsigned", N_("Unsigned") }, { "signed", N_("Signed") }, { "foreign", N_("Signed by others") }, { "revoked", N_("Key revoked") }, { NULL, NULL },
};
const MusterEnum muster_artifact_trust_enum = { "ArtifactTrust", artifact_trust_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 2147483647, .label = N_("Number"), .doc = "Its short number, by which update protocols name it." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 128, .label = N_("Name"), .doc = "What it is called, the same for all its versions." },
  { "version", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Version"), .doc = "As the device reports it once it runs it." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_artifact_status_enum, .label = N_("Status"), .doc = "Whether devices may be given it." },
  { "part", MUSTER_FIELD_STRING, MUSTER_FIELD_IMMUTABLE, 1, 64, .default_text = "os", .label = N_("Part"), .doc = "What of the device it is for: os, application …" },
  { "vendor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 256, .label = N_("Vendor"), .doc = "Who made it." },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 4000, .label = N_("Description"), .doc = "What it is." },
  { "release_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 50000, .label = N_("Release notes"), .doc = "What is new in it." },
  { "models", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 8192, .label = N_("Models"), .doc = "Array of the models that it fits; null: not told, any." },
  { "hardware_from", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 32, .label = N_("Hardware from"), .doc = "The least hardware revision that it fits." },
  { "hardware_to", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 32, .label = N_("Hardware to"), .doc = "The greatest hardware revision that it fits." },
  { "requires_version", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Requires version"), .doc = "The least installed version that it can be installed over." },
  { "allow_downgrade", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Downgrade"), .doc = "Whether it may also be installed over a newer version." },
  { "format", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_artifact_format_enum, .label = N_("Format"), .doc = "What its file is." },
  { "trust", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_artifact_trust_enum, .label = N_("Trust"), .doc = "What its signature is worth." },
  { "signing_key_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_RESTRICT, .references = "signing_key", .label = N_("Signing key"), .doc = "Whose signature it bears." },
  { "security_counter", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 4294967295, .label = N_("Security counter"), .doc = "A device that once ran a higher one refuses it." },
  { "file_name", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 1, 256, .label = N_("File"), .doc = "The name of its main file." },
  { "size", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, G_MAXINT64, .unit = "By", .label = N_("Size"), .doc = "Of its main file." },
  { "sha256", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 64, 64, .label = N_("SHA-256"), .doc = "Of its main file, in hexadecimal digits." },
  { "manifest", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 65536, .label = N_("Manifest"), .doc = "What its main file says of itself." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_artifact_info = {
  .name = "firmware_artifact",
  .table = "firmware_artifact",
  .path = "firmware",
  .schema = "FirmwareArtifact",
  .doc = "Firmware that devices can be given: a file or several, what it fits, and who signed it.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_artifact_status_machine,
  .machine_field = "status",
  .title_field = "name",
  .instead = "withdraw it",
  .get_type = muster_firmware_artifact_get_type,
};

struct _MusterFirmwareArtifact
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareArtifact, muster_firmware_artifact, MUSTER_TYPE_ENTITY)

static void
muster_firmware_artifact_class_init (MusterFirmwareArtifactClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_artifact_info);
}

static void
muster_firmware_artifact_init (MusterFirmwareArtifact *self)
{
}
