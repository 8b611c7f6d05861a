/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A serial line: a port of the machine (115,200 baud, 8N1), or the same bytes over TCP. Opens by
 * itself, and again a second after it was lost. */
typedef struct _MusterNodeLine MusterNodeLine;

/* What the line reports; never from within a call of it. What is sent before it is open is lost. */
typedef struct
{
  void (*opened) (gpointer user_data);
  void (*came) (gpointer user_data, const guint8 *bytes, gsize size);
  void (*lost) (gpointer user_data);
} MusterNodeLineEvents;

/* `address`: the path of a device file, or tcp:HOST:PORT. NULL with ERROR: it is neither. */
MusterNodeLine *muster_node_line_new (const char                 *address,
                                      const MusterNodeLineEvents *events,
                                      gpointer                    user_data,
                                      GError                    **error);
void            muster_node_line_free (MusterNodeLine *self);

/* Puts bytes on the line; where there is no line, or no room on it, they are lost. */
void muster_node_line_send (MusterNodeLine *self, const guint8 *bytes, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeLine, muster_node_line_free)

G_END_DECLS
