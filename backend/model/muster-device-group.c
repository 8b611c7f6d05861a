/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-group"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-group.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call the group." },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 2000, .label = N_("Description"), .doc = "What the group is for." },
  { "filter", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Filter"), .doc = "Query of the device list (`status=deployed&kind=sensor`): its matches belong to the group as well as the members named one by one." },
  { "number", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 2147483647, .label = N_("Number"), .doc = "Its short number, by which tools of hawkBit's Management API name it: it is a tag there." },
};
/* clang-format on */

const MusterEntityInfo muster_device_group_info = {
  .name = "device_group",
  .table = "device_group",
  .path = "device-groups",
  .schema = "DeviceGroup",
  .doc = "Devices named together, one by one or by a saved filter.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_device_group_get_type,
};

struct _MusterDeviceGroup
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDeviceGroup, muster_device_group, MUSTER_TYPE_ENTITY)

static void
muster_device_group_class_init (MusterDeviceGroupClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_device_group_info);
}

static void
muster_device_group_init (MusterDeviceGroup *self)
{
}
