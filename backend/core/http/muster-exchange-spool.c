/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-exchange"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "muster-exchange-private.h"

/* A file without a name: it goes when nobody has it open any more, whatever happens to us. */
static int
open_unnamed (const char *folder)
{
  g_autofree char *path = NULL;
  int              fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
    return fd;
  path = g_build_filename (folder, "body-XXXXXX", NULL);
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (path);
  return fd;
}

static void
set_failed (GError **error, int code)
{
  g_set_error (error, MUSTER_ERROR,
               code == ENOSPC ? MUSTER_ERROR_STORAGE_FULL : MUSTER_ERROR_FAILED,
               "the body cannot be kept: %s", g_strerror (code));
}

gboolean
muster_exchange_begin_spool (MusterExchange *self, GError **error)
{
  self->request->body_fd = open_unnamed (muster_http_server_get_spool_folder (self->server));
  if (self->request->body_fd < 0)
    {
      set_failed (error, errno);
      return FALSE;
    }
  self->spool_checksum = g_checksum_new (G_CHECKSUM_SHA256);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (self->msg), FALSE);
  return TRUE;
}

/* Into the page cache, which takes it at once; the disk follows by itself. */
gboolean
muster_exchange_spool (MusterExchange *self, GBytes *chunk, GError **error)
{
  gsize         length;
  const guint8 *data = g_bytes_get_data (chunk, &length);

  g_checksum_update (self->spool_checksum, data, length);
  while (length > 0)
    {
      gssize written = write (self->request->body_fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          set_failed (error, errno);
          return FALSE;
        }
      data += written;
      length -= written;
      self->request->body_size += written;
    }
  return TRUE;
}
