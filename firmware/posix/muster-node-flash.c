/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-flash"

#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "muster-node-flash.h"

static gboolean
fits (unsigned page, size_t offset, size_t size)
{
  return page < 2 && size <= MUSTER_NODE_PAGE_SIZE && offset <= MUSTER_NODE_PAGE_SIZE - size;
}

bool
muster_node_flash_read (MusterNodeFlash *self,
                        unsigned         page,
                        size_t           offset,
                        void            *data,
                        size_t           size)
{
  g_autofd int fd = g_open (self->path, O_RDONLY | O_CLOEXEC, 0);

  return fd >= 0 && fits (page, offset, size) &&
         pread (fd, data, size, (off_t)(page * MUSTER_NODE_PAGE_SIZE + offset)) == (ssize_t)size;
}

bool
muster_node_flash_write (MusterNodeFlash *self,
                         unsigned         page,
                         size_t           offset,
                         const void      *data,
                         size_t           size)
{
  g_autofd int fd = g_open (self->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  return fd >= 0 && fits (page, offset, size) &&
         pwrite (fd, data, size, (off_t)(page * MUSTER_NODE_PAGE_SIZE + offset)) == (ssize_t)size &&
         (!self->sync || fdatasync (fd) == 0);
}

bool
muster_node_flash_erase (MusterNodeFlash *self, unsigned page)
{
  guint8 blank[MUSTER_NODE_PAGE_SIZE];

  memset (blank, 0xFF, sizeof blank);
  return muster_node_flash_write (self, page, 0, blank, sizeof blank);
}

gboolean
muster_node_flash_init (MusterNodeFlash *self, const char *path, gboolean sync, GError **error)
{
  guint8 last;

  self->path = g_strdup (path);
  self->sync = sync;
  if (muster_node_flash_read (self, 1, MUSTER_NODE_PAGE_SIZE - 1, &last, 1))
    return TRUE;
  if (muster_node_flash_erase (self, 0) && muster_node_flash_erase (self, 1))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "cannot use %s: %s", path,
               g_strerror (errno));
  return FALSE;
}

void
muster_node_flash_clear (MusterNodeFlash *self)
{
  g_clear_pointer (&self->path, g_free);
}
