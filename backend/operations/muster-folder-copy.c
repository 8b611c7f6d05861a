/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-folder-copy"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-folder-copy.h"

/* Folders within folders: more than the daemon ever makes. */
#define MAX_DEPTH 8

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int saved = errno;

  g_set_error (error, MUSTER_ERROR,
               saved == ENOSPC || saved == EDQUOT ? MUSTER_ERROR_STORAGE_FULL : MUSTER_ERROR_FAILED,
               "no backup was made: cannot %s %s: %s", what, path, g_strerror (saved));
  return FALSE;
}

/* What was written to PATH, a file or a folder, stays. */
static gboolean
sync_path (const char *path, int flags, GError **error)
{
  int      fd = g_open (path, flags | O_CLOEXEC, 0);
  gboolean done = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return done || fail (error, "write", path);
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);
  g_autoptr (GError) cause = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, &cause))
    return (chmod (to, 0600) == 0 || fail (error, "close", to)) && sync_path (to, O_RDONLY, error);
  /* Gone meanwhile: nothing names it any more. */
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) &&
      !g_file_test (from, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, MUSTER_ERROR,
               g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? MUSTER_ERROR_STORAGE_FULL
                                                                        : MUSTER_ERROR_FAILED,
               "no backup was made: cannot copy %s: %s", from, cause->message);
  return FALSE;
}

static gboolean copy_folder (const char *from, const char *to, unsigned depth, GError **error);

static gboolean
copy_entry (const char *from, const char *to, unsigned depth, GError **error)
{
  GStatBuf info;

  if (g_lstat (from, &info) != 0)
    return errno == ENOENT || fail (error, "read", from);
  if (S_ISDIR (info.st_mode))
    return copy_folder (from, to, depth + 1, error);
  return !S_ISREG (info.st_mode) || copy_file (from, to, error);
}

static gboolean
copy_folder (const char *from, const char *to, unsigned depth, GError **error)
{
  g_autoptr (GDir) folder = NULL;
  const char *name = NULL;

  if (depth > MAX_DEPTH)
    {
      errno = ELOOP;
      return fail (error, "read", from);
    }
  folder = g_dir_open (from, 0, NULL);
  if (folder == NULL)
    return errno == ENOENT || fail (error, "read", from);
  if (g_mkdir (to, 0700) != 0)
    return fail (error, "make", to);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);

      if (!copy_entry (source, target, depth, error))
        return FALSE;
    }
  return sync_path (to, O_RDONLY | O_DIRECTORY, error);
}

/* Removes the folder PATH with all that is in it, as far as that goes. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      GStatBuf         info;

      if (g_lstat (child, &info) == 0 && S_ISDIR (info.st_mode))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

/* --- on a thread --- */

typedef struct
{
  GStrv       sources; /* (owned) */
  char       *to;      /* (owned) */
  DexPromise *promise; /* (owned) */
} Copy;

static gboolean
copy_run (Copy *self, GError **error)
{
  g_autofree char *part = g_strconcat (self->to, ".part", NULL);
  g_autofree char *above = g_path_get_dirname (self->to);
  gboolean         done = TRUE;

  remove_folder (part);
  if (g_mkdir (part, 0700) != 0)
    return fail (error, "make", part);
  for (char **source = self->sources; done && *source != NULL; source++)
    {
      g_autofree char *name = g_path_get_basename (*source);
      g_autofree char *target = g_build_filename (part, name, NULL);

      done = copy_folder (*source, target, 0, error);
    }
  done = done && sync_path (part, O_RDONLY | O_DIRECTORY, error) &&
         (g_rename (part, self->to) == 0 || fail (error, "rename", self->to)) &&
         sync_path (above, O_RDONLY | O_DIRECTORY, error);
  if (!done)
    remove_folder (part);
  return done;
}

static gpointer
copy_thread (gpointer data)
{
  Copy   *self = data;
  GError *error = NULL;

  if (copy_run (self, &error))
    muster_promise_resolve_on_main (self->promise, NULL);
  else
    muster_promise_reject_on_main (self->promise, error);
  g_strfreev (self->sources);
  g_free (self->to);
  dex_unref (self->promise);
  g_free (self);
  return NULL;
}

DexFuture *
muster_folder_copy_start (const char *const *sources, const char *to)
{
  Copy      *self = NULL;
  DexFuture *future = NULL;

  g_return_val_if_fail (sources != NULL && to != NULL, NULL);

  self = g_new0 (Copy, 1);
  self->sources = g_strdupv ((char **)sources);
  self->to = g_strdup (to);
  self->promise = dex_promise_new ();
  future = dex_ref (DEX_FUTURE (self->promise));
  g_thread_unref (g_thread_new ("folder-copy", copy_thread, self));
  return future;
}
