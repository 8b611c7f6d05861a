/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-engine-session"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-engine-session.h"
#include "muster-metered-stream.h"

#define ID_BYTES 15
/* Bytes that may be on their way; beyond, events wait where they can be coalesced. */
#define HIGH_WATER (64 * 1024)
/* Of packets that cannot wait elsewhere: a client that takes nothing is gone. */
#define MAX_QUEUED (4 * MUSTER_ENGINE_MAX_PAYLOAD)
#define NOOP_MSEC 100
#define PROBE_MSEC 10000

/* One WebSocket of the session. */
typedef struct
{
  MusterEngineSession     *session; /* (unowned) */
  SoupWebsocketConnection *connection;
  MusterMeteredStream     *stream;
  gint64                   outstanding; /* bytes */
} Pipe;

struct _MusterEngineSession
{
  GObject parent_instance;

  char        id[ID_BYTES * 2];
  GQueue      queue; /* (element-type utf8): packets that wait */
  gsize       queued;
  gint64      progress; /* monotonic µs: when some left last */
  DexPromise *poll;     /* (owned) (nullable): a request that waits */
  gulong      poll_cancelled_id;
  Pipe       *pipe;  /* (owned) (nullable): the WebSocket in use */
  Pipe       *probe; /* (owned) (nullable): one that asks to be used */
  guint       heartbeat_id;
  guint       noop_id;
  guint       probe_id;
  guint       flush_id;
  guint       waits_for_pong : 1;
  guint       is_probed : 1;
  guint       is_closed : 1;
};

G_DEFINE_FINAL_TYPE (MusterEngineSession, muster_engine_session, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_MESSAGE,
  SIGNAL_BINARY,
  SIGNAL_WRITABLE,
  SIGNAL_CLOSED,
  N_SIGNALS,
} MusterEngineSessionSignal;

static unsigned signals[N_SIGNALS];

static void muster_engine_session_schedule_flush (MusterEngineSession *self);

/* --- WebSockets --- */

static void
pipe_free (Pipe *self)
{
  muster_metered_stream_set_func (self->stream, NULL, NULL);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    {
      /* It lives until what was written has left, and the other side has said goodbye too. */
      g_signal_connect (self->connection, "closed", G_CALLBACK (g_object_unref), NULL);
      soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
    }
  else
    g_object_unref (self->connection);
  g_object_unref (self->stream);
  g_free (self);
}

static void
pipe_write (Pipe *self, const char *text)
{
  gsize length = strlen (text);

  if (soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  /* And at most the ten bytes of a frame's head (RFC 6455 §5.2). */
  self->outstanding += length + (length < 126 ? 2 : length < 65536 ? 4 : 10);
  soup_websocket_connection_send_text (self->connection, text);
}

static void
pipe_written_cb (gsize n_written, gpointer user_data)
{
  Pipe                *self = user_data;
  MusterEngineSession *session = self->session;

  self->outstanding = MAX (0, self->outstanding - (gint64)n_written);
  if (self->outstanding < HIGH_WATER / 2)
    muster_engine_session_schedule_flush (session);
}

/* --- sending --- */

/* Everything that waits, joined for one answer: (transfer full). */
static char *
muster_engine_session_take_payload (MusterEngineSession *self)
{
  GString *payload = g_string_new (NULL);
  char    *text;

  while ((text = g_queue_peek_head (&self->queue)) != NULL)
    {
      if (payload->len > 0 && payload->len + strlen (text) > MUSTER_ENGINE_MAX_PAYLOAD)
        break;
      if (payload->len > 0)
        g_string_append_c (payload, 0x1e);
      g_string_append (payload, text);
      self->queued -= strlen (text);
      g_free (g_queue_pop_head (&self->queue));
    }
  return g_string_free_and_steal (payload);
}

/* (transfer full) */
static DexPromise *
muster_engine_session_take_poll (MusterEngineSession *self)
{
  DexPromise *poll = g_steal_pointer (&self->poll);

  if (poll != NULL && self->poll_cancelled_id != 0)
    g_signal_handler_disconnect (dex_promise_get_cancellable (poll), self->poll_cancelled_id);
  self->poll_cancelled_id = 0;
  return poll;
}

static void
muster_engine_session_answer_poll (MusterEngineSession *self, char *payload)
{
  g_autoptr (DexPromise) poll = muster_engine_session_take_poll (self);

  dex_promise_resolve_string (poll, payload);
}

static void
muster_engine_session_flush (MusterEngineSession *self)
{
  while (self->pipe != NULL && self->pipe->outstanding < HIGH_WATER &&
         !g_queue_is_empty (&self->queue))
    {
      g_autofree char *text = g_queue_pop_head (&self->queue);

      self->queued -= strlen (text);
      pipe_write (self->pipe, text);
    }
  if (self->poll != NULL && !g_queue_is_empty (&self->queue))
    muster_engine_session_answer_poll (self, muster_engine_session_take_payload (self));
}

static gboolean
muster_engine_session_flush_cb (gpointer user_data)
{
  MusterEngineSession *self = user_data;

  self->flush_id = 0;
  g_object_ref (self);
  if (!self->is_closed && muster_engine_session_has_room (self))
    g_signal_emit (self, signals[SIGNAL_WRITABLE], 0);
  if (!self->is_closed)
    muster_engine_session_flush (self);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

/* In a turn of its own, so that what belongs together goes together; and this may be called from
 * within a write of libsoup's. */
static void
muster_engine_session_schedule_flush (MusterEngineSession *self)
{
  if (self->flush_id == 0 && !self->is_closed)
    self->flush_id =
      g_idle_add_full (G_PRIORITY_DEFAULT, muster_engine_session_flush_cb, self, NULL);
}

void
muster_engine_session_send (MusterEngineSession *self, char *text)
{
  g_return_if_fail (MUSTER_IS_ENGINE_SESSION (self) && text != NULL);

  if (self->is_closed)
    {
      g_free (text);
      return;
    }
  self->queued += strlen (text);
  g_queue_push_tail (&self->queue, text);
  if (self->queued > MAX_QUEUED)
    muster_engine_session_close (self);
  else
    muster_engine_session_schedule_flush (self);
}

gboolean
muster_engine_session_has_room (MusterEngineSession *self)
{
  if (self->is_closed || self->queued >= HIGH_WATER)
    return FALSE;
  return self->pipe != NULL ? self->pipe->outstanding < HIGH_WATER : self->poll != NULL;
}

/* --- heartbeat --- */

static gboolean
muster_engine_session_heartbeat_cb (gpointer user_data)
{
  MusterEngineSession *self = user_data;

  self->heartbeat_id = 0;
  if (self->waits_for_pong)
    {
      muster_engine_session_close (self);
      return G_SOURCE_REMOVE;
    }
  self->waits_for_pong = TRUE;
  self->heartbeat_id =
    g_timeout_add (MUSTER_ENGINE_PING_TIMEOUT, muster_engine_session_heartbeat_cb, self);
  muster_engine_session_send (self, g_strdup ("2"));
  return G_SOURCE_REMOVE;
}

static void
muster_engine_session_wait_to_ping (MusterEngineSession *self)
{
  self->waits_for_pong = FALSE;
  g_clear_handle_id (&self->heartbeat_id, g_source_remove);
  self->heartbeat_id =
    g_timeout_add (MUSTER_ENGINE_PING_INTERVAL, muster_engine_session_heartbeat_cb, self);
}

/* --- what comes --- */

static void
muster_engine_session_handle (MusterEngineSession *self, MusterEnginePacket *packet)
{
  switch (packet->type)
    {
    case MUSTER_ENGINE_MESSAGE:
      g_signal_emit (self, signals[packet->is_binary ? SIGNAL_BINARY : SIGNAL_MESSAGE], 0,
                     packet->data);
      break;
    case MUSTER_ENGINE_PONG:
      muster_engine_session_wait_to_ping (self);
      break;
    case MUSTER_ENGINE_CLOSE:
      muster_engine_session_close (self);
      break;
    case MUSTER_ENGINE_PING:
    case MUSTER_ENGINE_OPEN:
    case MUSTER_ENGINE_UPGRADE:
    case MUSTER_ENGINE_NOOP:
    default:
      /* Servers alone open and ping; an upgrade is for the WebSocket that asks for it. */
      break;
    }
}

gboolean
muster_engine_session_post (MusterEngineSession *self, GBytes *body, GError **error)
{
  g_autoptr (GPtrArray) packets = muster_engine_payload_parse (body, error);

  g_return_val_if_fail (MUSTER_IS_ENGINE_SESSION (self), FALSE);

  if (packets == NULL)
    {
      muster_engine_session_close (self);
      return FALSE;
    }
  for (guint i = 0; i < packets->len && !self->is_closed; i++)
    muster_engine_session_handle (self, packets->pdata[i]);
  return TRUE;
}

/* --- polling --- */

static void
muster_engine_session_poll_gone_cb (GCancellable *cancellable, gpointer user_data)
{
  MusterEngineSession *self = user_data;

  /* Nobody waits any more: what comes next waits for the next one. */
  self->poll_cancelled_id = 0;
  dex_clear (&self->poll);
}

DexFuture *
muster_engine_session_poll (MusterEngineSession *self)
{
  DexFuture *future;

  g_return_val_if_fail (MUSTER_IS_ENGINE_SESSION (self), NULL);

  if (self->poll != NULL)
    {
      muster_engine_session_close (self);
      return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                    "another request of this session waits already");
    }
  self->poll = dex_promise_new_cancellable ();
  future = dex_ref (DEX_FUTURE (self->poll));
  self->poll_cancelled_id =
    g_signal_connect (dex_promise_get_cancellable (self->poll), "cancelled",
                      G_CALLBACK (muster_engine_session_poll_gone_cb), self);
  muster_engine_session_schedule_flush (self);
  return future;
}

gboolean
muster_engine_session_is_polling (MusterEngineSession *self)
{
  return self->pipe == NULL;
}

/* --- changing to a WebSocket --- */

/* The client stops asking only when it is answered. */
static gboolean
muster_engine_session_noop_cb (gpointer user_data)
{
  MusterEngineSession *self = user_data;

  if (self->poll != NULL)
    muster_engine_session_answer_poll (self, g_strdup ("6"));
  return G_SOURCE_CONTINUE;
}

static void
muster_engine_session_end_probe (MusterEngineSession *self)
{
  g_clear_handle_id (&self->noop_id, g_source_remove);
  g_clear_handle_id (&self->probe_id, g_source_remove);
  self->is_probed = FALSE;
  g_clear_pointer (&self->probe, pipe_free);
}

static gboolean
muster_engine_session_probe_late_cb (gpointer user_data)
{
  MusterEngineSession *self = user_data;

  self->probe_id = 0;
  muster_engine_session_end_probe (self);
  return G_SOURCE_REMOVE;
}

static void
muster_engine_session_upgrade (MusterEngineSession *self)
{
  self->pipe = g_steal_pointer (&self->probe);
  muster_engine_session_end_probe (self);
  if (self->poll != NULL)
    muster_engine_session_answer_poll (self, g_strdup ("6"));
  muster_engine_session_schedule_flush (self);
}

/* A frame of the WebSocket that asks to be used. */
static void
muster_engine_session_handle_probe (MusterEngineSession *self, MusterEnginePacket *packet)
{
  gsize       length;
  const char *text = g_bytes_get_data (packet->data, &length);

  if (packet->type == MUSTER_ENGINE_PING && length == 5 && memcmp (text, "probe", 5) == 0)
    {
      self->is_probed = TRUE;
      pipe_write (self->probe, "3probe");
      if (self->noop_id == 0)
        self->noop_id = g_timeout_add (NOOP_MSEC, muster_engine_session_noop_cb, self);
      muster_engine_session_noop_cb (self);
    }
  else if (packet->type == MUSTER_ENGINE_UPGRADE && self->is_probed)
    muster_engine_session_upgrade (self);
  else
    muster_engine_session_end_probe (self);
}

static void
muster_engine_session_take_text (MusterEngineSession *self, Pipe *pipe, GBytes *frame)
{
  gsize       length;
  const char *text = g_bytes_get_data (frame, &length);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEnginePacket) packet =
              muster_engine_packet_parse (text != NULL ? text : "", length, &error);

  if (packet != NULL && pipe == self->probe)
    muster_engine_session_handle_probe (self, packet);
  else if (packet != NULL)
    muster_engine_session_handle (self, packet);
  else if (pipe == self->probe)
    muster_engine_session_end_probe (self);
  else
    muster_engine_session_close (self);
}

static void
pipe_message_cb (SoupWebsocketConnection *connection, int type, GBytes *frame, Pipe *pipe)
{
  MusterEngineSession *self = pipe->session;

  g_object_ref (self);
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    muster_engine_session_take_text (self, pipe, frame);
  else if (pipe == self->pipe)
    g_signal_emit (self, signals[SIGNAL_BINARY], 0, frame);
  g_object_unref (self);
}

static void
pipe_closed_cb (SoupWebsocketConnection *connection, Pipe *pipe)
{
  MusterEngineSession *self = pipe->session;

  g_object_ref (self);
  if (pipe == self->probe)
    muster_engine_session_end_probe (self);
  else
    muster_engine_session_close (self);
  g_object_unref (self);
}

static Pipe *
pipe_new (MusterEngineSession *session, GIOStream *stream, GUri *uri)
{
  Pipe *self = g_new0 (Pipe, 1);

  self->session = session;
  self->stream = muster_metered_stream_new (stream);
  muster_metered_stream_set_func (self->stream, pipe_written_cb, self);
  self->connection =
    soup_websocket_connection_new (G_IO_STREAM (self->stream), uri,
                                   SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (self->connection,
                                                           MUSTER_ENGINE_MAX_PAYLOAD);
  g_signal_connect (self->connection, "message", G_CALLBACK (pipe_message_cb), self);
  g_signal_connect (self->connection, "closed", G_CALLBACK (pipe_closed_cb), self);
  return self;
}

void
muster_engine_session_accept (MusterEngineSession *self,
                              GIOStream           *stream,
                              GUri                *uri,
                              gboolean             is_new)
{
  g_autofree char *open = NULL;

  g_return_if_fail (MUSTER_IS_ENGINE_SESSION (self));

  if (self->is_closed)
    return;
  if (is_new)
    {
      open = muster_engine_session_make_open (self, TRUE);
      self->pipe = pipe_new (self, stream, uri);
      pipe_write (self->pipe, open);
      muster_engine_session_schedule_flush (self);
      return;
    }
  muster_engine_session_end_probe (self);
  self->probe = pipe_new (self, stream, uri);
  self->probe_id = g_timeout_add (PROBE_MSEC, muster_engine_session_probe_late_cb, self);
}

/* --- life --- */

char *
muster_engine_session_make_open (MusterEngineSession *self, gboolean is_websocket)
{
  return g_strdup_printf ("0{\"sid\":\"%s\",\"upgrades\":[%s],\"pingInterval\":%d,"
                          "\"pingTimeout\":%d,\"maxPayload\":%d}",
                          self->id, is_websocket ? "" : "\"websocket\"",
                          MUSTER_ENGINE_PING_INTERVAL, MUSTER_ENGINE_PING_TIMEOUT,
                          MUSTER_ENGINE_MAX_PAYLOAD);
}

const char *
muster_engine_session_get_id (MusterEngineSession *self)
{
  return self->id;
}

gboolean
muster_engine_session_is_closed (MusterEngineSession *self)
{
  return self->is_closed;
}

static void
muster_engine_session_clear_sources (MusterEngineSession *self)
{
  g_clear_handle_id (&self->heartbeat_id, g_source_remove);
  g_clear_handle_id (&self->noop_id, g_source_remove);
  g_clear_handle_id (&self->probe_id, g_source_remove);
  g_clear_handle_id (&self->flush_id, g_source_remove);
}

void
muster_engine_session_close (MusterEngineSession *self)
{
  g_return_if_fail (MUSTER_IS_ENGINE_SESSION (self));

  if (self->is_closed)
    return;
  g_object_ref (self);
  /* What was said before goodbye is still told. */
  g_queue_push_tail (&self->queue, g_strdup ("1"));
  self->queued++;
  if (self->poll != NULL)
    muster_engine_session_answer_poll (self, muster_engine_session_take_payload (self));
  else if (self->pipe != NULL && self->queued < MAX_QUEUED)
    muster_engine_session_flush (self);
  self->is_closed = TRUE;
  muster_engine_session_clear_sources (self);
  g_clear_pointer (&self->probe, pipe_free);
  g_clear_pointer (&self->pipe, pipe_free);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  g_object_unref (self);
}

static void
muster_engine_session_finalize (GObject *object)
{
  MusterEngineSession *self = MUSTER_ENGINE_SESSION (object);
  g_autoptr (DexPromise) poll = muster_engine_session_take_poll (self);

  muster_engine_session_clear_sources (self);
  g_clear_pointer (&self->probe, pipe_free);
  g_clear_pointer (&self->pipe, pipe_free);
  g_queue_clear_full (&self->queue, g_free);
  G_OBJECT_CLASS (muster_engine_session_parent_class)->finalize (object);
}

static void
muster_engine_session_class_init (MusterEngineSessionClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_engine_session_finalize;
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_BINARY] = g_signal_new ("binary", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_WRITABLE] =
    g_signal_new ("writable", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_engine_session_init (MusterEngineSession *self)
{
  guint8 random[ID_BYTES];

  randombytes_buf (random, sizeof random);
  sodium_bin2base64 (self->id, sizeof self->id, random, sizeof random,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  g_queue_init (&self->queue);
  muster_engine_session_wait_to_ping (self);
}

MusterEngineSession *
muster_engine_session_new (void)
{
  return g_object_new (MUSTER_TYPE_ENGINE_SESSION, NULL);
}
