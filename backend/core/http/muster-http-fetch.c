/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-fetch"

#include "config.h"

#include <libsoup/soup.h>

#include "model/muster-error.h"
#include "muster-http-fetch.h"

#define CHUNK_LENGTH 16384
#define MAX_CONNECTIONS 64
#define MAX_CONNECTIONS_PER_HOST 4

G_DEFINE_BOXED_TYPE (MusterHttpReply,
                     muster_http_reply,
                     muster_http_reply_ref,
                     muster_http_reply_unref)

MusterHttpReply *
muster_http_reply_new (unsigned    status,
                       GBytes     *body,
                       const char *content_type,
                       int         retry_after,
                       gint64      duration)
{
  MusterHttpReply *self = g_rc_box_new0 (MusterHttpReply);

  self->status = status;
  self->body = body != NULL ? g_bytes_ref (body) : g_bytes_new (NULL, 0);
  self->content_type = g_strdup (content_type);
  self->retry_after = retry_after;
  self->duration = duration;
  return self;
}

MusterHttpReply *
muster_http_reply_ref (MusterHttpReply *self)
{
  return g_rc_box_acquire (self);
}

static void
muster_http_reply_clear (gpointer data)
{
  MusterHttpReply *self = data;

  g_bytes_unref (self->body);
  g_free (self->content_type);
}

void
muster_http_reply_unref (MusterHttpReply *self)
{
  g_rc_box_release_full (self, muster_http_reply_clear);
}

typedef struct
{
  SoupSession *session; /* (owned) (nullable): a fake needs none */
} MusterHttpFetchPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (MusterHttpFetch, muster_http_fetch, G_TYPE_OBJECT)

/* One exchange under way. The callbacks hold it; it holds the promise that the caller waits for. */
typedef struct
{
  SoupMessage  *message;
  DexPromise   *promise;
  GInputStream *stream;
  GByteArray   *body;
  gsize         max_size;
  gint64        started;
  unsigned      timeout_ms;
  guint         timeout_id;
  guint         timed_out : 1;
} Exchange;

static void
exchange_free (Exchange *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->body, g_byte_array_unref);
  dex_clear (&self->promise);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exchange, exchange_free)

static void
exchange_reject (Exchange *self, const GError *cause)
{
  GUri *uri = soup_message_get_uri (self->message);

  if (self->timed_out)
    dex_promise_reject (self->promise,
                        g_error_new (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                                     "no answer from %s:%d within %u ms", g_uri_get_host (uri),
                                     g_uri_get_port (uri), self->timeout_ms));
  else
    dex_promise_reject (self->promise, g_error_new (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                                    "cannot reach %s:%d: %s", g_uri_get_host (uri),
                                                    g_uri_get_port (uri), cause->message));
}

static int
exchange_get_retry_after (Exchange *self)
{
  const char *text =
    soup_message_headers_get_one (soup_message_get_response_headers (self->message), "Retry-After");
  guint64 seconds = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &seconds, NULL))
    return -1;
  return (int)seconds;
}

static void
exchange_resolve (Exchange *self)
{
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&self->body));
  const char *type =
    soup_message_headers_get_content_type (soup_message_get_response_headers (self->message), NULL);

  dex_promise_resolve_boxed (self->promise, MUSTER_TYPE_HTTP_REPLY,
                             muster_http_reply_new (soup_message_get_status (self->message), body,
                                                    type, exchange_get_retry_after (self),
                                                    g_get_monotonic_time () - self->started));
}

static void exchange_read (Exchange *self);

static void
exchange_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Exchange) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
              g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    exchange_reject (self, error);
  else if (g_bytes_get_size (bytes) == 0)
    exchange_resolve (self);
  else if (self->body->len + g_bytes_get_size (bytes) > self->max_size)
    dex_promise_reject (self->promise,
                        g_error_new (MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                                     "the answer has more than %zu bytes", self->max_size));
  else
    {
      g_byte_array_append (self->body, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      exchange_read (g_steal_pointer (&self));
    }
}

static void
exchange_read (Exchange *self)
{
  g_input_stream_read_bytes_async (self->stream, CHUNK_LENGTH, G_PRIORITY_DEFAULT,
                                   dex_promise_get_cancellable (self->promise), exchange_read_cb,
                                   self);
}

static void
exchange_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Exchange) self = user_data;
  g_autoptr (GError) error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->stream == NULL)
    exchange_reject (self, error);
  else
    exchange_read (g_steal_pointer (&self));
}

static gboolean
exchange_timeout_cb (gpointer user_data)
{
  Exchange *self = user_data;

  self->timeout_id = 0;
  self->timed_out = TRUE;
  g_cancellable_cancel (dex_promise_get_cancellable (self->promise));
  return G_SOURCE_REMOVE;
}

static DexFuture *
muster_http_fetch_real_send (MusterHttpFetch *self,
                             const char      *method,
                             const char      *uri,
                             GBytes          *body,
                             const char      *content_type,
                             gsize            max_size,
                             unsigned         timeout_ms)
{
  MusterHttpFetchPrivate *priv = muster_http_fetch_get_instance_private (self);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  Exchange  *exchange = NULL;
  DexFuture *future = NULL;

  if (message == NULL || soup_message_get_uri (message) == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_INVALID, "“%s” is no HTTP address",
                                  uri);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, content_type, body);
  exchange = g_new0 (Exchange, 1);
  exchange->message = g_steal_pointer (&message);
  exchange->promise = dex_promise_new_cancellable ();
  exchange->body = g_byte_array_new ();
  exchange->max_size = max_size;
  exchange->started = g_get_monotonic_time ();
  exchange->timeout_ms = timeout_ms;
  exchange->timeout_id = g_timeout_add (timeout_ms, exchange_timeout_cb, exchange);
  future = dex_ref (exchange->promise);
  if (priv->session == NULL)
    priv->session =
      soup_session_new_with_options ("max-conns", MAX_CONNECTIONS, "max-conns-per-host",
                                     MAX_CONNECTIONS_PER_HOST, "proxy-resolver", NULL, NULL);
  soup_session_send_async (priv->session, exchange->message, G_PRIORITY_DEFAULT,
                           dex_promise_get_cancellable (exchange->promise), exchange_sent_cb,
                           exchange);
  return future;
}

static void
muster_http_fetch_dispose (GObject *object)
{
  MusterHttpFetchPrivate *priv =
    muster_http_fetch_get_instance_private (MUSTER_HTTP_FETCH (object));

  if (priv->session != NULL)
    soup_session_abort (priv->session);
  g_clear_object (&priv->session);
  G_OBJECT_CLASS (muster_http_fetch_parent_class)->dispose (object);
}

static void
muster_http_fetch_class_init (MusterHttpFetchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_http_fetch_dispose;
  klass->send = muster_http_fetch_real_send;
}

static void
muster_http_fetch_init (MusterHttpFetch *self)
{
}

MusterHttpFetch *
muster_http_fetch_new (void)
{
  return g_object_new (MUSTER_TYPE_HTTP_FETCH, NULL);
}

DexFuture *
muster_http_fetch_send (MusterHttpFetch *self,
                        const char      *method,
                        const char      *uri,
                        GBytes          *body,
                        const char      *content_type,
                        gsize            max_size,
                        unsigned         timeout_ms)
{
  g_return_val_if_fail (MUSTER_IS_HTTP_FETCH (self), NULL);
  g_return_val_if_fail (method != NULL && uri != NULL, NULL);

  return MUSTER_HTTP_FETCH_GET_CLASS (self)->send (self, method, uri, body, content_type, max_size,
                                                   timeout_ms);
}
