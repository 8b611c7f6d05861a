/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-devices"

#include "config.h"

#include "core/muster-promise.h"
#include "model/muster-uuid.h"
#include "muster-device-service-private.h"
#include "muster-node-devices.h"

#define NAME_MAX_LENGTH 120
#define KEY_MAX_LENGTH 320

struct _MusterNodeDevices
{
  MusterDeviceService  *devices;  /* (owned) */
  MusterDeviceRegistry *registry; /* (owned) */
  MusterClock          *clock;    /* (owned) */
  MusterActor          *actor;    /* (owned) */
  GHashTable *taken; /* (owned) "node/device" → id: written, and not yet in the registry */
  GHashTable *fresh; /* (owned) set of ids whose properties are not noted yet */
};

MusterNodeDevices *
muster_node_devices_new (MusterDeviceService *devices, MusterClock *clock)
{
  MusterNodeDevices *self = g_new0 (MusterNodeDevices, 1);

  self->devices = g_object_ref (devices);
  self->registry = g_object_ref (muster_device_service_get_registry (devices));
  self->clock = g_object_ref (clock);
  self->actor = muster_actor_new_system ("gateways");
  self->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->fresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
muster_node_devices_free (MusterNodeDevices *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->devices);
  g_object_unref (self->registry);
  g_object_unref (self->clock);
  muster_actor_unref (self->actor);
  g_hash_table_unref (self->taken);
  g_hash_table_unref (self->fresh);
  g_free (self);
}

/* --- finding --- */

static gboolean
is_released (MusterNodeDevices *self, const char *id)
{
  const MusterDeviceBrief *brief = muster_device_registry_get_brief (self->registry, id);

  return brief != NULL && brief->adoption == MUSTER_ADOPTION_RELEASED;
}

static const char *
find_record (MusterNodeDevices *self, const char *key)
{
  const char *id = muster_device_registry_find_by_node_device (self->registry, key);

  if (id == NULL)
    return g_hash_table_lookup (self->taken, key);
  g_hash_table_remove (self->taken, key);
  return id;
}

static char *
make_key (const MusterSparkplugSource *source)
{
  return g_strconcat (source->node, "/", source->device, NULL);
}

const char *
muster_node_devices_find (MusterNodeDevices *self, const MusterSparkplugSource *source)
{
  g_autofree char *key = NULL;
  const char      *id = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (source != NULL && source->device != NULL, NULL);

  key = make_key (source);
  id = find_record (self, key);
  return id != NULL && !is_released (self, id) ? id : NULL;
}

/* --- taking --- */

typedef struct
{
  char    *id;
  char    *key;
  char    *name;
  char    *gateway_id;
  gboolean is_known;
} Taking;

static void
taking_clear (gpointer data)
{
  Taking *self = data;

  g_free (self->id);
  g_free (self->key);
  g_free (self->name);
  g_free (self->gateway_id);
}

static void
taking_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, taking_clear);
}

static gboolean
store_device (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Taking *self = data;
  g_autoptr (MusterEntity) device =
              self->is_known
                ? muster_transaction_get (transaction, &muster_device_info, self->id, error)
                : muster_entity_new (&muster_device_info);

  if (device == NULL)
    return FALSE;
  if (!self->is_known)
    {
      muster_entity_set_string (device, "id", self->id);
      muster_entity_set_string (device, "name", self->name);
    }
  muster_entity_set_string (device, "node_device", self->key);
  muster_entity_set_string (device, "gateway_id", self->gateway_id);
  muster_device_mark_adopted (device, NULL);
  return self->is_known ? muster_transaction_update (transaction, device, 0, error)
                        : muster_transaction_insert (transaction, device, error);
}

/* The record that is on the site for this unit already: bought, made here, or known from another
 * gateway that does not have it any more. */
static const char *
find_by_serial (MusterNodeDevices *self, const char *serial)
{
  const char              *id = muster_device_registry_find_by_serial (self->registry, serial);
  const MusterDeviceBrief *brief =
    id != NULL ? muster_device_registry_get_brief (self->registry, id) : NULL;

  if (brief == NULL || brief->node_id != NULL || brief->family_key != NULL)
    return NULL;
  return brief->node_device == NULL || brief->live_state != MUSTER_LIVE_ONLINE ? id : NULL;
}

static void
store (MusterNodeDevices *self, Taking *taking)
{
  MusterRepository *repository = muster_device_service_get_repository (self->devices);

  muster_disown_logged (G_LOG_LEVEL_WARNING,
                        muster_database_write (muster_repository_get_database (repository),
                                               self->actor, "Take a device from its gateway",
                                               store_device, taking, taking_unref),
                        "keeping a device that a gateway brought");
}

const char *
muster_node_devices_take (MusterNodeDevices           *self,
                          const char                  *gateway_id,
                          const MusterSparkplugSource *source)
{
  g_autofree char *key = NULL;
  const char      *known = NULL;
  const char      *id = NULL;
  Taking          *taking = NULL;

  g_return_val_if_fail (self != NULL && gateway_id != NULL, NULL);
  g_return_val_if_fail (source != NULL && source->device != NULL, NULL);

  key = make_key (source);
  id = find_record (self, key);
  if (id != NULL || !g_utf8_validate (key, -1, NULL) || g_utf8_strlen (key, -1) > KEY_MAX_LENGTH)
    return id != NULL && !is_released (self, id) ? id : NULL;
  known = find_by_serial (self, source->device);
  taking = g_atomic_rc_box_new0 (Taking);
  taking->is_known = known != NULL;
  taking->id =
    known != NULL ? g_strdup (known) : muster_uuid_new (muster_clock_get_now (self->clock));
  taking->name =
    g_utf8_substring (source->device, 0, MIN (g_utf8_strlen (source->device, -1), NAME_MAX_LENGTH));
  taking->gateway_id = g_strdup (gateway_id);
  taking->key = g_strdup (key);
  id = g_strdup (taking->id);
  g_hash_table_insert (self->taken, g_steal_pointer (&key), (char *)id);
  g_hash_table_add (self->fresh, g_strdup (id));
  store (self, taking);
  return id;
}

gboolean
muster_node_devices_is_taken (MusterNodeDevices *self, const char *id)
{
  GHashTableIter iter;
  const char    *taken = NULL;

  g_return_val_if_fail (self != NULL && id != NULL, FALSE);

  g_hash_table_iter_init (&iter, self->taken);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&taken))
    if (g_str_equal (taken, id))
      return TRUE;
  return FALSE;
}

/* --- what it says of itself --- */

typedef struct
{
  char *id;
  char *serial;   /* (nullable) */
  char *model;    /* (nullable) */
  char *firmware; /* (nullable) */
} Properties;

static void
properties_free (gpointer data)
{
  Properties *self = data;

  g_free (self->id);
  g_free (self->serial);
  g_free (self->model);
  g_free (self->firmware);
  g_free (self);
}

/* FALSE only with ERROR. */
static gboolean
fill_serial (MusterTransaction *transaction,
             MusterEntity      *device,
             const char        *serial,
             GError           **error)
{
  g_autoptr (MusterEntity) other = NULL;
  g_autoptr (GError) cause = NULL;

  if (serial == NULL || !muster_entity_is_null (device, "serial"))
    return TRUE;
  other = muster_device_find_record (transaction, &muster_device_info, "serial", serial, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (other == NULL)
    muster_entity_set_string (device, "serial", serial);
  return TRUE;
}

static gboolean
store_properties (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Properties *self = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, self->id, error);

  if (device == NULL || !fill_serial (transaction, device, self->serial, error))
    return FALSE;
  if (self->model != NULL && muster_entity_is_null (device, "model"))
    muster_entity_set_string (device, "model", self->model);
  if (self->firmware != NULL)
    muster_entity_set_string (device, "firmware_version", self->firmware);
  return muster_transaction_update (transaction, device, 0, error);
}

static void
take_text (char **text, const MusterSample *sample, glong maximum)
{
  if (sample->type != MUSTER_SAMPLE_STRING || sample->text == NULL || *sample->text == '\0')
    return;
  g_free (*text);
  *text = g_utf8_substring (sample->text, 0, MIN (g_utf8_strlen (sample->text, -1), maximum));
}

void
muster_node_devices_note (MusterNodeDevices  *self,
                          const char         *id,
                          const MusterSample *samples,
                          unsigned            n_samples)
{
  MusterRepository *repository = NULL;
  Properties       *properties = NULL;

  g_return_if_fail (self != NULL && id != NULL);

  if (!g_hash_table_remove (self->fresh, id))
    return;
  properties = g_new0 (Properties, 1);
  properties->id = g_strdup (id);
  for (unsigned i = 0; i < n_samples; i++)
    if (g_str_equal (samples[i].metric, "Properties/Serial Number"))
      take_text (&properties->serial, &samples[i], 64);
    else if (g_str_equal (samples[i].metric, "Properties/Model"))
      take_text (&properties->model, &samples[i], NAME_MAX_LENGTH);
    else if (g_str_equal (samples[i].metric, "Properties/Firmware Version"))
      take_text (&properties->firmware, &samples[i], 64);
  if (properties->serial == NULL && properties->model == NULL && properties->firmware == NULL)
    {
      properties_free (properties);
      return;
    }
  repository = muster_device_service_get_repository (self->devices);
  muster_disown_logged (G_LOG_LEVEL_DEBUG,
                        muster_database_write (muster_repository_get_database (repository),
                                               self->actor, NULL, store_properties, properties,
                                               properties_free),
                        "keeping a device's properties");
}
