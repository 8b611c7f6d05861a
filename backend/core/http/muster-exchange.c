/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-exchange"

#include "config.h"

#include <string.h>

#include "model/muster-person.h"
#include "muster-exchange-private.h"

#define MAX_HEADERS 100
#define MAX_HEADER_BYTES (32 * 1024)

static G_DEFINE_QUARK (muster - exchange, exchange);

MusterExchange *
muster_exchange_ref (MusterExchange *self)
{
  return g_rc_box_acquire (self);
}

static void
muster_exchange_clear (gpointer data)
{
  MusterExchange *self = data;

  g_clear_object (&self->request);
  g_clear_object (&self->answer);
  g_clear_pointer (&self->spool_checksum, g_checksum_free);
  g_clear_pointer (&self->idempotency_hash, g_free);
  g_clear_pointer (&self->uri, g_uri_unref);
  dex_clear (&self->pending);
  g_clear_object (&self->server);
}

void
muster_exchange_unref (MusterExchange *self)
{
  g_rc_box_release_full (self, muster_exchange_clear);
}

static void
muster_exchange_detach (MusterExchange *self)
{
  if (self->connection != NULL)
    self->connection->exchange = NULL;
  self->connection = NULL;
  self->msg = NULL;
}

static void
muster_exchange_message_gone (gpointer data)
{
  muster_exchange_detach (data);
  muster_exchange_unref (data);
}

void
muster_exchange_lose_connection (MusterExchange *self)
{
  self->connection = NULL;
}

static gboolean
id_is_fine (const char *id)
{
  gsize length = strlen (id);

  return length > 0 && length <= 64 &&
         strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

/* The client's own id where it is fit for a log, else one that no other request of this run has. */
static void
make_request_id (SoupMessageHeaders *headers, char *buffer, gsize size)
{
  static guint32 run;
  static guint64 counter;
  const char    *given = soup_message_headers_get_one (headers, "X-Request-Id");

  if (run == 0)
    run = g_random_int () | 1;
  if (given != NULL && id_is_fine (given))
    g_strlcpy (buffer, given, size);
  else
    g_snprintf (buffer, size, "%08x-%" G_GUINT64_FORMAT, run, ++counter);
}

static MusterExchange *
muster_exchange_new (MusterHttpServer     *server,
                     SoupServerMessage    *msg,
                     MusterHttpConnection *connection)
{
  MusterExchange     *self = g_rc_box_new0 (MusterExchange);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (msg);
  char                id[65];

  make_request_id (headers, id, sizeof id);
  self->server = g_object_ref (server);
  self->msg = msg;
  self->connection = connection;
  self->started = g_get_monotonic_time ();
  self->request = muster_request_new (id, g_intern_string (soup_server_message_get_method (msg)),
                                      headers, connection->actor, connection->remote);
  self->request->is_tls = connection->is_tls;
  g_set_object (&self->request->certificate, connection->certificate);
  self->uri = g_uri_ref (soup_server_message_get_uri (msg));
  self->has_body = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED ||
                   soup_message_headers_get_content_length (headers) != 0;
  self->body_limit = MUSTER_BODY_DEFAULT_LIMIT;
  g_object_set_qdata_full (G_OBJECT (msg), exchange_quark (), muster_exchange_ref (self),
                           muster_exchange_message_gone);
  connection->exchange = self;
  return self;
}

void
muster_exchange_log (MusterExchange *self)
{
  MusterRequest *request = self->request;
  gint64         elapsed = g_get_monotonic_time () - self->started;

  muster_http_server_count (self->server, request->entry, self->status, elapsed);
  if (g_log_writer_default_would_drop (G_LOG_LEVEL_INFO, "muster-access"))
    return;
  g_log ("muster-access", G_LOG_LEVEL_INFO,
         "%s %s %u %" G_GSIZE_FORMAT " %" G_GINT64_FORMAT "µs %s %s", request->method,
         g_uri_get_path (self->uri), self->status, self->sent_bytes, elapsed,
         request->actor != NULL ? muster_actor_to_string (request->actor) : "-", request->id);
}

/* --- before the body --- */

void
muster_exchange_prepare (SoupServerMessage *msg)
{
  static const char unreadable[] =
    "{\"type\":\"/docs#problem-malformed\",\"title\":\"The request cannot be read\",\"status\":400,"
    "\"detail\":\"the request is not well-formed HTTP\"}";

  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);

  soup_message_headers_append (headers, "Content-Type", "application/problem+json");
  soup_message_headers_append (headers, "Connection", "close");
  soup_message_body_append (soup_server_message_get_response_body (msg), SOUP_MEMORY_STATIC,
                            unreadable, sizeof unreadable - 1);
}

static void
muster_exchange_unprepare (MusterExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->msg);

  soup_message_headers_remove (headers, "Content-Type");
  soup_message_headers_remove (headers, "Connection");
  soup_message_body_truncate (soup_server_message_get_response_body (self->msg));
}

static gboolean
muster_exchange_check_headers (MusterExchange *self, GError **error)
{
  SoupMessageHeadersIter iter;
  const char            *name, *value;
  unsigned               n = 0;
  gsize                  bytes = 0;

  soup_message_headers_iter_init (&iter, self->request->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      n++;
      bytes += strlen (name) + strlen (value);
    }
  if (soup_message_headers_get_content_length (self->request->headers) < 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "Content-Length must not be negative");
      return FALSE;
    }
  if (n <= MAX_HEADERS && bytes <= MAX_HEADER_BYTES)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
               "the request has more than %d header fields or %d bytes of them", MAX_HEADERS,
               MAX_HEADER_BYTES);
  return FALSE;
}

static void
muster_exchange_answer_options (MusterExchange *self, const char *allow)
{
  MusterResponse *response = muster_response_new (204);

  muster_response_set_header (response, "Allow", allow);
  /* A browser asks before it sends what a page of another origin wants (Fetch, CORS preflight). */
  if (muster_request_get_header (self->request, "Origin") != NULL &&
      muster_request_get_header (self->request, "Access-Control-Request-Method") != NULL)
    {
      muster_response_set_header (response, "Access-Control-Allow-Methods", allow);
      muster_response_set_header (response, "Access-Control-Allow-Headers",
                                  "Authorization, Content-Type, If-Match, If-None-Match, "
                                  "Idempotency-Key, X-Request-Id");
      muster_response_set_header (response, "Access-Control-Max-Age", "600");
    }
  muster_exchange_respond (self, response);
}

static void
muster_exchange_refuse_method (MusterExchange *self, const char *allow)
{
  g_autoptr (GString) json = g_string_new (NULL);
  MusterResponse *response;

  g_string_printf (
    json,
    "{\"type\":\"/docs#problem-method\",\"title\":\"The method is not taken\",\"status\":405,\"detail\":\"this path takes %s\",\"instance\":\"%s\"}",
    allow, self->request->id);
  response = muster_response_new_json (405, g_steal_pointer (&json));
  response->media_type = "application/problem+json";
  muster_response_set_header (response, "Allow", allow);
  muster_exchange_respond (self, response);
}

/* Finds the route; otherwise answers. */
static gboolean
muster_exchange_match (MusterExchange *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *allow = NULL;

  if (muster_exchange_check_headers (self, &error) &&
      muster_path_parse (&self->request->path, g_uri_get_path (self->uri), &error))
    self->request->entry =
      muster_router_match (muster_http_server_get_router (self->server), self->request->method,
                           &self->request->path, &allow);
  if (self->request->entry != NULL)
    return TRUE;
  if (allow != NULL && strcmp (self->request->method, "OPTIONS") == 0)
    muster_exchange_answer_options (self, allow);
  else if (allow != NULL)
    muster_exchange_refuse_method (self, allow);
  else
    {
      if (error == NULL)
        error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                     "there is nothing at this path");
      muster_exchange_refuse (self, error);
    }
  return FALSE;
}

static gboolean
muster_exchange_check_actor (MusterExchange *self, GError **error)
{
  const MusterRouteEntry *entry = self->request->entry;
  MusterActor            *actor = self->request->actor;
  g_autofree char        *roles = NULL;

  if ((entry->roles & MUSTER_ROLES_NOBODY) != 0 ||
      muster_actor_get_kind (actor) == MUSTER_ACTOR_SYSTEM ||
      (entry->roles & MUSTER_ROLES_OF (muster_actor_get_role (actor))) != 0)
    return TRUE;
  roles = muster_roles_to_string (entry->roles);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
               "%s is for these roles: %s; yours is %s", entry->route->operation, roles,
               muster_enum_get_nick (&muster_role_enum, muster_actor_get_role (actor)));
  return FALSE;
}

static void
muster_exchange_got_chunk_cb (SoupServerMessage *msg, GBytes *chunk, gpointer user_data)
{
  MusterExchange *self = user_data;
  g_autoptr (GError) error = NULL;

  self->body_bytes += g_bytes_get_size (chunk);
  if (self->is_responded)
    return;
  if (self->body_bytes > self->body_limit)
    error = g_error_new (MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                         "the body is larger than %" G_GSIZE_FORMAT " bytes", self->body_limit);
  else if (self->spool_checksum == NULL || muster_exchange_spool (self, chunk, &error))
    return;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (msg), FALSE);
  muster_exchange_refuse (self, error);
}

/* Those on this machine's socket are not limited. FALSE once it is refused. */
static gboolean
muster_exchange_take_rate (MusterExchange *self, MusterRateLimit *limit, const char *name)
{
  g_autoptr (GError) error = NULL;

  if (self->connection->is_unix || muster_rate_limit_take (limit, name, self->started))
    return TRUE;
  error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED,
                               "too many requests a second: try again in a moment");
  muster_error_set_retry_after (error, 1);
  muster_exchange_refuse (self, error);
  return FALSE;
}

/* The last that the headers decide. */
static void
muster_exchange_admit (MusterExchange *self)
{
  const MusterRoute *route = self->request->entry->route;
  g_autoptr (GError) error = NULL;

  if (self->request->actor != NULL &&
      !muster_exchange_take_rate (self, muster_http_server_get_policy (self->server)->by_token,
                                  muster_actor_to_string (self->request->actor)))
    return;
  if (!muster_exchange_check_actor (self, &error) ||
      !muster_request_check_content (self->request, self->has_body, &error))
    {
      muster_exchange_refuse (self, error);
      return;
    }
  if (route->body_limit > 0)
    self->body_limit = route->body_limit;
  if ((guint64)MAX (0, soup_message_headers_get_content_length (self->request->headers)) >
      self->body_limit)
    {
      error = g_error_new (MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                           "the body is larger than %" G_GSIZE_FORMAT " bytes", self->body_limit);
      muster_exchange_refuse (self, error);
      return;
    }
  if ((route->flags & MUSTER_ROUTE_SPOOL) && !muster_exchange_begin_spool (self, &error))
    {
      muster_exchange_refuse (self, error);
      return;
    }
  if (self->has_body)
    {
      muster_http_connection_set_state (self->connection, MUSTER_CONNECTION_BODY);
      g_signal_connect_data (self->msg, "got-chunk", G_CALLBACK (muster_exchange_got_chunk_cb),
                             muster_exchange_ref (self),
                             (GClosureNotify)(void (*) (void))muster_exchange_unref, 0);
    }
}

static void
muster_exchange_resume (MusterExchange *self)
{
  if (self->msg == NULL || !self->is_paused)
    return;
  self->is_paused = FALSE;
  soup_server_message_unpause (self->msg);
}

static void
muster_exchange_take_actor (MusterExchange *self, DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self->msg == NULL || self->connection == NULL)
    return;
  if (value != NULL && G_VALUE_HOLDS (value, MUSTER_TYPE_ACTOR) &&
      g_value_get_boxed (value) != NULL)
    {
      g_clear_pointer (&self->request->actor, muster_actor_unref);
      self->request->actor = g_value_dup_boxed (value);
      muster_exchange_admit (self);
      return;
    }
  if (error == NULL)
    error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, "the token is not known");
  muster_exchange_refuse (self, error);
}

static DexFuture *
muster_exchange_authenticated_cb (DexFuture *future, gpointer user_data)
{
  MusterExchange *self = user_data;

  dex_clear (&self->pending); /* it holds us */
  muster_exchange_take_actor (self, future);
  muster_exchange_resume (self);
  muster_exchange_let_go (self);
  return dex_future_new_true ();
}

static void
muster_exchange_pause (MusterExchange *self)
{
  self->is_paused = TRUE;
  muster_http_connection_set_state (self->connection, MUSTER_CONNECTION_HANDLING);
  soup_server_message_pause (self->msg);
}

void
muster_exchange_wait (MusterExchange *self, DexFuture *future, DexFutureCallback back)
{
  if (!self->is_paused && self->msg != NULL && self->connection != NULL && !self->is_responded)
    muster_exchange_pause (self);
  if (!self->is_held)
    muster_http_server_hold (self->server);
  self->is_held = TRUE;
  dex_clear (&self->pending);
  /* Most are fibers. libdex (0.10.0) wakes one that nobody waits for, and once more when what it
   * awaited is completed: from then on none of this thread would run. */
  dex_future_disown (dex_ref (future));
  self->pending = dex_future_finally (future, back, muster_exchange_ref (self),
                                      (GDestroyNotify)muster_exchange_unref);
}

void
muster_exchange_let_go (MusterExchange *self)
{
  if (self->pending != NULL || !self->is_held)
    return;
  self->is_held = FALSE;
  muster_http_server_release (self->server);
}

/* Who calls. A token that is shown wins over the peer credentials, so that several people can use
 * one machine. NULL with ERROR when nothing says who it is. */
static DexFuture *
muster_exchange_find_actor (MusterExchange *self, GError **error)
{
  const MusterRouteEntry *entry = self->request->entry;
  const MusterDialect    *dialect = entry->route->dialect;
  const char             *header = muster_request_get_header (self->request, "Authorization");
  g_autofree char *token = muster_request_dup_token (self->request, g_uri_get_query (self->uri));

  if (dialect != NULL && dialect->authenticate != NULL)
    return dialect->authenticate (self->request, entry->user_data);
  if (self->connection->is_refused)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                         "the daemon belongs to another user of this machine");
  else if (header == NULL && self->connection->actor != NULL)
    return muster_http_server_identify (self->server, self->connection->actor);
  else if (token == NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                         "an access token is needed: send it as Authorization: Bearer");
  else
    return muster_http_server_authenticate (self->server, token);
  return NULL;
}

static void
muster_exchange_authenticate (MusterExchange *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) future = muster_exchange_find_actor (self, &error);

  if (future == NULL)
    muster_exchange_refuse (self, error);
  else if (!dex_future_is_pending (future))
    muster_exchange_take_actor (self, future);
  else
    muster_exchange_wait (self, g_steal_pointer (&future), muster_exchange_authenticated_cb);
}

/* Whether who calls does not matter. */
static gboolean
muster_exchange_is_anonymous (MusterExchange *self)
{
  MusterRouteFlags flags = self->request->entry->route->flags;

  if ((flags & MUSTER_ROUTE_PUBLIC) == 0)
    return FALSE;
  return (flags & MUSTER_ROUTE_IDENTIFY) == 0 ||
         (muster_request_get_header (self->request, "Authorization") == NULL &&
          self->connection->actor == NULL);
}

void
muster_exchange_begin (MusterHttpServer *server, SoupServerMessage *msg)
{
  MusterHttpConnection *connection =
    muster_http_connection_find (soup_server_message_get_remote_address (msg));
  MusterExchange *self;

  if (connection == NULL)
    {
      soup_server_message_set_status (msg, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
      return;
    }
  self = muster_exchange_new (server, msg, connection);
  muster_exchange_unprepare (self);
  if (muster_exchange_take_rate (self, muster_http_server_get_policy (server)->by_address,
                                 connection->remote) &&
      muster_exchange_match (self))
    {
      if (muster_exchange_is_anonymous (self))
        muster_exchange_admit (self);
      else
        muster_exchange_authenticate (self);
    }
  muster_exchange_unref (self);
}

/* --- after the body --- */

void
muster_exchange_handle (SoupServerMessage *msg)
{
  MusterExchange *self = g_object_get_qdata (G_OBJECT (msg), exchange_quark ());
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  if (self == NULL || self->is_responded || self->connection == NULL)
    return;
  self->body_read = TRUE;
  if (muster_http_server_is_draining (self->server))
    {
      error =
        g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "the daemon is shutting down");
      muster_exchange_refuse (self, error);
      return;
    }
  muster_exchange_ref (self);
  /* A spooled one is in its file. */
  if (self->has_body && self->spool_checksum == NULL)
    body = soup_message_body_flatten (soup_server_message_get_request_body (msg));
  if (!muster_request_decode (self->request, g_uri_get_query (self->uri), body, &error))
    muster_exchange_refuse (self, error);
  else
    muster_exchange_call (self);
  muster_exchange_unref (self);
}

/* Reading may be broken off when nobody waits for it any more; a change, once begun, goes on to its
 * end. */
static void
muster_exchange_abandon (MusterExchange *self)
{
  if (strcmp (self->request->method, "GET") != 0 && strcmp (self->request->method, "HEAD") != 0)
    return;
  dex_clear (&self->pending);
  muster_exchange_let_go (self);
}

void
muster_exchange_end (SoupServerMessage *msg, gboolean complete)
{
  MusterExchange *self = g_object_get_qdata (G_OBJECT (msg), exchange_quark ());

  if (self == NULL)
    return;
  muster_exchange_ref (self);
  if (self->connection != NULL)
    muster_http_connection_set_state (self->connection, MUSTER_CONNECTION_IDLE);
  muster_exchange_log (self);
  muster_exchange_detach (self);
  muster_exchange_abandon (self);
  muster_exchange_unref (self);
}

void
muster_exchange_time_out (MusterExchange *self)
{
  g_autoptr (GError) error =
              g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                                   "the operation takes too long: it may still complete");

  muster_exchange_ref (self);
  muster_exchange_refuse (self, error);
  muster_exchange_abandon (self);
  muster_exchange_unref (self);
}
