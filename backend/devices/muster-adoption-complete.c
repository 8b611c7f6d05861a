/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-adoption-complete"

#include "config.h"

#include "messaging/muster-broker.h"
#include "model/muster-device-account.h"
#include "model/muster-pairing-attempt.h"
#include "muster-device-service-private.h"

typedef struct
{
  char *attempt_id;
  char *firmware; /* (nullable) */
  char *group_id;
} Completion;

static void
completion_free (gpointer data)
{
  Completion *self = data;

  g_free (self->attempt_id);
  g_free (self->firmware);
  g_free (self->group_id);
  g_free (self);
}

/* The record that the device gets: the one that was named, else the one with its serial number,
 * else a new one. */
static MusterEntity *
load_record (MusterTransaction *transaction,
             MusterEntity      *attempt,
             gboolean          *is_new,
             GError           **error)
{
  const char *device_id = muster_entity_get_string (attempt, "device_id");
  g_autoptr (GError) cause = NULL;
  MusterEntity *device = NULL;

  if (device_id != NULL)
    device = muster_device_find_record (transaction, &muster_device_info, "id", device_id, &cause);
  if (device == NULL && cause == NULL)
    device = muster_device_find_record (transaction, &muster_device_info, "serial",
                                        muster_entity_get_string (attempt, "serial"), &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  *is_new = device == NULL;
  return device != NULL ? device : muster_entity_new (&muster_device_info);
}

static gboolean
apply_attempt (MusterEntity *device, MusterEntity *attempt, const char *firmware, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (muster_entity_get_string (attempt, "record"), error);

  if (node == NULL ||
      !muster_entity_decode (device, json_node_get_object (node), MUSTER_DECODE_TRUSTED, "", error))
    return FALSE;
  muster_entity_set_string (device, "secret", muster_entity_get_string (attempt, "secret"));
  if (firmware != NULL)
    muster_entity_set_string (device, "firmware_version", firmware);
  muster_device_mark_adopted (device, muster_entity_get_string (attempt, "username"));
  return TRUE;
}

static gboolean
complete_attempt (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Completion *self = data;
  g_autoptr (MusterEntity) attempt =
              muster_transaction_get (transaction, &muster_pairing_attempt_info, self->attempt_id,
                                      error);
  g_autoptr (MusterEntity) account = muster_entity_new (&muster_device_account_info);
  g_autoptr (MusterEntity) device = NULL;
  g_autofree char *hash = NULL;
  gboolean         is_new = FALSE;

  if (attempt == NULL)
    return FALSE;
  device = load_record (transaction, attempt, &is_new, error);
  if (device == NULL || !apply_attempt (device, attempt, self->firmware, error) ||
      !(is_new ? muster_transaction_insert (transaction, device, error)
               : muster_transaction_update (transaction, device, 0, error)))
    return FALSE;
  hash = muster_broker_hash_password (muster_entity_get_string (attempt, "password"));
  muster_entity_set_string (account, "device_id", muster_entity_get_id (device));
  muster_entity_set_string (account, "username", muster_entity_get_string (attempt, "username"));
  muster_entity_set_string (account, "password_hash", hash);
  muster_entity_set_string (account, "group_id", self->group_id);
  muster_entity_set_string (account, "adoption_id", self->attempt_id);
  if (!muster_transaction_insert (transaction, account, error) ||
      !muster_transaction_delete (transaction, &muster_pairing_attempt_info, self->attempt_id, 0,
                                  error))
    return FALSE;
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, g_steal_pointer (&device));
  return TRUE;
}

DexFuture *
muster_adoption_note_done_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceService *self = user_data;
  MusterEntity        *device = g_value_get_object (dex_future_get_value (future, NULL));

  muster_device_event_log_append (muster_device_registry_get_event_log (self->registry),
                                  muster_entity_get_id (device), "adopted", MUSTER_SEVERITY_INFO,
                                  NULL, NULL);
  return dex_ref (future);
}

DexFuture *
muster_adoption_complete (MusterDeviceService *self,
                          MusterActor         *actor,
                          const char          *attempt_id,
                          const char          *firmware)
{
  Completion *completion = g_new0 (Completion, 1);

  completion->attempt_id = g_strdup (attempt_id);
  completion->firmware = g_strdup (firmware);
  completion->group_id = g_strdup (self->group_id);
  return dex_future_then (muster_database_write (muster_repository_get_database (self->repository),
                                                 actor, "Adopt a device", complete_attempt,
                                                 completion, completion_free),
                          muster_adoption_note_done_cb, g_object_ref (self), g_object_unref);
}
