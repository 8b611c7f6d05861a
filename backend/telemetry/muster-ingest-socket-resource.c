/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ingest-socket-resource"

#include "config.h"

#include <libsoup/soup.h>

#include "core/http/muster-json-body.h"
#include "core/http/muster-problem.h"
#include "muster-ingest-body.h"
#include "muster-ingest-socket-resource.h"

/* A message is a reading as POST /monitoring/data takes it, or an array of them. What is said back:
 *   {"op":"hello","window":64}
 *   {"op":"ack","message":12,"stored":30,"refused":0}   the first 12 are done; totals so far
 *   {"op":"error","message":13,"problem":{…}}            nothing of it was stored
 *   {"op":"note","message":14,"notes":["…"]}             values of it are stored as bad ones
 * A sender waits for acks when WINDOW messages are not acknowledged; one that does not is sent
 * away. */

#define MAX_MESSAGE (256 * 1024)
#define WINDOW 64
#define MOST_WAITING (4 * WINDOW)
#define KEEPALIVE_SECONDS 30
#define RECHECK_SECONDS 5

/* --- one stream --- */

#define MUSTER_TYPE_INGEST_SOCKET (muster_ingest_socket_get_type ())
G_DECLARE_FINAL_TYPE (MusterIngestSocket, muster_ingest_socket, MUSTER, INGEST_SOCKET, GObject)

struct _MusterIngestSocket
{
  GObject parent_instance;

  MusterTelemetry         *telemetry;  /* (owned) */
  MusterDeviceNames       *names;      /* (owned) */
  MusterMetricUnits       *units;      /* (owned) */
  MusterClock             *clock;      /* (owned) */
  SoupWebsocketConnection *connection; /* (owned) */
  MusterLivePass          *pass;       /* (owned) (nullable) */
  char                    *own_device; /* (nullable) */
  GQueue                   waiting;    /* (element-type Message): in the order they came */
  gint64                   n_received;
  gint64                   n_done;
  gint64                   n_stored;
  gint64                   n_refused;
  guint                    ack_id;
  guint                    recheck_id;
  guint                    is_closed : 1;
};

G_DEFINE_FINAL_TYPE (MusterIngestSocket, muster_ingest_socket, G_TYPE_OBJECT)

static unsigned closed_signal;

/* One message under way. */
typedef struct
{
  gatomicrefcount     ref_count;
  MusterIngestSocket *socket; /* (owned) */
  gint64              number;
  unsigned            n_samples;
  gboolean            is_done;
} Message;

static void
message_unref (gpointer data)
{
  Message *message = data;

  if (!g_atomic_ref_count_dec (&message->ref_count))
    return;
  g_object_unref (message->socket);
  g_free (message);
}

static gboolean
is_open (MusterIngestSocket *self)
{
  return !self->is_closed &&
         soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

static void
say (MusterIngestSocket *self, const char *text)
{
  if (is_open (self))
    soup_websocket_connection_send_text (self->connection, text);
}

static void
say_error (MusterIngestSocket *self, gint64 number, const GError *error)
{
  g_autoptr (GString) json = g_string_new (NULL);

  g_string_printf (json, "{\"op\":\"error\",\"message\":%" G_GINT64_FORMAT ",\"problem\":", number);
  muster_problem_encode (error, NULL, json);
  g_string_append_c (json, '}');
  say (self, json->str);
}

static gboolean
muster_ingest_socket_ack_cb (gpointer user_data)
{
  MusterIngestSocket *self = user_data;
  g_autofree char    *text =
    g_strdup_printf ("{\"op\":\"ack\",\"message\":%" G_GINT64_FORMAT ",\"stored\":%" G_GINT64_FORMAT
                     ",\"refused\":%" G_GINT64_FORMAT "}",
                     self->n_done, self->n_stored, self->n_refused);

  self->ack_id = 0;
  say (self, text);
  return G_SOURCE_REMOVE;
}

/* What is done from the first on is acknowledged: many at once by one message. */
static void
finish (MusterIngestSocket *self, Message *message)
{
  message->is_done = TRUE;
  while (!g_queue_is_empty (&self->waiting) &&
         ((Message *)g_queue_peek_head (&self->waiting))->is_done)
    {
      self->n_done++;
      message_unref (g_queue_pop_head (&self->waiting));
    }
  if (self->ack_id == 0 && !self->is_closed)
    self->ack_id = g_idle_add (muster_ingest_socket_ack_cb, self);
}

static DexFuture *
muster_ingest_socket_stored_cb (DexFuture *future, gpointer user_data)
{
  Message *message = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    say_error (message->socket, message->number, error);
  finish (message->socket, message);
  return dex_future_new_true ();
}

static DexFuture *
muster_ingest_socket_count_cb (DexFuture *future, gpointer user_data)
{
  Message *message = user_data;
  gint64   refused = g_value_get_int64 (dex_future_get_value (future, NULL));

  message->socket->n_refused += refused;
  message->socket->n_stored += message->n_samples - refused;
  message->n_samples = 0;
  return dex_ref (future);
}

/* Hands the batches on: a future that settles when all are durable. */
static DexFuture *
store (Message *message, GPtrArray *batches)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < batches->len; i++)
    {
      Message *part = g_new0 (Message, 1);

      g_atomic_ref_count_init (&part->ref_count);
      part->socket = g_object_ref (message->socket);
      muster_sample_batch_get (batches->pdata[i], &part->n_samples);
      g_ptr_array_add (futures,
                       dex_future_then (muster_telemetry_ingest (message->socket->telemetry,
                                                                 batches->pdata[i]),
                                        muster_ingest_socket_count_cb, part, message_unref));
    }
  return futures->len > 0 ? dex_future_allv ((DexFuture **)futures->pdata, futures->len)
                          : dex_future_new_true ();
}

static gboolean
check_devices (MusterIngestSocket *self, GPtrArray *batches, GError **error)
{
  for (guint i = 0; i < batches->len; i++)
    {
      const char *id = muster_sample_batch_get_device_id (batches->pdata[i]);

      if (g_strcmp0 (muster_device_names_lookup (self->names, id), id) != 0)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s", id);
          return FALSE;
        }
    }
  return TRUE;
}

/* What was stored, but not as it was meant. */
static void
say_notes (MusterIngestSocket *self, gint64 number, GPtrArray *notes)
{
  g_autoptr (GString) json = g_string_new (NULL);

  if (notes->len == 0)
    return;
  g_string_printf (json, "{\"op\":\"note\",\"message\":%" G_GINT64_FORMAT, number);
  muster_ingest_body_append_notes (notes, json);
  g_string_append_c (json, '}');
  say (self, json->str);
}

static void
take (MusterIngestSocket *self, Message *message, GBytes *bytes)
{
  MusterIngestSender sender = {
    .lookup = muster_device_names_lookup_cb,
    .lookup_data = self->names,
    .own_device = self->own_device,
    .now = muster_clock_get_now (self->clock),
    .units = self->units,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonNode) body = muster_json_body_parse (bytes, &error);
  g_autoptr (GPtrArray) batches =
              body != NULL ? muster_ingest_body_decode (body, &sender, notes, &error) : NULL;

  if (batches == NULL || !check_devices (self, batches, &error))
    {
      say_error (self, message->number, error);
      finish (self, message);
      return;
    }
  say_notes (self, message->number, notes);
  g_atomic_ref_count_inc (&message->ref_count);
  dex_future_disown (dex_future_finally (store (message, batches), muster_ingest_socket_stored_cb,
                                         message, message_unref));
}

static void
muster_ingest_socket_message_cb (MusterIngestSocket *self, int type, GBytes *bytes)
{
  Message *message;

  if (!is_open (self))
    return;
  if (g_queue_get_length (&self->waiting) >= MOST_WAITING)
    {
      soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                       "too many messages wait: wait for acks");
      return;
    }
  message = g_new0 (Message, 1);
  g_atomic_ref_count_init (&message->ref_count);
  message->socket = g_object_ref (self);
  message->number = ++self->n_received;
  g_queue_push_tail (&self->waiting, message);
  take (self, message, bytes);
}

static void
muster_ingest_socket_closed_cb (MusterIngestSocket *self)
{
  self->is_closed = TRUE;
  g_clear_handle_id (&self->ack_id, g_source_remove);
  g_clear_handle_id (&self->recheck_id, g_source_remove);
  g_signal_emit (self, closed_signal, 0);
}

static DexFuture *
muster_ingest_socket_rechecked_cb (DexFuture *future, gpointer user_data)
{
  MusterIngestSocket *self = user_data;

  if (is_open (self) && !muster_live_pass_is_good (self->pass, future))
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                     "what let this stream in is not valid any more");
  return dex_future_new_true ();
}

static gboolean
muster_ingest_socket_recheck_cb (gpointer user_data)
{
  MusterIngestSocket *self = user_data;

  dex_future_disown (dex_future_finally (muster_live_pass_ask (self->pass),
                                         muster_ingest_socket_rechecked_cb, g_object_ref (self),
                                         g_object_unref));
  return G_SOURCE_CONTINUE;
}

static void
muster_ingest_socket_finalize (GObject *object)
{
  MusterIngestSocket *self = MUSTER_INGEST_SOCKET (object);

  g_clear_handle_id (&self->ack_id, g_source_remove);
  g_clear_handle_id (&self->recheck_id, g_source_remove);
  g_queue_clear_full (&self->waiting, message_unref);
  g_clear_pointer (&self->pass, muster_live_pass_free);
  g_clear_object (&self->connection);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->names);
  g_clear_object (&self->units);
  g_clear_object (&self->clock);
  g_free (self->own_device);
  G_OBJECT_CLASS (muster_ingest_socket_parent_class)->finalize (object);
}

static void
muster_ingest_socket_class_init (MusterIngestSocketClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_ingest_socket_finalize;
  closed_signal = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_ingest_socket_init (MusterIngestSocket *self)
{
  g_queue_init (&self->waiting);
}

/* --- all of them --- */

#define MUSTER_TYPE_INGEST_SOCKETS (muster_ingest_sockets_get_type ())
G_DECLARE_FINAL_TYPE (MusterIngestSockets, muster_ingest_sockets, MUSTER, INGEST_SOCKETS, GObject)

struct _MusterIngestSockets
{
  GObject            parent_instance;
  MusterTelemetry   *telemetry; /* (owned) */
  MusterDeviceNames *names;     /* (owned) */
  MusterMetricUnits *units;     /* (owned) */
  MusterClock       *clock;     /* (owned) */
  GPtrArray         *open;      /* (owned) (element-type MusterIngestSocket) */
};

G_DEFINE_FINAL_TYPE (MusterIngestSockets, muster_ingest_sockets, G_TYPE_OBJECT)

static void
muster_ingest_sockets_finalize (GObject *object)
{
  MusterIngestSockets *self = MUSTER_INGEST_SOCKETS (object);

  g_ptr_array_unref (self->open);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->names);
  g_clear_object (&self->units);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_ingest_sockets_parent_class)->finalize (object);
}

static void
muster_ingest_sockets_class_init (MusterIngestSocketsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_ingest_sockets_finalize;
}

static void
muster_ingest_sockets_init (MusterIngestSockets *self)
{
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
muster_ingest_sockets_closed_cb (MusterIngestSockets *self, MusterIngestSocket *socket)
{
  g_ptr_array_remove_fast (self->open, socket);
}

static void
accept_socket (MusterRequest  *request,
               GIOStream      *stream,
               GUri           *uri,
               MusterLivePass *pass,
               gpointer        user_data)
{
  MusterIngestSockets *self = user_data;
  MusterIngestSocket  *socket = g_object_new (MUSTER_TYPE_INGEST_SOCKET, NULL);
  MusterActor         *actor = muster_request_get_actor (request);

  socket->telemetry = g_object_ref (self->telemetry);
  socket->names = g_object_ref (self->names);
  socket->units = g_object_ref (self->units);
  socket->clock = g_object_ref (self->clock);
  socket->pass = pass;
  if (muster_actor_get_kind (actor) == MUSTER_ACTOR_DEVICE)
    socket->own_device = g_strdup (muster_actor_get_id (actor));
  socket->connection =
    soup_websocket_connection_new (stream, uri, SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (socket->connection, MAX_MESSAGE);
  soup_websocket_connection_set_keepalive_interval (socket->connection, KEEPALIVE_SECONDS);
  if (pass != NULL)
    socket->recheck_id =
      g_timeout_add_seconds (RECHECK_SECONDS, muster_ingest_socket_recheck_cb, socket);
  g_signal_connect_object (socket->connection, "message",
                           G_CALLBACK (muster_ingest_socket_message_cb), socket, G_CONNECT_SWAPPED);
  g_signal_connect_object (socket->connection, "closed",
                           G_CALLBACK (muster_ingest_socket_closed_cb), socket, G_CONNECT_SWAPPED);
  g_signal_connect_object (socket, "closed", G_CALLBACK (muster_ingest_sockets_closed_cb), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->open, socket);
  say (socket, "{\"op\":\"hello\",\"window\":" G_STRINGIFY (WINDOW) "}");
}

/* clang-format off */
static const MusterRoute routes[] = {
  { "GET", "/ws/ingest", "openIngestStream", "monitoring", "Upgrade to a WebSocket that takes samples: a reading a message, acknowledged when durable", muster_handle_websocket, MUSTER_ROUTE_DEVICE, .status = 101, .upgrade = accept_socket },
};
/* clang-format on */

void
muster_ingest_socket_resource_add (MusterRouter      *router,
                                   MusterTelemetry   *telemetry,
                                   MusterDeviceNames *names,
                                   MusterMetricUnits *units,
                                   MusterClock       *clock)
{
  g_autoptr (MusterIngestSockets) self = NULL;

  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_TELEMETRY (telemetry) &&
                    MUSTER_IS_DEVICE_NAMES (names) && MUSTER_IS_METRIC_UNITS (units) &&
                    MUSTER_IS_CLOCK (clock));

  self = g_object_new (MUSTER_TYPE_INGEST_SOCKETS, NULL);
  self->telemetry = g_object_ref (telemetry);
  self->names = g_object_ref (names);
  self->units = g_object_ref (units);
  self->clock = g_object_ref (clock);
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (self));
}
