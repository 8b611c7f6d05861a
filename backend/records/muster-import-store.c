/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "model/muster-time.h"
#include "model/muster-uuid.h"
#include "muster-import-file.h"
#include "muster-import-store.h"

#define KEPT_SECONDS (7 * 24 * 3600)

struct _MusterImportStore
{
  GObject parent_instance;

  MusterJobService *jobs;   /* (owned) */
  char             *folder; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterImportStore, muster_import_store, G_TYPE_OBJECT)

static void
muster_import_store_finalize (GObject *object)
{
  MusterImportStore *self = MUSTER_IMPORT_STORE (object);

  g_clear_object (&self->jobs);
  g_clear_pointer (&self->folder, g_free);
  G_OBJECT_CLASS (muster_import_store_parent_class)->finalize (object);
}

static void
muster_import_store_class_init (MusterImportStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_import_store_finalize;
}

static void
muster_import_store_init (MusterImportStore *self)
{
}

static char *
build_path (const char *folder, const char *id, const char *suffix)
{
  g_autofree char *name = g_strconcat (id, suffix, NULL);

  return g_build_filename (folder, name, NULL);
}

static void
remove_old (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  gint64      oldest = g_get_real_time () / G_USEC_PER_SEC - KEPT_SECONDS;
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      struct stat      status;

      if (g_lstat (path, &status) == 0 && S_ISREG (status.st_mode) && status.st_mtime < oldest)
        g_unlink (path);
    }
}

MusterImportStore *
muster_import_store_new (MusterJobService *jobs, const char *folder)
{
  MusterImportStore *self = NULL;

  g_return_val_if_fail (MUSTER_IS_JOB_SERVICE (jobs), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_IMPORT_STORE, NULL);
  self->jobs = g_object_ref (jobs);
  self->folder = g_strdup (folder);
  remove_old (folder);
  return self;
}

MusterJobService *
muster_import_store_get_jobs (MusterImportStore *self)
{
  g_return_val_if_fail (MUSTER_IS_IMPORT_STORE (self), NULL);

  return self->jobs;
}

char *
muster_import_store_build_path (MusterImportStore *self, const char *id)
{
  g_return_val_if_fail (MUSTER_IS_IMPORT_STORE (self), NULL);
  g_return_val_if_fail (muster_uuid_is_valid (id), NULL);

  return build_path (self->folder, id, ".csv");
}

static gboolean
save (const char *folder, JsonObject *import, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  g_autofree char *path =
    build_path (folder, json_object_get_string_member (import, "id"), ".json");

  json_node_set_object (node, import);
  text = json_to_string (node, FALSE);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/* --- adding --- */

typedef struct
{
  int                     fd; /* (owned) */
  const MusterRecordKind *kind;
  char                   *name; /* (nullable) */
  char                   *owner;
  char                   *folder;
} Adding;

static void
adding_free (gpointer data)
{
  Adding *self = data;

  g_clear_fd (&self->fd, NULL);
  g_free (self->name);
  g_free (self->owner);
  g_free (self->folder);
  g_free (self);
}

static void
adding_complete (Adding *self, JsonObject *import, const char *id, const char *encoding)
{
  char now[MUSTER_TIME_TEXT_LENGTH + 1];

  muster_time_format (g_get_real_time (), now);

  json_object_set_string_member (import, "id", id);
  json_object_set_string_member (import, "entity", self->kind->scope.info->name);
  if (self->name != NULL)
    json_object_set_string_member (import, "name", self->name);
  else
    json_object_set_null_member (import, "name");
  json_object_set_string_member (import, "owner", self->owner);
  json_object_set_string_member (import, "created_at", now);
  json_object_set_string_member (import, "encoding", encoding);
  json_object_set_null_member (import, "job_id");
}

static DexFuture *
adding_fiber (gpointer user_data)
{
  Adding          *self = user_data;
  g_autofree char *id = muster_uuid_new (g_get_real_time ());
  g_autofree char *path = build_path (self->folder, id, ".csv");
  const char      *encoding = NULL;
  g_autoptr (JsonObject) import = NULL;
  g_autoptr (GError) error = NULL;

  if (muster_import_file_take (self->fd, path, &encoding, &error))
    import = muster_import_file_describe (path, self->kind, &error);
  if (import != NULL)
    {
      adding_complete (self, import, id, encoding);
      if (save (self->folder, import, &error))
        return dex_future_new_take_boxed (JSON_TYPE_OBJECT, g_steal_pointer (&import));
    }
  g_unlink (path);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_import_store_add (MusterImportStore      *self,
                         int                     fd,
                         const MusterRecordKind *kind,
                         const char             *name,
                         const char             *owner)
{
  Adding *adding = NULL;

  dex_return_error_if_fail (MUSTER_IS_IMPORT_STORE (self));
  dex_return_error_if_fail (fd >= 0 && kind != NULL && owner != NULL);

  adding = g_new0 (Adding, 1);
  adding->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  adding->kind = kind;
  adding->name = g_strdup (name);
  adding->owner = g_strdup (owner);
  adding->folder = g_strdup (self->folder);
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, adding_fiber, adding,
                              adding_free);
}

/* --- what is there --- */

JsonObject *
muster_import_store_load (MusterImportStore *self, const char *id, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_return_val_if_fail (MUSTER_IS_IMPORT_STORE (self), NULL);
  g_return_val_if_fail (muster_uuid_is_valid (id), NULL);

  path = build_path (self->folder, id, ".json");
  if (g_file_get_contents (path, &text, NULL, NULL))
    node = json_from_string (text, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_dup_object (node);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
               "there is no import %s: files are kept for a week", id);
  return NULL;
}

gboolean
muster_import_store_save (MusterImportStore *self, JsonObject *import, GError **error)
{
  g_return_val_if_fail (MUSTER_IS_IMPORT_STORE (self), FALSE);
  g_return_val_if_fail (import != NULL, FALSE);

  return save (self->folder, import, error);
}

gboolean
muster_import_store_remove (MusterImportStore *self, const char *id, GError **error)
{
  g_autoptr (JsonObject) import = muster_import_store_load (self, id, error);
  g_autofree char *state = NULL;
  g_autofree char *text = NULL;

  if (import == NULL)
    return FALSE;
  state = build_path (self->folder, id, ".json");
  text = build_path (self->folder, id, ".csv");
  g_unlink (state);
  g_unlink (text);
  return TRUE;
}
