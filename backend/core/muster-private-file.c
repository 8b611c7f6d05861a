/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-private-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "muster-private-file.h"

void
muster_set_storage_error (GError **error, const char *what, int code)
{
  g_set_error (error, MUSTER_ERROR,
               code == ENOSPC || code == EDQUOT ? MUSTER_ERROR_STORAGE_FULL : MUSTER_ERROR_FAILED,
               "%s: %s", what, g_strerror (code));
}

gboolean
muster_write_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      data += written;
      length -= written;
    }
  return TRUE;
}

static gboolean
write_temporary (const char *path, const void *data, gsize size, int uid, int gid)
{
  g_autofd int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  return fd >= 0 && muster_write_all (fd, data, size) && (uid < 0 || fchown (fd, uid, gid) == 0) &&
         fsync (fd) == 0;
}

gboolean
muster_private_file_write (const char *path,
                           const void *data,
                           gsize       size,
                           int         uid,
                           int         gid,
                           GError    **error)
{
  g_autofree char *temporary = NULL;
  g_autofree char *what = NULL;
  int              code;

  g_return_val_if_fail (path != NULL && (data != NULL || size == 0), FALSE);

  temporary = g_strdup_printf ("%s.%08x", path, g_random_int ());
  if (write_temporary (temporary, data, size, uid, gid) && g_rename (temporary, path) == 0)
    return TRUE;
  code = errno;
  g_unlink (temporary);
  what = g_strdup_printf ("cannot write %s", path);
  muster_set_storage_error (error, what, code);
  return FALSE;
}
