/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-component"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-component.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What contains it." },
  { "attachment_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE, .references = "attachment", .label = N_("Bill of materials"), .doc = "The attachment that says so." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 500, .label = N_("Component"), .doc = "What it is called there." },
  { "version", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 0, 500, .label = N_("Version"), .doc = "Which version of it." },
  { "licence", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE, 0, 500, .label = N_("Licence"), .doc = "Under what licence: an expression of SPDX, or a name." },
  { "package_url", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 0, 500, .label = N_("Package URL"), .doc = "What it is called anywhere: pkg:type/name@version." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_component_info = {
  .name = "firmware_component",
  .table = "firmware_component",
  .path = "firmware-components",
  .schema = "FirmwareComponent",
  .doc =
    "What firmware contains, as a bill of materials tells that is attached to it. It comes and goes with that attachment.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_firmware_component_get_type,
};

struct _MusterFirmwareComponent
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareComponent, muster_firmware_component, MUSTER_TYPE_ENTITY)

static void
muster_firmware_component_class_init (MusterFirmwareComponentClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_component_info);
}

static void
muster_firmware_component_init (MusterFirmwareComponent *self)
{
}
