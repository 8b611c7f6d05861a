/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "muster-http-server.h"
#include "muster-router.h"

G_BEGIN_DECLS

/**
 * MusterSocketIo:
 *
 * Socket.IO 5 over Engine.IO 4 at `/socket.io/`, beside the plain WebSocket of the live stream and
 * on the same hub, for programs that know it already.
 */
#define MUSTER_TYPE_SOCKET_IO (muster_socket_io_get_type ())
G_DECLARE_FINAL_TYPE (MusterSocketIo, muster_socket_io, MUSTER, SOCKET_IO, GObject)

/* SERVER (unowned): until muster_socket_io_detach(). */
MusterSocketIo *muster_socket_io_new (MusterHttpServer *server);
void            muster_socket_io_add (MusterSocketIo *self, MusterRouter *router);
/* The server ends: nobody is let in any more. */
void muster_socket_io_detach (MusterSocketIo *self);

DexFuture *muster_socket_io_handle_get (MusterRequest *request, gpointer user_data);
/* Whether REQUEST may become a WebSocket; the handler above says why not. */
gboolean muster_socket_io_takes_upgrade (MusterSocketIo *self, MusterRequest *request);
/* REQUEST's connection after the handshake. */
void muster_socket_io_accept (MusterSocketIo *self,
                              MusterRequest  *request,
                              GIOStream      *stream,
                              GUri           *uri);

G_END_DECLS
