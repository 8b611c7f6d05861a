/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-record"

#include "config.h"

#include "muster-device-record.h"

/* The text fields that are kept, by name. */
static const struct
{
  const char *name;
  gsize       offset;
} texts[] = {
  { "name", G_STRUCT_OFFSET (MusterDeviceRecord, name) },
  { "mac", G_STRUCT_OFFSET (MusterDeviceRecord, mac) },
  { "serial", G_STRUCT_OFFSET (MusterDeviceRecord, serial) },
  { "node_id", G_STRUCT_OFFSET (MusterDeviceRecord, node_id) },
  { "firmware_version", G_STRUCT_OFFSET (MusterDeviceRecord, firmware) },
};

MusterDeviceRecord *
muster_device_record_new (const char *id)
{
  MusterDeviceRecord *self = g_new0 (MusterDeviceRecord, 1);

  self->id = g_strdup (id);
  return self;
}

void
muster_device_record_free (MusterDeviceRecord *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->mac);
  g_free (self->serial);
  g_free (self->node_id);
  g_free (self->address);
  g_free (self->firmware);
  muster_liveness_clear (&self->live);
  g_free (self);
}

void
muster_device_record_load (MusterDeviceRecord *self, MusterEntity *device)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    g_set_str (G_STRUCT_MEMBER_P (self, texts[i].offset),
               muster_entity_get_string (device, texts[i].name));
  self->adoption = muster_entity_get_enum (device, "adoption");
  self->has_secret = !muster_entity_is_null (device, "secret");
  if (self->address == NULL)
    self->address = g_strdup (muster_entity_get_string (device, "address"));
  if (self->live.state == MUSTER_LIVE_UNKNOWN)
    self->noted_state = muster_entity_get_enum (device, "live_state");
  self->noted_seen = muster_entity_get_integer (device, "last_seen");
}

void
muster_device_record_apply (MusterDeviceRecord *self, JsonObject *members)
{
  int adoption = -1;

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    if (json_object_has_member (members, texts[i].name))
      g_set_str (G_STRUCT_MEMBER_P (self, texts[i].offset),
                 json_object_get_string_member_with_default (members, texts[i].name, NULL));
  adoption =
    muster_enum_parse (&muster_adoption_enum,
                       json_object_get_string_member_with_default (members, "adoption", ""));
  if (adoption >= 0)
    self->adoption = adoption;
}

MusterEntity *
muster_device_record_make_touch (MusterDeviceRecord *self)
{
  MusterEntity *device = muster_entity_new (&muster_device_info);
  gint64        last_seen = MAX (muster_liveness_get_last_seen (&self->live), self->noted_seen);

  muster_entity_set_string (device, "id", self->id);
  muster_entity_set_string (device, "address", self->address);
  muster_entity_set_enum (device, "live_state", self->live.state);
  if (last_seen != 0)
    muster_entity_set_integer (device, "last_seen", last_seen);
  return device;
}
