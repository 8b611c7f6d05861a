/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-content-folder"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "muster-content-folder.h"
#include "muster-private-file.h"

#define DAY_SECONDS (24 * 3600)
#define UPLOADS "uploads"
#define SHA256_LENGTH 64

gboolean
muster_content_folder_make (const char *folder, GError **error)
{
  g_autofree char *uploads = NULL;

  g_return_val_if_fail (folder != NULL, FALSE);

  uploads = g_build_filename (folder, UPLOADS, NULL);
  if (g_mkdir_with_parents (uploads, 0700) == 0)
    return TRUE;
  muster_set_storage_error (error, "cannot make the folder of files", errno);
  return FALSE;
}

char *
muster_content_folder_build_path (const char *folder, const char *sha256)
{
  char part[3] = { 0 };

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL && strlen (sha256) == SHA256_LENGTH, NULL);

  memcpy (part, sha256, 2);
  return g_build_filename (folder, part, sha256, NULL);
}

int
muster_content_folder_begin (const char *folder, char **path, GError **error)
{
  g_autofree char *template = NULL;
  int fd;

  g_return_val_if_fail (folder != NULL && path != NULL, -1);

  template = g_build_filename (folder, UPLOADS, "new-XXXXXX", NULL);
  fd = g_mkstemp_full (template, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    muster_set_storage_error (error, "the file cannot be written", errno);
  else
    *path = g_steal_pointer (&template);
  return fd;
}

/* A folder keeps what was renamed into it over a power cut only once it is synchronised itself. */
static gboolean
sync_folder (const char *path)
{
  g_autofd int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return fd >= 0 && fsync (fd) == 0;
}

gboolean
muster_content_folder_keep (const char *folder,
                            const char *path,
                            const char *sha256,
                            GError    **error)
{
  g_autofree char *kept = muster_content_folder_build_path (folder, sha256);
  g_autofree char *part = g_path_get_dirname (kept);

  /* Over what is there: the same bytes, and a new time. */
  if (g_mkdir_with_parents (part, 0700) == 0 && g_rename (path, kept) == 0)
    {
      utimensat (AT_FDCWD, kept, NULL, 0);
      if (sync_folder (part) && sync_folder (folder))
        return TRUE;
    }
  muster_set_storage_error (error, "the file cannot be kept", errno);
  return FALSE;
}

gboolean
muster_content_folder_keep_too (const char *folder,
                                const char *path,
                                const char *sha256,
                                GError    **error)
{
  g_autofree char *other = g_strconcat (path, "-kept", NULL);
  gboolean         is_kept;

  g_unlink (other);
  if (link (path, other) != 0)
    return muster_content_folder_keep (folder, path, sha256, error);
  is_kept = muster_content_folder_keep (folder, other, sha256, error);
  /* Renaming one name of a file to another of the same file leaves both. */
  g_unlink (other);
  return is_kept;
}

void
muster_content_folder_touch (const char *folder, const char *sha256)
{
  g_autofree char *path = muster_content_folder_build_path (folder, sha256);

  utimensat (AT_FDCWD, path, NULL, 0);
}

int
muster_content_folder_open (const char *folder, const char *sha256, GError **error)
{
  g_autofree char *path = muster_content_folder_build_path (folder, sha256);
  int              fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                         "the bytes of this file are no longer kept");
  return fd;
}

/* --- removing what nobody needs --- */

typedef struct
{
  char                   *folder;
  const MusterEntityInfo *info;
  gint64                  before; /* seconds since 1970: what was needed since then stays */
  gint64                  n_removed;
} Collection;

static void
collection_free (gpointer data)
{
  g_free (((Collection *)data)->folder);
  g_free (data);
}

static gboolean
collect_file (Collection        *self,
              MusterTransaction *transaction,
              const char        *part,
              const char        *name,
              GError           **error)
{
  g_autofree char *path = g_build_filename (self->folder, part, name, NULL);
  g_autofree char *sha256 = g_strndup (name, SHA256_LENGTH);
  struct stat      status;
  gint64           n_records = 0;

  if (g_lstat (path, &status) != 0 || status.st_mtime >= self->before)
    return TRUE;
  if (strlen (sha256) == SHA256_LENGTH && strchr (".", name[SHA256_LENGTH]) != NULL)
    {
      g_autoptr (MusterQuery) query = muster_query_new (self->info);

      muster_query_where (query, "sha256", sha256);
      n_records = muster_transaction_count (transaction, query, error);
    }
  if (n_records == 0 && g_unlink (path) == 0)
    self->n_removed++;
  return n_records >= 0;
}

static gboolean
collect_part (Collection *self, MusterTransaction *transaction, const char *part, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, part, NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (!collect_file (self, transaction, part, name, error))
      return FALSE;
  return TRUE;
}

/* On the writer's thread, so that no record comes to name a file while it is being removed. */
static gboolean
collect_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Collection *self = data;
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *part;

  while (folder != NULL && (part = g_dir_read_name (folder)) != NULL)
    if (!collect_part (self, transaction, part, error))
      return FALSE;
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, self->n_removed);
  return TRUE;
}

DexFuture *
muster_content_folder_collect (const char             *folder,
                               MusterDatabase         *database,
                               const MusterEntityInfo *info,
                               int                     days,
                               const char             *room,
                               const char             *summary)
{
  g_autoptr (MusterActor) actor = NULL;
  Collection *collection = NULL;

  dex_return_error_if_fail (folder != NULL);
  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));

  collection = g_new0 (Collection, 1);
  collection->folder = g_strdup (folder);
  collection->info = info;
  collection->before = g_get_real_time () / G_USEC_PER_SEC - (gint64)days * DAY_SECONDS;
  actor = muster_actor_new_system (room);
  return muster_database_write (database, actor, summary, collect_job, collection, collection_free);
}
