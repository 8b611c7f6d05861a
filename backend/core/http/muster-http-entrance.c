/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-entrance"

#include "config.h"

#include "model/muster-error.h"
#include "muster-exchange.h"
#include "muster-http-connection.h"
#include "muster-http-entrance.h"
#include "muster-http-listener.h"

#define MAX_CONNECTIONS 512
#define HANDLER_PATIENCE (60 * G_USEC_PER_SEC)
#define SWEEP_MSEC 1000

typedef struct
{
  char               *address; /* (owned) */
  guint16             port;
  GTlsCertificate    *certificate; /* (owned) (nullable) */
  MusterHttpListener *listener;    /* (owned) (nullable) */
  MusterHttpEntrance *entrance;
} Endpoint;

struct _MusterHttpEntrance
{
  GObject           *owner; /* kept while a connection is open */
  MusterEntranceGone gone;

  char               *unix_path;     /* (owned) (nullable) */
  MusterHttpListener *unix_listener; /* (owned) (nullable) */
  GPtrArray          *endpoints;     /* (owned) (element-type Endpoint) */
  SoupServer         *soup;          /* (nullable): while it is open */
  GHashTable         *connections;   /* (owned) (element-type MusterHttpConnection), a set */
  unsigned            sweep_id;
  gboolean            asks; /* for certificates */
};

static void
endpoint_free (gpointer data)
{
  Endpoint *endpoint = data;

  g_clear_pointer (&endpoint->listener, muster_http_listener_free);
  g_clear_object (&endpoint->certificate);
  g_free (endpoint->address);
  g_free (endpoint);
}

/* Holds the owner, and by that the entrance. */
typedef struct
{
  MusterHttpEntrance   *entrance;
  MusterHttpConnection *connection;
} Tie;

static void
muster_http_entrance_pause_listeners (MusterHttpEntrance *self, gboolean paused)
{
  if (self->unix_listener != NULL)
    muster_http_listener_set_paused (self->unix_listener, paused);
  for (guint i = 0; i < self->endpoints->len; i++)
    if (((Endpoint *)self->endpoints->pdata[i])->listener != NULL)
      muster_http_listener_set_paused (((Endpoint *)self->endpoints->pdata[i])->listener, paused);
}

static void
muster_http_entrance_stream_gone_cb (gpointer data, GObject *where_the_object_was)
{
  Tie                *tie = data;
  MusterHttpEntrance *self = tie->entrance;
  g_autoptr (GObject) owner = self->owner;

  if (tie->connection->exchange != NULL)
    muster_exchange_lose_connection (tie->connection->exchange);
  g_hash_table_remove (self->connections, tie->connection);
  if (g_hash_table_size (self->connections) == MAX_CONNECTIONS - 1)
    muster_http_entrance_pause_listeners (self, FALSE);
  self->gone (owner);
  g_free (tie);
}

/* Takes the place of the one that has been idle longest. */
static gboolean
muster_http_entrance_make_room (MusterHttpEntrance *self)
{
  MusterHttpConnection *oldest = NULL;
  GHashTableIter        iter;
  gpointer              key;

  if (g_hash_table_size (self->connections) < MAX_CONNECTIONS)
    return TRUE;
  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      MusterHttpConnection *connection = key;

      if (connection->state == MUSTER_CONNECTION_IDLE &&
          (oldest == NULL || connection->since < oldest->since))
        oldest = connection;
    }
  if (oldest != NULL)
    muster_http_connection_shut (oldest);
  return oldest != NULL;
}

static void
muster_http_entrance_admit (MusterHttpEntrance   *self,
                            MusterHttpConnection *connection,
                            GIOStream            *stream)
{
  /* libsoup makes a URL of the local address where a request names no host: it must be an Internet
   * address. */
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->soup, stream, local, connection->address, &error))
    g_message ("cannot take a connection: %s", error->message);
}

typedef struct
{
  MusterHttpEntrance   *entrance;
  GObject              *owner; /* (owned) */
  MusterHttpConnection *connection;
} Handshake;

static void
muster_http_entrance_handshake_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Handshake *handshake = user_data;
  g_autoptr (GObject) owner = handshake->owner;
  MusterHttpEntrance *self = handshake->entrance;
  g_autoptr (GError) error = NULL;

  /* The connection outlives its stream's base, which the TLS stream holds. */
  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error))
    g_debug ("%s: %s", handshake->connection->remote, error->message);
  else if (self->soup != NULL && handshake->connection->state == MUSTER_CONNECTION_NEW)
    {
      g_set_object (&handshake->connection->certificate,
                    g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (object)));
      muster_http_entrance_admit (self, handshake->connection, G_IO_STREAM (object));
    }
}

/* Whoever cares for it looks at who signed it: here it only has to be whole. */
static gboolean
muster_http_entrance_accept_cb (GTlsConnection      *connection,
                                GTlsCertificate     *certificate,
                                GTlsCertificateFlags problems,
                                gpointer             user_data)
{
  return TRUE;
}

static void
muster_http_entrance_ask (GTlsConnection *connection)
{
  g_object_set (connection, "authentication-mode", G_TLS_AUTHENTICATION_REQUESTED, NULL);
  g_signal_connect (connection, "accept-certificate", G_CALLBACK (muster_http_entrance_accept_cb),
                    NULL);
}

static void
muster_http_entrance_begin_tls (MusterHttpEntrance   *self,
                                MusterHttpConnection *connection,
                                GIOStream            *base,
                                GTlsCertificate      *certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (base, certificate, &error);
  const char *protocols[] = { "http/1.1", NULL };
  Handshake  *handshake;

  if (tls == NULL)
    {
      g_warning ("TLS: %s", error->message);
      return;
    }
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), protocols);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  if (self->asks)
    muster_http_entrance_ask (G_TLS_CONNECTION (tls));
  handshake = g_new (Handshake, 1);
  *handshake = (Handshake){ self, g_object_ref (self->owner), connection };
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL,
                                    muster_http_entrance_handshake_cb, handshake);
}

static void
muster_http_entrance_accept (MusterHttpEntrance *self,
                             GSocket            *socket,
                             GTlsCertificate    *certificate)
{
  g_autoptr (GIOStream) stream = NULL;
  MusterHttpConnection *connection;
  Tie                  *tie;

  if (!muster_http_entrance_make_room (self))
    {
      g_message ("%u connections are open: further ones wait",
                 g_hash_table_size (self->connections));
      muster_http_entrance_pause_listeners (self, TRUE);
    }
  stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  connection = muster_http_connection_new (socket, -1);
  connection->is_tls = certificate != NULL;
  g_hash_table_add (self->connections, connection);
  tie = g_new (Tie, 1);
  *tie = (Tie){ self, connection };
  g_object_ref (self->owner);
  g_object_weak_ref (G_OBJECT (stream), muster_http_entrance_stream_gone_cb, tie);
  if (certificate != NULL)
    muster_http_entrance_begin_tls (self, connection, stream, certificate);
  else
    muster_http_entrance_admit (self, connection, stream);
}

static void
muster_http_entrance_unix_accepted_cb (GSocket *socket, gpointer user_data)
{
  muster_http_entrance_accept (user_data, socket, NULL);
}

static void
muster_http_entrance_tcp_accepted_cb (GSocket *socket, gpointer user_data)
{
  Endpoint *endpoint = user_data;

  muster_http_entrance_accept (endpoint->entrance, socket, endpoint->certificate);
}

/* Ends what takes longer than it may. */
static gboolean
muster_http_entrance_sweep_cb (gpointer user_data)
{
  MusterHttpEntrance  *self = user_data;
  gint64               now = g_get_monotonic_time ();
  g_autofree gpointer *connections = g_hash_table_get_keys_as_array (self->connections, NULL);

  for (unsigned i = 0; connections[i] != NULL; i++)
    {
      MusterHttpConnection *connection = connections[i];
      gint64                elapsed = now - connection->since;

      if (connection->state == MUSTER_CONNECTION_HANDLING && connection->exchange != NULL &&
          elapsed > HANDLER_PATIENCE)
        muster_exchange_time_out (connection->exchange);
      else if (elapsed > muster_http_connection_get_patience (connection))
        muster_http_connection_shut (connection);
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
address_is_loopback (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

MusterHttpEntrance *
muster_http_entrance_new (GObject *owner, MusterEntranceGone gone)
{
  MusterHttpEntrance *self = g_new0 (MusterHttpEntrance, 1);

  self->owner = owner;
  self->gone = gone;
  self->endpoints = g_ptr_array_new_with_free_func (endpoint_free);
  self->connections =
    g_hash_table_new_full (NULL, NULL, (GDestroyNotify)muster_http_connection_free, NULL);
  return self;
}

void
muster_http_entrance_free (MusterHttpEntrance *self)
{
  muster_http_entrance_close (self);
  g_free (self->unix_path);
  g_ptr_array_unref (self->endpoints);
  g_hash_table_unref (self->connections);
  g_free (self);
}

void
muster_http_entrance_set_unix_path (MusterHttpEntrance *self, const char *path)
{
  g_set_str (&self->unix_path, path);
}

void
muster_http_entrance_add_tcp (MusterHttpEntrance *self,
                              const char         *address,
                              guint16             port,
                              GTlsCertificate    *certificate)
{
  Endpoint *endpoint = g_new0 (Endpoint, 1);

  endpoint->address = g_strdup (address);
  endpoint->port = port;
  endpoint->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  endpoint->entrance = self;
  g_ptr_array_add (self->endpoints, endpoint);
}

void
muster_http_entrance_set_asks (MusterHttpEntrance *self, gboolean asks)
{
  self->asks = asks;
}

gboolean
muster_http_entrance_open (MusterHttpEntrance *self, SoupServer *soup, GError **error)
{
  self->soup = soup;
  if (self->unix_path != NULL)
    {
      self->unix_listener =
        muster_http_listener_new_unix (self->unix_path, muster_http_entrance_unix_accepted_cb, self,
                                       error);
      if (self->unix_listener == NULL)
        return FALSE;
    }
  for (guint i = 0; i < self->endpoints->len; i++)
    {
      Endpoint *endpoint = self->endpoints->pdata[i];

      if (endpoint->certificate == NULL && !address_is_loopback (endpoint->address))
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                       "%s is not a loopback address: listening there needs a certificate",
                       endpoint->address);
          return FALSE;
        }
      endpoint->listener =
        muster_http_listener_new_tcp (endpoint->address, endpoint->port,
                                      muster_http_entrance_tcp_accepted_cb, endpoint, error);
      if (endpoint->listener == NULL)
        return FALSE;
    }
  self->sweep_id = g_timeout_add (SWEEP_MSEC, muster_http_entrance_sweep_cb, self);
  return TRUE;
}

void
muster_http_entrance_unlisten (MusterHttpEntrance *self)
{
  g_clear_pointer (&self->unix_listener, muster_http_listener_free);
  for (guint i = 0; i < self->endpoints->len; i++)
    g_clear_pointer (&((Endpoint *)self->endpoints->pdata[i])->listener, muster_http_listener_free);
}

void
muster_http_entrance_close (MusterHttpEntrance *self)
{
  muster_http_entrance_unlisten (self);
  self->soup = NULL;
  g_clear_handle_id (&self->sweep_id, g_source_remove);
}

unsigned
muster_http_entrance_count (MusterHttpEntrance *self)
{
  return g_hash_table_size (self->connections);
}

void
muster_http_entrance_shut (MusterHttpEntrance *self, gboolean only_idle)
{
  g_autofree gpointer *connections = g_hash_table_get_keys_as_array (self->connections, NULL);

  for (unsigned i = 0; connections[i] != NULL; i++)
    {
      MusterHttpConnection *connection = connections[i];

      if (!only_idle || connection->state == MUSTER_CONNECTION_IDLE ||
          connection->state == MUSTER_CONNECTION_NEW)
        muster_http_connection_shut (connection);
    }
}

char **
muster_http_entrance_list_uris (MusterHttpEntrance *self)
{
  g_autoptr (GStrvBuilder) uris = g_strv_builder_new ();

  for (guint i = 0; i < self->endpoints->len; i++)
    {
      Endpoint *endpoint = self->endpoints->pdata[i];
      g_autoptr (GSocketAddress) address = endpoint->listener != NULL
                                            ? muster_http_listener_dup_address (endpoint->listener)
                                            : NULL;

      if (address != NULL)
        g_strv_builder_take (
          uris, g_uri_join (G_URI_FLAGS_NONE, endpoint->certificate != NULL ? "https" : "http",
                            NULL, endpoint->address,
                            g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)), "",
                            NULL, NULL));
    }
  return g_strv_builder_end (uris);
}
