/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

#include "muster-engine-packet.h"

G_BEGIN_DECLS

#define MUSTER_ENGINE_PING_INTERVAL 25000 /* ms */
#define MUSTER_ENGINE_PING_TIMEOUT 20000  /* ms */

/**
 * MusterEngineSession:
 *
 * One client of Engine.IO 4: messages both ways over long polling or a WebSocket, and the change
 * from one to the other. Main thread only.
 *
 * Signals: `message (GBytes *text)`, `binary (GBytes *bytes)`: what came; `writable ()`: more may
 * be sent now; `closed ()`: once, whoever closed it.
 */
#define MUSTER_TYPE_ENGINE_SESSION (muster_engine_session_get_type ())
G_DECLARE_FINAL_TYPE (MusterEngineSession, muster_engine_session, MUSTER, ENGINE_SESSION, GObject)

MusterEngineSession *muster_engine_session_new (void);
const char          *muster_engine_session_get_id (MusterEngineSession *self);
gboolean             muster_engine_session_is_closed (MusterEngineSession *self);
/* Whether it is spoken to by requests: then the next one may come. */
gboolean muster_engine_session_is_polling (MusterEngineSession *self);

/* The answer to the request that opens it: (transfer full). */
char *muster_engine_session_make_open (MusterEngineSession *self, gboolean is_websocket);
/* The client waits for packets: resolves to their text (string) once there are some. A second one
 * that waits closes the session, and rejects with MUSTER_ERROR_CONFLICT. */
DexFuture *muster_engine_session_poll (MusterEngineSession *self);
/* What the client has posted. FALSE with MUSTER_ERROR_MALFORMED closes the session. */
gboolean muster_engine_session_post (MusterEngineSession *self, GBytes *body, GError **error);
/* A WebSocket after its handshake: the first transport of a session that IS_NEW, else one to change
 * to. */
void muster_engine_session_accept (MusterEngineSession *self,
                                   GIOStream           *stream,
                                   GUri                *uri,
                                   gboolean             is_new);

/* Sends TEXT (taken), a whole packet: "4…". */
void muster_engine_session_send (MusterEngineSession *self, char *text);
/* Whether what is sent now leaves soon. What need not be sent at once waits for `writable`. */
gboolean muster_engine_session_has_room (MusterEngineSession *self);
void     muster_engine_session_close (MusterEngineSession *self);

G_END_DECLS
