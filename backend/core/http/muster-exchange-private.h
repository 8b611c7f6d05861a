/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-exchange.h"
#include "muster-request-private.h"
#include "muster-problem.h"
#include "muster-response-private.h"

G_BEGIN_DECLS

struct _MusterExchange
{
  MusterHttpServer     *server;     /* (owned) */
  SoupServerMessage    *msg;        /* (nullable): until it ends */
  MusterHttpConnection *connection; /* (nullable): likewise */
  MusterRequest        *request;    /* (owned) */
  GUri                 *uri;        /* (owned) */
  DexFuture            *pending;    /* (owned) (nullable): authentication or handler at work */
  char           *idempotency_hash; /* (owned) (nullable): of a request under way with a key */
  GChecksum      *spool_checksum;   /* (owned) (nullable): of a body that goes into a file */
  MusterResponse *answer;           /* (owned) (nullable): waits until it is kept */
  gint64          started;          /* monotonic µs */
  gsize           body_limit;
  gsize           body_bytes;
  gsize           sent_bytes;
  unsigned        status;
  guint           has_body : 1;  /* announced */
  guint           body_read : 1; /* to its end */
  guint           is_paused : 1; /* libsoup waits for us */
  guint           is_responded : 1;
  guint           is_held : 1; /* counted at the server */
};

MusterExchange *muster_exchange_ref (MusterExchange *self);
void            muster_exchange_unref (MusterExchange *self);

/* Calls BACK when FUTURE (taken) is settled, unless the exchange lets go of it before. */
void muster_exchange_wait (MusterExchange *self, DexFuture *future, DexFutureCallback back);
/* The server need not wait for it, unless there is more to wait for. */
void muster_exchange_let_go (MusterExchange *self);
/* Hands the decoded request to its handler: once for a key, or to the live stream. */
void muster_exchange_call (MusterExchange *self);

/* Writes RESPONSE (taken), once; nothing when the client is gone. */
void muster_exchange_respond (MusterExchange *self, MusterResponse *response);
/* From now on the body goes into the request's file; each piece of it. */
gboolean muster_exchange_begin_spool (MusterExchange *self, GError **error);
gboolean muster_exchange_spool (MusterExchange *self, GBytes *chunk, GError **error);
/* Sends the stream of RESPONSE as the client takes it, after its headers. */
void muster_exchange_send_stream (MusterExchange *self, MusterResponse *response);
/* The same with the problem document of ERROR. */
void muster_exchange_refuse (MusterExchange *self, const GError *error);
/* Counts it, and writes the line of the access log. */
void muster_exchange_log (MusterExchange *self);

G_END_DECLS
