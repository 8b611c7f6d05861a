/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-service"

#include "config.h"

#include "core/muster-journal.h"
#include "messaging/muster-broker.h"
#include "model/muster-device-account.h"
#include "model/muster-pairing-attempt.h"
#include "muster-device-service-private.h"

#define USERNAME_MAX 56 /* leaves room for a number */
#define N_USERNAMES 1000
#define RELEASE_TIMEOUT_MS 1500

G_DEFINE_FINAL_TYPE (MusterDeviceService, muster_device_service, MUSTER_TYPE_SERVICE)

/* --- helpers inside a transaction --- */

MusterEntity *
muster_device_find_record (MusterTransaction      *transaction,
                           const MusterEntityInfo *info,
                           const char             *field,
                           const char             *value,
                           GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, field, value);
  return muster_transaction_find (transaction, query, error);
}

/* What neither broker files nor topics could misread. */
static char *
make_username (const char *hint)
{
  GString *name = g_string_new (NULL);

  for (const char *p = hint; *p != '\0' && name->len < USERNAME_MAX; p++)
    if (g_ascii_isalnum (*p) || *p == '_' || *p == '.')
      g_string_append_c (name, *p);
    else if (name->len > 0 && name->str[name->len - 1] != '-')
      g_string_append_c (name, '-');
  if (name->len == 0)
    g_string_append (name, "device");
  return g_string_free_and_steal (name);
}

/* Whether a record of INFO other than the one whose OWN_FIELD is OWN has the user name in FIELD. */
static gboolean
is_taken (MusterTransaction      *transaction,
          const MusterEntityInfo *info,
          const char             *field,
          const char             *username,
          const char             *own_field,
          const char             *own,
          GError                **error)
{
  g_autoptr (MusterEntity) holder =
              muster_device_find_record (transaction, info, field, username, error);

  return holder != NULL && g_strcmp0 (muster_entity_get_string (holder, own_field), own) != 0;
}

char *
muster_device_choose_username (MusterTransaction *transaction,
                               const char        *hint,
                               const char        *device_id,
                               const char        *serial,
                               GError           **error)
{
  g_autofree char *base = make_username (hint);

  for (unsigned i = 1; i <= N_USERNAMES; i++)
    {
      g_autofree char *username = i == 1 ? g_strdup (base) : g_strdup_printf ("%s-%u", base, i);
      g_autoptr (GError) cause = NULL;
      gboolean taken =
        is_taken (transaction, &muster_device_info, "node_id", username, "id", device_id, &cause) ||
        is_taken (transaction, &muster_device_account_info, "username", username, "device_id",
                  device_id, &cause) ||
        is_taken (transaction, &muster_pairing_attempt_info, "username", username, "serial", serial,
                  &cause);

      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return NULL;
        }
      if (!taken)
        return g_steal_pointer (&username);
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "too many devices are called %s", base);
  return NULL;
}

void
muster_device_mark_adopted (MusterEntity *device, const char *node_id)
{
  int status = muster_entity_get_enum (device, "status");

  muster_entity_set_enum (device, "adoption", MUSTER_ADOPTION_ADOPTED);
  muster_entity_set_string (device, "node_id", node_id);
  /* Who repairs a device, or has written it off, decides about its status alone. */
  if (status == MUSTER_DEVICE_STATUS_IN_STOCK || status == MUSTER_DEVICE_STATUS_RESERVED ||
      status == MUSTER_DEVICE_STATUS_SOLD)
    muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_DEPLOYED);
}

gboolean
muster_device_forget_attempt (MusterTransaction *transaction, MusterEntity *attempt, GError **error)
{
  const char *device_id = muster_entity_get_string (attempt, "device_id");
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (GError) cause = NULL;

  if (!muster_transaction_delete (transaction, &muster_pairing_attempt_info,
                                  muster_entity_get_id (attempt), 0, error))
    return FALSE;
  if (device_id == NULL)
    return TRUE;
  device = muster_device_find_record (transaction, &muster_device_info, "id", device_id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (device == NULL || muster_entity_get_enum (device, "adoption") != MUSTER_ADOPTION_PAIRING)
    return TRUE;
  muster_entity_set_enum (device, "adoption", MUSTER_ADOPTION_NONE);
  return muster_transaction_update (transaction, device, 0, error);
}

/* --- adoption --- */

static MusterAdoptRequest *
muster_device_service_make_request (MusterDeviceService *self,
                                    MusterActor         *actor,
                                    const char          *secret,
                                    const char          *name)
{
  MusterAdoptRequest *request = g_new0 (MusterAdoptRequest, 1);

  request->service = g_object_ref (self);
  request->actor = muster_actor_ref (actor);
  request->secret = g_strdup (secret);
  request->name = g_strdup (name);
  return request;
}

DexFuture *
muster_device_service_adopt_candidate (MusterDeviceService *self,
                                       MusterActor         *actor,
                                       const char          *key,
                                       const char          *secret,
                                       const char          *name,
                                       const char          *location)
{
  MusterAdoptRequest *request = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && key != NULL, NULL);

  request = muster_device_service_make_request (self, actor, secret, name);
  request->key = g_strdup (key);
  request->location = g_strdup (location);
  return muster_adoption_run (request);
}

DexFuture *
muster_device_service_adopt_device (MusterDeviceService *self,
                                    MusterActor         *actor,
                                    const char          *device_id,
                                    const char          *secret,
                                    const char          *name)
{
  MusterAdoptRequest *request = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && device_id != NULL, NULL);

  request = muster_device_service_make_request (self, actor, secret, name);
  request->device_id = g_strdup (device_id);
  return muster_adoption_run (request);
}

typedef struct
{
  MusterDeviceService *self;
  char                *node_id;
} Birth;

static void
birth_free (gpointer data)
{
  Birth *birth = data;

  g_object_unref (birth->self);
  g_free (birth->node_id);
  g_free (birth);
}

static DexFuture *
muster_device_service_birth_fiber (gpointer user_data)
{
  Birth               *birth = user_data;
  MusterDeviceService *self = birth->self;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_pairing_attempt_info);
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GError) error = NULL;
  const char *serial = NULL;

  muster_query_where (query, "username", birth->node_id);
  attempts = dex_await_boxed (muster_repository_select (self->repository, query), &error);
  if (attempts == NULL || attempts->len == 0)
    return dex_future_new_for_boolean (FALSE);
  serial = muster_entity_get_string (attempts->pdata[0], "serial");
  if (g_hash_table_contains (self->busy, serial))
    return dex_future_new_for_boolean (FALSE);
  if (!dex_await (muster_adoption_complete (self, self->actor,
                                            muster_entity_get_id (attempts->pdata[0]), NULL),
                  &error))
    g_warning ("%s: could not complete an interrupted pairing: %s", serial, error->message);
  return dex_future_new_true ();
}

gboolean
muster_device_service_note_birth (MusterDeviceService *self, const char *node_id)
{
  Birth *birth = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), FALSE);
  g_return_val_if_fail (node_id != NULL, FALSE);

  if (!muster_service_is_running (MUSTER_SERVICE (self)))
    return FALSE;
  birth = g_new0 (Birth, 1);
  birth->self = g_object_ref (self);
  birth->node_id = g_strdup (node_id);
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_device_service_birth_fiber, birth, birth_free));
  return TRUE;
}

/* --- release --- */

/* Resolves to TRUE when the device was told to forget the site; rejects soon when it cannot be. */
static DexFuture *
muster_device_service_tell_free (MusterDeviceService *self,
                                 const char          *group_id,
                                 const char          *node_id)
{
  return dex_future_first (self->links->release (group_id, node_id, self->links_data),
                           dex_timeout_new_msec (RELEASE_TIMEOUT_MS), NULL);
}

typedef struct
{
  MusterDeviceService *self;
  MusterActor         *actor;
  char                *device_id;
  gboolean             told;
} Release;

static void
release_free (gpointer data)
{
  Release *release = data;

  g_object_unref (release->self);
  muster_actor_unref (release->actor);
  g_free (release->device_id);
}

static void
release_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, release_free);
}

static gboolean
store_release (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Release *release = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, release->device_id, error);
  g_autoptr (MusterEntity) account = NULL;
  g_autoptr (GError) cause = NULL;

  if (device == NULL)
    return FALSE;
  account = muster_device_find_record (transaction, &muster_device_account_info, "device_id",
                                       release->device_id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (account != NULL && !muster_transaction_delete (transaction, &muster_device_account_info,
                                                     muster_entity_get_id (account), 0, error))
    return FALSE;
  muster_entity_set_enum (device, "adoption", MUSTER_ADOPTION_RELEASED);
  muster_entity_set_null (device, "node_id");
  if (!muster_transaction_update (transaction, device, 0, error))
    return FALSE;
  if (release->told)
    muster_transaction_set_final (transaction,
                                  "the device was told to forget its credentials: adopt it again");
  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, g_steal_pointer (&device));
  return TRUE;
}

static DexFuture *
muster_device_service_release_fiber (gpointer user_data)
{
  Release                 *release = user_data;
  MusterDeviceService     *self = release->self;
  const MusterDeviceBrief *brief =
    muster_device_registry_get_brief (self->registry, release->device_id);
  g_autoptr (MusterEntity) device = NULL;
  g_autofree char *operation = NULL;
  g_autofree char *node_id = NULL;
  const char      *message = "the device was told";
  gboolean         has_account = TRUE;
  GError          *error = NULL;

  if (brief == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s",
                                  release->device_id);
  if (brief->adoption != MUSTER_ADOPTION_ADOPTED)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is not adopted",
                                  brief->name);
  operation = g_strdup_printf ("Release %s", brief->name);
  node_id = g_strdup (brief->node_id);
  has_account = node_id != NULL || (brief->family_key == NULL && brief->node_device == NULL);
  if (node_id != NULL)
    {
      release->told =
        dex_await (muster_device_service_tell_free (self, self->group_id, node_id), NULL);
      g_hash_table_add (self->releasing, g_strdup (node_id));
    }
  device =
    dex_await_object (muster_database_write (muster_repository_get_database (self->repository),
                                             release->actor, operation, store_release,
                                             g_atomic_rc_box_acquire (release), release_unref),
                      &error);
  if (node_id != NULL)
    g_hash_table_remove (self->releasing, node_id);
  if (device == NULL)
    return dex_future_new_for_error (error);
  if (!has_account)
    message = "it is no longer read: it speaks with the broker as before";
  else if (!release->told)
    message = "the device could not be told: it still holds credentials that open nothing";
  muster_device_event_log_append (muster_device_registry_get_event_log (self->registry),
                                  release->device_id, "released", MUSTER_SEVERITY_INFO, message,
                                  NULL);
  if (!dex_await (muster_account_projection_sync (self->accounts), &error))
    return dex_future_new_for_error (error);
  muster_device_registry_withdraw_proof (self->registry, release->device_id, MUSTER_PROOF_MQTT,
                                         "the device was released");
  return dex_future_new_take_object (g_steal_pointer (&device));
}

DexFuture *
muster_device_service_release (MusterDeviceService *self, MusterActor *actor, const char *device_id)
{
  Release   *release = NULL;
  DexFuture *future = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && device_id != NULL, NULL);

  release = g_atomic_rc_box_new0 (Release);
  release->self = g_object_ref (self);
  release->actor = muster_actor_ref (actor);
  release->device_id = g_strdup (device_id);
  future =
    dex_scheduler_spawn (NULL, 0, muster_device_service_release_fiber, release, release_unref);
  dex_future_disown (dex_ref (future));
  return future;
}

/* --- life cycle --- */

/* The device's session is the broker's to forget as soon as the account is gone. */
static void
muster_device_service_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterDeviceService *self = user_data;
  MusterJournalEntry  *entry = muster_event_get_payload (event);
  JsonObject          *before = muster_journal_entry_get_before (entry);

  const char *group_id, *node_id;

  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_device_account_info.name) ||
      muster_journal_entry_get_action (entry) != MUSTER_JOURNAL_DELETE)
    return;
  group_id = json_object_get_string_member_with_default (before, "group_id", self->group_id);
  node_id = json_object_get_string_member_with_default (before, "username", "");
  /* A record that was deleted, an adoption that was undone: the device shall know, else nobody
   * could adopt it again without resetting it. */
  if (!g_hash_table_contains (self->releasing, node_id))
    muster_account_projection_hold (self->accounts,
                                    muster_device_service_tell_free (self, group_id, node_id));
  self->links->forget (group_id, node_id, self->links_data);
}

/* Who never came back within the time that an account is kept open for it. */
static gboolean
purge_attempts (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_pairing_attempt_info);
  g_autoptr (GPtrArray) attempts = NULL;
  gint64 since = muster_transaction_get_now (transaction) - MUSTER_PAIRING_KEEP;

  muster_query_set_limit (query, 0);
  attempts = muster_transaction_select (transaction, query, error);
  for (guint i = 0; attempts != NULL && i < attempts->len; i++)
    if (muster_entity_get_integer (attempts->pdata[i], "updated_at") < since &&
        !muster_device_forget_attempt (transaction, attempts->pdata[i], error))
      return FALSE;
  return attempts != NULL;
}

static DexFuture *
muster_device_service_start_fiber (gpointer user_data)
{
  MusterDeviceService *self = user_data;
  GError              *error = NULL;

  if (!dex_await (muster_database_write (muster_repository_get_database (self->repository),
                                         self->actor, NULL, purge_attempts, NULL, NULL),
                  &error) ||
      !dex_await (muster_service_start (MUSTER_SERVICE (self->tokens)), &error) ||
      !dex_await (muster_service_start (MUSTER_SERVICE (self->accounts)), &error))
    return dex_future_new_for_error (error);
  return dex_future_new_true ();
}

static DexFuture *
muster_device_service_start (MusterService *service)
{
  MusterDeviceService *self = MUSTER_DEVICE_SERVICE (service);

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_device_service_journal_cb, self);
  return dex_scheduler_spawn (NULL, 0, muster_device_service_start_fiber, g_object_ref (self),
                              g_object_unref);
}

static DexFuture *
muster_device_service_stop (MusterService *service)
{
  MusterDeviceService *self = MUSTER_DEVICE_SERVICE (service);

  return dex_future_all (muster_service_stop (MUSTER_SERVICE (self->accounts)),
                         muster_service_stop (MUSTER_SERVICE (self->tokens)), NULL);
}

static void
muster_device_service_trouble_cb (MusterService *accounts, GParamSpec *pspec, MusterService *self)
{
  muster_service_set_trouble (self, muster_service_get_trouble (accounts));
}

static void
muster_device_service_finalize (GObject *object)
{
  MusterDeviceService *self = MUSTER_DEVICE_SERVICE (object);

  if (self->find_destroy != NULL)
    self->find_destroy (self->find_data);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_object (&self->registry);
  g_clear_object (&self->fetch);
  g_clear_object (&self->accounts);
  g_clear_object (&self->tokens);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->busy, g_hash_table_unref);
  g_clear_pointer (&self->releasing, g_hash_table_unref);
  g_free (self->group_id);
  g_free (self->host_id);
  G_OBJECT_CLASS (muster_device_service_parent_class)->finalize (object);
}

static void
muster_device_service_class_init (MusterDeviceServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_device_service_finalize;
  service_class->name = "devices";
  service_class->start = muster_device_service_start;
  service_class->stop = muster_device_service_stop;
}

static void
muster_device_service_init (MusterDeviceService *self)
{
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->releasing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->actor = muster_actor_new_system ("devices");
}

MusterDeviceService *
muster_device_service_new (MusterRepository                 *repository,
                           MusterBus                        *bus,
                           MusterClock                      *clock,
                           MusterDeviceRegistry             *registry,
                           const MusterDeviceServiceOptions *options)
{
  MusterDeviceService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (registry), NULL);
  g_return_val_if_fail (options != NULL && options->group_id != NULL && options->host_id != NULL &&
                          options->links != NULL,
                        NULL);

  self = g_object_new (MUSTER_TYPE_DEVICE_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  self->registry = g_object_ref (registry);
  self->fetch = g_object_ref (options->fetch);
  self->group_id = g_strdup (options->group_id);
  self->host_id = g_strdup (options->host_id);
  self->links = options->links;
  self->links_data = options->links_data;
  self->tokens = muster_token_book_new (repository, bus);
  self->accounts =
    muster_account_projection_new (repository, bus, self->group_id, self->links, self->links_data);
  g_signal_connect_object (self->accounts, "notify::trouble",
                           G_CALLBACK (muster_device_service_trouble_cb), self, G_CONNECT_DEFAULT);
  return self;
}

void
muster_device_service_set_find_candidate (MusterDeviceService *self,
                                          MusterFindCandidate  find,
                                          gpointer             user_data,
                                          GDestroyNotify       destroy)
{
  g_return_if_fail (MUSTER_IS_DEVICE_SERVICE (self));

  if (self->find_destroy != NULL)
    self->find_destroy (self->find_data);
  self->find_candidate = find;
  self->find_data = user_data;
  self->find_destroy = destroy;
}

const char *
muster_device_service_get_group_id (MusterDeviceService *self)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);

  return self->group_id;
}

MusterDeviceRegistry *
muster_device_service_get_registry (MusterDeviceService *self)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);

  return self->registry;
}

MusterTokenBook *
muster_device_service_get_tokens (MusterDeviceService *self)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);

  return self->tokens;
}

MusterRepository *
muster_device_service_get_repository (MusterDeviceService *self)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (self), NULL);

  return self->repository;
}

void
muster_device_service_set_family_rules (MusterDeviceService  *self,
                                        MusterListFamilyRules list,
                                        gpointer              user_data)
{
  g_return_if_fail (MUSTER_IS_DEVICE_SERVICE (self));

  muster_account_projection_set_family_rules (self->accounts, list, user_data);
}
