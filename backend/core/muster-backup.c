/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-backup"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "model/muster-error.h"
#include "muster-backup.h"
#include "muster-promise.h"

/* Between so many pages the copy looks whether it shall stop. */
#define PAGES_PER_STEP 1000

static gboolean
fail_errno (GError **error, const char *what, const char *path)
{
  int saved = errno;

  g_set_error (error, MUSTER_ERROR,
               saved == ENOSPC || saved == EDQUOT ? MUSTER_ERROR_STORAGE_FULL : MUSTER_ERROR_FAILED,
               "cannot %s %s: %s", what, path, g_strerror (saved));
  return FALSE;
}

/* A file of our own beside PATH, for our eyes alone. */
static char *
create_part (const char *path, GError **error)
{
  g_autofree char *part = g_strconcat (path, ".XXXXXX", NULL);
  int              fd = g_mkstemp_full (part, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      fail_errno (error, "make the backup", path);
      return NULL;
    }
  close (fd);
  return g_steal_pointer (&part);
}

static gboolean
copy_pages (sqlite3_backup *backup, MusterConnection *to, GCancellable *cancellable, GError **error)
{
  int code;

  do
    {
      if (g_cancellable_is_cancelled (cancellable))
        {
          g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                               "the backup was stopped with the service");
          return FALSE;
        }
      code = sqlite3_backup_step (backup, PAGES_PER_STEP);
    }
  while (code == SQLITE_OK);
  if (code == SQLITE_DONE)
    return TRUE;
  muster_connection_set_error (to, code, error);
  return FALSE;
}

static gboolean
copy_database (const char             *from,
               MusterConnection       *to,
               const MusterFileFormat *format,
               GCancellable           *cancellable,
               GError                **error)
{
  g_autoptr (MusterConnection) source =
              muster_connection_open (from, MUSTER_CONNECTION_READ, format, error);
  sqlite3_backup *backup = NULL;
  gint64          n_pages;
  gboolean        copied;

  /* One snapshot for the whole copy: without it, each write in between would start the copy again.
   */
  if (source == NULL || !muster_connection_execute (source, "BEGIN", error) ||
      !muster_connection_query_integer (source, "SELECT count(*) FROM sqlite_schema", &n_pages,
                                        error))
    return FALSE;
  backup = sqlite3_backup_init (muster_connection_get_handle (to), "main",
                                muster_connection_get_handle (source), "main");
  if (backup == NULL)
    {
      muster_connection_set_error (to, SQLITE_ERROR, error);
      return FALSE;
    }
  copied = copy_pages (backup, to, cancellable, error);
  sqlite3_backup_finish (backup);
  return copied && muster_connection_execute (source, "COMMIT", error);
}

/* A copy is one file, without a log beside it, and sound. */
static gboolean
write_part (const char             *from,
            const char             *part,
            const MusterFileFormat *format,
            GCancellable           *cancellable,
            GError                **error)
{
  g_autoptr (MusterConnection) to =
              muster_connection_open (part, MUSTER_CONNECTION_COPY, format, error);

  return to != NULL && copy_database (from, to, format, cancellable, error) &&
         muster_connection_execute (to, "PRAGMA journal_mode = DELETE", error) &&
         muster_connection_check (to, TRUE, error);
}

/* The name itself is durable once its folder is. */
static gboolean
rename_into_place (const char *part, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int              fd;
  gboolean         synced;

  if (g_rename (part, path) != 0)
    return fail_errno (error, "rename the backup to", path);
  fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  synced = fd >= 0 && fsync (fd) == 0;
  if (fd >= 0)
    close (fd);
  return synced || fail_errno (error, "write the folder", folder);
}

gboolean
muster_backup_run (const char             *from,
                   const char             *path,
                   const MusterFileFormat *format,
                   GCancellable           *cancellable,
                   GError                **error)
{
  g_autofree char *part = NULL;
  GStatBuf         of_from, of_path;

  if (g_stat (from, &of_from) == 0 && g_stat (path, &of_path) == 0 &&
      of_from.st_ino == of_path.st_ino && of_from.st_dev == of_path.st_dev)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s is the database itself: choose another path", path);
      return FALSE;
    }
  part = create_part (path, error);
  if (part == NULL)
    return FALSE;
  if (write_part (from, part, format, cancellable, error) && rename_into_place (part, path, error))
    return TRUE;
  g_prefix_error (error, "no backup was made: ");
  g_unlink (part);
  return FALSE;
}

typedef struct
{
  char                   *from;
  char                   *path;
  const MusterFileFormat *format;
  GCancellable           *cancellable;
  DexPromise             *promise;
} Backup;

static gpointer
backup_thread (gpointer data)
{
  Backup *self = data;
  GError *error = NULL;

  if (muster_backup_run (self->from, self->path, self->format, self->cancellable, &error))
    muster_promise_resolve_on_main (self->promise, NULL);
  else
    muster_promise_reject_on_main (self->promise, error);
  g_free (self->from);
  g_free (self->path);
  g_object_unref (self->cancellable);
  dex_unref (self->promise);
  g_free (self);
  return NULL;
}

DexFuture *
muster_backup_start (const char             *from,
                     const char             *path,
                     const MusterFileFormat *format,
                     GCancellable           *cancellable)
{
  Backup    *self = g_new0 (Backup, 1);
  DexFuture *future = NULL;

  self->from = g_strdup (from);
  self->path = g_strdup (path);
  self->format = format;
  self->cancellable = g_object_ref (cancellable);
  self->promise = dex_promise_new ();
  future = dex_ref (DEX_FUTURE (self->promise));
  g_thread_unref (g_thread_new ("database-backup", backup_thread, self));
  return future;
}
