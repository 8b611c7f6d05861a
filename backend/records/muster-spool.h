/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MusterSpool:
 *
 * A file without a name that something is written into from its beginning to its end and then read
 * again. It is gone when nobody has it open any more. Any thread, one at a time.
 */
typedef struct _MusterSpool MusterSpool;

MusterSpool *muster_spool_new (const char *folder, GError **error);
void         muster_spool_free (MusterSpool *self);
/* What is appended to it goes to the file by muster_spool_flush(). */
GString *muster_spool_get_buffer (MusterSpool *self);
/* Writes the buffer once it is large; FORCE: in any case. */
gboolean muster_spool_flush (MusterSpool *self, gboolean force, GError **error);
/* After the last flush: the whole from its beginning, and its length. (transfer full) */
GInputStream *muster_spool_read (MusterSpool *self, gint64 *length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSpool, muster_spool_free)

G_END_DECLS
