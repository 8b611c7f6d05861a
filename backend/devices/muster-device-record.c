/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-record"

#include "config.h"

#include <string.h>

#include "muster-device-record.h"

static const char *const names[MUSTER_DEVICE_N_TEXTS] = {
  [MUSTER_DEVICE_NAME] = "name",
  [MUSTER_DEVICE_MAC] = "mac",
  [MUSTER_DEVICE_SERIAL] = "serial",
  [MUSTER_DEVICE_NODE_ID] = "node_id",
  [MUSTER_DEVICE_FAMILY] = "family",
  [MUSTER_DEVICE_FAMILY_KEY] = "family_key",
  [MUSTER_DEVICE_NODE_DEVICE] = "node_device",
};

const char *
muster_device_record_get_text (const MusterDeviceRecord *self, MusterDeviceText text)
{
  const char *at = self->texts;

  for (unsigned i = 0; at != NULL && i < text; i++)
    at += strlen (at) + 1;
  return at != NULL && *at == '=' ? at + 1 : NULL;
}

static void
muster_device_record_set_texts (MusterDeviceRecord *self,
                                const char *const   values[MUSTER_DEVICE_N_TEXTS])
{
  g_autoptr (GString) texts = g_string_new (NULL);
  char *block = NULL;

  for (unsigned i = 0; i < MUSTER_DEVICE_N_TEXTS; i++)
    {
      if (values[i] != NULL)
        {
          g_string_append_c (texts, '=');
          g_string_append (texts, values[i]);
        }
      g_string_append_c (texts, '\0');
    }
  /* VALUES may lie in the old one. */
  block = g_memdup2 (texts->str, texts->len);
  g_free (self->texts);
  self->texts = block;
}

MusterDeviceRecord *
muster_device_record_new (const char *id)
{
  gsize               size = strlen (id) + 1;
  MusterDeviceRecord *self = g_malloc0 (sizeof *self + size);

  memcpy (self->id, id, size);
  return self;
}

void
muster_device_record_free (MusterDeviceRecord *self)
{
  g_free (self->brief);
  g_free (self->texts);
  g_free (self->address);
  g_free (self->firmware);
  muster_liveness_clear (&self->live);
  g_free (self);
}

void
muster_device_record_load (MusterDeviceRecord *self, MusterEntity *device)
{
  const char *values[MUSTER_DEVICE_N_TEXTS];

  for (unsigned i = 0; i < MUSTER_DEVICE_N_TEXTS; i++)
    values[i] = muster_entity_get_string (device, names[i]);
  muster_device_record_set_texts (self, values);
  g_set_str (&self->firmware, muster_entity_get_string (device, "firmware_version"));
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
  const char *values[MUSTER_DEVICE_N_TEXTS];
  int         adoption = -1;

  for (unsigned i = 0; i < MUSTER_DEVICE_N_TEXTS; i++)
    values[i] = json_object_has_member (members, names[i])
                  ? json_object_get_string_member_with_default (members, names[i], NULL)
                  : muster_device_record_get_text (self, i);
  muster_device_record_set_texts (self, values);
  if (json_object_has_member (members, "firmware_version"))
    g_set_str (&self->firmware,
               json_object_get_string_member_with_default (members, "firmware_version", NULL));
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
