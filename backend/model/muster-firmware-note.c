/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-note"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-note.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What it is about." },
  { "key", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 128, .label = N_("Key"), .doc = "What it says, unique in its firmware." },
  { "value", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 0, 4000, .label = N_("Value"), .doc = "The text itself." },
  { "told", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Told to devices"), .doc = "Whether update clients are told it with the firmware." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_note_info = {
  .name = "firmware_note",
  .table = "firmware_note",
  .path = "firmware-notes",
  .schema = "FirmwareNote",
  .doc = "What is said of firmware beyond its files: a text under a key.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "key",
  .get_type = muster_firmware_note_get_type,
};

struct _MusterFirmwareNote
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareNote, muster_firmware_note, MUSTER_TYPE_ENTITY)

static void
muster_firmware_note_class_init (MusterFirmwareNoteClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_note_info);
}

static void
muster_firmware_note_init (MusterFirmwareNote *self)
{
}
