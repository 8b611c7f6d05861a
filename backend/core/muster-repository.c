/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-repository"

#include "config.h"

#include "muster-database-private.h"
#include "muster-lru.h"
#include "muster-query-private.h"
#include "muster-repository.h"

#define CACHE_BYTES (16 * 1024 * 1024)
/* What a document costs beside its text. */
#define DOCUMENT_OVERHEAD 256

struct _MusterRepository
{
  GObject parent_instance;

  MusterDatabase *database; /* (owned) */
  MusterLru      *cache;    /* (owned) (element-type MusterDocument) */
  /* Reads under way, by cache key. A change in between takes theirs out, so that what they bring is
   * not kept. */
  GHashTable *pending; /* (element-type utf8 Lookup) (unowned values) */
};

G_DEFINE_FINAL_TYPE (MusterRepository, muster_repository, G_TYPE_OBJECT)

/* --- documents --- */

static MusterDocument *
muster_document_new (GBytes *json, gint64 revision)
{
  MusterDocument *self = g_new (MusterDocument, 1);

  *self = (MusterDocument){ json, revision };
  return self;
}

static MusterDocument *
muster_document_copy (MusterDocument *self)
{
  return muster_document_new (g_bytes_ref (self->json), self->revision);
}

static void
muster_document_free (MusterDocument *self)
{
  g_bytes_unref (self->json);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (MusterDocument, muster_document, muster_document_copy, muster_document_free)

/* --- life --- */

static char *
make_key (const MusterEntityInfo *info, const char *id)
{
  return g_strconcat (info->name, "/", id, NULL);
}

static void
muster_repository_changed_cb (MusterDatabase         *database,
                              const MusterEntityInfo *info,
                              const char             *id,
                              gpointer                user_data)
{
  MusterRepository *self = user_data;
  g_autofree char  *key = make_key (info, id);

  muster_lru_remove (self->cache, key);
  g_hash_table_remove (self->pending, key);
}

static void
muster_repository_finalize (GObject *object)
{
  MusterRepository *self = MUSTER_REPOSITORY (object);

  g_clear_object (&self->database);
  g_clear_pointer (&self->cache, muster_lru_free);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  G_OBJECT_CLASS (muster_repository_parent_class)->finalize (object);
}

static void
muster_repository_class_init (MusterRepositoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_repository_finalize;
}

static void
muster_repository_init (MusterRepository *self)
{
  self->cache = muster_lru_new (CACHE_BYTES, (GDestroyNotify)muster_document_free);
  self->pending = g_hash_table_new (g_str_hash, g_str_equal);
}

MusterRepository *
muster_repository_new (MusterDatabase *database)
{
  MusterRepository *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);

  self = g_object_new (MUSTER_TYPE_REPOSITORY, NULL);
  self->database = g_object_ref (database);
  g_signal_connect_object (database, "changed", G_CALLBACK (muster_repository_changed_cb), self,
                           G_CONNECT_DEFAULT);
  return self;
}

MusterDatabase *
muster_repository_get_database (MusterRepository *self)
{
  g_return_val_if_fail (MUSTER_IS_REPOSITORY (self), NULL);

  return self->database;
}

/* --- one record --- */

typedef struct
{
  const MusterEntityInfo *info;
  char                   *id;
  char                   *key;        /* (nullable): of the cache */
  MusterRepository       *repository; /* (owned) (nullable) */
} Lookup;

static Lookup *
lookup_new (const MusterEntityInfo *info, const char *id)
{
  Lookup *self = g_new0 (Lookup, 1);

  self->info = info;
  self->id = g_strdup (id);
  return self;
}

static void
lookup_free (gpointer data)
{
  Lookup *self = data;

  if (self->repository != NULL &&
      g_hash_table_lookup (self->repository->pending, self->key) == self)
    g_hash_table_remove (self->repository->pending, self->key);
  g_clear_object (&self->repository);
  g_free (self->key);
  g_free (self->id);
  g_free (self);
}

static gboolean
get_json_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Lookup *lookup = data;
  g_autoptr (GString) json = NULL;
  gint64 revision;

  json = muster_transaction_encode (transaction, lookup->info, lookup->id, &revision, error);
  if (json == NULL)
    return FALSE;
  g_value_init (result, MUSTER_TYPE_DOCUMENT);
  g_value_take_boxed (result, muster_document_new (g_string_free_to_bytes (g_steal_pointer (&json)),
                                                   revision));
  return TRUE;
}

static DexFuture *
muster_repository_keep_cb (DexFuture *future, gpointer user_data)
{
  Lookup           *lookup = user_data;
  MusterRepository *self = lookup->repository;
  MusterDocument   *document = g_value_get_boxed (dex_future_get_value (future, NULL));

  if (g_hash_table_lookup (self->pending, lookup->key) == lookup)
    muster_lru_insert (self->cache, lookup->key, muster_document_copy (document),
                       g_bytes_get_size (document->json) + DOCUMENT_OVERHEAD);
  return dex_ref (future);
}

DexFuture *
muster_repository_get_json (MusterRepository *self, const MusterEntityInfo *info, const char *id)
{
  MusterDocument  *document = NULL;
  Lookup          *lookup = NULL;
  g_autofree char *key = NULL;

  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (info != NULL && id != NULL);

  key = make_key (info, id);
  document = muster_lru_lookup (self->cache, key);
  if (document != NULL)
    return dex_future_new_take_boxed (MUSTER_TYPE_DOCUMENT, muster_document_copy (document));
  lookup = lookup_new (info, id);
  lookup->key = g_steal_pointer (&key);
  lookup->repository = g_object_ref (self);
  g_hash_table_replace (self->pending, lookup->key, lookup);
  return dex_future_then (muster_database_read (self->database, get_json_job, lookup_new (info, id),
                                                lookup_free),
                          muster_repository_keep_cb, lookup, lookup_free);
}

DexFuture *
muster_repository_get_json_as_of (MusterRepository       *self,
                                  const MusterEntityInfo *info,
                                  const char             *id,
                                  gint64                  as_of)
{
  if (as_of == 0)
    return muster_repository_get_json (self, info, id);
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (info != NULL && id != NULL);

  return muster_database_read_as_of (self->database, as_of, get_json_job, lookup_new (info, id),
                                     lookup_free);
}

static gboolean
get_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Lookup       *lookup = data;
  MusterEntity *entity = muster_transaction_get (transaction, lookup->info, lookup->id, error);

  if (entity == NULL)
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, entity);
  return TRUE;
}

DexFuture *
muster_repository_get (MusterRepository *self, const MusterEntityInfo *info, const char *id)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (info != NULL && id != NULL);

  return muster_database_read (self->database, get_job, lookup_new (info, id), lookup_free);
}

/* --- lists --- */

typedef gboolean (*AppendFunc) (MusterQuery      *query,
                                MusterConnection *connection,
                                GString          *json,
                                GError          **error);

static gboolean
run_append (AppendFunc         append,
            MusterTransaction *transaction,
            MusterQuery       *query,
            GValue            *result,
            GError           **error)
{
  g_autoptr (GString) json = g_string_new (NULL);

  if (!append (query, transaction->connection, json, error))
    return FALSE;
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}

static gboolean
list_json_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return run_append (muster_query_list_json, transaction, data, result, error);
}

static gboolean
list_ids_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return run_append (muster_query_list_ids, transaction, data, result, error);
}

static gboolean
select_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *entities = muster_transaction_select (transaction, data, error);

  if (entities == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, entities);
  return TRUE;
}

static DexFuture *
muster_repository_query (MusterRepository *self, MusterQuery *query, MusterDatabaseFunc job)
{
  return muster_database_read_as_of (self->database, muster_query_get_as_of (query), job,
                                     muster_query_ref (query), (GDestroyNotify)muster_query_unref);
}

DexFuture *
muster_repository_list_json (MusterRepository *self, MusterQuery *query)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (query != NULL);

  return muster_repository_query (self, query, list_json_job);
}

DexFuture *
muster_repository_list_ids (MusterRepository *self, MusterQuery *query)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (query != NULL);

  return muster_repository_query (self, query, list_ids_job);
}

DexFuture *
muster_repository_select (MusterRepository *self, MusterQuery *query)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (query != NULL);

  return muster_repository_query (self, query, select_job);
}

/* --- changes --- */

typedef struct
{
  MusterEntity           *entity; /* (owned) (nullable) */
  const MusterEntityInfo *info;
  char                   *id;     /* (nullable) */
  JsonObject             *object; /* (owned) (nullable) */
  gint64                  expected_revision;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_clear_object (&self->entity);
  g_clear_pointer (&self->object, json_object_unref);
  g_free (self->id);
  g_free (self);
}

static void
take_entity (GValue *result, MusterEntity *entity)
{
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, entity);
}

static gboolean
insert_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;

  if (!muster_transaction_insert (transaction, change->entity, error))
    return FALSE;
  take_entity (result, g_steal_pointer (&change->entity));
  return TRUE;
}

static gboolean
update_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;

  if (!muster_transaction_update (transaction, change->entity, change->expected_revision, error))
    return FALSE;
  take_entity (result, g_steal_pointer (&change->entity));
  return TRUE;
}

static gboolean
patch_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;
  g_autoptr (MusterEntity) entity =
              muster_transaction_get (transaction, change->info, change->id, error);

  if (entity == NULL ||
      !muster_entity_decode (entity, change->object, MUSTER_DECODE_REPLACE, "", error) ||
      !muster_transaction_update (transaction, entity, change->expected_revision, error))
    return FALSE;
  take_entity (result, g_steal_pointer (&entity));
  return TRUE;
}

static gboolean
delete_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *change = data;

  return muster_transaction_delete (transaction, change->info, change->id,
                                    change->expected_revision, error);
}

/* The writer works on a copy: the caller's record belongs to the main thread, with all that listens
 * to it. */
static DexFuture *
muster_repository_write_entity (MusterRepository  *self,
                                MusterActor       *actor,
                                const char        *operation,
                                MusterEntity      *entity,
                                gint64             expected_revision,
                                MusterDatabaseFunc job)
{
  Change *change = g_new0 (Change, 1);

  change->entity = muster_entity_copy (entity);
  change->expected_revision = expected_revision;
  return muster_database_write (self->database, actor, operation, job, change, change_free);
}

DexFuture *
muster_repository_insert (MusterRepository *self,
                          MusterActor      *actor,
                          const char       *operation,
                          MusterEntity     *entity)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (MUSTER_IS_ENTITY (entity));

  return muster_repository_write_entity (self, actor, operation, entity, 0, insert_job);
}

DexFuture *
muster_repository_update (MusterRepository *self,
                          MusterActor      *actor,
                          const char       *operation,
                          MusterEntity     *entity,
                          gint64            expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (MUSTER_IS_ENTITY (entity));

  return muster_repository_write_entity (self, actor, operation, entity, expected_revision,
                                         update_job);
}

static DexFuture *
muster_repository_write_by_id (MusterRepository       *self,
                               MusterActor            *actor,
                               const char             *operation,
                               const MusterEntityInfo *info,
                               const char             *id,
                               JsonObject             *object,
                               gint64                  expected_revision,
                               MusterDatabaseFunc      job)
{
  Change *change = g_new0 (Change, 1);

  change->info = info;
  change->id = g_strdup (id);
  change->object = object ? json_object_ref (object) : NULL;
  change->expected_revision = expected_revision;
  return muster_database_write (self->database, actor, operation, job, change, change_free);
}

DexFuture *
muster_repository_patch (MusterRepository       *self,
                         MusterActor            *actor,
                         const char             *operation,
                         const MusterEntityInfo *info,
                         const char             *id,
                         JsonObject             *object,
                         gint64                  expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (info != NULL && id != NULL && object != NULL);

  return muster_repository_write_by_id (self, actor, operation, info, id, object, expected_revision,
                                        patch_job);
}

DexFuture *
muster_repository_delete (MusterRepository       *self,
                          MusterActor            *actor,
                          const char             *operation,
                          const MusterEntityInfo *info,
                          const char             *id,
                          gint64                  expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_REPOSITORY (self));
  dex_return_error_if_fail (info != NULL && id != NULL);

  return muster_repository_write_by_id (self, actor, operation, info, id, NULL, expected_revision,
                                        delete_job);
}
