/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-adoption"

#include "config.h"

#include "muster-device-service-private.h"

#define NAME_MAX_LENGTH 120

/* A device that speaks with the broker already: adopting it is a matter of the records alone. */
typedef struct
{
  MusterEntity *candidate; /* (owned) */
  char         *device_id; /* (nullable) */
  char         *name;      /* (nullable) */
  char         *location;  /* (nullable) */
} Taking;

static void
taking_free (gpointer data)
{
  Taking *self = data;

  g_object_unref (self->candidate);
  g_free (self->device_id);
  g_free (self->name);
  g_free (self->location);
  g_free (self);
}

static void
set_name (MusterEntity *device, const Taking *taking)
{
  const char *name =
    taking->name != NULL ? taking->name : muster_entity_get_string (taking->candidate, "name");
  g_autofree char *cut =
    g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), NAME_MAX_LENGTH));

  if (taking->name != NULL || muster_entity_is_null (device, "name"))
    muster_entity_set_string (device, "name", cut);
}

static void
fill_in (MusterEntity *device, const Taking *taking, gboolean is_new)
{
  static const char *const texts[] = { "manufacturer", "model", "serial", "mac",
                                       "firmware_version" };

  set_name (device, taking);
  if (taking->location != NULL)
    muster_entity_set_string (device, "location", taking->location);
  if (is_new)
    muster_entity_set_enum (device, "kind", muster_entity_get_enum (taking->candidate, "kind"));
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    if (muster_entity_is_null (device, texts[i]))
      muster_entity_set_string (device, texts[i],
                                muster_entity_get_string (taking->candidate, texts[i]));
  muster_entity_set_string (device, "family",
                            muster_entity_get_string (taking->candidate, "family"));
  muster_entity_set_string (device, "family_key",
                            muster_entity_get_string (taking->candidate, "family_key"));
  muster_device_mark_adopted (device, muster_entity_get_string (device, "node_id"));
}

static gboolean
take_device (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Taking *self = data;
  g_autoptr (MusterEntity) device =
              self->device_id != NULL
                ? muster_transaction_get (transaction, &muster_device_info, self->device_id, error)
                : muster_entity_new (&muster_device_info);

  if (device == NULL)
    return FALSE;
  fill_in (device, self, self->device_id == NULL);
  if (!(self->device_id == NULL ? muster_transaction_insert (transaction, device, error)
                                : muster_transaction_update (transaction, device, 0, error)))
    return FALSE;
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, g_steal_pointer (&device));
  return TRUE;
}

DexFuture *
muster_adoption_take (MusterDeviceService *self,
                      MusterActor         *actor,
                      MusterEntity        *candidate,
                      MusterEntity        *device,
                      const char          *name,
                      const char          *location)
{
  Taking *taking = g_new0 (Taking, 1);

  taking->candidate = g_object_ref (candidate);
  taking->device_id = device != NULL ? g_strdup (muster_entity_get_id (device)) : NULL;
  taking->name = g_strdup (name);
  taking->location = g_strdup (location);
  return dex_future_then (muster_database_write (muster_repository_get_database (self->repository),
                                                 actor, "Adopt a device", take_device, taking,
                                                 taking_free),
                          muster_adoption_note_done_cb, g_object_ref (self), g_object_unref);
}
