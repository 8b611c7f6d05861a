/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-exchange"

#include "config.h"

#include "muster-exchange-private.h"

/* What is in memory of a body that is sent: one piece, and the next when it is out. */
#define PIECE_BYTES (64 * 1024)

/* A body on its way to the client. */
typedef struct
{
  MusterExchange *exchange; /* (owned) */
  GInputStream   *stream;   /* (owned) */
} Sending;

static Sending *
sending_ref (Sending *self)
{
  return g_rc_box_acquire (self);
}

static void
sending_clear (gpointer data)
{
  Sending *self = data;

  muster_exchange_unref (self->exchange);
  g_object_unref (self->stream);
}

static void
sending_unref (Sending *self)
{
  g_rc_box_release_full (self, sending_clear);
}

/* The headers are out, so that only the end of the connection can tell that the body is not whole.
 */
static void
sending_fail (Sending *self, const GError *error)
{
  g_message ("request %s: its answer breaks off: %s", self->exchange->request->id, error->message);
  if (self->exchange->connection != NULL)
    muster_http_connection_shut (self->exchange->connection);
}

static void
sending_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Sending           *self = user_data;
  SoupServerMessage *msg = self->exchange->msg;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = g_input_stream_read_bytes_finish (self->stream, result, &error);

  if (piece == NULL)
    sending_fail (self, error);
  else if (msg != NULL)
    {
      SoupMessageBody *body = soup_server_message_get_response_body (msg);

      if (g_bytes_get_size (piece) > 0)
        soup_message_body_append_bytes (body, piece);
      else
        soup_message_body_complete (body);
      self->exchange->sent_bytes += g_bytes_get_size (piece);
      /* So that a slow client has its time for each piece, not for all of them. */
      if (self->exchange->connection != NULL)
        muster_http_connection_set_state (self->exchange->connection, MUSTER_CONNECTION_WRITING);
      soup_server_message_unpause (msg);
    }
  sending_unref (self);
}

static void
sending_read (Sending *self)
{
  g_input_stream_read_bytes_async (self->stream, PIECE_BYTES, G_PRIORITY_DEFAULT, NULL,
                                   sending_read_cb, sending_ref (self));
}

static void
wrote_piece_cb (SoupServerMessage *msg, gpointer user_data)
{
  sending_read (user_data);
}

void
muster_exchange_send_stream (MusterExchange *self, MusterResponse *response)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->msg);
  Sending            *sending = NULL;

  if (response->length >= 0)
    soup_message_headers_set_content_length (headers, response->length);
  else
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  if (response->length == 0 || g_str_equal (self->request->method, "HEAD"))
    return;
  sending = g_rc_box_new0 (Sending);
  sending->exchange = muster_exchange_ref (self);
  sending->stream = g_object_ref (response->stream);
  g_signal_connect_data (self->msg, "wrote-chunk", G_CALLBACK (wrote_piece_cb), sending,
                         (GClosureNotify)(void (*) (void))sending_unref, 0);
  sending_read (sending);
}
