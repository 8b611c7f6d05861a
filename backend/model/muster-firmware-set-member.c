/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-set-member"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-firmware-set-member.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "set_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "firmware_set", .label = N_("Set"), .doc = "Whose part it is." },
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What the part is." },
  { "position", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1000, .label = N_("Position"), .doc = "Where it stands in the set." },
};
/* clang-format on */

const MusterEntityInfo muster_firmware_set_member_info = {
  .name = "firmware_set_member",
  .table = "firmware_set_member",
  .path = "firmware-set-members",
  .schema = "FirmwareSetMember",
  .doc = "One part of a set of firmware.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .get_type = muster_firmware_set_member_get_type,
};

struct _MusterFirmwareSetMember
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareSetMember, muster_firmware_set_member, MUSTER_TYPE_ENTITY)

static void
muster_firmware_set_member_class_init (MusterFirmwareSetMemberClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_firmware_set_member_info);
}

static void
muster_firmware_set_member_init (MusterFirmwareSetMember *self)
{
}
