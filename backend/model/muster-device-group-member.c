/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-group-member"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-group-member.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "group_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "device_group", .label = N_("Group"), .doc = "The group." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "device", .label = N_("Device"), .doc = "The device that belongs to it." },
};
/* clang-format on */

const MusterEntityInfo muster_device_group_member_info = {
  .name = "device_group_member",
  .table = "device_group_member",
  .path = "device-group-members",
  .schema = "DeviceGroupMember",
  .doc = "One device named as a member of one group.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "device_id",
  .get_type = muster_device_group_member_get_type,
};

struct _MusterDeviceGroupMember
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeviceGroupMember, muster_device_group_member, MUSTER_TYPE_ENTITY)

static void
muster_device_group_member_class_init (MusterDeviceGroupMemberClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_device_group_member_info);
}

static void
muster_device_group_member_init (MusterDeviceGroupMember *self)
{
}
