/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Replaces the file PATH by DATA so that a reader, or a power cut, meets the old or the new content
 * whole. The file is readable and writable by its owner alone: the caller, or UID and GID unless
 * -1. Blocks: call on a thread. MUSTER_ERROR_STORAGE_FULL when no space is left. */
gboolean muster_private_file_write (const char *path,
                                    const void *data,
                                    gsize       size,
                                    int         uid,
                                    int         gid,
                                    GError    **error);

/* Writes all LENGTH bytes of DATA to FD; FALSE with errno. */
gboolean muster_write_all (int fd, const char *data, gsize length);
/* "WHAT: why", MUSTER_ERROR_STORAGE_FULL where the errno CODE says so. */
void muster_set_storage_error (GError **error, const char *what, int code);

G_END_DECLS
