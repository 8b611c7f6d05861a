/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-adoption"

#include "config.h"

#include <sodium.h>

#include "messaging/muster-broker.h"
#include "model/muster-delivery-item.h"
#include "model/muster-label-secret.h"
#include "model/muster-pairing-attempt.h"
#include "model/muster-site.h"
#include "muster-device-service-private.h"
#include "muster-pairing.h"

#define NAME_MAX_LENGTH 120

/* One adoption on its way. Jobs on the writer's thread hold it too, but only read while the fiber
 * waits for them. */
typedef struct
{
  MusterAdoptRequest *request;
  MusterEntity       *candidate; /* (owned) */
  MusterEntity       *device;    /* (owned) (nullable): the record, when there is one */
  MusterEntity       *attempt;   /* (owned) (nullable) */
  MusterPairing      *pairing;   /* (owned) */
  char               *announced; /* (owned) (nullable): the label secret that its supplier told */
  char               *serial;    /* (owned) (nullable): the key in the service's set of busy ones */
  guint8              secret[MUSTER_LABEL_SECRET_LENGTH];
} MusterAdoptionRun;

static void
muster_adopt_request_free (MusterAdoptRequest *self)
{
  g_object_unref (self->service);
  muster_actor_unref (self->actor);
  g_free (self->key);
  g_free (self->device_id);
  if (self->secret != NULL)
    sodium_memzero (self->secret, strlen (self->secret));
  g_free (self->secret);
  g_free (self->name);
  g_free (self->location);
  g_free (self);
}

static void
muster_adoption_clear (gpointer data)
{
  MusterAdoptionRun *self = data;

  if (self->serial != NULL)
    g_hash_table_remove (self->request->service->busy, self->serial);
  sodium_memzero (self->secret, sizeof self->secret);
  g_clear_pointer (&self->request, muster_adopt_request_free);
  g_clear_object (&self->candidate);
  g_clear_object (&self->device);
  g_clear_object (&self->attempt);
  g_clear_object (&self->pairing);
  if (self->announced != NULL)
    sodium_memzero (self->announced, strlen (self->announced));
  g_free (self->announced);
  g_free (self->serial);
}

static void
muster_adoption_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, muster_adoption_clear);
}

static MusterDatabase *
get_database (MusterAdoptionRun *self)
{
  return muster_repository_get_database (self->request->service->repository);
}

static DexFuture *
muster_adoption_write (MusterAdoptionRun *self, const char *operation, MusterDatabaseFunc func)
{
  return muster_database_write (get_database (self), self->request->actor, operation, func,
                                g_atomic_rc_box_acquire (self), muster_adoption_unref);
}

/* --- who, and by which secret --- */

static gboolean
muster_adoption_find_candidate (MusterAdoptionRun *self, GError **error)
{
  MusterAdoptRequest  *request = self->request;
  MusterDeviceService *service = request->service;

  if (service->find_candidate != NULL)
    self->candidate = (MusterEntity *)service->find_candidate (request->key, request->device_id,
                                                               service->find_data);
  if (self->candidate != NULL)
    return TRUE;
  if (request->key == NULL &&
      muster_device_registry_get_brief (service->registry, request->device_id) == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s",
                 request->device_id);
  else if (request->key != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                 "nothing on the network has the key %s", request->key);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "the device is not on the network now: switch it on, or name its address");
  return FALSE;
}

static gboolean
muster_adoption_load_device (MusterAdoptionRun *self, GError **error)
{
  MusterDeviceRegistry *registry = self->request->service->registry;
  const char           *id = self->request->device_id;

  if (id == NULL)
    id = muster_entity_get_string (self->candidate, "device_id");
  if (id == NULL)
    id = muster_device_registry_find_by_serial (registry, muster_entity_get_string (self->candidate,
                                                                                    "serial"));
  if (id == NULL)
    id = muster_device_registry_find_by_mac (registry,
                                             muster_entity_get_string (self->candidate, "mac"));
  if (id == NULL)
    return TRUE;
  self->device = dex_await_object (muster_repository_get (self->request->service->repository,
                                                          &muster_device_info, id),
                                   error);
  if (self->device == NULL)
    return FALSE;
  if (muster_entity_get_enum (self->device, "adoption") != MUSTER_ADOPTION_ADOPTED)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%s is adopted already: release it first",
               muster_entity_get_string (self->device, "name"));
  return FALSE;
}

static gboolean
muster_adoption_take_turn (MusterAdoptionRun *self, GError **error)
{
  const char *serial = muster_entity_get_string (self->candidate, "serial");
  GHashTable *busy = self->request->service->busy;

  if (serial == NULL || muster_entity_get_string (self->candidate, "pairing_address") == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s does not offer pairing: make a broker account for it instead",
                   muster_entity_get_string (self->candidate, "name"));
      return FALSE;
    }
  if (g_hash_table_contains (busy, serial))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "a pairing with this device is under way");
      return FALSE;
    }
  self->serial = g_strdup (serial);
  g_hash_table_add (busy, g_strdup (serial));
  return TRUE;
}

static gboolean
muster_adoption_read_secret (MusterAdoptionRun *self, GError **error)
{
  const char *text = self->request->secret;

  if (text == NULL && self->device != NULL)
    text = muster_entity_get_string (self->device, "secret");
  if (text == NULL && self->attempt != NULL)
    text = muster_entity_get_string (self->attempt, "secret");
  if (text == NULL)
    text = self->announced;
  if (text == NULL)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

      muster_field_errors_add (errors, "/secret", "must be given: it stands on the device's label");
      return muster_field_errors_check (errors, error);
    }
  return muster_label_secret_parse (text, self->secret, error);
}

static gboolean
find_attempt (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (GError) cause = NULL;
  MusterEntity *attempt =
    muster_device_find_record (transaction, &muster_pairing_attempt_info, "serial", data, &cause);

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, attempt);
  return TRUE;
}

static gboolean
muster_adoption_find_attempt (MusterAdoptionRun *self, GError **error)
{
  g_autoptr (GError) cause = NULL;

  self->attempt = dex_await_object (muster_database_read (get_database (self), find_attempt,
                                                          g_strdup (self->serial), g_free),
                                    &cause);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
find_announced (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_delivery_item_info);
  g_autoptr (MusterEntity) item = NULL;
  g_autoptr (GError) cause = NULL;

  muster_query_where (query, "serial", data);
  muster_query_where (query, "expected", "true");
  item = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  g_value_init (result, G_TYPE_STRING);
  g_value_set_string (result, item != NULL ? muster_entity_get_string (item, "secret") : NULL);
  return TRUE;
}

/* What a delivery announces with its secret needs no label. */
static gboolean
muster_adoption_find_announced (MusterAdoptionRun *self, GError **error)
{
  g_autoptr (GError) cause = NULL;

  self->announced = dex_await_string (muster_database_read (get_database (self), find_announced,
                                                            g_strdup (self->serial), g_free),
                                      &cause);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
muster_adoption_find (MusterAdoptionRun *self, GError **error)
{
  return muster_adoption_find_candidate (self, error) && muster_adoption_load_device (self, error);
}

static gboolean
muster_adoption_prepare (MusterAdoptionRun *self, GError **error)
{
  return muster_adoption_take_turn (self, error) && muster_adoption_find_attempt (self, error) &&
         muster_adoption_find_announced (self, error) && muster_adoption_read_secret (self, error);
}

static gboolean
muster_adoption_prove (MusterAdoptionRun *self, GError **error)
{
  MusterDeviceService *service = self->request->service;
  const char          *address = muster_entity_get_string (self->candidate, "pairing_address");

  self->pairing = muster_pairing_new (service->fetch, address);
  return dex_await (muster_pairing_prove (self->pairing, self->secret, self->serial,
                                          self->attempt != NULL),
                    error);
}

/* --- what is remembered before the device is told --- */

/* Sets a member of the record to be, unless the record has a value of its own already. */
static void
add_member (MusterAdoptionRun *self, JsonObject *object, const char *name, const char *value)
{
  if (value != NULL && (self->device == NULL || muster_entity_is_null (self->device, name)))
    json_object_set_string_member (object, name, value);
}

static char *
muster_adoption_make_record (MusterAdoptionRun *self)
{
  const MusterPairingIdentity *identity = muster_pairing_get_identity (self->pairing);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  MusterAdoptRequest *request = self->request;
  const char         *name = request->name;

  if (name == NULL && self->device == NULL)
    name =
      identity->name != NULL ? identity->name : muster_entity_get_string (self->candidate, "name");
  if (name != NULL)
    {
      g_autofree char *short_name =
        g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), NAME_MAX_LENGTH));

      json_object_set_string_member (object, "name", short_name);
    }
  if (request->location != NULL)
    json_object_set_string_member (object, "location", request->location);
  if (self->device == NULL)
    json_object_set_string_member (object, "kind",
                                   muster_entity_get_string (self->candidate, "kind"));
  add_member (self, object, "serial", identity->serial);
  add_member (self, object, "mac",
              identity->mac != NULL ? identity->mac
                                    : muster_entity_get_string (self->candidate, "mac"));
  add_member (self, object, "model",
              identity->model != NULL ? identity->model
                                      : muster_entity_get_string (self->candidate, "model"));
  add_member (self, object, "manufacturer",
              muster_entity_get_string (self->candidate, "manufacturer"));
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

static gboolean
remember_attempt (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAdoptionRun *self = data;
  g_autoptr (MusterEntity) attempt = NULL;
  g_autoptr (GError) cause = NULL;
  g_autofree char *username = NULL;
  g_autofree char *password = NULL;
  g_autofree char *record = muster_adoption_make_record (self);
  g_autofree char *secret = muster_label_secret_format (self->secret);
  const char      *device_id = self->device != NULL ? muster_entity_get_id (self->device) : NULL;
  gboolean         is_new = FALSE;

  attempt = muster_device_find_record (transaction, &muster_pairing_attempt_info, "serial",
                                       self->serial, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  is_new = attempt == NULL;
  if (is_new)
    {
      username =
        muster_device_choose_username (transaction, self->serial, device_id, self->serial, error);
      if (username == NULL)
        return FALSE;
      password = muster_broker_make_password ();
      attempt = muster_entity_new (&muster_pairing_attempt_info);
      muster_entity_set_string (attempt, "serial", self->serial);
      muster_entity_set_string (attempt, "username", username);
      muster_entity_set_string (attempt, "password", password);
    }
  muster_entity_set_string (attempt, "device_id", device_id);
  muster_entity_set_string (attempt, "secret", secret);
  muster_entity_set_string (attempt, "record", record);
  muster_entity_set_string (attempt, "actor",
                            muster_actor_to_string (muster_transaction_get_actor (transaction)));
  if (!(is_new ? muster_transaction_insert (transaction, attempt, error)
               : muster_transaction_update (transaction, attempt, 0, error)))
    return FALSE;
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, g_steal_pointer (&attempt));
  return TRUE;
}

static gboolean
muster_adoption_remember (MusterAdoptionRun *self, GError **error)
{
  MusterEntity *attempt =
    dex_await_object (muster_adoption_write (self, NULL, remember_attempt), error);

  if (attempt == NULL)
    return FALSE;
  g_clear_object (&self->attempt);
  self->attempt = attempt;
  return dex_await (muster_account_projection_sync (self->request->service->accounts), error);
}

/* --- telling --- */

static char *
muster_adoption_dup_site_name (MusterAdoptionRun *self)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);
  g_autoptr (GPtrArray) sites =
              dex_await_boxed (muster_repository_select (self->request->service->repository, query),
                               NULL);

  return g_strdup (
    sites != NULL && sites->len > 0 ? muster_entity_get_string (sites->pdata[0], "name") : "");
}

static gboolean
muster_adoption_tell (MusterAdoptionRun *self, GError **error)
{
  MusterDeviceService *service = self->request->service;
  g_autofree char     *site_name = muster_adoption_dup_site_name (self);
  g_auto (GStrv) hosts = NULL;
  MusterBrokerFacts        facts = { 0 };
  MusterPairingCredentials credentials = { 0 };

  if (!service->links->get_facts (&facts, service->links_data, error))
    return FALSE;
  hosts = facts.hosts;
  credentials = (MusterPairingCredentials){
    .adoption_id = muster_entity_get_id (self->attempt),
    .site_name = site_name,
    .broker_hosts = (const char *const *)hosts,
    .broker_port = facts.port,
    .username = muster_entity_get_string (self->attempt, "username"),
    .password = muster_entity_get_string (self->attempt, "password"),
    .ca_certificate = facts.ca_der,
    .group_id = service->group_id,
    .host_id = service->host_id,
    .now = muster_clock_get_now (service->clock),
    .tls_name = facts.tls_name,
  };
  return dex_await (muster_pairing_tell (self->pairing, &credentials), error);
}

static gboolean
forget_attempt (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return muster_device_forget_attempt (transaction, ((MusterAdoptionRun *)data)->attempt, error);
}

/* Nobody knows whether the device took it: the record says so. */
static gboolean
mark_interrupted (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAdoptionRun *self = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info,
                                      muster_entity_get_id (self->device), error);

  if (device == NULL)
    return FALSE;
  if (muster_entity_get_enum (device, "adoption") == MUSTER_ADOPTION_ADOPTED)
    return TRUE;
  muster_entity_set_enum (device, "adoption", MUSTER_ADOPTION_PAIRING);
  return muster_transaction_update (transaction, device, 0, error);
}

static void
muster_adoption_clean_up (MusterAdoptionRun *self, GError *cause)
{
  g_autoptr (GError) error = NULL;

  if (muster_pairing_error_is_definite (cause))
    {
      if (dex_await (muster_adoption_write (self, "Give up pairing", forget_attempt), &error))
        dex_await (muster_account_projection_sync (self->request->service->accounts), &error);
    }
  else if (self->device != NULL)
    dex_await (muster_adoption_write (self, "Pairing was interrupted", mark_interrupted), &error);
  if (error != NULL)
    g_warning ("%s: could not clean up after a failed pairing: %s", self->serial, error->message);
  if (!muster_pairing_error_is_definite (cause))
    {
      g_autofree char *message =
        g_strdup_printf ("%s; the pairing was interrupted, and is completed by trying again",
                         cause->message);

      g_free (cause->message);
      cause->message = g_steal_pointer (&message);
    }
}

static DexFuture *
muster_adoption_fiber (gpointer user_data)
{
  MusterAdoptionRun    *self = user_data;
  MusterDeviceRegistry *registry = self->request->service->registry;
  g_autoptr (MusterEntity) device = NULL;
  GError *error = NULL;

  if (!muster_adoption_find (self, &error))
    return dex_future_new_for_error (error);
  if (muster_entity_get_string (self->candidate, "pairing_address") == NULL &&
      !muster_entity_is_null (self->candidate, "family_key"))
    return muster_adoption_take (self->request->service, self->request->actor, self->candidate,
                                 self->device, self->request->name, self->request->location);
  if (!muster_adoption_prepare (self, &error) || !muster_adoption_prove (self, &error) ||
      !muster_adoption_remember (self, &error))
    return dex_future_new_for_error (error);
  if (!muster_adoption_tell (self, &error))
    {
      muster_adoption_clean_up (self, error);
      return dex_future_new_for_error (error);
    }
  device = dex_await_object (muster_adoption_complete (self->request->service, self->request->actor,
                                                       muster_entity_get_id (self->attempt),
                                                       muster_pairing_get_firmware (self->pairing)),
                             &error);
  if (device == NULL)
    return dex_future_new_for_error (error);
  muster_device_registry_report_proof (registry, muster_entity_get_id (device), MUSTER_PROOF_HTTP,
                                       muster_clock_get_now (self->request->service->clock),
                                       "it was paired with");
  muster_device_registry_report_address (registry, muster_entity_get_id (device),
                                         muster_entity_get_string (self->candidate,
                                                                   "pairing_address"));
  return dex_future_new_take_object (g_steal_pointer (&device));
}

DexFuture *
muster_adoption_run (MusterAdoptRequest *request)
{
  MusterAdoptionRun *self = g_atomic_rc_box_new0 (MusterAdoptionRun);
  DexFuture         *future = NULL;

  self->request = request;
  future = dex_scheduler_spawn (NULL, 0, muster_adoption_fiber, self, muster_adoption_unref);
  /* Once begun it goes to its end, whether or not the one who asked still waits. */
  dex_future_disown (dex_ref (future));
  return future;
}
