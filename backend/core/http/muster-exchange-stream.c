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
  MusterPace     *pace;     /* (owned) (nullable) */
  gint64          left;     /* bytes that were not asked for yet; -1: not known */
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
  g_clear_pointer (&self->pace, muster_pace_unref);
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
sending_read (Sending *self, gsize size)
{
  g_input_stream_read_bytes_async (self->stream, size, G_PRIORITY_DEFAULT, NULL, sending_read_cb,
                                   sending_ref (self));
}

/* A piece whose turn has come. */
typedef struct
{
  Sending *sending; /* (owned) */
  gsize    size;
} Turn;

static void
turn_free (gpointer data)
{
  sending_unref (((Turn *)data)->sending);
  g_free (data);
}

static gboolean
turn_cb (gpointer user_data)
{
  Turn *self = user_data;

  if (self->sending->exchange->msg != NULL)
    sending_read (self->sending, self->size);
  return G_SOURCE_REMOVE;
}

/* The next piece, once the answers that go at the same pace leave room for it. */
static void
sending_go_on (Sending *self)
{
  gsize  size = PIECE_BYTES;
  gint64 wait = 0;
  Turn  *turn = NULL;

  /* Once nothing is left, the read that tells the end has no turn to wait for. */
  if (self->pace != NULL && self->left != 0)
    {
      size = muster_pace_get_piece (self->pace, PIECE_BYTES);
      size = self->left > 0 ? MIN (size, (guint64)self->left) : size;
      self->left -= self->left > 0 ? (gint64)size : 0;
      wait = muster_pace_take (self->pace, size, g_get_monotonic_time ());
    }
  if (wait == 0)
    {
      sending_read (self, size);
      return;
    }
  turn = g_new (Turn, 1);
  *turn = (Turn){ sending_ref (self), size };
  g_timeout_add_full (G_PRIORITY_DEFAULT, (guint)((wait + 999) / 1000), turn_cb, turn, turn_free);
}

static void
wrote_piece_cb (SoupServerMessage *msg, gpointer user_data)
{
  sending_go_on (user_data);
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
  sending->pace = response->pace != NULL ? muster_pace_ref (response->pace) : NULL;
  sending->left = response->length;
  g_signal_connect_data (self->msg, "wrote-chunk", G_CALLBACK (wrote_piece_cb), sending,
                         (GClosureNotify)(void (*) (void))sending_unref, 0);
  sending_go_on (sending);
}
