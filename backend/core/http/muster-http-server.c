/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-server"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#include "model/muster-error.h"
#include "muster-docs.h"
#include "muster-exchange.h"
#include "muster-http-entrance.h"
#include "muster-http-meter.h"
#include "muster-http-server-private.h"
#include "muster-live-hub.h"
#include "muster-request-private.h"
#include "muster-socket-io.h"

#define DRAIN_MSEC 5000

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

  char               *spool_folder; /* (owned) (nullable) */
  MusterHttpEntrance *entrance;     /* (owned) */

  SoupServer *soup;     /* (owned) (nullable): while it runs */
  int         mute_end; /* (owned) or -1 */
  unsigned    n_held;
  DexPromise *drained; /* (owned) (nullable): while it stops */
  unsigned    drain_id;
};

G_DEFINE_FINAL_TYPE (MusterHttpServer, muster_http_server, MUSTER_TYPE_SERVICE)

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
muster_http_server_check_drained (gpointer server)
{
  MusterHttpServer *self = server;

  if (self->drained != NULL && self->n_held == 0 &&
      muster_http_entrance_count (self->entrance) == 0 &&
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
    .summary =
      "Upgrade to the live stream, a WebSocket of JSON text frames; customers hear of their own orders and deliveries alone",
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

static void
muster_http_server_clear_soup (MusterHttpServer *self)
{
  muster_http_entrance_close (self->entrance);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_clear_fd (&self->mute_end, NULL);
  g_clear_handle_id (&self->drain_id, g_source_remove);
}

static DexFuture *
muster_http_server_start (MusterService *service)
{
  MusterHttpServer *self = MUSTER_HTTP_SERVER (service);
  GError           *error = NULL;

  if (!muster_http_server_make_soup (self, &error) ||
      !muster_http_entrance_open (self->entrance, self->soup, &error))
    {
      muster_http_server_clear_soup (self);
      return dex_future_new_for_error (error);
    }
  return dex_future_new_true ();
}

static gboolean
muster_http_server_drain_over_cb (gpointer user_data)
{
  MusterHttpServer *self = user_data;

  self->drain_id = 0;
  g_message ("%u connections and %u operations did not end in time",
             muster_http_entrance_count (self->entrance), self->n_held);
  muster_http_entrance_shut (self->entrance, FALSE);
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
  MusterHttpServer *self = MUSTER_HTTP_SERVER (service);
  DexFuture        *future;

  self->drained = dex_promise_new ();
  muster_http_entrance_unlisten (self->entrance);
  muster_live_hub_close (self->live);
  muster_http_entrance_shut (self->entrance, TRUE);
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
  g_clear_pointer (&self->entrance, muster_http_entrance_free);
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
  self->entrance = muster_http_entrance_new (G_OBJECT (self), muster_http_server_check_drained);
  self->meter = muster_http_meter_new ();
  self->policy = muster_http_policy_new ();
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

  muster_http_entrance_set_unix_path (self->entrance, path);
}

void
muster_http_server_set_asks (MusterHttpServer *self, gboolean asks)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self));

  muster_http_entrance_set_asks (self->entrance, asks);
}

void
muster_http_server_add_tcp (MusterHttpServer *self,
                            const char       *address,
                            guint16           port,
                            GTlsCertificate  *certificate)
{
  g_return_if_fail (MUSTER_IS_HTTP_SERVER (self) && self->soup == NULL && address != NULL);

  muster_http_entrance_add_tcp (self->entrance, address, port, certificate);
}

char **
muster_http_server_list_uris (MusterHttpServer *self)
{
  g_return_val_if_fail (MUSTER_IS_HTTP_SERVER (self), NULL);

  return muster_http_entrance_list_uris (self->entrance);
}

static void
muster_http_server_collect (GString *text, gpointer owner)
{
  muster_http_meter_append (MUSTER_HTTP_SERVER (owner)->meter, text);
}

static double
muster_http_server_read_connections (gpointer owner)
{
  return muster_http_entrance_count (MUSTER_HTTP_SERVER (owner)->entrance);
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
