/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-third-party-account"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "messaging/muster-broker.h"
#include "model/muster-device-account.h"
#include "muster-device-service-private.h"

/* An account that a person carries to a device by hand. */
typedef struct
{
  MusterDeviceService *service;
  MusterActor         *actor;
  char                *device_id;
  char                *password;
  char                *family;   /* (nullable) */
  char                *username; /* set by the job */
} MusterAccountRequest;

static void
muster_account_request_clear (gpointer data)
{
  MusterAccountRequest *self = data;

  g_object_unref (self->service);
  muster_actor_unref (self->actor);
  g_free (self->device_id);
  g_free (self->family);
  sodium_memzero (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->username);
}

static void
muster_account_request_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, muster_account_request_clear);
}

/* Takes the old account away, if there is one that a person carried here. */
static gboolean
remove_old (MusterTransaction *transaction, const char *device_id, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) old = muster_device_find_record (transaction, &muster_device_account_info,
                                                           "device_id", device_id, &cause);

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (old == NULL)
    return TRUE;
  if (!muster_entity_is_null (old, "adoption_id"))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the device got its account by pairing: release it first");
      return FALSE;
    }
  return muster_transaction_delete (transaction, &muster_device_account_info,
                                    muster_entity_get_id (old), 0, error);
}

static gboolean
store_account (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountRequest *self = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, self->device_id, error);
  g_autoptr (MusterEntity) account = muster_entity_new (&muster_device_account_info);
  g_autofree char *hash = muster_broker_hash_password (self->password);
  const char      *hint = NULL;

  if (device == NULL || !remove_old (transaction, self->device_id, error))
    return FALSE;
  hint = muster_entity_get_string (device, "node_id");
  if (hint == NULL)
    hint = muster_entity_get_string (device, "serial");
  if (hint == NULL)
    hint = muster_entity_get_string (device, "name");
  self->username = muster_device_choose_username (transaction, hint, self->device_id, NULL, error);
  if (self->username == NULL)
    return FALSE;
  muster_device_mark_adopted (device, self->username);
  muster_entity_set_string (account, "device_id", self->device_id);
  muster_entity_set_string (account, "username", self->username);
  muster_entity_set_string (account, "password_hash", hash);
  muster_entity_set_string (account, "group_id", self->service->group_id);
  muster_entity_set_string (account, "family", self->family);
  if (self->family != NULL)
    {
      muster_entity_set_string (device, "family", self->family);
      /* Whoever comes with it is told by what he says there. */
      muster_entity_set_null (device, "family_key");
    }
  return muster_transaction_update (transaction, device, 0, error) &&
         muster_transaction_insert (transaction, account, error);
}

static void
append_text (GString *json, const char *name, const char *value)
{
  g_string_append_printf (json, "%c\"%s\":", json->len > 0 ? ',' : '{', name);
  muster_json_append_string (json, value, -1);
}

static DexFuture *
muster_account_request_fiber (gpointer user_data)
{
  MusterAccountRequest *self = user_data;
  MusterDeviceService  *service = self->service;
  MusterBrokerFacts     facts = { 0 };
  g_auto (GStrv) hosts = NULL;
  GString *json = NULL;
  GError  *error = NULL;

  if (!service->links->get_facts (&facts, service->links_data, &error))
    return dex_future_new_for_error (error);
  hosts = facts.hosts;
  if (!dex_await (muster_database_write (muster_repository_get_database (service->repository),
                                         self->actor, "Make a broker account", store_account,
                                         g_atomic_rc_box_acquire (self),
                                         muster_account_request_unref),
                  &error) ||
      !dex_await (muster_account_projection_sync (service->accounts), &error))
    return dex_future_new_for_error (error);
  json = g_string_new (NULL);
  append_text (json, "username", self->username);
  append_text (json, "password", self->password);
  append_text (json, "host", hosts != NULL && hosts[0] != NULL ? hosts[0] : "localhost");
  g_string_append_printf (json, ",\"port\":%d", facts.port);
  /* A record of no family may not sign in there. */
  if (facts.plain_port > 0 && self->family != NULL)
    g_string_append_printf (json, ",\"plain_port\":%d", facts.plain_port);
  else
    g_string_append (json, ",\"plain_port\":null");
  append_text (json, "ca_certificate", facts.ca_pem);
  append_text (json, "tls_name", facts.tls_name);
  append_text (json, "group_id", service->group_id);
  append_text (json, "node_id", self->username);
  g_string_append_c (json, '}');
  return dex_future_new_take_string (g_string_free_and_steal (json));
}

/* Whether there is a family of that name. */
static gboolean
check_family (MusterDeviceService *self, const char *family, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_auto (GStrv) rules = muster_account_projection_list_rules (self->accounts, family, "x");

  if (family != NULL && rules == NULL)
    muster_field_errors_add (errors, "/family", "must be a family of devices that speak MQTT");
  return muster_field_errors_check (errors, error);
}

DexFuture *
muster_device_service_make_account (MusterDeviceService *self,
                                    MusterActor         *actor,
                                    const char          *device_id,
                                    const char          *family)
{
  MusterAccountRequest *request = NULL;
  GError               *error = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && device_id != NULL, NULL);

  if (!check_family (self, family, &error))
    return dex_future_new_for_error (error);
  request = g_atomic_rc_box_new0 (MusterAccountRequest);
  request->family = g_strdup (family);
  request->service = g_object_ref (self);
  request->actor = muster_actor_ref (actor);
  request->device_id = g_strdup (device_id);
  request->password = muster_broker_make_password ();
  return dex_scheduler_spawn (NULL, 0, muster_account_request_fiber, request,
                              muster_account_request_unref);
}
