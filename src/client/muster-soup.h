/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* libsoup's and GIO's calls as futures that end with CANCELLABLE. */

/* Resolves to the GInputStream of the body, once status and headers are there. */
DexFuture *muster_soup_send (SoupSession *session, SoupMessage *message, GCancellable *cancellable);
/* Ends all that SESSION has under way. */
void muster_soup_abort (SoupSession *session);
/* Resolves to the next piece (GBytes) of at most SIZE bytes; an empty one at the end. */
DexFuture *muster_soup_read (GInputStream *stream, gsize size, GCancellable *cancellable);
/* Resolves to a SoupWebsocketConnection. */
DexFuture *muster_soup_connect_websocket (SoupSession  *session,
                                          SoupMessage  *message,
                                          GCancellable *cancellable);

G_END_DECLS
