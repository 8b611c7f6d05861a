/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-service"

#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "core/muster-promise.h"
#include "muster-firmware-chunks.h"
#include "muster-firmware-index.h"
#include "muster-firmware-service-private.h"
#include "muster-signing.h"

#define COLLECT_SECONDS (24 * 3600)
/* clang-format off */
const MusterSetting muster_firmware_settings[] = {
  { MUSTER_SETTING_FIRMWARE_LIMIT, { "firmware_limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1048576, .default_value = 4096, .unit = "MiB", .label = N_("Largest firmware"), .doc = "Files of firmware larger than this are not taken." } },
  { MUSTER_SETTING_FIRMWARE_KEEP_DAYS, { "firmware_keep_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 3650, .default_value = 90, .unit = "d", .label = N_("Keep deleted firmware"), .doc = "How long the bytes of deleted firmware and of unfinished uploads stay." } },
  { MUSTER_SETTING_FIRMWARE_BASE_URI, { "firmware_base_uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 500, .label = N_("Address for devices"), .doc = "Where devices fetch firmware, `https://site.example:8443`; empty: the address of the broker at the port of the API. Every device must reach it, and whoever else does can ask for no more than what one device is given, by a secret of its own. Over https devices check the certificate by the site's authority, and nobody on the way reads the firmware or its secret; over http both can be read. Neither is what firmware is trusted by: signed files are checked by the device itself, whatever way they came; unsigned ones are worth no more than the network between." } },
  { MUSTER_SETTING_FIRMWARE_TOKEN_MODULE, { "firmware_token_module", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 500, .label = N_("Module of the signing token"), .doc = "Where tokens hold signing keys: the path of a PKCS #11 module, beside those that the machine is set up for (p11-kit). It is loaded into the daemon, and may do there whatever the daemon may: only a file is loaded that root installed, everybody can read and nobody else can change, as the folders above it." } },
  { MUSTER_SETTING_FIRMWARE_REQUIRE_SIGNATURE, { "firmware_require_signature", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = FALSE, .label = N_("Signed firmware only"), .doc = "Whether Muster images, updates of SWUpdate and bundles of RAUC must bear the signature of one of the site's keys or certificates to be given to devices." } },
  { MUSTER_SETTING_FIRMWARE_LEAST_CHARGE, { "firmware_least_charge", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 100, .default_value = 20, .unit = "%", .label = N_("Least battery"), .doc = "A rollout leaves out devices that told last of a battery with less; 0: none. A battery is a metric with `battery` in its name and the unit %; devices that tell of none are not left out." } },
  { NULL },
};
/* clang-format on */

struct _MusterFirmwareService
{
  MusterService        parent_instance;
  MusterRepository    *repository; /* (owned) */
  MusterFirmwareStore *store;      /* (owned) */
  MusterSettings      *settings;   /* (owned) */
  GHashTable          *indexing;   /* (owned): SHA-256 → (owned) DexFuture, of what is being made */
  guint                collect_id;
};

G_DEFINE_FINAL_TYPE (MusterFirmwareService, muster_firmware_service, MUSTER_TYPE_SERVICE)

static void
muster_firmware_service_collect (MusterFirmwareService *self)
{
  int days = muster_settings_get_integer (self->settings, MUSTER_SETTING_FIRMWARE_KEEP_DAYS);

  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_firmware_store_collect (
                          self->store, muster_repository_get_database (self->repository), days),
                        "old firmware is not removed");
}

static gboolean
muster_firmware_service_collect_cb (gpointer user_data)
{
  muster_firmware_service_collect (user_data);
  return G_SOURCE_CONTINUE;
}

static DexFuture *
muster_firmware_service_start (MusterService *service)
{
  MusterFirmwareService *self = MUSTER_FIRMWARE_SERVICE (service);

  self->collect_id =
    g_timeout_add_seconds (COLLECT_SECONDS, muster_firmware_service_collect_cb, self);
  muster_firmware_service_collect (self);
  muster_disown_logged (G_LOG_LEVEL_MESSAGE, muster_signing_resume (self),
                        "firmware is not checked by keys that are trusted");
  return NULL;
}

static DexFuture *
muster_firmware_service_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_FIRMWARE_SERVICE (service)->collect_id, g_source_remove);
  return NULL;
}

static void
muster_firmware_service_finalize (GObject *object)
{
  MusterFirmwareService *self = MUSTER_FIRMWARE_SERVICE (object);

  g_clear_handle_id (&self->collect_id, g_source_remove);
  g_clear_object (&self->repository);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->indexing, g_hash_table_unref);
  G_OBJECT_CLASS (muster_firmware_service_parent_class)->finalize (object);
}

static void
muster_firmware_service_class_init (MusterFirmwareServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_firmware_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "firmware";
  MUSTER_SERVICE_CLASS (klass)->start = muster_firmware_service_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_firmware_service_stop;
}

static void
muster_firmware_service_init (MusterFirmwareService *self)
{
  self->indexing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
}

MusterFirmwareService *
muster_firmware_service_new (MusterRepository    *repository,
                             MusterFirmwareStore *store,
                             MusterSettings      *settings)
{
  MusterFirmwareService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (store), NULL);
  g_return_val_if_fail (MUSTER_IS_SETTINGS (settings), NULL);

  self = g_object_new (MUSTER_TYPE_FIRMWARE_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  self->store = g_object_ref (store);
  self->settings = g_object_ref (settings);
  return self;
}

MusterRepository *
muster_firmware_service_get_repository (MusterFirmwareService *self)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self), NULL);

  return self->repository;
}

MusterFirmwareStore *
muster_firmware_service_get_store (MusterFirmwareService *self)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self), NULL);

  return self->store;
}

gint64
muster_firmware_service_get_limit (MusterFirmwareService *self)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self), 0);

  return muster_settings_get_integer (self->settings, MUSTER_SETTING_FIRMWARE_LIMIT) * 1024 * 1024;
}

gboolean
muster_firmware_service_requires_signature (MusterFirmwareService *self)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self), FALSE);

  return muster_settings_get_boolean (self->settings, MUSTER_SETTING_FIRMWARE_REQUIRE_SIGNATURE);
}

double
muster_firmware_service_get_least_charge (MusterFirmwareService *self)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self), 0);

  return muster_settings_get_integer (self->settings, MUSTER_SETTING_FIRMWARE_LEAST_CHARGE);
}

char *
muster_firmware_service_dup_token_module (MusterFirmwareService *self)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self), NULL);

  return g_strdup (
    muster_settings_get_string (self->settings, MUSTER_SETTING_FIRMWARE_TOKEN_MODULE));
}

static MusterDatabase *
get_database (MusterFirmwareService *self)
{
  return muster_repository_get_database (self->repository);
}

/* --- looking at files --- */

typedef struct
{
  int                 fd; /* (owned) */
  GArray             *keys;
  MusterFirmwareFacts facts;
} Reading;

static void
reading_clear (gpointer data)
{
  Reading *self = data;

  g_clear_fd (&self->fd, NULL);
  g_clear_pointer (&self->keys, g_array_unref);
  muster_firmware_facts_clear (&self->facts);
}

static void
reading_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, reading_clear);
}

static DexFuture *
read_facts_fiber (gpointer user_data)
{
  Reading *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!muster_firmware_facts_read (&self->facts, self->fd, self->keys, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_true ();
}

static gboolean
list_keys_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GArray *keys = muster_firmware_keys_list (transaction, error);

  if (keys == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_ARRAY);
  g_value_take_boxed (result, keys);
  return TRUE;
}

gboolean
muster_firmware_service_read_facts (MusterFirmwareService *self,
                                    int                    fd,
                                    MusterFirmwareFacts   *facts,
                                    GError               **error)
{
  Reading *reading = g_atomic_rc_box_new0 (Reading);
  gboolean read;

  reading->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  reading->keys =
    dex_await_boxed (muster_database_read (get_database (self), list_keys_job, NULL, NULL), error);
  read =
    reading->keys != NULL &&
    dex_await (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, read_facts_fiber,
                                    g_atomic_rc_box_acquire (reading), reading_unref),
               error);
  if (read)
    {
      *facts = reading->facts;
      memset (&reading->facts, 0, sizeof reading->facts);
    }
  reading_unref (reading);
  return read;
}

/* --- indexes --- */

typedef struct
{
  MusterFirmwareService *service; /* (owned) */
  char                  *sha256;
} Indexing;

static void
indexing_free (gpointer data)
{
  Indexing *self = data;

  g_object_unref (self->service);
  g_free (self->sha256);
  g_free (self);
}

static DexFuture *
indexed_cb (DexFuture *future, gpointer user_data)
{
  Indexing *self = user_data;

  g_hash_table_remove (self->service->indexing, self->sha256);
  return dex_ref (future);
}

/* The nodes of a rollout are told all at once: they wait for the same one. */
DexFuture *
muster_firmware_service_ensure_index (MusterFirmwareService *self, const char *sha256)
{
  DexFuture *future = NULL;
  Indexing  *indexing = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (sha256 != NULL);

  future = g_hash_table_lookup (self->indexing, sha256);
  if (future != NULL)
    return dex_ref (future);
  indexing = g_new0 (Indexing, 1);
  *indexing = (Indexing){ g_object_ref (self), g_strdup (sha256) };
  future = dex_future_finally (muster_firmware_index_ensure (self->store, sha256), indexed_cb,
                               indexing, indexing_free);
  /* What failed at once has been forgotten already. */
  if (dex_future_is_pending (future))
    g_hash_table_insert (self->indexing, g_strdup (sha256), dex_ref (future));
  return future;
}

/* --- what a file does to its record --- */

static void
set_where_empty (MusterEntity *artifact, const char *field, const char *value)
{
  if (value != NULL && muster_entity_is_null (artifact, field))
    muster_entity_set_string (artifact, field, value);
}

static char *
encode_models (char **models)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (unsigned i = 0; models[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_json_append_string (json, models[i], -1);
    }
  g_string_append_c (json, ']');
  return g_string_free_and_steal (g_steal_pointer (&json));
}

void
muster_firmware_apply_facts (MusterEntity                *artifact,
                             const char                  *file_name,
                             const MusterFirmwareContent *content,
                             const MusterFirmwareFacts   *facts)
{
  g_autofree char *models = facts->models != NULL ? encode_models (facts->models) : NULL;
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *manifest = NULL;

  json_node_set_object (node, facts->manifest);
  manifest = json_to_string (node, FALSE);
  muster_entity_set_string (artifact, "file_name", file_name);
  muster_entity_set_integer (artifact, "size", content->size);
  muster_entity_set_string (artifact, "sha256", content->sha256);
  muster_entity_set_enum (artifact, "format", facts->format);
  muster_entity_set_enum (artifact, "trust", facts->trust);
  muster_entity_set_string (artifact, "signing_key_id",
                            *facts->key_id != '\0' ? facts->key_id : NULL);
  if (facts->security_counter >= 0)
    muster_entity_set_integer (artifact, "security_counter", facts->security_counter);
  muster_entity_set_string (artifact, "manifest", manifest);
  set_where_empty (artifact, "models", models);
  set_where_empty (artifact, "hardware_from", facts->hardware_from);
  set_where_empty (artifact, "hardware_to", facts->hardware_to);
  if (muster_entity_get_enum (artifact, "status") == MUSTER_ARTIFACT_DRAFT &&
      !json_object_has_member (facts->manifest, "chunks"))
    muster_entity_set_enum (artifact, "status", MUSTER_ARTIFACT_READY);
}

gboolean
muster_firmware_check_facts (MusterEntity              *artifact,
                             const MusterFirmwareFacts *facts,
                             GError                   **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *version = muster_entity_get_string (artifact, "version");

  if (facts->format == MUSTER_FORMAT_IMAGE && g_strcmp0 (version, facts->version) != 0)
    muster_field_errors_add (errors, "/version", "must be %s, as the image says", facts->version);
  if (facts->trust == MUSTER_TRUST_REVOKED)
    muster_field_errors_add (errors, "/file",
                             "is signed by a key that is revoked: sign it by another");
  return muster_field_errors_check (errors, error);
}

void
muster_firmware_addition_free (gpointer data)
{
  MusterFirmwareAddition *self = data;

  g_free (self->artifact_id);
  g_clear_object (&self->artifact);
  g_free (self->name);
  g_free (self->upload_id);
  g_clear_object (&self->store);
  g_free (self->instead_of);
  muster_firmware_facts_clear (&self->facts);
  g_free (self);
}

static gboolean
check_name_free (MusterTransaction *transaction,
                 const char        *artifact_id,
                 const char        *name,
                 GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_file_info);
  gint64 n_files;

  muster_query_where (query, "artifact_id", artifact_id);
  muster_query_where (query, "name", name);
  n_files = muster_transaction_count (transaction, query, error);
  if (n_files > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "this firmware has a file %s already: delete it first", name);
  return n_files == 0;
}

static MusterEntity *
make_file (MusterFirmwareAddition *self, const char *artifact_id)
{
  MusterEntity *file = muster_entity_new (&muster_firmware_file_info);

  muster_entity_set_string (file, "artifact_id", artifact_id);
  muster_entity_set_string (file, "name", self->name);
  muster_entity_set_integer (file, "size", self->content.size);
  muster_entity_set_string (file, "sha256", self->content.sha256);
  muster_entity_set_string (file, "sha1", self->content.sha1);
  muster_entity_set_string (file, "md5", self->content.md5);
  return file;
}

gboolean
muster_firmware_settle_trust (MusterTransaction   *transaction,
                              const char          *key_id,
                              MusterArtifactTrust *trust,
                              GError             **error)
{
  g_autoptr (MusterEntity) key = NULL;

  g_return_val_if_fail (key_id != NULL && trust != NULL, FALSE);

  if (*key_id == '\0')
    return TRUE;
  key = muster_transaction_get (transaction, &muster_signing_key_info, key_id, error);
  if (key == NULL)
    return FALSE;
  if (muster_entity_get_enum (key, "status") == MUSTER_KEY_REVOKED)
    *trust = MUSTER_TRUST_REVOKED;
  return TRUE;
}

/* The artifact gets the file as its main one, unless it has one or the file is none to install. */
static gboolean
take_main_file (MusterTransaction      *transaction,
                MusterFirmwareAddition *self,
                MusterEntity           *artifact,
                GError                **error)
{
  gboolean is_new = self->artifact != NULL;

  if (!is_new && (!muster_entity_is_null (artifact, "sha256") || *self->facts.chunks != '\0'))
    return TRUE;
  if (!muster_firmware_settle_trust (transaction, self->facts.key_id, &self->facts.trust, error) ||
      !muster_firmware_check_facts (artifact, &self->facts, error))
    return FALSE;
  muster_firmware_apply_facts (artifact, self->name, &self->content, &self->facts);
  return is_new ? muster_transaction_insert (transaction, artifact, error)
                : muster_transaction_update (transaction, artifact, 0, error);
}

/* With the file it may have all that its devices fetch. */
static gboolean
settle_status (MusterTransaction *transaction, MusterEntity *artifact, GError **error)
{
  int before = muster_entity_get_enum (artifact, "status");

  return muster_firmware_chunks_settle (transaction, artifact, error) &&
         (muster_entity_get_enum (artifact, "status") == before ||
          muster_transaction_update (transaction, artifact, 0, error));
}

/* Last of all, so that an upload that is refused stays as it is. */
static gboolean
take_upload (MusterTransaction *transaction, MusterFirmwareAddition *self, GError **error)
{
  return muster_transaction_delete (transaction, &muster_firmware_upload_info, self->upload_id, 0,
                                    error) &&
         muster_firmware_store_keep_upload (self->store, self->upload_id, &self->content, error);
}

static gboolean
add_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterFirmwareAddition *self = data;
  g_autoptr (MusterEntity) artifact =
              self->artifact != NULL
                ? muster_entity_copy (self->artifact)
                : muster_transaction_get (transaction, &muster_firmware_artifact_info,
                                          self->artifact_id, error);
  g_autoptr (MusterEntity) file = NULL;

  if (artifact == NULL || !take_main_file (transaction, self, artifact, error) ||
      !check_name_free (transaction, muster_entity_get_id (artifact), self->name, error))
    return FALSE;
  file = make_file (self, muster_entity_get_id (artifact));
  if (!muster_transaction_insert (transaction, file, error) ||
      !settle_status (transaction, artifact, error) ||
      (self->upload_id != NULL && !take_upload (transaction, self, error)))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, self->wants_artifact ? artifact : file);
  return TRUE;
}

DexFuture *
muster_firmware_addition_run (MusterFirmwareService  *self,
                              MusterActor            *actor,
                              MusterFirmwareAddition *addition)
{
  g_autofree char *operation = g_strdup_printf ("Add firmware %s", addition->name);

  return muster_database_write (get_database (self), actor, operation, add_job, addition,
                                muster_firmware_addition_free);
}

/* --- adding a file --- */

void
muster_firmware_call_free (gpointer data)
{
  MusterFirmwareCall *self = data;

  g_object_unref (self->service);
  muster_actor_unref (self->actor);
  g_free (self->id);
  g_free (self->name);
  g_clear_pointer (&self->members, json_object_unref);
  g_clear_fd (&self->fd, NULL);
  g_free (self);
}

MusterFirmwareCall *
muster_firmware_call_new (MusterFirmwareService *service,
                          MusterActor           *actor,
                          const char            *id,
                          int                    fd)
{
  MusterFirmwareCall *self = g_new0 (MusterFirmwareCall, 1);

  self->service = g_object_ref (service);
  self->actor = muster_actor_ref (actor);
  self->id = g_strdup (id);
  self->fd = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, 0) : -1;
  return self;
}

DexFuture *
muster_firmware_call_run (MusterFirmwareCall *self, DexFiberFunc func)
{
  return dex_scheduler_spawn (NULL, 0, func, self, muster_firmware_call_free);
}

static DexFuture *
add_file_fiber (gpointer user_data)
{
  MusterFirmwareCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree MusterFirmwareContent *content = NULL;
  MusterFirmwareAddition           *addition = g_new0 (MusterFirmwareAddition, 1);
  gint64                            limit = muster_firmware_service_get_limit (call->service);

  addition->artifact_id = g_strdup (call->id);
  addition->name = g_strdup (call->name);
  if (lseek (call->fd, 0, SEEK_END) > limit)
    g_set_error (&error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                 "the file is larger than %" G_GINT64_FORMAT
                 " bytes, which the site's settings allow",
                 limit);
  else if (muster_firmware_service_read_facts (call->service, call->fd, &addition->facts, &error))
    content = dex_await_boxed (muster_firmware_store_put (call->service->store, call->fd), &error);
  if (content == NULL)
    {
      muster_firmware_addition_free (addition);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  addition->content = *content;
  return muster_firmware_addition_run (call->service, call->actor, addition);
}

DexFuture *
muster_firmware_service_add_file (MusterFirmwareService *self,
                                  MusterActor           *actor,
                                  const char            *artifact_id,
                                  const char            *name,
                                  int                    fd)
{
  MusterFirmwareCall *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && artifact_id != NULL && name != NULL && fd >= 0);

  call = muster_firmware_call_new (self, actor, artifact_id, fd);
  call->name = g_strdup (name);
  return muster_firmware_call_run (call, add_file_fiber);
}

/* --- other bytes in a file's place --- */

static gboolean
replace_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterFirmwareAddition *self = data;
  g_autoptr (MusterEntity) artifact =
              muster_transaction_get (transaction, &muster_firmware_artifact_info,
                                      self->artifact_id, error);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_file_info);
  g_autoptr (MusterEntity) old = NULL;
  g_autoptr (MusterEntity) file = NULL;

  if (artifact == NULL)
    return FALSE;
  if (g_strcmp0 (muster_entity_get_string (artifact, "sha256"), self->instead_of) != 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "the firmware has another file by now: sign that");
      return FALSE;
    }
  self->name = g_strdup (muster_entity_get_string (artifact, "file_name"));
  muster_query_where (query, "artifact_id", self->artifact_id);
  muster_query_where (query, "name", self->name);
  old = muster_transaction_find (transaction, query, error);
  if (old == NULL ||
      !muster_transaction_delete (transaction, &muster_firmware_file_info,
                                  muster_entity_get_id (old), 0, error) ||
      !muster_firmware_settle_trust (transaction, self->facts.key_id, &self->facts.trust, error) ||
      !muster_firmware_check_facts (artifact, &self->facts, error))
    return FALSE;
  muster_firmware_apply_facts (artifact, self->name, &self->content, &self->facts);
  file = make_file (self, self->artifact_id);
  if (!muster_transaction_update (transaction, artifact, 0, error) ||
      !muster_transaction_insert (transaction, file, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&artifact));
  return TRUE;
}

static DexFuture *
replace_file_fiber (gpointer user_data)
{
  MusterFirmwareCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree MusterFirmwareContent *content = NULL;
  MusterFirmwareAddition           *addition = g_new0 (MusterFirmwareAddition, 1);

  addition->artifact_id = g_strdup (call->id);
  addition->instead_of = g_strdup (call->name);
  if (muster_firmware_service_read_facts (call->service, call->fd, &addition->facts, &error))
    content = dex_await_boxed (muster_firmware_store_put (call->service->store, call->fd), &error);
  if (content == NULL)
    {
      muster_firmware_addition_free (addition);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  addition->content = *content;
  return muster_database_write (get_database (call->service), call->actor, "Sign firmware",
                                replace_job, addition, muster_firmware_addition_free);
}

DexFuture *
muster_firmware_service_replace_file (MusterFirmwareService *self,
                                      MusterActor           *actor,
                                      const char            *artifact_id,
                                      const char            *sha256,
                                      int                    fd)
{
  MusterFirmwareCall *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (artifact_id != NULL && sha256 != NULL && fd >= 0);

  call = muster_firmware_call_new (self, actor, artifact_id, fd);
  call->name = g_strdup (sha256);
  return muster_firmware_call_run (call, replace_file_fiber);
}
