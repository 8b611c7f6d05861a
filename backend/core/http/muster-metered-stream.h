/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stream that tells how much of what was given to it has left: the only way to know how long
 * libsoup's own queue of a WebSocket connection is. */
#define MUSTER_TYPE_METERED_STREAM (muster_metered_stream_get_type ())
G_DECLARE_FINAL_TYPE (MusterMeteredStream, muster_metered_stream, MUSTER, METERED_STREAM, GIOStream)

typedef void (*MusterMeteredFunc) (gsize n_written, gpointer user_data);

MusterMeteredStream *muster_metered_stream_new (GIOStream *base);
/* FUNC is called after each write, from within it. NULL ends that. */
void muster_metered_stream_set_func (MusterMeteredStream *self,
                                     MusterMeteredFunc    func,
                                     gpointer             user_data);

G_END_DECLS
