/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/muster-actor.h"

G_BEGIN_DECLS

/* What a connection is doing; each has its own patience. */
typedef enum
{
  MUSTER_CONNECTION_NEW,      /* accepted, not a byte of it yet */
  MUSTER_CONNECTION_IDLE,     /* between two requests */
  MUSTER_CONNECTION_HEADERS,  /* in the middle of a request's headers */
  MUSTER_CONNECTION_BODY,     /* reading a body */
  MUSTER_CONNECTION_HANDLING, /* a handler is at work */
  MUSTER_CONNECTION_WRITING,
  MUSTER_CONNECTION_UPGRADED, /* a live stream */
  MUSTER_CONNECTION_CLOSING,
} MusterConnectionState;

/* One client's connection. libsoup hands its address back with each message: that is how we find it
 * again. */
typedef struct
{
  GSocket              *socket;  /* (owned) */
  GSocketAddress       *address; /* (owned): of the other side, this connection's own instance */
  MusterActor          *actor;   /* (owned) (nullable): by peer credentials */
  char                 *remote;  /* (owned) (ref string): "192.0.2.7", "unix" */
  GTlsCertificate      *certificate; /* (owned) (nullable): what it showed, looked at by nobody */
  gboolean              is_unix;
  gboolean              is_tls;
  gboolean              is_refused; /* an unknown user of this machine */
  MusterConnectionState state;
  gint64                since;    /* monotonic µs: when it came into this state */
  gpointer              exchange; /* (nullable): the MusterExchange under way */
} MusterHttpConnection;

/* For a socket just accepted. A Unix socket's peer becomes an administrator when it has our uid or
 * root's; others are refused unless they belong to GROUP (-1: none), whose members are operators.
 */
MusterHttpConnection *muster_http_connection_new (GSocket *socket, gint64 group);
void                  muster_http_connection_free (MusterHttpConnection *self);
/* The one that ADDRESS belongs to, or NULL when it is gone. */
MusterHttpConnection *muster_http_connection_find (GSocketAddress *address);
void muster_http_connection_set_state (MusterHttpConnection *self, MusterConnectionState state);
/* How long it may stay in the state it is in: µs, or G_MAXINT64. */
gint64 muster_http_connection_get_patience (MusterHttpConnection *self);
/* Ends it at the socket: whoever reads or writes it learns so. */
void muster_http_connection_shut (MusterHttpConnection *self);

G_END_DECLS
