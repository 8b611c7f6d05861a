/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-test-util"

#include "config.h"

#include <gio/gunixsocketaddress.h>

#include "core/muster-core-test-util.h"
#include "muster-api-test-util.h"

typedef struct
{
  unsigned            status;
  char               *type; /* (nullable) */
  GBytes             *body;
  SoupMessageHeaders *headers;
  unsigned            delay;
  gboolean            broken;
} Answer;

static void
answer_free (Answer *answer)
{
  g_free (answer->type);
  g_bytes_unref (answer->body);
  soup_message_headers_unref (answer->headers);
  g_free (answer);
}

static void
copy_header_cb (const char *name, const char *value, gpointer headers)
{
  soup_message_headers_append (headers, name, value);
}

static gboolean
unpause_cb (gpointer message)
{
  g_object_set_data (message, "watch", NULL);
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

/* libsoup does not look at the connection of a paused message. */
static gboolean
closed_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  MusterTestApi *self = user_data;

  if (g_socket_get_available_bytes (socket) > 0)
    return G_SOURCE_CONTINUE;
  self->n_closed++;
  return G_SOURCE_REMOVE;
}

static void
destroy_source (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
watch_for_close (MusterTestApi *self, SoupServerMessage *message)
{
  GSource *source =
    g_socket_create_source (soup_server_message_get_socket (message), G_IO_IN | G_IO_HUP, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (closed_cb), self, NULL);
  g_source_attach (source, NULL);
  g_object_set_data_full (G_OBJECT (message), "watch", source, destroy_source);
}

static void
break_off (SoupServerMessage *message)
{
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  g_io_stream_close (stream, NULL, NULL);
}

static void
answer_request (MusterTestApi *self, SoupServerMessage *message, Answer *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody    *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, answer->status, NULL);
  soup_message_headers_foreach (answer->headers, copy_header_cb, headers);
  if (answer->type != NULL)
    {
      soup_message_headers_set_content_type (headers, answer->type, NULL);
      soup_message_body_append_bytes (body, answer->body);
    }
  soup_message_body_complete (body);
  if (answer->delay > 0)
    {
      soup_server_message_pause (message);
      watch_for_close (self, message);
      g_timeout_add_full (G_PRIORITY_DEFAULT, answer->delay, unpause_cb, g_object_ref (message),
                          g_object_unref);
    }
  if (answer->broken)
    break_off (message);
}

static void
handler_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  MusterTestApi   *self = user_data;
  g_autofree char *uri =
    g_uri_to_string_partial (soup_server_message_get_uri (message), G_URI_HIDE_NONE);
  const char      *from_path = strstr (strstr (uri, "://") + 3, "/");
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  Answer          *answer;

  if (g_str_equal (path, "/ws/monitoring"))
    return;
  g_ptr_array_add (self->requests,
                   g_strdup_printf ("%s %s", soup_server_message_get_method (message), from_path));
  g_ptr_array_add (self->bodies, g_strndup (body->data, body->length));
  soup_message_headers_clear (self->headers);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), copy_header_cb,
                                self->headers);
  answer = g_queue_pop_head (&self->script);
  g_assert_nonnull (answer);
  answer_request (self, message, answer);
  answer_free (answer);
}

static void
stream_asked_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 const char        *path,
                 GHashTable        *query,
                 gpointer           user_data)
{
  MusterTestApi *self = user_data;

  if (!self->forbids_stream)
    return;
  self->n_forbidden++;
  soup_server_message_set_status (message, SOUP_STATUS_FORBIDDEN, NULL);
}

static void
frame_cb (SoupWebsocketConnection *socket, int type, GBytes *bytes, MusterTestApi *self)
{
  gsize       size;
  const char *text = g_bytes_get_data (bytes, &size);

  g_ptr_array_add (self->frames, g_strndup (text, size));
}

static void
websocket_cb (SoupServer              *server,
              SoupServerMessage       *message,
              const char              *path,
              SoupWebsocketConnection *socket,
              gpointer                 user_data)
{
  MusterTestApi *self = user_data;

  g_set_object (&self->socket, socket);
  g_signal_connect (socket, "message", G_CALLBACK (frame_cb), self);
  self->n_sockets++;
}

static MusterApiClient *
listen_at_socket (MusterTestApi *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  soup_server_listen (self->server, address, 0, &error);
  g_assert_no_error (error);
  return muster_api_client_new_for_socket (path);
}

static MusterApiClient *
listen_at_loopback (MusterTestApi *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  MusterApiClient *client;
  GSList          *uris;

  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  uri = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  client = muster_api_client_new_for_uri (uri, &error);
  g_assert_no_error (error);
  return client;
}

MusterTestApi *
muster_test_api_new (const char *socket)
{
  MusterTestApi *self = g_new0 (MusterTestApi, 1);

  g_queue_init (&self->script);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->bodies = g_ptr_array_new_with_free_func (g_free);
  self->frames = g_ptr_array_new_with_free_func (g_free);
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_handler (self->server, NULL, handler_cb, self, NULL);
  soup_server_add_early_handler (self->server, "/ws/monitoring", stream_asked_cb, self, NULL);
  soup_server_add_websocket_handler (self->server, "/ws/monitoring", NULL, NULL, websocket_cb, self,
                                     NULL);
  self->client = socket != NULL ? listen_at_socket (self, socket) : listen_at_loopback (self);
  muster_api_client_set_retry (self->client, &MUSTER_API_RETRY_NONE);
  return self;
}

void
muster_test_api_free (MusterTestApi *self)
{
  g_queue_clear_full (&self->script, (GDestroyNotify)answer_free);
  g_assert_finalize_object (g_steal_pointer (&self->client));
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->socket);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  soup_message_headers_unref (self->headers);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->bodies);
  g_ptr_array_unref (self->frames);
  g_free (self);
}

void
muster_test_api_push (MusterTestApi *self, unsigned status, const char *type, const char *body)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->status = status;
  answer->type = g_strdup (type);
  answer->body = g_bytes_new (body != NULL ? body : "", body != NULL ? strlen (body) : 0);
  answer->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_queue_push_tail (&self->script, answer);
}

void
muster_test_api_push_json (MusterTestApi *self, const char *json)
{
  muster_test_api_push (self, 200, "application/json", json);
}

void
muster_test_api_set_header (MusterTestApi *self, const char *name, const char *value)
{
  Answer *answer = g_queue_peek_tail (&self->script);

  soup_message_headers_append (answer->headers, name, value);
}

void
muster_test_api_set_delay (MusterTestApi *self, unsigned milliseconds)
{
  Answer *answer = g_queue_peek_tail (&self->script);

  answer->delay = milliseconds;
}

void
muster_test_api_set_broken (MusterTestApi *self)
{
  Answer *answer = g_queue_peek_tail (&self->script);

  answer->broken = TRUE;
}

const char *
muster_test_api_get_request (MusterTestApi *self, unsigned index)
{
  g_assert_cmpuint (index, <, self->requests->len);
  return self->requests->pdata[index];
}

const char *
muster_test_api_get_body (MusterTestApi *self, unsigned index)
{
  g_assert_cmpuint (index, <, self->bodies->len);
  return self->bodies->pdata[index];
}

void
muster_test_await_count (const unsigned *value, unsigned goal)
{
  for (unsigned i = 0; i < 500 && *value < goal; i++)
    muster_test_sleep (10);
  g_assert_cmpuint (*value, >=, goal);
}

const char *
muster_test_api_await_frame (MusterTestApi *self, unsigned n_frames)
{
  muster_test_await_count (&self->frames->len, n_frames);
  return self->frames->pdata[n_frames - 1];
}

void
muster_test_api_say (MusterTestApi *self, const char *frame)
{
  soup_websocket_connection_send_text (self->socket, frame);
}
