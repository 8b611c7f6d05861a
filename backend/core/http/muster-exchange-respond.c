/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-exchange"

#include "config.h"

#include <string.h>

#include "muster-entity-tag.h"
#include "muster-exchange-private.h"
#include "muster-gzip.h"
#include "muster-problem.h"

#define GZIP_THRESHOLD 1024
/* Bodies up to this are read to their end though they are refused, so that the connection can go
 * on. */
#define DISCARD_LIMIT (64 * 1024)
#define LINGER_MSEC 1000

static gboolean
muster_exchange_is_read (MusterExchange *self)
{
  return strcmp (self->request->method, "GET") == 0 || strcmp (self->request->method, "HEAD") == 0;
}

/* Whether the client has this already. */
static gboolean
muster_exchange_is_fresh (MusterExchange *self, MusterResponse *response)
{
  const char      *tags;
  g_autofree char *tag = muster_response_dup_tag (response);

  if (tag == NULL || response->status != 200 || !muster_exchange_is_read (self))
    return FALSE;
  tags = muster_request_get_header (self->request, "If-None-Match");
  return tags != NULL && muster_entity_tag_list_has (tags, tag, FALSE);
}

static gboolean
media_type_is_text (const char *media_type)
{
  return g_str_has_prefix (media_type, "application/json") ||
         g_str_has_prefix (media_type, "application/problem+json") ||
         g_str_has_prefix (media_type, "text/");
}

/* Over a Unix socket compressing would only cost. */
static gboolean
muster_exchange_may_compress (MusterExchange *self, MusterResponse *response)
{
  return response->body != NULL && g_bytes_get_size (response->body) > GZIP_THRESHOLD &&
         !self->connection->is_unix && media_type_is_text (response->media_type) &&
         muster_response_get_header (response, "Content-Encoding") == NULL;
}

static void
append_entity_tag (SoupMessageHeaders *headers, MusterResponse *response, gboolean is_weak)
{
  g_autofree char *tag = muster_response_dup_tag (response);
  g_autofree char *text =
    tag != NULL ? g_strdup_printf ("%s\"%s\"", is_weak ? "W/" : "", tag) : NULL;

  if (text != NULL)
    soup_message_headers_append (headers, "ETag", text);
}

/* For browsers: over the socket there are none. */
static void
muster_exchange_append_browser_headers (MusterExchange     *self,
                                        SoupMessageHeaders *headers,
                                        gboolean            is_page)
{
  const char *origin = muster_request_get_header (self->request, "Origin");

  soup_message_headers_append (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_append (headers, "Cross-Origin-Resource-Policy", "same-origin");
  if (!is_page)
    soup_message_headers_append (headers, "Content-Security-Policy",
                                 "default-src 'none'; frame-ancestors 'none'");
  if (self->connection->is_tls)
    soup_message_headers_append (headers, "Strict-Transport-Security", "max-age=31536000");
  if (origin == NULL ||
      !muster_http_policy_allows_origin (muster_http_server_get_policy (self->server), origin))
    return;
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "cross-origin");
  soup_message_headers_append (headers, "Access-Control-Allow-Origin", origin);
  soup_message_headers_append (headers, "Access-Control-Expose-Headers",
                               "ETag, Location, Retry-After, X-Request-Id");
  soup_message_headers_append (headers, "Vary", "Origin");
}

static void
muster_exchange_append_security (MusterExchange     *self,
                                 SoupMessageHeaders *headers,
                                 MusterResponse     *response)
{
  gboolean is_page =
    response->media_type != NULL && g_str_has_prefix (response->media_type, "text/html");

  soup_message_headers_append (headers, "X-Content-Type-Options", "nosniff");
  if (muster_response_get_header (response, "Cache-Control") == NULL)
    soup_message_headers_append (headers, "Cache-Control", "no-cache");
  if (!self->connection->is_unix)
    muster_exchange_append_browser_headers (self, headers, is_page);
  if (!is_page)
    return;
  soup_message_headers_append (headers, "X-Frame-Options", "DENY");
  soup_message_headers_append (
    headers, "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

static void
muster_exchange_append_headers (MusterExchange     *self,
                                SoupMessageHeaders *headers,
                                MusterResponse     *response)
{
  for (guint i = 0; response->headers != NULL && i < response->headers->len; i++)
    {
      const MusterHeader *header = &g_array_index (response->headers, MusterHeader, i);

      soup_message_headers_append (headers, header->name, header->value);
    }
  soup_message_headers_append (headers, "X-Request-Id", self->request->id);
  muster_exchange_append_security (self, headers, response);
  if (muster_http_server_is_draining (self->server))
    soup_message_headers_append (headers, "Connection", "close");
}

/* The body to send: RESPONSE's, or it compressed; NULL for none. Its headers are appended. */
static GBytes *
muster_exchange_prepare_body (MusterExchange     *self,
                              SoupMessageHeaders *headers,
                              MusterResponse     *response)
{
  g_autoptr (GBytes) body = NULL;
  gboolean may_compress = muster_exchange_may_compress (self, response);

  if (may_compress)
    soup_message_headers_append (headers, "Vary", "Accept-Encoding");
  if (may_compress &&
      muster_gzip_is_accepted (muster_request_get_header (self->request, "Accept-Encoding")))
    body = muster_gzip_compress (response->body);
  append_entity_tag (headers, response, body != NULL);
  if (response->media_type != NULL && muster_response_get_header (response, "Content-Type") == NULL)
    soup_message_headers_append (headers, "Content-Type", response->media_type);
  if (response->body == NULL)
    return NULL;
  if (body == NULL)
    return g_bytes_ref (response->body);
  soup_message_headers_append (headers, "Content-Encoding", "gzip");
  return g_steal_pointer (&body);
}

/* Taking Content-Length out of a 204, libsoup comes to believe that the connection's end will end
 * the body. */
static void
wrote_no_content_cb (SoupServerMessage *msg, gpointer user_data)
{
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (msg),
                                     SOUP_ENCODING_NONE);
}

static void
muster_exchange_send (MusterExchange *self, MusterResponse *response)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->msg);
  SoupMessageBody    *body = soup_server_message_get_response_body (self->msg);
  g_autoptr (GBytes) bytes = NULL;

  muster_exchange_append_headers (self, headers, response);
  /* libsoup would answer a Range with a part of the document, whose ETag is that of the whole. */
  soup_message_body_set_accumulate (body, FALSE);
  if (muster_exchange_is_fresh (self, response))
    {
      append_entity_tag (headers, response, FALSE);
      self->status = 304;
    }
  else
    bytes = muster_exchange_prepare_body (self, headers, response);
  if (response->stream != NULL && self->status != 304)
    muster_exchange_send_stream (self, response);
  else if (bytes != NULL && g_bytes_get_size (bytes) > 0)
    {
      self->sent_bytes = g_bytes_get_size (bytes);
      soup_message_body_append_bytes (body, bytes);
      soup_message_body_complete (body);
    }
  else if (self->status == 204)
    g_signal_connect (self->msg, "wrote-headers", G_CALLBACK (wrote_no_content_cb), NULL);
  else if (self->status != 304)
    soup_message_headers_set_content_length (headers, 0);
  muster_http_connection_set_state (self->connection, MUSTER_CONNECTION_WRITING);
  soup_server_message_set_status (self->msg, self->status, NULL);
  if (self->is_paused)
    {
      self->is_paused = FALSE;
      soup_server_message_unpause (self->msg);
    }
}

/* --- answering while the client is still sending --- */

typedef struct
{
  GIOStream    *stream;      /* (owned) */
  GBytes       *bytes;       /* (owned) */
  GCancellable *cancellable; /* (owned): when the client had its time */
  guint         timeout_id;
} Farewell;

static Farewell *
farewell_new (GIOStream *stream, GBytes *bytes)
{
  Farewell *farewell = g_new0 (Farewell, 1);

  farewell->stream = stream;
  farewell->bytes = bytes;
  farewell->cancellable = g_cancellable_new ();
  return farewell;
}

static void
farewell_free (Farewell *farewell)
{
  g_clear_handle_id (&farewell->timeout_id, g_source_remove);
  g_io_stream_close (farewell->stream, NULL, NULL);
  g_object_unref (farewell->stream);
  g_object_unref (farewell->cancellable);
  g_bytes_unref (farewell->bytes);
  g_free (farewell);
}

static gboolean
farewell_over_cb (gpointer user_data)
{
  Farewell *farewell = user_data;

  farewell->timeout_id = 0;
  g_cancellable_cancel (farewell->cancellable);
  return G_SOURCE_REMOVE;
}

static void farewell_discard (Farewell *farewell);

static void
farewell_discarded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  if (g_input_stream_skip_finish (G_INPUT_STREAM (object), result, NULL) > 0)
    farewell_discard (user_data);
  else
    farewell_free (user_data);
}

static void
farewell_discard (Farewell *farewell)
{
  g_input_stream_skip_async (g_io_stream_get_input_stream (farewell->stream), DISCARD_LIMIT,
                             G_PRIORITY_LOW, farewell->cancellable, farewell_discarded_cb,
                             farewell);
}

/* Closing at once would reset the connection under the answer that the client has yet to read, and
 * most clients read only when all is sent: what still comes is thrown away for a while. */
static void
farewell_written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Farewell *farewell = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    g_debug ("a refused client has not read why: %s", error->message);
  farewell->timeout_id = g_timeout_add (LINGER_MSEC, farewell_over_cb, farewell);
  farewell_discard (farewell);
}

static GBytes *
muster_exchange_print (MusterExchange *self, MusterResponse *response)
{
  GString    *text = g_string_new (NULL);
  gsize       length = 0;
  const char *body = response->body != NULL ? g_bytes_get_data (response->body, &length) : "";

  g_string_printf (
    text,
    "HTTP/1.1 %u %s\r\nConnection: close\r\nX-Request-Id: %s\r\nX-Content-Type-Options: nosniff\r\n",
    response->status, soup_status_get_phrase (response->status), self->request->id);
  for (guint i = 0; response->headers != NULL && i < response->headers->len; i++)
    {
      const MusterHeader *header = &g_array_index (response->headers, MusterHeader, i);

      g_string_append_printf (text, "%s: %s\r\n", header->name, header->value);
    }
  g_string_append_printf (text, "Content-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          response->media_type != NULL ? response->media_type : "application/json",
                          length);
  g_string_append_len (text, body, length);
  return g_string_free_to_bytes (text);
}

/* libsoup reads a body to its end before it writes: so the connection is taken from it. */
static void
muster_exchange_cut_off (MusterExchange *self, MusterResponse *response)
{
  Farewell *farewell;
  GBytes   *bytes = muster_exchange_print (self, response);

  muster_http_connection_set_state (self->connection, MUSTER_CONNECTION_CLOSING);
  self->connection->exchange = NULL;
  farewell =
    farewell_new (soup_server_message_steal_connection (g_steal_pointer (&self->msg)), bytes);
  self->connection = NULL;
  self->sent_bytes = g_bytes_get_size (farewell->bytes);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (farewell->stream),
                                   g_bytes_get_data (farewell->bytes, NULL),
                                   g_bytes_get_size (farewell->bytes), G_PRIORITY_DEFAULT, NULL,
                                   farewell_written_cb, farewell);
  muster_exchange_log (self);
}

static gboolean
muster_exchange_has_to_cut_off (MusterExchange *self)
{
  SoupMessageHeaders *headers = self->request->headers;

  if (!self->has_body || self->body_read)
    return FALSE;
  if (self->body_bytes == 0 &&
      (soup_message_headers_get_expectations (headers) & SOUP_EXPECTATION_CONTINUE))
    return FALSE;
  return soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH ||
         (guint64)soup_message_headers_get_content_length (headers) > DISCARD_LIMIT;
}

void
muster_exchange_respond (MusterExchange *self, MusterResponse *response)
{
  if (self->msg == NULL || self->is_responded)
    {
      g_object_unref (response);
      return;
    }
  self->is_responded = TRUE;
  self->status = response->status;
  if (muster_exchange_has_to_cut_off (self))
    muster_exchange_cut_off (self, response);
  else
    muster_exchange_send (self, response);
  g_object_unref (response);
}

static MusterResponse *
muster_exchange_make_refusal (MusterExchange *self, const GError *error)
{
  const MusterRouteEntry *entry = self->request->entry;

  if (entry != NULL && entry->route->dialect != NULL)
    return entry->route->dialect->refuse (self->request, error);
  return muster_problem_new_response (error, self->request->id);
}

void
muster_exchange_refuse (MusterExchange *self, const GError *error)
{
  const MusterProblemKind *kind = muster_problem_find (error);

  if (kind->status >= 500 && kind->status != 503)
    g_message ("request %s: %s", self->request->id, error->message);
  muster_exchange_respond (self, muster_exchange_make_refusal (self, error));
}
