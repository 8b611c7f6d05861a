/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-exchange"

#include "config.h"

#include <string.h>

#include "muster-exchange-private.h"
#include "muster-socket-io.h"

/* --- the handler and what it comes to --- */

static void
muster_exchange_conclude (MusterExchange *self, DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL && G_VALUE_HOLDS (value, MUSTER_TYPE_RESPONSE) &&
      g_value_get_object (value) != NULL)
    {
      muster_exchange_respond (self, g_value_dup_object (value));
      return;
    }
  if (error == NULL)
    error = g_error_new (MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s gave no response",
                         self->request->entry->route->operation);
  muster_exchange_refuse (self, error);
}

static DexFuture *
muster_exchange_kept_cb (DexFuture *future, gpointer user_data)
{
  MusterExchange *self = user_data;
  g_autoptr (GError) error = NULL;

  dex_clear (&self->pending); /* it holds us */
  /* The operation is done: that its answer could not be kept does not undo it. */
  if (dex_future_get_value (future, &error) == NULL)
    g_message ("request %s: its answer is not kept for a retry: %s", self->request->id,
               error->message);
  muster_exchange_respond (self, g_steal_pointer (&self->answer));
  muster_exchange_let_go (self);
  return dex_future_new_true ();
}

static const char *
muster_exchange_get_key (MusterExchange *self)
{
  return muster_request_get_header (self->request, "Idempotency-Key");
}

/* Keeps what FUTURE came to, for a retry, before it is told. */
static void
muster_exchange_keep (MusterExchange *self, DexFuture *future)
{
  const GValue   *value = dex_future_get_value (future, NULL);
  MusterResponse *response = value != NULL && G_VALUE_HOLDS (value, MUSTER_TYPE_RESPONSE)
                               ? g_value_get_object (value)
                               : NULL;
  g_autoptr (DexFuture) kept =
              muster_retries_end (muster_http_server_get_retries (self->server),
                                  self->request->actor, muster_exchange_get_key (self),
                                  self->idempotency_hash, response);

  g_clear_pointer (&self->idempotency_hash, g_free);
  if (response == NULL || !dex_future_is_pending (kept))
    {
      muster_exchange_conclude (self, future);
      return;
    }
  self->answer = g_object_ref (response);
  muster_exchange_wait (self, g_steal_pointer (&kept), muster_exchange_kept_cb);
}

static void
muster_exchange_settle (MusterExchange *self, DexFuture *future)
{
  if (self->idempotency_hash != NULL)
    muster_exchange_keep (self, future);
  else
    muster_exchange_conclude (self, future);
}

static DexFuture *
muster_exchange_settled_cb (DexFuture *future, gpointer user_data)
{
  MusterExchange *self = user_data;

  dex_clear (&self->pending); /* it holds us */
  muster_exchange_settle (self, future);
  muster_exchange_let_go (self);
  return dex_future_new_true ();
}

static void
muster_exchange_run (MusterExchange *self)
{
  const MusterRouteEntry *entry = self->request->entry;
  g_autoptr (DexFuture) future = entry->route->handler (self->request, entry->user_data);

  /* What is already known costs neither a fiber nor a turn of the main loop. */
  if (dex_future_is_pending (future))
    muster_exchange_wait (self, g_steal_pointer (&future), muster_exchange_settled_cb);
  else
    muster_exchange_settle (self, future);
}

/* --- retries --- */

static char *
muster_exchange_make_hash (MusterExchange *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char   *query = g_uri_get_query (self->uri);
  gsize         length = 0;
  gconstpointer body =
    self->request->body != NULL ? g_bytes_get_data (self->request->body, &length) : NULL;

  g_checksum_update (checksum, (const guchar *)g_uri_get_path (self->uri), -1);
  g_checksum_update (checksum, (const guchar *)"?", 1);
  g_checksum_update (checksum, (const guchar *)(query != NULL ? query : ""), -1);
  g_checksum_update (checksum, (const guchar *)"\n", 1);
  if (length > 0)
    g_checksum_update (checksum, body, length);
  if (self->spool_checksum != NULL)
    g_checksum_update (checksum, (const guchar *)g_checksum_get_string (self->spool_checksum), -1);
  return g_strdup (g_checksum_get_string (checksum));
}

/* Goes on with what is known of the key: the answer given before, or the handler. */
static void
muster_exchange_take_retry (MusterExchange *self, DexFuture *future)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL && G_VALUE_HOLDS (value, G_TYPE_BOOLEAN))
    {
      muster_exchange_run (self);
      return;
    }
  g_clear_pointer (&self->idempotency_hash, g_free);
  if (value != NULL && self->msg != NULL)
    soup_message_headers_append (soup_server_message_get_response_headers (self->msg),
                                 "Idempotent-Replayed", "true");
  muster_exchange_conclude (self, future);
}

static DexFuture *
muster_exchange_retry_cb (DexFuture *future, gpointer user_data)
{
  MusterExchange *self = user_data;

  dex_clear (&self->pending); /* it holds us */
  muster_exchange_take_retry (self, future);
  muster_exchange_let_go (self);
  return dex_future_new_true ();
}

static void
muster_exchange_run_once (MusterExchange *self)
{
  const char *key = muster_exchange_get_key (self);
  g_autoptr (DexFuture) future = NULL;

  self->idempotency_hash = muster_exchange_make_hash (self);
  future = muster_retries_begin (muster_http_server_get_retries (self->server),
                                 muster_actor_to_string (self->request->actor), key,
                                 self->idempotency_hash);
  if (dex_future_is_pending (future))
    muster_exchange_wait (self, g_steal_pointer (&future), muster_exchange_retry_cb);
  else
    muster_exchange_take_retry (self, future);
}

/* --- the live stream --- */

DexFuture *
muster_handle_websocket (MusterRequest *request, gpointer user_data)
{
  return dex_future_new_reject (
    MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
    "this path speaks WebSocket (RFC 6455): ask to upgrade the connection");
}

DexFuture *
muster_exchange_handle_live (MusterRequest *request, gpointer user_data)
{
  return muster_handle_websocket (request, user_data);
}

static void
muster_exchange_switched_cb (SoupServerMessage *msg, gpointer user_data)
{
  MusterExchange         *self = user_data;
  const MusterRouteEntry *entry = self->request->entry;
  g_autoptr (GIOStream) stream = NULL;

  if (self->connection == NULL ||
      soup_server_message_get_status (msg) != SOUP_STATUS_SWITCHING_PROTOCOLS)
    return;
  muster_http_connection_set_state (self->connection, MUSTER_CONNECTION_UPGRADED);
  self->status = SOUP_STATUS_SWITCHING_PROTOCOLS;
  muster_exchange_log (self);
  stream = soup_server_message_steal_connection (msg);
  if (entry->route->handler == muster_exchange_handle_live)
    muster_live_hub_accept (muster_http_server_get_live_hub (self->server), stream, self->uri,
                            muster_http_server_make_pass (self->server, self->request));
  else if (entry->route->upgrade != NULL)
    entry->route->upgrade (self->request, stream, self->uri,
                           muster_http_server_make_pass (self->server, self->request),
                           entry->user_data);
  else
    muster_socket_io_accept (MUSTER_SOCKET_IO (entry->user_data), self->request, stream, self->uri);
}

static gboolean
muster_exchange_is_upgradable (MusterExchange *self)
{
  const MusterRouteEntry *entry = self->request->entry;

  return entry->route->handler == muster_exchange_handle_live || entry->route->upgrade != NULL ||
         (entry->route->handler == muster_socket_io_handle_get &&
          muster_socket_io_takes_upgrade (MUSTER_SOCKET_IO (entry->user_data), self->request));
}

/* Not by libsoup's own handler for WebSockets: this way the stream passes through our hands, and no
 * extension is agreed on. */
static gboolean
muster_exchange_upgrade (MusterExchange *self)
{
  if (!muster_exchange_is_upgradable (self) ||
      !soup_websocket_server_check_handshake (self->msg, NULL, NULL, NULL, NULL) ||
      !soup_websocket_server_process_handshake (self->msg, NULL, NULL, NULL, NULL))
    return FALSE;
  self->is_responded = TRUE;
  g_signal_connect_data (self->msg, "wrote-informational", G_CALLBACK (muster_exchange_switched_cb),
                         muster_exchange_ref (self),
                         (GClosureNotify)(void (*) (void))muster_exchange_unref, 0);
  return TRUE;
}

void
muster_exchange_call (MusterExchange *self)
{
  const char *key =
    strcmp (self->request->method, "POST") == 0 ? muster_exchange_get_key (self) : NULL;

  if (key != NULL && !muster_retries_key_is_valid (key))
    {
      g_autoptr (GError) error =
                  g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                                       "Idempotency-Key must be 1 to 128 visible ASCII characters");

      muster_exchange_refuse (self, error);
    }
  /* Answers are kept for somebody: of nobody, a key would be a stranger's to guess. */
  else if (key != NULL && self->request->actor != NULL)
    muster_exchange_run_once (self);
  else if (!muster_exchange_upgrade (self))
    muster_exchange_run (self);
}
