/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/muster-content-folder.h"
#include "core/muster-private-file.h"
#include "model/muster-error.h"
#include "model/muster-firmware-file.h"
#include "muster-firmware-store.h"

#define PIECE_BYTES (256 * 1024)

struct _MusterFirmwareStore
{
  GObject parent_instance;
  char   *folder;  /* (owned) */
  char   *uploads; /* (owned): the folder of what is on its way in */
};

G_DEFINE_FINAL_TYPE (MusterFirmwareStore, muster_firmware_store, G_TYPE_OBJECT)

static MusterFirmwareContent *
content_copy (MusterFirmwareContent *self)
{
  return g_memdup2 (self, sizeof *self);
}

G_DEFINE_BOXED_TYPE (MusterFirmwareContent, muster_firmware_content, content_copy, g_free)

static void
muster_firmware_store_finalize (GObject *object)
{
  MusterFirmwareStore *self = MUSTER_FIRMWARE_STORE (object);

  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->uploads, g_free);
  G_OBJECT_CLASS (muster_firmware_store_parent_class)->finalize (object);
}

static void
muster_firmware_store_class_init (MusterFirmwareStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_firmware_store_finalize;
}

static void
muster_firmware_store_init (MusterFirmwareStore *self)
{
}

MusterFirmwareStore *
muster_firmware_store_new (const char *folder, GError **error)
{
  g_autoptr (MusterFirmwareStore) self = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_FIRMWARE_STORE, NULL);
  self->folder = g_strdup (folder);
  self->uploads = g_build_filename (folder, "uploads", NULL);
  return muster_content_folder_make (folder, error) ? g_steal_pointer (&self) : NULL;
}

char *
muster_firmware_store_build_path (MusterFirmwareStore *self, const char *sha256)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (self), NULL);
  g_return_val_if_fail (sha256 != NULL && strlen (sha256) == 64, NULL);

  return muster_content_folder_build_path (self->folder, sha256);
}

int
muster_firmware_store_open (MusterFirmwareStore *self, const char *sha256, GError **error)
{
  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (self), -1);

  return muster_content_folder_open (self->folder, sha256, error);
}

/* --- copying --- */

/* Reads FROM, which is not moved, to its end; writes it to TO (-1: nowhere). LENGTH: how many bytes
 * that were. */
static gboolean
pump (int from, int to, MusterFirmwareContent *content, gint64 *length, GError **error)
{
  g_autoptr (GChecksum) sha256 = content != NULL ? g_checksum_new (G_CHECKSUM_SHA256) : NULL;
  g_autoptr (GChecksum) sha1 = content != NULL ? g_checksum_new (G_CHECKSUM_SHA1) : NULL;
  g_autoptr (GChecksum) md5 = content != NULL ? g_checksum_new (G_CHECKSUM_MD5) : NULL;
  g_autofree char *buffer = g_malloc (PIECE_BYTES);
  gssize           got;

  *length = 0;
  while ((got = pread (from, buffer, PIECE_BYTES, *length)) > 0)
    {
      *length += got;
      if (content != NULL)
        {
          g_checksum_update (sha256, (const guchar *)buffer, got);
          g_checksum_update (sha1, (const guchar *)buffer, got);
          g_checksum_update (md5, (const guchar *)buffer, got);
        }
      if (to >= 0 && !muster_write_all (to, buffer, got))
        {
          muster_set_storage_error (error, "the firmware cannot be written", errno);
          return FALSE;
        }
    }
  if (got < 0)
    {
      muster_set_storage_error (error, "the firmware cannot be read", errno);
      return FALSE;
    }
  if (content != NULL)
    {
      content->size = *length;
      g_strlcpy (content->sha256, g_checksum_get_string (sha256), sizeof content->sha256);
      g_strlcpy (content->sha1, g_checksum_get_string (sha1), sizeof content->sha1);
      g_strlcpy (content->md5, g_checksum_get_string (md5), sizeof content->md5);
    }
  return TRUE;
}

static gboolean
refuse_empty (GError **error)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the file is empty");
  return FALSE;
}

/* --- work on a thread of the pool --- */

typedef struct
{
  char  *folder;
  char  *uploads;
  char  *id;     /* (nullable): of the upload */
  char  *sha256; /* (nullable): what it must give */
  int    fd;     /* (owned): -1: none */
  gint64 offset;
  gint64 limit; /* or how large it must be */
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  g_clear_fd (&self->fd, NULL);
  g_free (self->folder);
  g_free (self->uploads);
  g_free (self->id);
  g_free (self->sha256);
  g_free (self);
}

static Work *
work_new (MusterFirmwareStore *store, const char *id, int fd)
{
  Work *self = g_new0 (Work, 1);

  self->folder = g_strdup (store->folder);
  self->uploads = g_strdup (store->uploads);
  self->id = g_strdup (id);
  self->fd = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, 0) : -1;
  return self;
}

static DexFuture *
work_run (Work *self, DexFiberFunc func)
{
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, func, self, work_free);
}

static DexFuture *
put_fiber (gpointer user_data)
{
  Work                 *self = user_data;
  MusterFirmwareContent content = { 0 };
  g_autofree char      *temporary = NULL;
  g_autoptr (GError) error = NULL;
  g_autofd int fd = muster_content_folder_begin (self->folder, &temporary, &error);
  gint64       length;

  if (fd >= 0 && pump (self->fd, fd, &content, &length, &error) &&
      (length > 0 || refuse_empty (&error)))
    {
      if (fsync (fd) != 0)
        muster_set_storage_error (&error, "the firmware cannot be written", errno);
      else if (muster_content_folder_keep (self->folder, temporary, content.sha256, &error))
        return dex_future_new_take_boxed (MUSTER_TYPE_FIRMWARE_CONTENT, content_copy (&content));
    }
  if (fd >= 0)
    g_unlink (temporary);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_firmware_store_put (MusterFirmwareStore *self, int fd)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_STORE (self));
  dex_return_error_if_fail (fd >= 0);

  return work_run (work_new (self, NULL, fd), put_fiber);
}

int
muster_firmware_store_make_temporary (MusterFirmwareStore *self, GError **error)
{
  g_autofree char *path = NULL;
  int              fd;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (self), -1);

  path = g_build_filename (self->uploads, "work-XXXXXX", NULL);
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    muster_set_storage_error (error, "the firmware cannot be written", errno);
  else
    g_unlink (path);
  return fd;
}

/* --- uploads --- */

/* An id comes from a record, so it is a UUID and leads out of no folder. */
static char *
build_upload_path (const char *uploads, const char *id)
{
  return g_build_filename (uploads, id, NULL);
}

/* One at a time writes an upload or makes a file of it. */
static gboolean
hold_upload (int fd, const char *path, GError **error)
{
  struct stat held, named;

  if (flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &held) == 0 && g_lstat (path, &named) == 0 &&
      held.st_ino == named.st_ino && held.st_dev == named.st_dev)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                       "another piece of this upload is on its way in, or it is done: ask how much "
                       "of it is here");
  return FALSE;
}

/* What a daemon that ended in the middle of a piece left behind the OFFSET of the record goes. */
static gboolean
append_at (Work *self, int fd, gint64 *received, GError **error)
{
  struct stat status, piece;

  if (fstat (fd, &status) != 0 || fstat (self->fd, &piece) != 0)
    {
      muster_set_storage_error (error, "the upload cannot be read", errno);
      return FALSE;
    }
  if (status.st_nlink > 1)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "the upload is whole: finish it, or begin another");
      return FALSE;
    }
  if (self->offset != status.st_size)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "the upload has %" G_GINT64_FORMAT
                   " bytes: go on from there, not from %" G_GINT64_FORMAT,
                   (gint64)status.st_size, self->offset);
      return FALSE;
    }
  if (piece.st_size > self->limit - status.st_size)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                   "with this piece the upload would be larger than %" G_GINT64_FORMAT " bytes",
                   self->limit);
      return FALSE;
    }
  if (lseek (fd, self->offset, SEEK_SET) < 0 || !pump (self->fd, fd, NULL, received, error) ||
      fsync (fd) != 0)
    {
      if (error != NULL && *error == NULL)
        muster_set_storage_error (error, "the upload cannot be written", errno);
      /* So that the same piece can be sent again. */
      if (ftruncate (fd, self->offset) != 0)
        g_warning ("a broken piece of an upload stays: %s", g_strerror (errno));
      return FALSE;
    }
  *received += self->offset;
  return TRUE;
}

static DexFuture *
append_fiber (gpointer user_data)
{
  Work            *self = user_data;
  g_autofree char *path = build_upload_path (self->uploads, self->id);
  g_autoptr (GError) error = NULL;
  g_autofd int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  gint64       received = 0;

  if (fd < 0)
    muster_set_storage_error (&error, "the upload cannot be written", errno);
  else if (hold_upload (fd, path, &error) && append_at (self, fd, &received, &error))
    return dex_future_new_for_int64 (received);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_firmware_store_append (MusterFirmwareStore *self,
                              const char          *id,
                              gint64               offset,
                              int                  fd,
                              gint64               limit)
{
  Work *work = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_STORE (self));
  dex_return_error_if_fail (id != NULL && offset >= 0 && fd >= 0);

  work = work_new (self, id, fd);
  work->offset = offset;
  work->limit = limit;
  return work_run (work, append_fiber);
}

gint64
muster_firmware_store_get_received (MusterFirmwareStore *self, const char *id)
{
  g_autofree char *path = NULL;
  struct stat      status;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (self), 0);
  g_return_val_if_fail (id != NULL, 0);

  path = build_upload_path (self->uploads, id);
  return g_lstat (path, &status) == 0 ? status.st_size : 0;
}

int
muster_firmware_store_open_upload (MusterFirmwareStore *self, const char *id, GError **error)
{
  g_autofree char *path = NULL;
  int              fd;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (self), -1);
  g_return_val_if_fail (id != NULL, -1);

  path = build_upload_path (self->uploads, id);
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                         "the bytes of this upload are no longer kept: begin again");
  return fd;
}

static DexFuture *
weigh_fiber (gpointer user_data)
{
  Work                 *self = user_data;
  MusterFirmwareContent content = { 0 };
  g_autofree char      *path = build_upload_path (self->uploads, self->id);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autofd int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gint64       length = 0;

  if (fd < 0)
    refuse_empty (&error);
  else if (hold_upload (fd, path, &error) && pump (fd, -1, &content, &length, &error) &&
           (length > 0 || refuse_empty (&error)))
    {
      if (length != self->limit)
        muster_field_errors_add (errors, "/size",
                                 "is another than before it was looked at: finish it again");
      if (self->sha256 != NULL && g_ascii_strcasecmp (self->sha256, content.sha256) != 0)
        muster_field_errors_add (errors, "/sha256",
                                 "is not that of the bytes received, which is %s", content.sha256);
      if (muster_field_errors_check (errors, &error))
        return dex_future_new_take_boxed (MUSTER_TYPE_FIRMWARE_CONTENT, content_copy (&content));
    }
  return dex_future_new_for_error (g_steal_pointer (&error));
}

DexFuture *
muster_firmware_store_weigh (MusterFirmwareStore *self,
                             const char          *id,
                             gint64               size,
                             const char          *sha256)
{
  Work *work = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_STORE (self));
  dex_return_error_if_fail (id != NULL);

  work = work_new (self, id, -1);
  work->limit = size;
  work->sha256 = g_strdup (sha256);
  return work_run (work, weigh_fiber);
}

gboolean
muster_firmware_store_keep_upload (MusterFirmwareStore         *self,
                                   const char                  *id,
                                   const MusterFirmwareContent *content,
                                   GError                     **error)
{
  g_autofree char *path = NULL;
  g_autofd int     fd = -1;
  struct stat      status;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL && content != NULL, FALSE);

  path = build_upload_path (self->uploads, id);
  fd = muster_firmware_store_open_upload (self, id, error);
  if (fd < 0 || !hold_upload (fd, path, error))
    return FALSE;
  if (fstat (fd, &status) == 0 && status.st_size == content->size)
    return muster_content_folder_keep_too (self->folder, path, content->sha256, error);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                       "the upload grew meanwhile: finish it again");
  return FALSE;
}

void
muster_firmware_store_drop (MusterFirmwareStore *self, const char *id)
{
  g_autofree char *path = NULL;

  g_return_if_fail (MUSTER_IS_FIRMWARE_STORE (self));
  g_return_if_fail (id != NULL);

  path = build_upload_path (self->uploads, id);
  g_unlink (path);
}

/* --- removing what nobody needs --- */

DexFuture *
muster_firmware_store_collect (MusterFirmwareStore *self, MusterDatabase *database, int days)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_STORE (self));

  return muster_content_folder_collect (self->folder, database, &muster_firmware_file_info, days,
                                        "firmware", "Remove old firmware");
}
