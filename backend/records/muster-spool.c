/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-spool"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "muster-spool.h"

#define BUFFER_BYTES (64 * 1024)

struct _MusterSpool
{
  int      fd;
  gint64   length;
  GString *buffer; /* (owned) */
};

static void
set_failed (GError **error, int code)
{
  g_set_error (error, MUSTER_ERROR,
               code == ENOSPC ? MUSTER_ERROR_STORAGE_FULL : MUSTER_ERROR_FAILED,
               "a temporary file cannot be written: %s", g_strerror (code));
}

MusterSpool *
muster_spool_new (const char *folder, GError **error)
{
  g_autoptr (MusterSpool) self = g_new0 (MusterSpool, 1);
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  self->buffer = g_string_new (NULL);
  self->fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  /* Not every file system makes files without a name. */
  if (self->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
    {
      path = g_build_filename (folder, "spool-XXXXXX", NULL);
      self->fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
      if (self->fd >= 0)
        g_unlink (path);
    }
  if (self->fd >= 0)
    return g_steal_pointer (&self);
  set_failed (error, errno);
  return NULL;
}

void
muster_spool_free (MusterSpool *self)
{
  g_return_if_fail (self != NULL);

  g_clear_fd (&self->fd, NULL);
  g_string_free (self->buffer, TRUE);
  g_free (self);
}

GString *
muster_spool_get_buffer (MusterSpool *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->buffer;
}

gboolean
muster_spool_flush (MusterSpool *self, gboolean force, GError **error)
{
  gsize done = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!force && self->buffer->len < BUFFER_BYTES)
    return TRUE;
  while (done < self->buffer->len)
    {
      gssize written = write (self->fd, self->buffer->str + done, self->buffer->len - done);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          set_failed (error, errno);
          return FALSE;
        }
      done += written;
    }
  self->length += done;
  g_string_truncate (self->buffer, 0);
  return TRUE;
}

GInputStream *
muster_spool_read (MusterSpool *self, gint64 *length)
{
  g_return_val_if_fail (self != NULL && length != NULL, NULL);

  lseek (self->fd, 0, SEEK_SET);
  *length = self->length;
  return g_unix_input_stream_new (g_steal_fd (&self->fd), TRUE);
}
