/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-socket-client"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "model/muster-rights.h"
#include "muster-live-queue.h"
#include "muster-problem.h"
#include "muster-socket-client.h"
#include "muster-socket-filter.h"
#include "muster-socket-packet.h"

#define MAX_WAITING 1000
/* Who has opened a session has to say why. */
#define CONNECT_SECONDS 45
#define ID_BYTES 15

struct _MusterSocketClient
{
  GObject parent_instance;

  MusterEngineSession *session; /* (owned) */
  MusterSocketAsk      ask;
  MusterSocketMakePass make_pass;
  gpointer             owner;      /* (unowned) */
  MusterLivePass      *first_pass; /* (owned) (nullable): of who opened the session */
  MusterActor         *first;      /* (owned) (nullable): likewise */
  MusterLivePass      *pass;       /* (owned) (nullable): while it is connected */
  MusterSocketFilter   filter;
  MusterLiveQueue     *queue;      /* (owned): events that wait */
  MusterSocketPacket  *incomplete; /* (owned) (nullable): its bytes are still to come */
  DexFuture           *asking;     /* (owned) (nullable) */
  unsigned             patience_id;
  guint                is_connected : 1;
};

static void muster_socket_client_listener_init (MusterLiveListenerInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterSocketClient,
                               muster_socket_client,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_LIVE_LISTENER,
                                                      muster_socket_client_listener_init))

/* --- telling --- */

static void
muster_socket_client_tell (MusterSocketClient *self, const char *name, MusterEvent *event)
{
  char *text = muster_socket_filter_format (&self->filter, name, event);

  if (text != NULL)
    muster_engine_session_send (self->session, text);
}

static void
muster_socket_client_push (MusterSocketClient *self, const char *name, MusterEvent *event)
{
  g_autofree char *displaced = NULL;

  if (muster_live_queue_get_length (self->queue) == 0 &&
      muster_engine_session_has_room (self->session))
    muster_socket_client_tell (self, name, event);
  /* What changed may not be missing: it has to come back and read anew. */
  else if (!muster_live_queue_push_event (self->queue, name, event, &displaced))
    muster_engine_session_close (self->session);
}

static void
muster_socket_client_deliver (MusterLiveListener *listener, MusterEvent *event)
{
  MusterSocketClient     *self = MUSTER_SOCKET_CLIENT (listener);
  g_autofree const char **names = NULL;

  if (!self->is_connected)
    return;
  names = muster_socket_filter_list_names (&self->filter, event);
  for (unsigned i = 0; names[i] != NULL && self->is_connected; i++)
    muster_socket_client_push (self, names[i], event);
}

static void
muster_socket_client_writable_cb (MusterSocketClient *self)
{
  while (self->is_connected && muster_engine_session_has_room (self->session))
    {
      g_autoptr (MusterLiveItem) item = muster_live_queue_pop (self->queue);

      if (item == NULL)
        break;
      muster_socket_client_tell (self, item->subscription, item->event);
    }
}

static gboolean
muster_socket_client_listens (MusterLiveListener *listener, const char *topic)
{
  MusterSocketClient *self = MUSTER_SOCKET_CLIENT (listener);

  return self->is_connected && muster_socket_filter_listens (&self->filter, topic);
}

/* --- connecting --- */

static void
muster_socket_client_forget_all (MusterSocketClient *self)
{
  g_autoptr (MusterLiveItem) item = NULL;

  while ((item = muster_live_queue_pop (self->queue)) != NULL)
    g_clear_pointer (&item, muster_live_item_free);
}

static void
muster_socket_client_disconnect (MusterSocketClient *self)
{
  if (!self->is_connected)
    return;
  self->is_connected = FALSE;
  g_clear_pointer (&self->pass, muster_live_pass_free);
  muster_socket_client_forget_all (self);
  muster_live_listener_emit_changed (MUSTER_LIVE_LISTENER (self));
}

static void
muster_socket_client_refuse (MusterSocketClient *self, const char *namespace, const GError *error)
{
  GString *text = muster_socket_packet_begin (MUSTER_SOCKET_CONNECT_ERROR, namespace, -1);

  g_string_append (text, "{\"message\":");
  muster_json_append_string (text, error->message, -1);
  g_string_append (text, ",\"data\":");
  muster_problem_encode (error, NULL, text);
  g_string_append_c (text, '}');
  muster_engine_session_send (self->session, g_string_free_and_steal (text));
}

/* PASS is taken. */
static void
muster_socket_client_admit (MusterSocketClient *self, MusterActor *actor, MusterLivePass *pass)
{
  GString *text = NULL;
  guint8   random[ID_BYTES];
  char     id[2 * ID_BYTES];
  g_autoptr (GError) error = NULL;

  /* What is told here is told to everybody who listens: it is not for customers. */
  if (!muster_rights_allow ("openLiveStream", muster_actor_get_role (actor)) ||
      muster_actor_get_role (actor) == MUSTER_ROLE_CUSTOMER)
    {
      error = g_error_new (MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                           "the live stream is not for this role: %s",
                           muster_enum_get_nick (&muster_role_enum, muster_actor_get_role (actor)));
      muster_live_pass_free (pass);
      muster_socket_client_refuse (self, "/", error);
      return;
    }
  g_clear_pointer (&self->pass, muster_live_pass_free);
  self->pass = pass;
  self->is_connected = TRUE;
  g_clear_handle_id (&self->patience_id, g_source_remove);
  randombytes_buf (random, sizeof random);
  sodium_bin2base64 (id, sizeof id, random, sizeof random,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text = muster_socket_packet_begin (MUSTER_SOCKET_CONNECT, "/", -1);
  g_string_append_printf (text, "{\"sid\":\"%s\"}", id);
  muster_engine_session_send (self->session, g_string_free_and_steal (text));
  muster_live_listener_emit_changed (MUSTER_LIVE_LISTENER (self));
}

typedef struct
{
  MusterSocketClient *client; /* (owned) */
  char               *token;  /* (owned) */
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_object_unref (self->client);
  explicit_bzero (self->token, strlen (self->token));
  g_free (self->token);
  g_free (self);
}

static DexFuture *
muster_socket_client_asked_cb (DexFuture *future, gpointer user_data)
{
  Asking             *asking = user_data;
  MusterSocketClient *self = asking->client;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  dex_clear (&self->asking); /* it holds us */
  if (muster_engine_session_is_closed (self->session))
    return dex_future_new_true ();
  if (value != NULL && G_VALUE_HOLDS (value, MUSTER_TYPE_ACTOR) &&
      g_value_get_boxed (value) != NULL)
    {
      MusterActor *actor = g_value_get_boxed (value);

      muster_socket_client_admit (self, actor, self->make_pass (self->owner, asking->token, actor));
      return dex_future_new_true ();
    }
  if (error == NULL)
    error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, "the token is not known");
  muster_socket_client_refuse (self, "/", error);
  return dex_future_new_true ();
}

static const char *
get_token (JsonObject *auth)
{
  JsonNode *node = auth != NULL ? json_object_get_member (auth, "token") : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static void
muster_socket_client_ask (MusterSocketClient *self, const char *token)
{
  Asking *asking = g_new (Asking, 1);

  *asking = (Asking){ g_object_ref (self), g_strdup (token) };
  self->asking = dex_future_finally (self->ask (self->owner, token), muster_socket_client_asked_cb,
                                     asking, asking_free);
}

static void
muster_socket_client_connect (MusterSocketClient *self, MusterSocketPacket *packet)
{
  JsonObject *auth = packet->payload != NULL ? json_node_get_object (packet->payload) : NULL;
  const char *token = get_token (auth);
  g_autoptr (GError) error = NULL;

  if (strcmp (packet->namespace, "/") != 0)
    error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "Invalid namespace");
  else if (self->is_connected || self->asking != NULL)
    {
      muster_engine_session_close (self->session);
      return;
    }
  else if (auth != NULL && !muster_socket_filter_read (&self->filter, auth, &error))
    ;
  else if (token != NULL)
    {
      muster_socket_client_ask (self, token);
      return;
    }
  else if (self->first != NULL && self->first_pass != NULL)
    {
      muster_socket_client_admit (self, self->first, g_steal_pointer (&self->first_pass));
      return;
    }
  else
    error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                                 "an access token is needed: connect with auth: { token }");
  muster_socket_client_refuse (self, packet->namespace, error);
}

/* --- what the client says --- */

/* ERROR NULL: it was done. */
static void
muster_socket_client_answer (MusterSocketClient *self,
                             MusterSocketPacket *packet,
                             const GError       *error)
{
  GString *text;

  if (packet->ack < 0)
    return;
  text = muster_socket_packet_begin (MUSTER_SOCKET_ACK, "/", packet->ack);
  g_string_append_printf (text, "[{\"ok\":%s,", error == NULL ? "true" : "false");
  if (error == NULL)
    {
      g_string_append (text, "\"events\":");
      muster_socket_filter_append_names (&self->filter, text);
    }
  else
    {
      g_string_append (text, "\"error\":");
      muster_json_append_string (text, error->message, -1);
      g_string_append (text, ",\"problem\":");
      muster_problem_encode (error, NULL, text);
    }
  g_string_append (text, "}]");
  muster_engine_session_send (self->session, g_string_free_and_steal (text));
}

static void
muster_socket_client_handle_event (MusterSocketClient *self, MusterSocketPacket *packet)
{
  const char *name = muster_socket_packet_get_event (packet);
  JsonNode   *argument = muster_socket_packet_get_argument (packet);
  g_autoptr (GError) error = NULL;

  if (!self->is_connected || strcmp (packet->namespace, "/") != 0)
    return;
  if (strcmp (name, "subscribe") == 0 && argument != NULL && JSON_NODE_HOLDS_OBJECT (argument))
    {
      if (muster_socket_filter_read (&self->filter, json_node_get_object (argument), &error))
        muster_live_listener_emit_changed (MUSTER_LIVE_LISTENER (self));
    }
  else if (strcmp (name, "subscribe") == 0)
    error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_INVALID,
                                 "subscribe takes an object of events, devices and metrics");
  else if (strcmp (name, "unsubscribe") == 0)
    {
      self->filter.events = 0;
      muster_socket_client_forget_all (self);
      muster_live_listener_emit_changed (MUSTER_LIVE_LISTENER (self));
    }
  else if (strcmp (name, "ping") != 0)
    error = g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                 "there are the events subscribe, unsubscribe and ping");
  muster_socket_client_answer (self, packet, error);
}

static void
muster_socket_client_handle (MusterSocketClient *self, MusterSocketPacket *packet)
{
  switch (packet->type)
    {
    case MUSTER_SOCKET_CONNECT:
      muster_socket_client_connect (self, packet);
      break;
    case MUSTER_SOCKET_DISCONNECT:
      if (strcmp (packet->namespace, "/") == 0)
        muster_socket_client_disconnect (self);
      break;
    case MUSTER_SOCKET_EVENT:
    case MUSTER_SOCKET_BINARY_EVENT:
      muster_socket_client_handle_event (self, packet);
      break;
    case MUSTER_SOCKET_ACK:
    case MUSTER_SOCKET_BINARY_ACK:
    case MUSTER_SOCKET_CONNECT_ERROR:
    default:
      /* Nothing is asked of clients. */
      break;
    }
}

static void
muster_socket_client_message_cb (MusterSocketClient *self, GBytes *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSocketPacket) packet = NULL;

  packet = muster_socket_packet_parse (message, &error);
  if (packet == NULL || self->incomplete != NULL)
    muster_engine_session_close (self->session);
  else if (packet->n_attachments > 0)
    self->incomplete = g_steal_pointer (&packet);
  else
    muster_socket_client_handle (self, packet);
}

static void
muster_socket_client_binary_cb (MusterSocketClient *self, GBytes *bytes)
{
  g_autoptr (MusterSocketPacket) packet = NULL;

  if (self->incomplete == NULL)
    muster_engine_session_close (self->session);
  else if (--self->incomplete->n_attachments == 0)
    {
      packet = g_steal_pointer (&self->incomplete);
      muster_socket_client_handle (self, packet);
    }
}

/* --- life --- */

static void
muster_socket_client_closed_cb (MusterSocketClient *self)
{
  g_object_ref (self);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  muster_socket_client_disconnect (self);
  muster_live_listener_emit_closed (MUSTER_LIVE_LISTENER (self));
  g_object_unref (self);
}

static void
muster_socket_client_close (MusterLiveListener *listener)
{
  muster_engine_session_close (MUSTER_SOCKET_CLIENT (listener)->session);
}

static DexFuture *
muster_socket_client_rechecked_cb (DexFuture *future, gpointer user_data)
{
  MusterSocketClient *self = user_data;

  if (self->is_connected && !muster_live_pass_is_good (self->pass, future))
    {
      GString *text = muster_socket_packet_begin (MUSTER_SOCKET_DISCONNECT, "/", -1);

      muster_engine_session_send (self->session, g_string_free_and_steal (text));
      muster_socket_client_disconnect (self);
      muster_engine_session_close (self->session);
    }
  return dex_future_new_true ();
}

static void
muster_socket_client_recheck (MusterLiveListener *listener)
{
  MusterSocketClient *self = MUSTER_SOCKET_CLIENT (listener);

  if (self->pass != NULL)
    dex_future_disown (dex_future_finally (muster_live_pass_ask (self->pass),
                                           muster_socket_client_rechecked_cb, g_object_ref (self),
                                           g_object_unref));
}

static gboolean
muster_socket_client_patience_cb (gpointer user_data)
{
  MusterSocketClient *self = user_data;

  self->patience_id = 0;
  muster_engine_session_close (self->session);
  return G_SOURCE_REMOVE;
}

static void
muster_socket_client_finalize (GObject *object)
{
  MusterSocketClient *self = MUSTER_SOCKET_CLIENT (object);

  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_pointer (&self->incomplete, muster_socket_packet_free);
  g_clear_pointer (&self->queue, muster_live_queue_free);
  g_clear_pointer (&self->first_pass, muster_live_pass_free);
  g_clear_pointer (&self->pass, muster_live_pass_free);
  g_clear_pointer (&self->first, muster_actor_unref);
  muster_socket_filter_clear (&self->filter);
  dex_clear (&self->asking);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_socket_client_parent_class)->finalize (object);
}

static void
muster_socket_client_listener_init (MusterLiveListenerInterface *interface)
{
  interface->listens = muster_socket_client_listens;
  interface->deliver = muster_socket_client_deliver;
  interface->recheck = muster_socket_client_recheck;
  interface->close = muster_socket_client_close;
}

static void
muster_socket_client_class_init (MusterSocketClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_socket_client_finalize;
}

static void
muster_socket_client_init (MusterSocketClient *self)
{
  muster_socket_filter_init (&self->filter);
  self->queue = muster_live_queue_new (MAX_WAITING);
  self->session = muster_engine_session_new ();
  g_signal_connect_object (self->session, "message", G_CALLBACK (muster_socket_client_message_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "binary", G_CALLBACK (muster_socket_client_binary_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "writable", G_CALLBACK (muster_socket_client_writable_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "closed", G_CALLBACK (muster_socket_client_closed_cb),
                           self, G_CONNECT_SWAPPED);
  self->patience_id =
    g_timeout_add_seconds (CONNECT_SECONDS, muster_socket_client_patience_cb, self);
}

MusterSocketClient *
muster_socket_client_new (MusterSocketAsk      ask,
                          MusterSocketMakePass make_pass,
                          gpointer             owner,
                          MusterLivePass      *pass,
                          MusterActor         *actor)
{
  MusterSocketClient *self;

  g_return_val_if_fail (ask != NULL && make_pass != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_SOCKET_CLIENT, NULL);
  self->ask = ask;
  self->make_pass = make_pass;
  self->owner = owner;
  self->first_pass = pass;
  self->first = actor != NULL ? muster_actor_ref (actor) : NULL;
  return self;
}

MusterEngineSession *
muster_socket_client_get_session (MusterSocketClient *self)
{
  g_return_val_if_fail (MUSTER_IS_SOCKET_CLIENT (self), NULL);

  return self->session;
}
