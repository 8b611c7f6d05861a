/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "mf_port.h"

G_BEGIN_DECLS

#define MUSTER_NODE_PAGE_SIZE 4096

/* Two pages of flash in a file, 0600 for the secret in it. Opened anew for every access: a fleet
 * has more nodes than descriptors to spare. */
typedef struct
{
  char    *path; /* (owned) */
  gboolean sync; /* whether a write waits for the disk */
} MusterNodeFlash;

/* Opens the file, or makes an erased one. */
gboolean muster_node_flash_init (MusterNodeFlash *self,
                                 const char      *path,
                                 gboolean         sync,
                                 GError         **error);
void     muster_node_flash_clear (MusterNodeFlash *self);

bool muster_node_flash_read (MusterNodeFlash *self,
                             unsigned         page,
                             size_t           offset,
                             void            *data,
                             size_t           size);
bool muster_node_flash_write (MusterNodeFlash *self,
                              unsigned         page,
                              size_t           offset,
                              const void      *data,
                              size_t           size);
bool muster_node_flash_erase (MusterNodeFlash *self, unsigned page);

G_END_DECLS
