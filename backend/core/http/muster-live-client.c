/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-client"

#include "config.h"

#include <string.h>

#include "core/muster-journal-many.h"
#include "model/muster-error.h"
#include "muster-live-client.h"
#include "muster-live-queue.h"
#include "muster-live-subscription.h"
#include "muster-metered-stream.h"
#include "muster-problem.h"

#define MAX_SUBSCRIPTIONS 64
#define MAX_WAITING 1000
/* Bytes given to the connection that have not left it: beyond, events wait where they can be
 * coalesced. */
#define HIGH_WATER (64 * 1024)
#define REPLAY_BATCH 500
/* Of entries, for one who comes back. */
#define MAX_REPLAY 5000
#define KEEPALIVE_SECONDS 30
/* A client that takes nothing for so long is gone. */
#define STALL_USEC (60 * G_USEC_PER_SEC)
#define TELL_DROPPED_USEC G_USEC_PER_SEC

struct _MusterLiveClient
{
  GObject parent_instance;

  SoupWebsocketConnection *connection;    /* (owned) */
  MusterMeteredStream     *stream;        /* (owned) */
  MusterDatabase          *database;      /* (owned) (nullable) */
  GHashTable              *subscriptions; /* (owned) (element-type utf8 MusterLiveSubscription) */
  MusterLiveQueue         *queue;         /* (owned) */
  gint64                   outstanding;   /* bytes */
  gint64                   progress;      /* monotonic µs: when some left last */
  GSource                 *pump;          /* (owned) (nullable) */
  MusterLivePass          *pass;          /* (owned) (nullable) */
  guint                    is_closed : 1;
};

static void muster_live_client_listener_init (MusterLiveListenerInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterLiveClient,
                               muster_live_client,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_LIVE_LISTENER,
                                                      muster_live_client_listener_init))

static void muster_live_client_close (MusterLiveListener *listener);
static void muster_live_client_replay (MusterLiveClient       *self,
                                       MusterLiveSubscription *subscription);

/* --- writing --- */

/* What a frame of LENGTH bytes takes on the wire (RFC 6455 §5.2; a server does not mask). */
static gsize
get_frame_size (gsize length)
{
  return length + (length < 126 ? 2 : length < 65536 ? 4 : 10);
}

static void
muster_live_client_write (MusterLiveClient *self, char *text)
{
  gsize length = strlen (text);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, length);

  if (self->is_closed ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  if (self->outstanding == 0)
    self->progress = g_get_monotonic_time ();
  self->outstanding += get_frame_size (length);
  soup_websocket_connection_send_message (self->connection, SOUP_WEBSOCKET_DATA_TEXT, bytes);
}

static gboolean
muster_live_client_has_room (MusterLiveClient *self)
{
  return self->outstanding < HIGH_WATER && muster_live_queue_get_length (self->queue) == 0;
}

/* TEXT (taken) in its turn. */
static void
muster_live_client_say (MusterLiveClient *self, char *text)
{
  if (muster_live_client_has_room (self))
    muster_live_client_write (self, text);
  else
    muster_live_queue_push_text (self->queue, text);
}

static void
muster_live_client_say_lagged (MusterLiveClient       *self,
                               MusterLiveSubscription *subscription,
                               gboolean                is_over)
{
  GString *json = g_string_new ("{\"op\":\"lagged\",\"id\":");

  muster_json_append_string (json, subscription->id, -1);
  g_string_append_printf (json, ",\"dropped\":%" G_GUINT64_FORMAT, subscription->dropped);
  if (is_over)
    g_string_append_printf (json, ",\"sequence\":%" G_GINT64_FORMAT, subscription->told);
  g_string_append_c (json, '}');
  subscription->dropped = 0;
  subscription->told_dropped = g_get_monotonic_time ();
  muster_live_client_say (self, g_string_free_and_steal (json));
}

static void
muster_live_client_say_error (MusterLiveClient *self, const char *id, const GError *error)
{
  GString *json = g_string_new ("{\"op\":\"error\"");

  if (id != NULL)
    {
      g_string_append (json, ",\"id\":");
      muster_json_append_string (json, id, -1);
    }
  g_string_append (json, ",\"problem\":");
  muster_problem_encode (error, NULL, json);
  g_string_append_c (json, '}');
  muster_live_client_say (self, g_string_free_and_steal (json));
}

/* Tells what had to be left out, not more than once a second. */
static void
muster_live_client_tell_dropped (MusterLiveClient *self)
{
  gint64         now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->subscriptions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MusterLiveSubscription *subscription = value;

      if (subscription->dropped > 0 && now - subscription->told_dropped >= TELL_DROPPED_USEC)
        muster_live_client_say_lagged (self, subscription, FALSE);
    }
}

static void
muster_live_client_write_event (MusterLiveClient       *self,
                                MusterLiveSubscription *subscription,
                                MusterEvent            *event)
{
  char *frame = muster_live_subscription_frame (subscription, event);

  if (frame != NULL)
    muster_live_client_write (self, frame);
  subscription->told = MAX (subscription->told, muster_event_get_sequence (event));
}

static void
muster_live_client_write_item (MusterLiveClient *self, MusterLiveItem *item)
{
  MusterLiveSubscription *subscription;

  if (item->text != NULL)
    {
      muster_live_client_write (self, g_steal_pointer (&item->text));
      return;
    }
  subscription = g_hash_table_lookup (self->subscriptions, item->subscription);
  if (subscription != NULL)
    muster_live_client_write_event (self, subscription, item->event);
}

static void
muster_live_client_continue_replays (MusterLiveClient *self)
{
  GHashTableIter iter;
  gpointer       value;

  g_hash_table_iter_init (&iter, self->subscriptions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      MusterLiveSubscription *subscription = value;

      if (subscription->is_replaying && subscription->replay == NULL)
        muster_live_client_replay (self, subscription);
    }
}

static gboolean
muster_live_client_pump_cb (gpointer user_data)
{
  MusterLiveClient *self = user_data;

  g_clear_pointer (&self->pump, g_source_unref);
  while (!self->is_closed && self->outstanding < HIGH_WATER)
    {
      g_autoptr (MusterLiveItem) item = muster_live_queue_pop (self->queue);

      if (item == NULL)
        break;
      muster_live_client_write_item (self, item);
    }
  if (!self->is_closed)
    muster_live_client_tell_dropped (self);
  if (!self->is_closed && muster_live_client_has_room (self))
    muster_live_client_continue_replays (self);
  return G_SOURCE_REMOVE;
}

/* In a turn of its own: this may be called from within a write of libsoup's. */
static void
muster_live_client_schedule_pump (MusterLiveClient *self)
{
  if (self->pump != NULL || self->is_closed)
    return;
  self->pump = g_idle_source_new ();
  g_source_set_priority (self->pump, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->pump, muster_live_client_pump_cb, self, NULL);
  g_source_attach (self->pump, g_main_context_get_thread_default ());
}

static void
muster_live_client_written_cb (gsize n_written, gpointer user_data)
{
  MusterLiveClient *self = user_data;

  /* Control frames of libsoup's are counted here and nowhere else: nothing outstanding is where the
   * count starts anew. */
  self->outstanding = MAX (0, self->outstanding - (gint64)n_written);
  self->progress = g_get_monotonic_time ();
  if (self->outstanding < HIGH_WATER / 2)
    muster_live_client_schedule_pump (self);
}

/* --- events --- */

static void
muster_live_client_remove (MusterLiveClient *self, const char *id)
{
  muster_live_queue_forget (self->queue, id);
  g_hash_table_remove (self->subscriptions, id);
  muster_live_listener_emit_changed (MUSTER_LIVE_LISTENER (self));
}

/* The journal may not have gaps: the client has to take it up again where it lost it. */
static void
muster_live_client_break_off (MusterLiveClient *self, MusterLiveSubscription *subscription)
{
  g_autofree char *id = g_strdup (subscription->id);

  subscription->dropped++;
  muster_live_client_say_lagged (self, subscription, TRUE);
  muster_live_client_remove (self, id);
}

static void
muster_live_client_count_dropped (MusterLiveClient *self, const char *id)
{
  MusterLiveSubscription *subscription = g_hash_table_lookup (self->subscriptions, id);

  if (subscription != NULL)
    subscription->dropped++;
}

/* FALSE when SUBSCRIPTION is over. */
static gboolean
muster_live_client_push (MusterLiveClient       *self,
                         MusterLiveSubscription *subscription,
                         MusterEvent            *event)
{
  gint64           sequence = muster_event_get_sequence (event);
  g_autofree char *displaced = NULL;

  if (muster_live_client_has_room (self))
    muster_live_client_write_event (self, subscription, event);
  else if (!muster_live_queue_push_event (self->queue, subscription->id, event, &displaced))
    {
      muster_live_client_break_off (self, subscription);
      return FALSE;
    }
  if (displaced != NULL)
    muster_live_client_count_dropped (self, displaced);
  subscription->last = MAX (subscription->last, sequence);
  return TRUE;
}

static gboolean
muster_live_client_is_stalled (MusterLiveClient *self)
{
  return self->outstanding >= HIGH_WATER && g_get_monotonic_time () - self->progress > STALL_USEC;
}

/* EVENT for SUBSCRIPTION, live: unless the journal's replay has told it, or is going to. */
static void
muster_live_client_deliver_to (MusterLiveClient       *self,
                               MusterLiveSubscription *subscription,
                               MusterEvent            *event)
{
  gint64 sequence = muster_event_get_sequence (event);

  if (!muster_live_subscription_matches (subscription, event))
    return;
  if (subscription->is_replaying)
    subscription->seen = MAX (subscription->seen, sequence);
  else if (sequence == 0 || sequence > subscription->last)
    muster_live_client_push (self, subscription, event);
}

static void
muster_live_client_deliver (MusterLiveListener *listener, MusterEvent *event)
{
  MusterLiveClient *self = MUSTER_LIVE_CLIENT (listener);
  g_autoptr (GList) subscriptions = NULL;

  if (self->is_closed)
    return;
  if (muster_live_client_is_stalled (self))
    {
      g_debug ("a client has taken nothing for a minute");
      muster_live_client_close (MUSTER_LIVE_LISTENER (self));
      return;
    }
  subscriptions = g_hash_table_get_values (self->subscriptions);
  for (GList *link = subscriptions; link != NULL; link = link->next)
    muster_live_client_deliver_to (self, link->data, event);
}

/* --- taking up the journal where the client left it --- */

typedef struct
{
  MusterLiveClient *client; /* (owned) */
  char             *id;     /* (owned): of the subscription */
} Replay;

static void
replay_free (gpointer data)
{
  Replay *replay = data;

  g_object_unref (replay->client);
  g_free (replay->id);
  g_free (replay);
}

/* Queues the entries that concern SUBSCRIPTION; FALSE when it is over. */
static gboolean
muster_live_client_push_entries (MusterLiveClient       *self,
                                 MusterLiveSubscription *subscription,
                                 GPtrArray              *entries)
{
  for (guint i = 0; i < entries->len; i++)
    {
      g_autoptr (MusterEvent) event = muster_live_event_new_replayed (entries->pdata[i]);

      if (muster_live_subscription_matches (subscription, event) &&
          !muster_live_client_push (self, subscription, event))
        return FALSE;
      subscription->last = MAX (subscription->last, muster_event_get_sequence (event));
    }
  return TRUE;
}

static void
muster_live_client_take_entries (MusterLiveClient       *self,
                                 MusterLiveSubscription *subscription,
                                 GPtrArray              *entries)
{
  if (!muster_live_client_push_entries (self, subscription, entries))
    return;
  /* What went by meanwhile is either told now, or stands in the journal and comes with the next
   * batch. */
  if (entries->len == 0 ||
      (entries->len < REPLAY_BATCH && subscription->last >= subscription->seen))
    subscription->is_replaying = FALSE;
  else
    muster_live_client_schedule_pump (self);
}

static DexFuture *
muster_live_client_replayed_cb (DexFuture *future, gpointer user_data)
{
  Replay                 *replay = user_data;
  MusterLiveClient       *self = replay->client;
  MusterLiveSubscription *subscription = g_hash_table_lookup (self->subscriptions, replay->id);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (self->is_closed || subscription == NULL)
    return dex_future_new_true ();
  dex_clear (&subscription->replay); /* it holds us */
  if (value != NULL)
    muster_live_client_take_entries (self, subscription, g_value_get_boxed (value));
  else
    {
      muster_live_client_say_error (self, subscription->id, error);
      muster_live_client_remove (self, replay->id);
    }
  return dex_future_new_true ();
}

static void
muster_live_client_replay (MusterLiveClient *self, MusterLiveSubscription *subscription)
{
  Replay *replay = g_new (Replay, 1);

  *replay = (Replay){ g_object_ref (self), g_strdup (subscription->id) };
  subscription->replay =
    dex_future_finally (muster_journal_replay (self->database, subscription->last, REPLAY_BATCH),
                        muster_live_client_replayed_cb, replay, replay_free);
}

/* --- what the client says --- */

static const char *
get_customer (MusterLiveClient *self)
{
  return self->pass != NULL ? muster_live_pass_get_customer (self->pass) : NULL;
}

static gboolean
muster_live_client_check_subscribe (MusterLiveClient  *self,
                                    MusterLiveMessage *message,
                                    GError           **error)
{
  if (!g_hash_table_contains (self->subscriptions, message->id) &&
      g_hash_table_size (self->subscriptions) >= MAX_SUBSCRIPTIONS)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED,
                 "there are %d subscriptions already: end one first", MAX_SUBSCRIPTIONS);
  else if (get_customer (self) != NULL && !g_str_equal (message->topic, MUSTER_TOPIC_JOURNAL))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                 "topic: customers hear of their own orders and deliveries alone: subscribe to %s",
                 MUSTER_TOPIC_JOURNAL);
  else if (message->since >= 0 && self->database == NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                         "there is no journal to go on from");
  else if (message->since >= 0 && message->since > muster_database_get_sequence (self->database))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "the journal ends at %" G_GINT64_FORMAT ": subscribe without since and read anew",
                 muster_database_get_sequence (self->database));
  else
    return TRUE;
  return FALSE;
}

/* Who was away for long reads anew rather than change by change. */
static void
muster_live_client_skip (MusterLiveClient       *self,
                         MusterLiveSubscription *subscription,
                         gint64                  sequence)
{
  g_autoptr (MusterJournalMany) many = muster_journal_many_new (subscription->last + 1, sequence);
  g_autoptr (MusterEvent) event = muster_journal_many_make_event (many);

  muster_live_client_push (self, subscription, event);
}

static void
muster_live_client_subscribe (MusterLiveClient *self, MusterLiveMessage *message)
{
  g_autoptr (GError) error = NULL;
  MusterLiveSubscription *subscription;
  gint64                  sequence;
  GString                *json;

  if (!muster_live_client_check_subscribe (self, message, &error))
    {
      muster_live_client_say_error (self, message->id, error);
      return;
    }
  muster_live_queue_forget (self->queue, message->id);
  subscription = muster_live_subscription_new (message, get_customer (self));
  g_hash_table_replace (self->subscriptions, subscription->id, subscription);
  sequence = self->database != NULL ? muster_database_get_sequence (self->database) : 0;
  if (message->since < 0)
    subscription->last = subscription->told = sequence;
  else if (sequence - message->since > MAX_REPLAY || subscription->customer != NULL)
    subscription->is_replaying = FALSE; /* nor does the journal say of old entries whose they are */
  json = g_string_new ("{\"op\":\"subscribed\",\"id\":");
  muster_json_append_string (json, subscription->id, -1);
  g_string_append_printf (json, ",\"sequence\":%" G_GINT64_FORMAT "}", sequence);
  muster_live_client_say (self, g_string_free_and_steal (json));
  muster_live_listener_emit_changed (MUSTER_LIVE_LISTENER (self));
  if (subscription->is_replaying)
    muster_live_client_replay (self, subscription);
  else if (sequence > subscription->last)
    muster_live_client_skip (self, subscription, sequence);
}

static void
muster_live_client_handle (MusterLiveClient *self, MusterLiveMessage *message)
{
  switch (message->op)
    {
    case MUSTER_LIVE_SUBSCRIBE:
      muster_live_client_subscribe (self, message);
      break;
    case MUSTER_LIVE_UNSUBSCRIBE:
      muster_live_client_remove (self, message->id);
      break;
    case MUSTER_LIVE_PING:
      muster_live_client_say (self, g_strdup ("{\"op\":\"pong\"}"));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
muster_live_client_message_cb (MusterLiveClient *self, int type, GBytes *frame)
{
  g_autoptr (MusterLiveMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (self->is_closed)
    return;
  /* Who does not take what it is told need not ask for more. */
  if (muster_live_queue_get_length (self->queue) > 2 * MAX_WAITING)
    {
      muster_live_client_close (MUSTER_LIVE_LISTENER (self));
      return;
    }
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                                 "messages are JSON in text frames");
  else
    message = muster_live_message_parse (frame, &id, &error);
  if (message != NULL)
    muster_live_client_handle (self, message);
  else
    muster_live_client_say_error (self, id, error);
}

/* --- life --- */

static void
muster_live_client_closed_cb (MusterLiveClient *self)
{
  if (self->is_closed)
    return;
  self->is_closed = TRUE;
  muster_metered_stream_set_func (self->stream, NULL, NULL);
  g_hash_table_remove_all (self->subscriptions);
  muster_live_listener_emit_closed (MUSTER_LIVE_LISTENER (self));
}

static gboolean
muster_live_client_listens (MusterLiveListener *listener, const char *topic)
{
  MusterLiveClient *self = MUSTER_LIVE_CLIENT (listener);
  GHashTableIter    iter;
  gpointer          value;

  g_hash_table_iter_init (&iter, self->subscriptions);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (strcmp (((MusterLiveSubscription *)value)->topic, topic) == 0)
      return TRUE;
  return FALSE;
}

static void
muster_live_client_close (MusterLiveListener *listener)
{
  MusterLiveClient *self = MUSTER_LIVE_CLIENT (listener);

  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
}

static DexFuture *
muster_live_client_rechecked_cb (DexFuture *future, gpointer user_data)
{
  MusterLiveClient *self = user_data;

  if (!self->is_closed && !muster_live_pass_is_good (self->pass, future) &&
      soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    {
      /* Nothing more is told, whether the other side says goodbye or not. */
      g_hash_table_remove_all (self->subscriptions);
      soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                       "what let this stream in is not valid any more");
    }
  return dex_future_new_true ();
}

static void
muster_live_client_recheck (MusterLiveListener *listener)
{
  MusterLiveClient *self = MUSTER_LIVE_CLIENT (listener);

  if (self->pass != NULL && !self->is_closed)
    dex_future_disown (dex_future_finally (muster_live_pass_ask (self->pass),
                                           muster_live_client_rechecked_cb, g_object_ref (self),
                                           g_object_unref));
}

static void
muster_live_client_finalize (GObject *object)
{
  MusterLiveClient *self = MUSTER_LIVE_CLIENT (object);

  if (self->pump != NULL)
    g_source_destroy (self->pump);
  g_clear_pointer (&self->pump, g_source_unref);
  muster_metered_stream_set_func (self->stream, NULL, NULL);
  g_clear_pointer (&self->subscriptions, g_hash_table_unref);
  g_clear_pointer (&self->queue, muster_live_queue_free);
  g_clear_pointer (&self->pass, muster_live_pass_free);
  g_clear_object (&self->connection);
  g_clear_object (&self->stream);
  g_clear_object (&self->database);
  G_OBJECT_CLASS (muster_live_client_parent_class)->finalize (object);
}

static void
muster_live_client_class_init (MusterLiveClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_live_client_finalize;
}

static void
muster_live_client_listener_init (MusterLiveListenerInterface *interface)
{
  interface->listens = muster_live_client_listens;
  interface->deliver = muster_live_client_deliver;
  interface->recheck = muster_live_client_recheck;
  interface->close = muster_live_client_close;
}

static void
muster_live_client_init (MusterLiveClient *self)
{
  self->subscriptions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                               (GDestroyNotify)muster_live_subscription_free);
  self->queue = muster_live_queue_new (MAX_WAITING);
}

MusterLiveClient *
muster_live_client_new (GIOStream      *stream,
                        GUri           *uri,
                        MusterDatabase *database,
                        MusterLivePass *pass)
{
  MusterLiveClient *self = g_object_new (MUSTER_TYPE_LIVE_CLIENT, NULL);

  self->pass = pass;
  self->database = database != NULL ? g_object_ref (database) : NULL;
  self->stream = muster_metered_stream_new (stream);
  muster_metered_stream_set_func (self->stream, muster_live_client_written_cb, self);
  /* No extension: compressing each small event for each client costs more than it saves. */
  self->connection =
    soup_websocket_connection_new (G_IO_STREAM (self->stream), uri,
                                   SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (self->connection,
                                                           MUSTER_LIVE_MAX_MESSAGE);
  soup_websocket_connection_set_keepalive_interval (self->connection, KEEPALIVE_SECONDS);
  g_signal_connect_object (self->connection, "message", G_CALLBACK (muster_live_client_message_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (muster_live_client_closed_cb),
                           self, G_CONNECT_SWAPPED);
  return self;
}
