/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-socket-io"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-http-server-private.h"
#include "muster-request-private.h"
#include "muster-socket-client.h"
#include "muster-socket-io.h"

#define MAX_SESSIONS 512
#define PROTOCOL "4"

struct _MusterSocketIo
{
  GObject           parent_instance;
  MusterHttpServer *server;  /* (unowned) (nullable) */
  GHashTable       *clients; /* (owned) (element-type utf8 MusterSocketClient): by session's id */
};

G_DEFINE_FINAL_TYPE (MusterSocketIo, muster_socket_io, G_TYPE_OBJECT)

/* --- who comes --- */

static DexFuture *
ask (gpointer owner, const char *token)
{
  MusterSocketIo *self = owner;

  if (self->server == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "the daemon is shutting down");
  return muster_http_server_authenticate (self->server, token);
}

static MusterLivePass *
make_pass (gpointer owner, const char *token, MusterActor *actor)
{
  return muster_http_server_make_token_pass (((MusterSocketIo *)owner)->server, token, actor);
}

static void
muster_socket_io_closed_cb (MusterSocketIo *self, MusterSocketClient *client)
{
  g_hash_table_remove (self->clients,
                       muster_engine_session_get_id (muster_socket_client_get_session (client)));
}

/* NULL where there are too many: borrowed. */
static MusterSocketClient *
muster_socket_io_open (MusterSocketIo *self, MusterRequest *request)
{
  MusterSocketClient *client;
  const char         *id;

  if (self->server == NULL || g_hash_table_size (self->clients) >= MAX_SESSIONS)
    return NULL;
  client = muster_socket_client_new (ask, make_pass, self,
                                     muster_http_server_make_pass (self->server, request),
                                     muster_request_get_actor (request));
  id = muster_engine_session_get_id (muster_socket_client_get_session (client));
  g_hash_table_insert (self->clients, g_strdup (id), client);
  g_signal_connect_object (client, "closed", G_CALLBACK (muster_socket_io_closed_cb), self,
                           G_CONNECT_SWAPPED);
  muster_live_hub_add (muster_http_server_get_live_hub (self->server),
                       MUSTER_LIVE_LISTENER (client));
  return client;
}

/* The session that REQUEST names, or NULL: borrowed. */
static MusterEngineSession *
muster_socket_io_find (MusterSocketIo *self, MusterRequest *request)
{
  const char         *id = muster_request_get_param_text (request, "sid");
  MusterSocketClient *client = id != NULL ? g_hash_table_lookup (self->clients, id) : NULL;

  return client != NULL ? muster_socket_client_get_session (client) : NULL;
}

/* --- requests --- */

/* What the protocol calls its errors. */
typedef enum
{
  UNKNOWN_TRANSPORT,
  UNKNOWN_SESSION,
  BAD_HANDSHAKE,
  BAD_REQUEST,
  FORBIDDEN,
  UNSUPPORTED_PROTOCOL,
} EngineError;

static DexFuture *
refuse (EngineError code)
{
  static const char *const messages[] = {
    [UNKNOWN_TRANSPORT] = "Transport unknown",
    [UNKNOWN_SESSION] = "Session ID unknown",
    [BAD_HANDSHAKE] = "Bad handshake method",
    [BAD_REQUEST] = "Bad request",
    [FORBIDDEN] = "Forbidden",
    [UNSUPPORTED_PROTOCOL] = "Unsupported protocol version",
  };
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"code\":%d,\"message\":\"%s\"}", code, messages[code]);
  return muster_response_resolve (muster_response_new_json (400, json));
}

/* TEXT is taken. */
static DexFuture *
respond_text (const char *type, char *text)
{
  gsize length = strlen (text);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, length);
  MusterResponse *response = muster_response_new_bytes (200, type, bytes);

  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

static DexFuture *
polled_cb (DexFuture *future, gpointer user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (value == NULL)
    return refuse (BAD_REQUEST);
  return respond_text ("text/plain; charset=UTF-8", g_value_dup_string (value));
}

/* What REQUEST asks for; -1: nothing is wrong with it. */
static int
check_request (MusterRequest *request)
{
  const char *transport = muster_request_get_param_text (request, "transport");

  if (g_strcmp0 (transport, "polling") != 0 && g_strcmp0 (transport, "websocket") != 0)
    return UNKNOWN_TRANSPORT;
  if (g_strcmp0 (muster_request_get_param_text (request, "EIO"), PROTOCOL) != 0)
    return UNSUPPORTED_PROTOCOL;
  return -1;
}

static gboolean
is_websocket (MusterRequest *request)
{
  return g_strcmp0 (muster_request_get_param_text (request, "transport"), "websocket") == 0;
}

static DexFuture *
muster_socket_io_handshake (MusterSocketIo *self, MusterRequest *request)
{
  MusterSocketClient *client = muster_socket_io_open (self, request);

  if (client == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "too many clients of Socket.IO: try again later");
  return respond_text ("text/plain; charset=UTF-8",
                       muster_engine_session_make_open (muster_socket_client_get_session (client),
                                                        FALSE));
}

DexFuture *
muster_socket_io_handle_get (MusterRequest *request, gpointer user_data)
{
  MusterSocketIo      *self = user_data;
  MusterEngineSession *session = muster_socket_io_find (self, request);
  int                  wrong = check_request (request);

  if (wrong >= 0)
    return refuse (wrong);
  if (muster_request_get_param_text (request, "sid") == NULL)
    return is_websocket (request) ? refuse (BAD_REQUEST)
                                  : muster_socket_io_handshake (self, request);
  if (session == NULL)
    return refuse (UNKNOWN_SESSION);
  if (is_websocket (request) || !muster_engine_session_is_polling (session))
    return refuse (BAD_REQUEST);
  return dex_future_finally (muster_engine_session_poll (session), polled_cb, NULL, NULL);
}

static DexFuture *
muster_socket_io_handle_post (MusterRequest *request, gpointer user_data)
{
  MusterEngineSession *session = muster_socket_io_find (user_data, request);
  int                  wrong = check_request (request);

  if (wrong >= 0)
    return refuse (wrong);
  if (muster_request_get_param_text (request, "sid") == NULL)
    return refuse (BAD_HANDSHAKE);
  if (session == NULL)
    return refuse (UNKNOWN_SESSION);
  if (is_websocket (request) || !muster_engine_session_is_polling (session) ||
      !muster_engine_session_post (session, muster_request_get_body (request), NULL))
    return refuse (BAD_REQUEST);
  return respond_text ("text/html", g_strdup ("ok"));
}

/* --- WebSockets --- */

gboolean
muster_socket_io_takes_upgrade (MusterSocketIo *self, MusterRequest *request)
{
  const char          *id = muster_request_get_param_text (request, "sid");
  MusterEngineSession *session = muster_socket_io_find (self, request);

  /* A page of any origin may ask: nobody is let in but by a token that the page itself has. */
  if (check_request (request) >= 0 || !is_websocket (request))
    return FALSE;
  return id == NULL ? g_hash_table_size (self->clients) < MAX_SESSIONS
                    : session != NULL && muster_engine_session_is_polling (session);
}

void
muster_socket_io_accept (MusterSocketIo *self, MusterRequest *request, GIOStream *stream, GUri *uri)
{
  MusterEngineSession *session = muster_socket_io_find (self, request);
  MusterSocketClient  *client = NULL;

  if (muster_request_get_param_text (request, "sid") == NULL)
    client = muster_socket_io_open (self, request);
  if (client != NULL)
    session = muster_socket_client_get_session (client);
  if (session != NULL)
    muster_engine_session_accept (session, stream, uri, client != NULL);
  else
    g_io_stream_close (stream, NULL, NULL);
}

/* --- life --- */

static void
muster_socket_io_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_SOCKET_IO (object)->clients, g_hash_table_unref);
  G_OBJECT_CLASS (muster_socket_io_parent_class)->finalize (object);
}

static void
muster_socket_io_class_init (MusterSocketIoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_socket_io_finalize;
}

static void
muster_socket_io_init (MusterSocketIo *self)
{
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

MusterSocketIo *
muster_socket_io_new (MusterHttpServer *server)
{
  MusterSocketIo *self = g_object_new (MUSTER_TYPE_SOCKET_IO, NULL);

  self->server = server;
  return self;
}

void
muster_socket_io_detach (MusterSocketIo *self)
{
  g_return_if_fail (MUSTER_IS_SOCKET_IO (self));

  self->server = NULL;
  g_hash_table_remove_all (self->clients);
}

/* clang-format off */
static const MusterField query[] = {
  { "EIO", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 16, .label = N_("Protocol"), .doc = "Of Engine.IO: 4." },
  { "transport", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 32, .label = N_("Transport"), .doc = "polling, or websocket to upgrade." },
  { "sid", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 64, .label = N_("Session"), .doc = "As the first answer names it." },
};
static const MusterShape packets_shape = { .doc = "Packets of Engine.IO 4, joined by 0x1e.", .media_type = "text/plain" };
static const MusterShape posted_shape = { .doc = "Packets of Engine.IO 4, joined by 0x1e.", .media_type = "*/*" };
static const MusterShape taken_shape = { .doc = "ok", .media_type = "text/html" };

static const MusterRoute routes[] = {
  { "GET", "/socket.io", "pollSocketIo", "monitoring", "Socket.IO 5: open a session, wait for what it is told, or upgrade to a WebSocket", muster_socket_io_handle_get, MUSTER_ROUTE_PUBLIC | MUSTER_ROUTE_IDENTIFY | MUSTER_ROUTE_OPEN_QUERY, .query = query, .n_query = G_N_ELEMENTS (query), .response = &packets_shape },
  { "POST", "/socket.io", "postSocketIo", "monitoring", "Socket.IO 5: say something", muster_socket_io_handle_post, MUSTER_ROUTE_PUBLIC | MUSTER_ROUTE_IDENTIFY | MUSTER_ROUTE_OPEN_QUERY | MUSTER_ROUTE_RAW, .query = query, .n_query = G_N_ELEMENTS (query), .request = &posted_shape, .response = &taken_shape, .body_limit = MUSTER_ENGINE_MAX_PAYLOAD },
};
/* clang-format on */

void
muster_socket_io_add (MusterSocketIo *self, MusterRouter *router)
{
  g_return_if_fail (MUSTER_IS_SOCKET_IO (self));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (self));
}
