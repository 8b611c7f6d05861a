/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-http-server-private.h"

G_BEGIN_DECLS

/* One request and its answer, from libsoup's message to the handler and back. */
typedef struct _MusterExchange MusterExchange;

/* The handler of the live stream's route: it answers those who do not upgrade. */
DexFuture *muster_exchange_handle_live (MusterRequest *request, gpointer user_data);

/* The headers are read: matches, authenticates, and refuses what need not be read further. */
void muster_exchange_begin (MusterHttpServer *server, SoupServerMessage *msg);
/* The body is read: decodes and calls the handler. */
void muster_exchange_handle (SoupServerMessage *msg);
/* The answer is written, or the client is gone (COMPLETE FALSE). */
void muster_exchange_end (SoupServerMessage *msg, gboolean complete);
/* The first byte is there. What libsoup cannot even parse it refuses by itself, and tells nobody:
 * so the problem document for that is laid in beforehand. */
void muster_exchange_prepare (SoupServerMessage *msg);
/* The connection is gone before the message. */
void muster_exchange_lose_connection (MusterExchange *self);
/* Answers 504 for a handler that takes too long. */
void muster_exchange_time_out (MusterExchange *self);

G_END_DECLS
