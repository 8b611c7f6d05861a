/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-index"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/muster-private-file.h"
#include "mf_index.h"
#include "model/muster-error.h"
#include "muster-firmware-index.h"

/* On a thread of the pool. */
typedef struct
{
  char *path; /* of the index */
  char *sha256;
  int   fd; /* (owned): of the image */
} Making;

static void
making_free (gpointer data)
{
  Making *self = data;

  g_clear_fd (&self->fd, NULL);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self);
}

static char *
build_path (MusterFirmwareStore *store, const char *sha256)
{
  g_autofree char *image = muster_firmware_store_build_path (store, sha256);

  return g_strconcat (image, MUSTER_FIRMWARE_INDEX_SUFFIX, NULL);
}

static gboolean
set_failed (GError **error)
{
  muster_set_storage_error (error, "the firmware cannot be read", errno);
  return FALSE;
}

/* The head of what is to be made. */
static gboolean
begin (Making *self, struct mf_index *index, GError **error)
{
  struct stat     status;
  guint8          header[MF_IMAGE_HEADER_SIZE], sha256[MF_SHA256_SIZE];
  struct mf_image image;

  if (fstat (self->fd, &status) != 0)
    return set_failed (error);
  for (unsigned i = 0; i < MF_SHA256_SIZE; i++)
    sha256[i] = (guint8)(g_ascii_xdigit_value (self->sha256[2 * i]) << 4 |
                         g_ascii_xdigit_value (self->sha256[2 * i + 1]));
  if (status.st_size <= G_MAXUINT32 &&
      pread (self->fd, header, sizeof header, 0) == (gssize)sizeof header &&
      mf_image_parse (&image, header) == MF_IMAGE_OK &&
      mf_index_init (index, (guint32)status.st_size, sha256))
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED,
                       "only Muster images have an index");
  return FALSE;
}

static gboolean
fill (Making *self, const struct mf_index *index, guint8 *bytes, GError **error)
{
  g_autofree guint8 *block = g_malloc (index->block_size);

  mf_index_format (index, bytes);
  for (guint32 i = 0; i < index->n_blocks; i++)
    {
      gint64 at = MF_IMAGE_HEADER_SIZE + (gint64)i * index->block_size;

      if (pread (self->fd, block, index->block_size, at) != (gssize)index->block_size)
        return set_failed (error);
      mf_index_entry (bytes + MF_INDEX_HEAD_SIZE + i * MF_INDEX_ENTRY_SIZE, block,
                      index->block_size);
    }
  return TRUE;
}

static DexFuture *
make_fiber (gpointer user_data)
{
  Making            *self = user_data;
  struct mf_index    index;
  struct stat        status;
  g_autofree guint8 *bytes = NULL;
  gsize              size;
  g_autoptr (GError) error = NULL;

  if (!begin (self, &index, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  size = mf_index_size (&index);
  if (g_stat (self->path, &status) == 0 && status.st_size == (gint64)size)
    return dex_future_new_for_int64 ((gint64)size);
  bytes = g_malloc (size);
  if (!fill (self, &index, bytes, &error) ||
      !muster_private_file_write (self->path, bytes, size, -1, -1, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_for_int64 ((gint64)size);
}

DexFuture *
muster_firmware_index_ensure (MusterFirmwareStore *store, const char *sha256)
{
  g_autoptr (GError) error = NULL;
  Making *making = NULL;
  int     fd;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_STORE (store));
  dex_return_error_if_fail (sha256 != NULL && strlen (sha256) == 64);

  fd = muster_firmware_store_open (store, sha256, &error);
  if (fd < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));
  making = g_new0 (Making, 1);
  making->path = build_path (store, sha256);
  making->sha256 = g_strdup (sha256);
  making->fd = fd;
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, make_fiber, making,
                              making_free);
}

int
muster_firmware_index_open (MusterFirmwareStore *store,
                            const char          *sha256,
                            gint64              *size,
                            GError             **error)
{
  g_autofree char *path = NULL;
  struct stat      status;
  g_autofd int     fd = -1;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_STORE (store), -1);
  g_return_val_if_fail (sha256 != NULL && strlen (sha256) == 64 && size != NULL, -1);

  path = build_path (store, sha256);
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd >= 0 && fstat (fd, &status) == 0)
    {
      *size = status.st_size;
      return g_steal_fd (&fd);
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                       "the file has no index: fetch it whole");
  return -1;
}

gint64
muster_firmware_index_count_blocks (gint64 size)
{
  return MAX (0, size - (gint64)MF_INDEX_HEAD_SIZE) / MF_INDEX_ENTRY_SIZE;
}
