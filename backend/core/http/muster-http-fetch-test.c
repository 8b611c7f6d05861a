/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-fetch-test"

#include "config.h"

#include <libsoup/soup.h>

#include "core/muster-core-test-util.h"
#include "muster-http-fetch.h"

static SoupServerMessage *paused;

static void
finished_cb (SoupServerMessage *message, gpointer user_data)
{
  g_clear_object (&paused);
}

static void
server_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  if (g_str_equal (path, "/echo"))
    {
      g_autoptr (GBytes) body =
                  soup_message_body_flatten (soup_server_message_get_request_body (message));

      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_set_response (message, "application/octet-stream; x=y", SOUP_MEMORY_COPY,
                                        g_bytes_get_data (body, NULL), g_bytes_get_size (body));
    }
  else if (g_str_equal (path, "/busy"))
    {
      soup_message_headers_append (headers, "Retry-After", "17");
      soup_server_message_set_status (message, 429, NULL);
    }
  else if (g_str_equal (path, "/moved"))
    soup_server_message_set_redirect (message, 302, "/echo");
  else if (g_str_equal (path, "/never"))
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_server_message_pause (message);
      paused = g_object_ref (message);
      g_signal_connect (message, "finished", G_CALLBACK (finished_cb), NULL);
    }
  else
    soup_server_message_set_status (message, 404, NULL);
}

static SoupServer *
start_server (char **base)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  GSList     *uris = NULL;

  soup_server_add_handler (server, NULL, server_cb, NULL, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  *base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return server;
}

static DexFuture *
fetch (MusterHttpFetch *self,
       const char      *method,
       const char      *base,
       const char      *path,
       GBytes          *body,
       gsize            max_size,
       unsigned         timeout_ms)
{
  g_autofree char *uri = g_strconcat (base, path, NULL);

  return muster_http_fetch_send (self, method, uri, body, "application/octet-stream", max_size,
                                 timeout_ms);
}

static void
test_answers (void)
{
  g_autofree char *base = NULL;
  g_autoptr (SoupServer) server = start_server (&base);
  g_autoptr (MusterHttpFetch) self = muster_http_fetch_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("\0\1\2", 3);
  g_autoptr (MusterHttpReply) echo =
              dex_await_boxed (fetch (self, "POST", base, "/echo", body, 3, 5000), NULL);
  g_autoptr (MusterHttpReply) busy =
              dex_await_boxed (fetch (self, "GET", base, "/busy", NULL, 100, 5000), NULL);
  g_autoptr (MusterHttpReply) moved =
              dex_await_boxed (fetch (self, "GET", base, "/moved", NULL, 10000, 5000), NULL);
  g_autoptr (MusterHttpReply) missing =
              dex_await_boxed (fetch (self, "GET", base, "/x", NULL, 10000, 5000), NULL);

  g_assert_cmpuint (echo->status, ==, 200);
  g_assert_true (g_bytes_equal (echo->body, body));
  g_assert_cmpstr (echo->content_type, ==, "application/octet-stream");
  g_assert_cmpint (echo->retry_after, ==, -1);
  g_assert_cmpint (echo->duration, >, 0);
  g_assert_cmpuint (busy->status, ==, 429);
  g_assert_cmpint (busy->retry_after, ==, 17);
  g_assert_cmpuint (moved->status, ==, 302);
  g_assert_cmpuint (missing->status, ==, 404);
}

static void
test_refusals (void)
{
  g_autofree char *base = NULL;
  g_autoptr (SoupServer) server = start_server (&base);
  g_autoptr (MusterHttpFetch) self = muster_http_fetch_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("1234", 4);
  g_autoptr (GError) large =
              muster_test_await_error (fetch (self, "POST", base, "/echo", body, 3, 5000),
                                       MUSTER_ERROR_TOO_LARGE);
  g_autoptr (GError) late =
              muster_test_await_error (fetch (self, "GET", base, "/never", NULL, 3, 50),
                                       MUSTER_ERROR_TIMED_OUT);
  g_autoptr (GError) invalid = muster_test_await_error (
    muster_http_fetch_send (self, "GET", "no address", NULL, NULL, 10, 50), MUSTER_ERROR_INVALID);
  g_autoptr (GError) closed = NULL;

  g_assert_nonnull (strstr (late->message, "within 50 ms"));
  soup_server_disconnect (server);
  g_clear_object (&self);
  self = muster_http_fetch_new ();
  closed = muster_test_await_error (fetch (self, "GET", base, "/echo", NULL, 3, 5000),
                                    MUSTER_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (closed->message, "cannot reach 127.0.0.1:"));
}

/* Whoever waits no longer, as when something else was first, closes the connection. */
static void
test_dropped (void)
{
  g_autoptr (MusterHttpFetch) self = muster_http_fetch_new ();
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16          port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *base = g_strdup_printf ("http://127.0.0.1:%d", port);
  g_autoptr (DexPromise) other = dex_promise_new ();
  g_autoptr (DexFuture) first = dex_future_first (fetch (self, "GET", base, "/", NULL, 3, 20000),
                                                 dex_ref (other), NULL);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  char          buffer[4096];
  GInputStream *stream = NULL;

  for (unsigned i = 0; i < 20; i++)
    muster_test_sleep (2);
  connection = g_socket_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  stream = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  dex_promise_resolve_boolean (other, TRUE);
  g_clear_pointer (&first, dex_unref);
  for (unsigned i = 0; i < 20; i++)
    muster_test_sleep (2);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL), >, 0);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error), ==, 0);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/http-fetch/answers", test_answers);
  muster_test_add_fiber ("/http-fetch/refusals", test_refusals);
  muster_test_add_fiber ("/http-fetch/dropped", test_dropped);
  return g_test_run ();
}
