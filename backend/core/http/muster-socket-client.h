/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-engine-session.h"
#include "muster-live-listener.h"
#include "muster-live-pass.h"

G_BEGIN_DECLS

/* Who TOKEN lets in: resolves to a MusterActor. */
typedef DexFuture *(*MusterSocketAsk) (gpointer owner, const char *token);
/* By what TOKEN of ACTOR lets in: (transfer full). */
typedef MusterLivePass *(*MusterSocketMakePass) (gpointer     owner,
                                                 const char  *token,
                                                 MusterActor *actor);

/**
 * MusterSocketClient:
 *
 * One client of Socket.IO 5, a listener of the live hub: it connects to the namespace `/` with
 * {"token"} and is told events as muster-socket-filter.h names them. It says `subscribe` with
 * {"events","devices","metrics"} to be told less, or more, and is answered by an acknowledgement.
 */
#define MUSTER_TYPE_SOCKET_CLIENT (muster_socket_client_get_type ())
G_DECLARE_FINAL_TYPE (MusterSocketClient, muster_socket_client, MUSTER, SOCKET_CLIENT, GObject)

/* PASS (transfer full) and ACTOR (both nullable): who opened the session already said so. OWNER
 * (unowned) outlives it. */
MusterSocketClient  *muster_socket_client_new (MusterSocketAsk      ask,
                                               MusterSocketMakePass make_pass,
                                               gpointer             owner,
                                               MusterLivePass      *pass,
                                               MusterActor         *actor);
MusterEngineSession *muster_socket_client_get_session (MusterSocketClient *self);

G_END_DECLS
