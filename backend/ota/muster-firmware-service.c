/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-service"

#include "config.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "core/muster-promise.h"
#include "muster-firmware-service-private.h"

#define COLLECT_SECONDS (24 * 3600)
/* clang-format off */
const MusterSetting muster_firmware_settings[] = {
  { MUSTER_SETTING_FIRMWARE_LIMIT, { "firmware_limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1048576, .default_value = 4096, .unit = "MiBy", .label = N_("Largest firmware"), .doc = "Files of firmware larger than this are not taken." } },
  { MUSTER_SETTING_FIRMWARE_KEEP_DAYS, { "firmware_keep_days", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 3650, .default_value = 90, .unit = "d", .label = N_("Keep deleted firmware"), .doc = "How long the bytes of deleted firmware and of unfinished uploads stay." } },
  { MUSTER_SETTING_FIRMWARE_BASE_URI, { "firmware_base_uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 500, .label = N_("Address for devices"), .doc = "Where devices fetch firmware, `https://site.example:8443`; empty: the address of the broker at the port of the API." } },
  { MUSTER_SETTING_FIRMWARE_REQUIRE_SIGNATURE, { "firmware_require_signature", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .default_value = FALSE, .label = N_("Signed firmware only"), .doc = "Whether Muster images must bear the signature of one of the site's keys to be given to devices." } },
  { NULL },
};
/* clang-format on */

struct _MusterFirmwareService
{
  MusterService        parent_instance;
  MusterRepository    *repository; /* (owned) */
  MusterFirmwareStore *store;      /* (owned) */
  MusterSettings      *settings;   /* (owned) */
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
  if (muster_entity_get_enum (artifact, "status") == MUSTER_ARTIFACT_DRAFT)
    muster_entity_set_enum (artifact, "status", MUSTER_ARTIFACT_READY);
}

/* What a person says and what the file says must not differ where a device would refuse it. */
static gboolean
check_facts (MusterEntity *artifact, const MusterFirmwareFacts *facts, GError **error)
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

typedef struct
{
  char                 *artifact_id; /* (nullable): of one that is there */
  MusterEntity         *artifact;    /* (owned) (nullable): or a new one */
  char                 *name;        /* of the file */
  char                 *upload_id;   /* (nullable): is done then */
  MusterFirmwareContent content;
  MusterFirmwareFacts   facts;
  gboolean              wants_artifact; /* resolves to that, not to the file */
} Addition;

static void
addition_free (gpointer data)
{
  Addition *self = data;

  g_free (self->artifact_id);
  g_clear_object (&self->artifact);
  g_free (self->name);
  g_free (self->upload_id);
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
make_file (Addition *self, const char *artifact_id)
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

/* The artifact gets the file as its main one, unless it has one. */
static gboolean
take_main_file (MusterTransaction *transaction,
                Addition          *self,
                MusterEntity      *artifact,
                GError           **error)
{
  gboolean is_new = self->artifact != NULL;

  if (!is_new && !muster_entity_is_null (artifact, "sha256"))
    return TRUE;
  if (!check_facts (artifact, &self->facts, error))
    return FALSE;
  muster_firmware_apply_facts (artifact, self->name, &self->content, &self->facts);
  return is_new ? muster_transaction_insert (transaction, artifact, error)
                : muster_transaction_update (transaction, artifact, 0, error);
}

static gboolean
add_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Addition *self = data;
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
      (self->upload_id != NULL &&
       !muster_transaction_delete (transaction, &muster_firmware_upload_info, self->upload_id, 0,
                                   error)))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, self->wants_artifact ? artifact : file);
  return TRUE;
}

/* In a fiber. Takes ADDITION. */
static DexFuture *
run_addition (MusterFirmwareService *self, MusterActor *actor, Addition *addition)
{
  g_autofree char *operation = g_strdup_printf ("Add firmware %s", addition->name);

  return muster_database_write (get_database (self), actor, operation, add_job, addition,
                                addition_free);
}

/* --- adding a file --- */

typedef struct
{
  MusterFirmwareService *service; /* (owned) */
  MusterActor           *actor;   /* (owned) */
  char                  *id;      /* of an artifact, or an upload */
  char                  *name;    /* (nullable) */
  JsonObject            *members; /* (owned) (nullable) */
  int                    fd;      /* (owned); -1: none */
  gint64                 offset;
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_object_unref (self->service);
  muster_actor_unref (self->actor);
  g_free (self->id);
  g_free (self->name);
  g_clear_pointer (&self->members, json_object_unref);
  g_clear_fd (&self->fd, NULL);
  g_free (self);
}

static Call *
call_new (MusterFirmwareService *service, MusterActor *actor, const char *id, int fd)
{
  Call *self = g_new0 (Call, 1);

  self->service = g_object_ref (service);
  self->actor = muster_actor_ref (actor);
  self->id = g_strdup (id);
  self->fd = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, 0) : -1;
  return self;
}

static DexFuture *
call_run (Call *self, DexFiberFunc func)
{
  return dex_scheduler_spawn (NULL, 0, func, self, call_free);
}

static DexFuture *
add_file_fiber (gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree MusterFirmwareContent *content = NULL;
  Addition                         *addition = g_new0 (Addition, 1);
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
      addition_free (addition);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  addition->content = *content;
  return run_addition (call->service, call->actor, addition);
}

DexFuture *
muster_firmware_service_add_file (MusterFirmwareService *self,
                                  MusterActor           *actor,
                                  const char            *artifact_id,
                                  const char            *name,
                                  int                    fd)
{
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && artifact_id != NULL && name != NULL && fd >= 0);

  call = call_new (self, actor, artifact_id, fd);
  call->name = g_strdup (name);
  return call_run (call, add_file_fiber);
}

/* --- other bytes in a file's place --- */

static gboolean
replace_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Addition *self = data;
  g_autoptr (MusterEntity) artifact =
              muster_transaction_get (transaction, &muster_firmware_artifact_info,
                                      self->artifact_id, error);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_file_info);
  g_autoptr (MusterEntity) old = NULL;
  g_autoptr (MusterEntity) file = NULL;

  if (artifact == NULL)
    return FALSE;
  self->name = g_strdup (muster_entity_get_string (artifact, "file_name"));
  muster_query_where (query, "artifact_id", self->artifact_id);
  muster_query_where (query, "name", self->name);
  old = muster_transaction_find (transaction, query, error);
  if (old == NULL ||
      !muster_transaction_delete (transaction, &muster_firmware_file_info,
                                  muster_entity_get_id (old), 0, error) ||
      !check_facts (artifact, &self->facts, error))
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
  Call *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree MusterFirmwareContent *content = NULL;
  Addition                         *addition = g_new0 (Addition, 1);

  addition->artifact_id = g_strdup (call->id);
  if (muster_firmware_service_read_facts (call->service, call->fd, &addition->facts, &error))
    content = dex_await_boxed (muster_firmware_store_put (call->service->store, call->fd), &error);
  if (content == NULL)
    {
      addition_free (addition);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  addition->content = *content;
  return muster_database_write (get_database (call->service), call->actor, "Sign firmware",
                                replace_job, addition, addition_free);
}

DexFuture *
muster_firmware_service_replace_file (MusterFirmwareService *self,
                                      MusterActor           *actor,
                                      const char            *artifact_id,
                                      int                    fd)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (artifact_id != NULL && fd >= 0);

  return call_run (call_new (self, actor, artifact_id, fd), replace_file_fiber);
}

/* --- records --- */

DexFuture *
muster_firmware_service_create (MusterFirmwareService *self,
                                MusterActor           *actor,
                                MusterEntity          *artifact)
{
  g_autoptr (GError) error = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_ARTIFACT (artifact));

  if (!muster_firmware_check_artifact (artifact, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_repository_insert (self->repository, actor, "Add firmware", artifact);
}

/* The record without what its file told. */
static void
forget_main_file (MusterEntity *artifact)
{
  static const char *const told[] = { "signing_key_id", "security_counter", "file_name",
                                      "size",           "sha256",           "manifest" };

  for (unsigned i = 0; i < G_N_ELEMENTS (told); i++)
    muster_entity_set_null (artifact, told[i]);
  muster_entity_set_enum (artifact, "format", MUSTER_FORMAT_UNKNOWN);
  muster_entity_set_enum (artifact, "trust", MUSTER_TRUST_UNSIGNED);
  muster_entity_set_enum (artifact, "status", MUSTER_ARTIFACT_DRAFT);
}

static gboolean
remove_file_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) file =
              muster_transaction_get (transaction, &muster_firmware_file_info, data, error);
  g_autoptr (MusterEntity) artifact =
              file != NULL
                ? muster_transaction_get (transaction, &muster_firmware_artifact_info,
                                          muster_entity_get_string (file, "artifact_id"), error)
                : NULL;

  if (artifact == NULL ||
      !muster_transaction_delete (transaction, &muster_firmware_file_info, data, 0, error))
    return FALSE;
  if (g_strcmp0 (muster_entity_get_string (artifact, "file_name"),
                 muster_entity_get_string (file, "name")) != 0)
    return TRUE;
  forget_main_file (artifact);
  return muster_transaction_update (transaction, artifact, 0, error);
}

DexFuture *
muster_firmware_service_remove_file (MusterFirmwareService *self,
                                     MusterActor           *actor,
                                     const char            *file_id)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (file_id != NULL);

  return muster_database_write (get_database (self), actor, "Delete a file of firmware",
                                remove_file_job, g_strdup (file_id), g_free);
}

static gboolean
withdraw_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  const char *const *wish = data;
  g_autoptr (MusterEntity) artifact =
              muster_transaction_get (transaction, &muster_firmware_artifact_info, wish[0], error);

  if (artifact == NULL)
    return FALSE;
  muster_entity_set_string (artifact, "status", wish[1]);
  if (!muster_transaction_update (transaction, artifact, 0, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&artifact));
  return TRUE;
}

DexFuture *
muster_firmware_service_set_withdrawn (MusterFirmwareService *self,
                                       MusterActor           *actor,
                                       const char            *artifact_id,
                                       gboolean               is_withdrawn)
{
  const char *wish[] = { artifact_id, is_withdrawn ? "withdrawn" : "ready", NULL };

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (artifact_id != NULL);

  return muster_database_write (get_database (self), actor,
                                is_withdrawn ? "Withdraw firmware" : "Restore firmware",
                                withdraw_job, g_strdupv ((char **)wish),
                                (GDestroyNotify)g_strfreev);
}

typedef struct
{
  MusterEntity *set; /* (owned) */
  char        **artifact_ids;
} NewSet;

static void
new_set_free (gpointer data)
{
  NewSet *self = data;

  g_object_unref (self->set);
  g_strfreev (self->artifact_ids);
  g_free (self);
}

static gboolean
create_set_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  NewSet *self = data;

  if (!muster_transaction_insert (transaction, self->set, error))
    return FALSE;
  for (unsigned i = 0; self->artifact_ids[i] != NULL; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("/artifact_ids/%u", i);
      g_autoptr (MusterEntity) artifact =
                  muster_transaction_get_named (transaction, &muster_firmware_artifact_info,
                                                self->artifact_ids[i], pointer, error);
      g_autoptr (MusterEntity) member = muster_entity_new (&muster_firmware_set_member_info);

      if (artifact == NULL)
        return FALSE;
      muster_entity_set_string (member, "set_id", muster_entity_get_id (self->set));
      muster_entity_set_string (member, "artifact_id", muster_entity_get_id (artifact));
      muster_entity_set_integer (member, "position", i);
      if (!muster_transaction_insert (transaction, member, error))
        return FALSE;
    }
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, self->set);
  return TRUE;
}

DexFuture *
muster_firmware_service_create_set (MusterFirmwareService *self,
                                    MusterActor           *actor,
                                    MusterEntity          *set,
                                    const char *const     *artifact_ids)
{
  NewSet *new_set = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SET (set));

  new_set = g_new0 (NewSet, 1);
  new_set->set = muster_entity_copy (set);
  new_set->artifact_ids =
    artifact_ids != NULL ? g_strdupv ((char **)artifact_ids) : g_new0 (char *, 1);
  return muster_database_write (get_database (self), actor, "Add a set of firmware", create_set_job,
                                new_set, new_set_free);
}

/* --- uploads --- */

DexFuture *
muster_firmware_service_begin_upload (MusterFirmwareService *self,
                                      MusterActor           *actor,
                                      MusterEntity          *upload)
{
  g_autoptr (MusterEntity) copy = NULL;
  gint64 limit;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_UPLOAD (upload));

  limit = muster_firmware_service_get_limit (self);
  if (muster_entity_get_integer (upload, "size") > limit)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                                  "the file is larger than %" G_GINT64_FORMAT
                                  " bytes, which the site's settings allow",
                                  limit);
  copy = muster_entity_copy (upload);
  muster_entity_set_string (copy, "actor", muster_actor_to_string (actor));
  return muster_repository_insert (self->repository, actor, NULL, copy);
}

static MusterEntity *
get_upload (Call *call, GError **error)
{
  return dex_await_object (muster_repository_get (call->service->repository,
                                                  &muster_firmware_upload_info, call->id),
                           error);
}

static DexFuture *
append_upload_fiber (gpointer user_data)
{
  Call                  *call = user_data;
  MusterFirmwareService *self = call->service;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) upload = get_upload (call, &error);
  gint64 limit = muster_firmware_service_get_limit (self);
  gint64 received;

  if (upload == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (!muster_entity_is_null (upload, "size"))
    limit = MIN (limit, muster_entity_get_integer (upload, "size"));
  received = dex_await_int64 (muster_firmware_store_append (self->store, call->id, call->offset,
                                                            call->fd, limit),
                              &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_entity_set_integer (upload, "received", received);
  return muster_repository_update (self->repository, call->actor, NULL, upload, 0);
}

DexFuture *
muster_firmware_service_append_upload (MusterFirmwareService *self,
                                       MusterActor           *actor,
                                       const char            *id,
                                       gint64                 offset,
                                       int                    fd)
{
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (id != NULL && offset >= 0 && fd >= 0);

  call = call_new (self, actor, id, fd);
  call->offset = offset;
  return call_run (call, append_upload_fiber);
}

/* The new artifact of an upload: what MEMBERS says, else what its file says. */
static MusterEntity *
make_artifact (Call *call, MusterEntity *upload, const MusterFirmwareFacts *facts, GError **error)
{
  g_autoptr (MusterEntity) artifact = muster_entity_new (&muster_firmware_artifact_info);
  g_autoptr (JsonObject) object =
              call->members != NULL ? json_object_ref (call->members) : json_object_new ();
  const char *file_name = muster_entity_get_string (upload, "file_name");

  if (!json_object_has_member (object, "name"))
    {
      const char      *dot = strrchr (file_name, '.');
      g_autofree char *stem =
        g_strndup (file_name,
                   dot != NULL && dot > file_name ? dot - file_name : strlen (file_name));

      json_object_set_string_member (object, "name",
                                     facts->models != NULL ? facts->models[0] : stem);
    }
  if (!json_object_has_member (object, "version") && facts->version != NULL)
    json_object_set_string_member (object, "version", facts->version);
  if (!muster_entity_decode (artifact, object, MUSTER_DECODE_CREATE, "", error) ||
      !muster_firmware_check_artifact (artifact, error) || !check_facts (artifact, facts, error))
    return NULL;
  return g_steal_pointer (&artifact);
}

/* In a fiber. What there is to add of UPLOAD, without its bytes. */
static Addition *
prepare_upload (Call *call, MusterEntity *upload, GError **error)
{
  MusterFirmwareService *self = call->service;
  const char            *artifact_id = muster_entity_get_string (upload, "artifact_id");
  gint64                 size = muster_entity_get_integer (upload, "size");
  gint64                 received = muster_firmware_store_get_received (self->store, call->id);
  Addition              *addition = NULL;
  g_autofd int           fd = -1;

  if (received == 0 || (!muster_entity_is_null (upload, "size") && received != size))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "only %" G_GINT64_FORMAT " bytes are here: send the rest first", received);
      return NULL;
    }
  fd = muster_firmware_store_open_upload (self->store, call->id, error);
  if (fd < 0)
    return NULL;
  addition = g_new0 (Addition, 1);
  addition->artifact_id = g_strdup (artifact_id);
  addition->name = g_strdup (muster_entity_get_string (upload, "file_name"));
  addition->upload_id = g_strdup (call->id);
  addition->wants_artifact = TRUE;
  if (muster_firmware_service_read_facts (self, fd, &addition->facts, error) &&
      (artifact_id != NULL ||
       (addition->artifact = make_artifact (call, upload, &addition->facts, error)) != NULL))
    return addition;
  addition_free (addition);
  return NULL;
}

/* Looked at before it becomes a file, so that what was refused can be mended and sent again. */
static DexFuture *
finish_upload_fiber (gpointer user_data)
{
  Call                  *call = user_data;
  MusterFirmwareService *self = call->service;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) upload = get_upload (call, &error);
  Addition *addition = upload != NULL ? prepare_upload (call, upload, &error) : NULL;
  g_autofree MusterFirmwareContent *content = NULL;

  if (addition == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  content =
    dex_await_boxed (muster_firmware_store_finish (self->store, call->id,
                                                   muster_entity_get_string (upload, "sha256")),
                     &error);
  if (content == NULL)
    {
      addition_free (addition);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  addition->content = *content;
  return run_addition (self, call->actor, addition);
}

DexFuture *
muster_firmware_service_finish_upload (MusterFirmwareService *self,
                                       MusterActor           *actor,
                                       const char            *id,
                                       JsonObject            *members)
{
  Call *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (id != NULL);

  call = call_new (self, actor, id, -1);
  call->members = members != NULL ? json_object_ref (members) : NULL;
  return call_run (call, finish_upload_fiber);
}

static DexFuture *
drop_upload_cb (DexFuture *future, gpointer user_data)
{
  Call *call = user_data;

  muster_firmware_store_drop (call->service->store, call->id);
  return dex_future_new_true ();
}

DexFuture *
muster_firmware_service_drop_upload (MusterFirmwareService *self,
                                     MusterActor           *actor,
                                     const char            *id)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (id != NULL);

  return dex_future_then (muster_repository_delete (self->repository, actor, NULL,
                                                    &muster_firmware_upload_info, id, 0),
                          drop_upload_cb, call_new (self, actor, id, -1), call_free);
}
