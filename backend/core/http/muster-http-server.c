/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-server"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#include "model/muster-error.h"
#include "muster-docs.h"
#include "muster-exchange.h"
#include "muster-http-listener.h"
#include "muster-http-meter.h"
#include "muster-http-server-private.h"
#include "muster-live-hub.h"
#include "muster-request-private.h"
#include "muster-socket-io.h"

#define MAX_CONNECTIONS 512
#define HANDLER_PATIENCE (60 * G_USEC_PER_SEC)
#define SWEEP_MSEC 1000
#define DRAIN_MSEC 5000

typedef struct
{
  char               *address; /* (owned) */
  guint16             port;
  GTlsCertificate    *certificate; /* (owned) (nullable) */
  MusterHttpListener *listener;    /* (owned) (nullable) */
  MusterHttpServer   *server;
} Endpoint;

struct _MusterHttpServer
{
  MusterService parent_instance;

  MusterRouter      *router;    /* (owned) */
  MusterBus         *bus;       /* (owned) (nullable) */
  MusterLiveHub     *live;      /* (owned) */
  MusterSocketIo    *socket_io; /* (owned) */
  MusterRetries     *retries;   /* (owned) */
  MusterHttpMeter   *meter;     /* (owned) */
  MusterHttpPolicy  *policy;    /* (owned) */
  MusterDatabase    *database;  /* (owned) (nullable) */
  MusterAuthenticate authenticate;
  gpointer           authenticate_data;
  GDestroyNotify     authenticate_destroy;
  MusterIdentify     identify;
  gpointer           identify_data;

  char               *spool_folder;  /* (owned) (nullable) */
  char               *unix_path;     /* (owned) (nullable) */
  MusterHttpListener *unix_listener; /* (owned) (nullable) */
  GPtrArray          *endpoints;     /* (owned) (element-type Endpoint) */
  gint64              group;

  SoupServer *soup;        /* (owned) (nullable): while it runs */
  int         mute_end;    /* (owned) or -1 */
  GHashTable *connections; /* (owned) (element-type MusterHttpConnection), a set */
  unsigned    n_held;
  unsigned    sweep_id;
  DexPromise *drained; /* (owned) (nullable): while it stops */
  unsigned    drain_id;
};

G_DEFINE_FINAL_TYPE (MusterHttpServer, muster_http_server, MUSTER_TYPE_SERVICE)

static void
endpoint_free (gpointer data)
{
  Endpoint *endpoint = data;

  g_clear_pointer (&endpoint->listener, muster_http_listener_free);
  g_clear_object (&endpoint->certificate);
  g_free (endpoint->address);
  g_free (endpoint);
}

/* --- what exchanges need --- */

MusterRouter *
muster_http_server_get_router (MusterHttpServer *self)
{
  return self->router;
}

DexFuture *
muster_http_server_authenticate (MusterHttpServer *self, const char *token)
{
  if (self->authenticate == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                                  "this daemon takes no tokens");
  return self->authenticate (token, self->authenticate_data);
}

const char *
muster_http_server_get_spool_folder (MusterHttpServer *self)
{
  return self->spool_folder != NULL ? self->spool_folder : g_get_tmp_dir ();
}

DexFuture *
muster_http_server_identify (MusterHttpServer *self, MusterActor *local)
{
  if (self->identify == NULL)
    return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR, muster_actor_ref (local));
  return self->identify (local, self->identify_data);
}

static DexFuture *
ask_server (gpointer server, const char *token, MusterActor *local)
{
  return token != NULL ? muster_http_server_authenticate (server, token)
                       : muster_http_server_identify (server, local);
}

MusterLivePass *
muster_http_server_make_pass (MusterHttpServer *self, MusterRequest *request)
{
  const char  *token = muster_request_get_bearer (request);
  MusterActor *local = token == NULL ? request->local : NULL;

  if (request->actor == NULL || (token == NULL && local == NULL))
    return NULL;
  return muster_live_pass_new (ask_server, self, token, local, request->actor);
}

MusterLivePass *
muster_http_server_make_token_pass (MusterHttpServer *self, const char *token, MusterActor *actor)
{
  return muster_live_pass_new (ask_server, self, token, NULL, actor);
}

MusterHttpPolicy *
muster_http_server_get_policy (MusterHttpServer *self)
{
  return self->policy;
}

MusterRetries *
muster_http_server_get_retries (MusterHttpServer *self)
{
  return self->retries;
}

void
muster_http_server_count (MusterHttpServer       *self,
                          const MusterRouteEntry *entry,
                          unsigned                status,
                          gint64                  elapsed)
{
  muster_http_meter_count (self->meter, entry, status, elapsed);
}

MusterLiveHub *
muster_http_server_get_live_hub (MusterHttpServer *self)
{
  return self->live;
}

gboolean
muster_http_server_is_draining (MusterHttpServer *self)
{
  return self->drained != NULL;
}

static void
muster_http_server_check_drained (MusterHttpServer *self)
{
  if (self->drained != NULL && self->n_held == 0 && g_hash_table_size (self->connections) == 0 &&
      dex_future_is_pending (DEX_FUTURE (self->drained)))
    dex_promise_resolve_boolean (self->drained, TRUE);
}

void
muster_http_server_hold (MusterHttpServer *self)
{
  self->n_held++;
}

void
muster_http_server_release (MusterHttpServer *self)
{
  g_assert (self->n_held > 0);
  self->n_held--;
  muster_http_server_check_drained (self);
}

/* --- connections --- */

typedef struct
{
  MusterHttpServer     *server;
  MusterHttpConnection *connection;
} Tie;

static void
muster_http_server_pause_listeners (MusterHttpServer *self, gboolean paused)
{
  if (self->unix_listener != NULL)
    muster_http_listener_set_paused (self->unix_listener, paused);
  for (guint i = 0; i < self->endpoints->len; i++)
    if (((Endpoint *)self->endpoints->pdata[i])->listener != NULL)
      muster_http_listener_set_paused (((Endpoint *)self->endpoints->pdata[i])->listener, paused);
}

static void
muster_http_server_stream_gone_cb (gpointer data, GObject *where_the_object_was)
{
  Tie              *tie = data;
  MusterHttpServer *self = tie->server;

  if (tie->connection->exchange != NULL)
    muster_exchange_lose_connection (tie->connection->exchange);
  g_hash_table_remove (self->connections, tie->connection);
  if (g_hash_table_size (self->connections) == MAX_CONNECTIONS - 1)
    muster_http_server_pause_listeners (self, FALSE);
  muster_http_server_check_drained (self);
  g_object_unref (self);
  g_free (tie);
}

/* Takes the place of the one that has been idle longest. */
static gboolean
muster_http_server_make_room (MusterHttpServer *self)
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
muster_http_server_admit (MusterHttpServer     *self,
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
  MusterHttpServer     *server; /* (owned) */
  MusterHttpConnection *connection;
} Handshake;

static void
muster_http_server_handshake_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Handshake *handshake = user_data;
  g_autoptr (MusterHttpServer) self = handshake->server;
  g_autoptr (GError) error = NULL;

  /* The connection outlives its stream's base, which the TLS stream holds. */
  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (object), result, &error))
    g_debug ("%s: %s", handshake->connection->remote, error->message);
  else if (self->soup != NULL && handshake->connection->state == MUSTER_CONNECTION_NEW)
    muster_http_server_admit (self, handshake->connection, G_IO_STREAM (object));
}

static void
muster_http_server_begin_tls (MusterHttpServer     *self,
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
  handshake = g_new (Handshake, 1);
  *handshake = (Handshake){ g_object_ref (self), connection };
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, NULL,
                                    muster_http_server_handshake_cb, handshake);
}

static void
muster_http_server_accept (MusterHttpServer *self, GSocket *socket, GTlsCertificate *certificate)
{
  g_autoptr (GIOStream) stream = NULL;
  MusterHttpConnection *connection;
  Tie                  *tie;

  if (!muster_http_server_make_room (self))
    {
      g_message ("%u connections are open: further ones wait",
                 g_hash_table_size (self->connections));
      muster_http_server_pause_listeners (self, TRUE);
    }
  stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  connection = muster_http_connection_new (socket, self->group);
  connection->is_tls = certificate != NULL;
  g_hash_table_add (self->connections, connection);
  tie = g_new (Tie, 1);
  *tie = (Tie){ g_object_ref (self), connection };
  g_object_weak_ref (G_OBJECT (stream), muster_http_server_stream_gone_cb, tie);
  if (certificate != NULL)
    muster_http_server_begin_tls (self, connection, stream, certificate);
  else
    muster_http_server_admit (self, connection, stream);
}

static void
muster_http_server_unix_accepted_cb (GSocket *socket, gpointer user_data)
{
  muster_http_server_accept (user_data, socket, NULL);
}

static void
muster_http_server_tcp_accepted_cb (GSocket *socket, gpointer user_data)
{
  Endpoint *endpoint = user_data;

  muster_http_server_accept (endpoint->server, socket, endpoint->certificate);
}

/* Ends what takes longer than it may. */
static gboolean
muster_http_server_sweep_cb (gpointer user_data)
{
  MusterHttpServer    *self = user_data;
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

/* --- libsoup's callbacks --- */

static void
muster_http_server_early_cb (SoupServer        *soup,
                             SoupServerMessage *msg,
                             const char        *path,
                             GHashTable        *query,
                             gpointer           user_data)
{
  muster_exchange_begin (user_data, msg);
}

static void
muster_http_server_handle_cb (SoupServer        *soup,
                              SoupServerMessage *msg,
                              const char        *path,
                              GHashTable        *query,
                              gpointer           user_data)
{
  muster_exchange_handle (msg);
}

static void
muster_http_server_request_started_cb (SoupServer *soup, SoupServerMessage *msg, gpointer user_data)
{
  MusterHttpConnection *connection =
    muster_http_connection_find (soup_server_message_get_remote_address (msg));

  if (connection != NULL && connection->state == MUSTER_CONNECTION_IDLE)
    muster_http_connection_set_state (connection, MUSTER_CONNECTION_HEADERS);
  muster_exchange_prepare (msg);
}

static void
muster_http_server_request_finished_cb (SoupServer        *soup,
                                        SoupServerMessage *msg,
                                        gpointer           user_data)
{
  MusterHttpServer     *self = user_data;
  MusterHttpConnection *connection =
    muster_http_connection_find (soup_server_message_get_remote_address (msg));

  muster_exchange_end (msg, TRUE);
  if (connection != NULL && muster_http_server_is_draining (self))
    muster_http_connection_shut (connection);
}

static void
muster_http_server_request_aborted_cb (SoupServer *soup, SoupServerMessage *msg, gpointer user_data)
{
  muster_exchange_end (msg, FALSE);
}

/* --- life --- */

static const MusterShape openapi_shape = {
  .schema = "OpenApi",
  .doc = "An OpenAPI 3.1 document.",
};
static const MusterShape page_shape = { .doc = "A page.", .media_type = "text/html" };

static const MusterRoute own_routes[] = {
  {
    .method = "GET",
    .path = "/ws/monitoring",
    .operation = "openLiveStream",
    .tag = "monitoring",
    .summary = "Upgrade to the live stream, a WebSocket of JSON text frames",
    .handler = muster_exchange_handle_live,
    .status = 101,
  },
  {
    .method = "GET",
    .path = "/openapi.json",
    .operation = "getOpenApi",
    .tag = "operations",
    .summary = "This API as an OpenAPI document",
    .handler = muster_docs_handle_openapi,
    .flags = MUSTER_ROUTE_PUBLIC,
    .response = &openapi_shape,
  },
  {
    .method = "GET",
    .path = "/docs",
    .operation = "getDocs",
    .tag = "operations",
    .summary = "This API as a page for people",
    .handler = muster_docs_handle_page,
    .flags = MUSTER_ROUTE_PUBLIC,
    .response = &page_shape,
  },
};

/* libsoup keeps connections alive only while it has a listener. This one never hears anything: the
 * other end stays with us. */
static gboolean
muster_http_server_add_mute_listener (MusterHttpServer *self, GError **error)
{
  g_autoptr (GSocket) mute = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "no socket pair: %s",
                   g_strerror (errno));
      return FALSE;
    }
  self->mute_end = ends[1];
  mute = g_socket_new_from_fd (ends[0], error);
  return mute != NULL && soup_server_listen_socket (self->soup, mute, 0, error);
}

static gboolean
muster_http_server_make_soup (MusterHttpServer *self, GError **error)
{
  self->soup = soup_server_new ("raw-paths", TRUE, "server-header", "muster", NULL);
  if (!muster_http_server_add_mute_listener (self, error))
    return FALSE;
  soup_server_add_early_handler (self->soup, NULL, muster_http_server_early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, muster_http_server_handle_cb, self, NULL);
  g_signal_connect_object (self->soup, "request-started",
                           G_CALLBACK (muster_http_server_request_started_cb), self, 0);
  g_signal_connect_object (self->soup, "request-finished",
                           G_CALLBACK (muster_http_server_request_finished_cb), self, 0);
  g_signal_connect_object (self->soup, "request-aborted",
                           G_CALLBACK (muster_http_server_request_aborted_cb), self, 0);
  return TRUE;
}

static gboolean
address_is_loopback (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
muster_http_server_listen (MusterHttpServer *self, GError **error)
{
  if (self->unix_path != NULL)
    {
      self->unix_listener =
        muster_http_listener_new_unix (self->unix_path, muster_http_server_unix_accepted_cb, self,
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
                                      muster_http_server_tcp_accepted_cb, endpoint, error);
      if (endpoint->listener == NULL)
        return FALSE;
    }
  return TRUE;
}

static void
muster_http_server_unlisten (MusterHttpServer *self)
{
  g_clear_pointer (&self->unix_listener, muster_http_listener_free);
  for (guint i = 0; i < self->endpoints->len; i++)
    g_clear_pointer (&((Endpoint *)self->endpoints->pdata[i])->listener, muster_http_listener_free);
}

static void
muster_http_server_clear_soup (MusterHttpServer *self)
{
  muster_http_server_unlisten (self);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_clear_fd (&self->mute_end, NULL);
  g_clear_handle_id (&self->sweep_id, g_source_remove);
  g_clear_handle_id (&self->drain_id, g_source_remove);
}

static DexFuture *
muster_http_server_start (MusterService *service)
{
  MusterHttpServer *self = MUSTER_HTTP_SERVER (service);
  GError           *error = NULL;

  if (!muster_http_server_make_soup (self, &error) || !muster_http_server_listen (self, &error))
    {
      muster_http_server_clear_soup (self);
      return dex_future_new_for_error (error);
    }
  self->sweep_id = g_timeout_add (SWEEP_MSEC, muster_http_server_sweep_cb, self);
  return dex_future_new_true ();
}

static gboolean
muster_http_server_drain_over_cb (gpointer user_data)
{
  MusterHttpServer    *self = user_data;
  g_autofree gpointer *connections = g_hash_table_get_keys_as_array (self->connections, NULL);

  self->drain_id = 0;
  g_message ("%u connections and %u operations did not end in time",
             g_hash_table_size (self->connections), self->n_held);
  for (unsigned i = 0; connections[i] != NULL; i++)
    muster_http_connection_shut (connections[i]);
  if (dex_future_is_pending (DEX_FUTURE (self->drained)))
    dex_promise_resolve_boolean (self->drained, FALSE);
  return G_SOURCE_REMOVE;
}

static DexFuture *
muster_http_server_drained_cb (DexFuture *future, gpointer user_data)
{
  muster_http_server_clear_soup (user_data);
  return dex_future_new_true ();
}

/* No newcomers; the idle ones go at once, the others when they have their answer. */
static DexFuture *
muster_http_server_stop (MusterService *service)
{
  MusterHttpServer    *self = MUSTER_HTTP_SERVER (service);
  g_autofree gpointer *connections = g_hash_table_get_keys_as_array (self->connections, NULL);
  DexFuture           *future;

  self->drained = dex_promise_new ();
  muster_http_server_unlisten (self);
  muster_live_hub_close (self->live);
  for (unsigned i = 0; connections[i] != NULL; i++)
    {
      MusterHttpConnection *connection = connections[i];

      if (connection->state == MUSTER_CONNECTION_IDLE || connection->state == MUSTER_CONNECTION_NEW)
        muster_http_connection_shut (connection);
    }
  self->drain_id = g_timeout_add (DRAIN_MSEC, muster_http_server_drain_over_cb, self);
  future = dex_future_finally (dex_ref (DEX_FUTURE (self->drained)), muster_http_server_drained_cb,
                               g_object_ref (self), g_object_unref);
  muster_http_server_check_drained (self);
  return future;
}

static void
muster_http_server_dispose (GObject *object)
{
  MusterHttpServer *self = MUSTER_HTTP_SERVER (object);

  muster_http_server_clear_soup (self);
  G_OBJECT_CLASS (muster_http_server_parent_class)->dispose (object);
}

static void
muster_http_server_finalize (GObject *object)
{
  MusterHttpServer *self = MUSTER_HTTP_SERVER (object);

  muster_http_server_set_authenticate (self, NULL, NULL, NULL);
  g_clear_pointer (&self->spool_folder, g_free);
  g_clear_pointer (&self->unix_path, g_free);
  g_clear_pointer (&self->endpoints, g_ptr_array_unref);
  g_clear_pointer (&self->connections, g_hash_table_unref);
  dex_clear (&self->drained);
  muster_socket_io_detach (self->socket_io);
  g_clear_object (&self->socket_io);
  g_clear_object (&self->live);
  g_clear_object (&self->retries);
  g_clear_pointer (&self->meter, muster_http_meter_free);
  g_clear_pointer (&self->policy, muster_http_policy_free);
  g_clear_object (&self->router);
  g_clear_object (&self->bus);
  g_clear_object (&self->database);
  G_OBJECT_CLASS (muster_http_server_parent_class)->finalize (object);
}

static void
muster_http_server_class_init (MusterHttpServerClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_http_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_http_server_finalize;
  service_class->name = "http";
  service_class->start = muster_http_server_start;
  service_class->stop = muster_http_server_stop;
}

static void
muster_http_server_init (MusterHttpServer *self)
{
  self->endpoints = g_ptr_array_new_with_free_func (endpoint_free);
  self->connections =
    g_hash_table_new_full (NULL, NULL, (GDestroyNotify)muster_http_connection_free, NULL);
  self->meter = muster_http_meter_new ();
  self->policy = muster_http_policy_new ();
  self->group = -1;
  self->mute_end = -1;
}

MusterHttpServer *
muster_http_server_new (MusterRouter *router, MusterBus *bus, MusterDatabase *database)
{
  g_autoptr (MusterDocs) docs = NULL;
  MusterHttpServer *self;

  g_return_val_if_fail (MUSTER_IS_ROUTER (router), NULL);

  self = g_object_new (MUSTER_TYPE_HTTP_SERVER, NULL);
  self->router = g_object_ref (router);
  self->bus = bus != NULL ? g_object_ref (bus) : NULL;
  self->database = database != NULL ? g_object_ref (database) : NULL;
  self->live = muster_live_hub_new (bus, database);
  self->socket_io = muster_socket_io_new (self);
  muster_socket_io_add (self->socket_io, router);
  self->retries = muster_retries_new (database);
  docs = muster_docs_new (router);
  muster_router_add (router, own_routes, G_N_ELEMENTS (own_routes), G_OBJECT (docs));
  return self;
}

void
muster_http_server_set_authenticate (MusterHttpServer  *self,
                                     MusterAuthenticate authenticate,
                                     gpointer           user_data,
                                     GDestroyNotify     destroy)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self));

  if (self->authenticate_destroy != NULL)
    self->authenticate_destroy (self->authenticate_data);
  self->authenticate = authenticate;
  self->authenticate_data = user_data;
  self->authenticate_destroy = destroy;
}

void
muster_http_server_set_spool_folder (MusterHttpServer *self, const char *folder)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self));

  g_set_str (&self->spool_folder, folder);
}

void
muster_http_server_set_identify (MusterHttpServer *self,
                                 MusterIdentify    identify,
                                 gpointer          user_data)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self));

  self->identify = identify;
  self->identify_data = user_data;
}

void
muster_http_server_recheck_live (MusterHttpServer *self)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self));

  muster_live_hub_recheck (self->live);
}

void
muster_http_server_set_settings (MusterHttpServer *self, MusterSettings *settings)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self));

  muster_http_policy_set_settings (self->policy, settings);
}

void
muster_http_server_set_unix_path (MusterHttpServer *self, const char *path)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self) && self->soup == NULL);

  g_set_str (&self->unix_path, path);
}

void
muster_http_server_add_tcp (MusterHttpServer *self,
                            const char       *address,
                            guint16           port,
                            GTlsCertificate  *certificate)
{
  Endpoint *endpoint;

  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self) && self->soup == NULL && address != NULL);

  endpoint = g_new0 (Endpoint, 1);
  endpoint->address = g_strdup (address);
  endpoint->port = port;
  endpoint->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  endpoint->server = self;
  g_ptr_array_add (self->endpoints, endpoint);
}

char **
muster_http_server_list_uris (MusterHttpServer *self)
{
  g_autoptr (GStrvBuilder) uris = g_strv_builder_new ();

  g_return_val_if_fail (MUSTER_IS_HTTP_SERVER (self), NULL);

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

static void
muster_http_server_collect (GString *text, gpointer owner)
{
  muster_http_meter_append (MUSTER_HTTP_SERVER (owner)->meter, text);
}

static double
muster_http_server_read_connections (gpointer owner)
{
  return g_hash_table_size (MUSTER_HTTP_SERVER (owner)->connections);
}

static double
muster_http_server_read_live_clients (gpointer owner)
{
  return muster_live_hub_get_n_clients (MUSTER_HTTP_SERVER (owner)->live);
}

void
muster_http_server_add_metrics (MusterHttpServer *self, MusterMetrics *metrics)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self) && MUSTER_IS_METRICS (metrics));

  muster_metrics_add_collector (metrics, G_OBJECT (self), muster_http_server_collect);
  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "muster_http_connections",
                      "Connections that are open.", NULL, G_OBJECT (self),
                      muster_http_server_read_connections);
  muster_metrics_add (metrics, MUSTER_METRICS_GAUGE, "muster_live_clients",
                      "Live streams that are open.", NULL, G_OBJECT (self),
                      muster_http_server_read_live_clients);
}
