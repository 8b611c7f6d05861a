/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-mosquitto-client"

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <mosquitto.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-mosquitto-client.h"

#define BACKOFF_FIRST 200 /* milliseconds */
#define BACKOFF_LAST 30000
#define PACKETS_A_TURN 512    /* read before other sources get their turn */
#define DEFAULT_KEEP_ALIVE 30 /* seconds */

struct _MusterMosquittoClient
{
  GObject parent_instance;

  /* target */
  char    *host; /* (owned) (nullable): or the path of the socket */
  int      port;
  gboolean tls;
  char    *client_id;
  char    *username;
  char    *password;
  char    *ca_file;
  unsigned keep_alive;
  unsigned turn;         /* packets read before other sources get their turn */
  GError  *target_error; /* (owned) (nullable) */

  /* will */
  char    *will_topic;
  GBytes  *will_payload;
  int      will_qos;
  gboolean will_retain;

  /* state */
  struct mosquitto *handle; /* (owned) (nullable): of the present connection or attempt */
  GSource          *source; /* (owned) (nullable): while connected, or waiting for CONNACK */
  MusterMqttState   state;
  char             *trouble;
  char *lost_why; /* why the handle's connection ended, to be dealt with outside libmosquitto */
  DexPromise *first_connect; /* (owned) (nullable) */
  GHashTable *pending;       /* message id -> DexPromise: PUBACK or SUBACK to come */
  guint       retry_id;
  unsigned    backoff; /* milliseconds */
  gboolean    wanted;
  gboolean    attempt_runs; /* in its thread, which then owns the handle */
  gboolean    in_dispatch;  /* libmosquitto may be up the stack: the handle must stay */
};

static void muster_mosquitto_client_attempt (MusterMosquittoClient *self);
static void muster_mosquitto_client_lose (MusterMosquittoClient *self, const char *why);

/* --- the source --- */

typedef struct
{
  GSource                parent;
  MusterMosquittoClient *client; /* (unowned): it destroys the source */
  gpointer               tag;
  GIOCondition           events;
} ClientSource;

static gboolean
client_source_prepare (GSource *source, int *timeout)
{
  ClientSource *self = (ClientSource *)source;
  GIOCondition  events = G_IO_IN | (mosquitto_want_write (self->client->handle) ? G_IO_OUT : 0);

  *timeout = -1;
  if (events != self->events)
    {
      g_source_modify_unix_fd (source, self->tag, events);
      self->events = events;
    }
  return FALSE;
}

/* libmosquitto takes one packet a call. errno tells when the socket, or TLS above it, has no more.
 */
static int
read_packets (struct mosquitto *handle, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    {
      int result;

      errno = 0;
      result = mosquitto_loop_read (handle, 1);
      if (result != MOSQ_ERR_SUCCESS)
        return result;
      if (errno == EAGAIN)
        break;
    }
  return MOSQ_ERR_SUCCESS;
}

static gboolean
client_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  ClientSource *self = (ClientSource *)source;
  g_autoptr (MusterMosquittoClient) client = g_object_ref (self->client);
  GIOCondition revents = g_source_query_unix_fd (source, self->tag);
  int          result = MOSQ_ERR_SUCCESS;

  client->in_dispatch = TRUE;
  if (revents & (G_IO_IN | G_IO_HUP | G_IO_ERR))
    result = read_packets (client->handle, client->turn);
  if (result == MOSQ_ERR_SUCCESS && mosquitto_want_write (client->handle))
    result = mosquitto_loop_write (client->handle, 1);
  if (result == MOSQ_ERR_SUCCESS)
    result = mosquitto_loop_misc (client->handle);
  client->in_dispatch = FALSE;
  if (client->lost_why != NULL || result != MOSQ_ERR_SUCCESS)
    {
      g_autofree char *why = client->lost_why ? g_steal_pointer (&client->lost_why)
                                              : g_strdup (mosquitto_strerror (result));

      muster_mosquitto_client_lose (client, why);
      return G_SOURCE_REMOVE;
    }
  g_source_set_ready_time (source, g_get_monotonic_time () + G_TIME_SPAN_SECOND);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs client_source_funcs = { client_source_prepare, NULL, client_source_dispatch,
                                            NULL };

static void
attach_source (MusterMosquittoClient *self)
{
  ClientSource *source;

  self->source = g_source_new (&client_source_funcs, sizeof (ClientSource));
  source = (ClientSource *)self->source;
  source->client = self;
  source->events = G_IO_IN;
  source->tag = g_source_add_unix_fd (self->source, mosquitto_socket (self->handle), G_IO_IN);
  g_source_set_static_name (self->source, "muster-mosquitto-client");
  g_source_set_ready_time (self->source, 0);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static void
detach_source (MusterMosquittoClient *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* --- promises --- */

static void
reject_pending (MusterMosquittoClient *self, const char *why)
{
  g_autoptr (GHashTable) pending = g_steal_pointer (&self->pending);
  GHashTableIter iter;
  gpointer       promise;

  self->pending = g_hash_table_new_full (NULL, NULL, NULL, dex_unref);
  g_hash_table_iter_init (&iter, pending);
  while (g_hash_table_iter_next (&iter, NULL, &promise))
    dex_promise_reject (promise, g_error_new (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                              "the connection to the broker ended: %s", why));
}

static DexFuture *
add_pending (MusterMosquittoClient *self, int message_id)
{
  DexPromise *promise = dex_promise_new ();

  g_hash_table_insert (self->pending, GINT_TO_POINTER (message_id), dex_ref (promise));
  return DEX_FUTURE (promise);
}

static DexPromise *
take_pending (MusterMosquittoClient *self, int message_id)
{
  gpointer promise = NULL;

  g_hash_table_steal_extended (self->pending, GINT_TO_POINTER (message_id), NULL, &promise);
  return promise;
}

static DexFuture *
not_connected (void)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                "there is no connection to the broker");
}

/* --- libmosquitto's callbacks --- */

static void
on_connect_cb (struct mosquitto *handle, void *user_data, int result)
{
  MusterMosquittoClient *self = user_data;

  if (result != 0)
    {
      g_set_str (&self->lost_why, result == 4 || result == 5
                                    ? "the broker refuses the user name or password"
                                    : mosquitto_connack_string (result));
      return;
    }
  self->state = MUSTER_MQTT_CONNECTED;
  self->backoff = BACKOFF_FIRST;
  g_clear_pointer (&self->trouble, g_free);
  if (self->first_connect != NULL)
    {
      g_autoptr (DexPromise) promise = g_steal_pointer (&self->first_connect);

      dex_promise_resolve_boolean (promise, TRUE);
    }
  muster_mqtt_client_emit_connected (MUSTER_MQTT_CLIENT (self));
}

static void
on_disconnect_cb (struct mosquitto *handle, void *user_data, int result)
{
  MusterMosquittoClient *self = user_data;

  if (self->lost_why == NULL)
    self->lost_why = g_strdup (result == 0 ? "closed" : mosquitto_strerror (result));
}

static void
on_message_cb (struct mosquitto *handle, void *user_data, const struct mosquitto_message *from)
{
  MusterMqttMessage message = {
    .topic = from->topic,
    .data = from->payload,
    .size = MAX (from->payloadlen, 0),
    .qos = from->qos,
    .retained = from->retain,
  };

  muster_mqtt_client_emit_message (MUSTER_MQTT_CLIENT (user_data), &message);
}

/* Of UNSUBACK too. */
static void
on_publish_cb (struct mosquitto *handle, void *user_data, int message_id)
{
  g_autoptr (DexPromise) promise = take_pending (user_data, message_id);

  if (promise != NULL)
    dex_promise_resolve_boolean (promise, TRUE);
}

static void
on_subscribe_cb (struct mosquitto *handle,
                 void             *user_data,
                 int               message_id,
                 int               n_granted,
                 const int        *granted)
{
  g_autoptr (DexPromise) promise = take_pending (user_data, message_id);

  if (promise == NULL)
    return;
  if (n_granted > 0 && granted[0] < 0x80)
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                                                      "the broker refuses the subscription"));
}

/* --- connecting --- */

static void
set_trouble (MusterMosquittoClient *self, const char *why)
{
  g_autofree char *text =
    g_strdup_printf ("no connection to the broker at %s: %s", self->host, why);

  if (g_set_str (&self->trouble, text))
    g_message ("%s", text);
}

static gboolean
muster_mosquitto_client_retry_cb (gpointer user_data)
{
  MusterMosquittoClient *self = user_data;

  self->retry_id = 0;
  muster_mosquitto_client_attempt (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_retry (MusterMosquittoClient *self)
{
  unsigned jitter = g_random_int_range (0, self->backoff / 4 + 1);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->retry_id = g_timeout_add (self->backoff + jitter, muster_mosquitto_client_retry_cb, self);
  self->backoff = MIN (2 * self->backoff, BACKOFF_LAST);
}

static void
muster_mosquitto_client_lose (MusterMosquittoClient *self, const char *why)
{
  gboolean was_connected = self->state == MUSTER_MQTT_CONNECTED;

  detach_source (self);
  g_clear_pointer (&self->handle, mosquitto_destroy);
  g_clear_pointer (&self->lost_why, g_free);
  self->state = MUSTER_MQTT_DISCONNECTED;
  if (self->wanted)
    {
      set_trouble (self, why);
      schedule_retry (self);
    }
  reject_pending (self, why);
  if (was_connected)
    muster_mqtt_client_emit_disconnected (MUSTER_MQTT_CLIENT (self), why);
  else if (self->wanted)
    muster_mqtt_client_emit_failed (MUSTER_MQTT_CLIENT (self), why);
}

static int
configure_handle (MusterMosquittoClient *self)
{
  int result = mosquitto_username_pw_set (self->handle, self->username, self->password);

  if (result == MOSQ_ERR_SUCCESS && self->will_topic != NULL)
    result =
      mosquitto_will_set (self->handle, self->will_topic, g_bytes_get_size (self->will_payload),
                          g_bytes_get_data (self->will_payload, NULL), self->will_qos,
                          self->will_retain);
  if (result == MOSQ_ERR_SUCCESS && self->tls && self->ca_file != NULL)
    result = mosquitto_tls_set (self->handle, self->ca_file, NULL, NULL, NULL, NULL);
  else if (result == MOSQ_ERR_SUCCESS && self->tls)
    result = mosquitto_int_option (self->handle, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
  mosquitto_int_option (self->handle, MOSQ_OPT_TCP_NODELAY, self->port != 0);
  mosquitto_connect_callback_set (self->handle, on_connect_cb);
  mosquitto_disconnect_callback_set (self->handle, on_disconnect_cb);
  mosquitto_message_callback_set (self->handle, on_message_cb);
  mosquitto_publish_callback_set (self->handle, on_publish_cb);
  mosquitto_subscribe_callback_set (self->handle, on_subscribe_cb);
  mosquitto_unsubscribe_callback_set (self->handle, on_publish_cb);
  return result;
}

typedef struct
{
  struct mosquitto *handle;
  char             *host; /* (owned) */
  int               port;
  int               keep_alive;
} Attempt;

static void
attempt_free (gpointer data)
{
  g_free (((Attempt *)data)->host);
  g_free (data);
}

/* Looks up the name, connects and sends CONNECT: all of it may block. The handle is this thread's
 * until it ends. */
static void
attempt_thread (GTask *task, gpointer source_object, gpointer task_data, GCancellable *cancellable)
{
  Attempt *attempt = task_data;
  int      result =
    mosquitto_connect (attempt->handle, attempt->host, attempt->port, attempt->keep_alive);

  if (result == MOSQ_ERR_SUCCESS)
    g_task_return_boolean (task, TRUE);
  else if (result == MOSQ_ERR_ERRNO)
    g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (errno), "%s",
                             g_strerror (errno));
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s",
                             mosquitto_strerror (result));
}

static void
attempt_done_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (object);
  g_autoptr (GError) error = NULL;

  self->attempt_runs = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    muster_mosquitto_client_lose (self, error->message);
  else if (!self->wanted)
    muster_mosquitto_client_lose (self, "not wanted any more");
  else
    attach_source (self);
}

static void
muster_mosquitto_client_attempt (MusterMosquittoClient *self)
{
  g_autoptr (GTask) task = NULL;
  Attempt *attempt;
  int      result;

  if (self->attempt_runs || self->state != MUSTER_MQTT_DISCONNECTED)
    return;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  self->state = MUSTER_MQTT_CONNECTING;
  muster_mqtt_client_emit_connecting (MUSTER_MQTT_CLIENT (self));
  self->handle = mosquitto_new (self->client_id, TRUE, self);
  result = self->handle != NULL ? configure_handle (self) : MOSQ_ERR_INVAL;
  if (result != MOSQ_ERR_SUCCESS)
    {
      muster_mosquitto_client_lose (self, mosquitto_strerror (result));
      return;
    }
  self->attempt_runs = TRUE;
  attempt = g_new (Attempt, 1);
  *attempt = (Attempt){ self->handle, g_strdup (self->host), self->port, self->keep_alive };
  task = g_task_new (self, NULL, attempt_done_cb, NULL);
  g_task_set_task_data (task, attempt, attempt_free);
  g_task_run_in_thread (task, attempt_thread);
}

/* --- the interface --- */

static DexFuture *
muster_mosquitto_client_connect (MusterMqttClient *client)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (client);

  if (self->target_error != NULL)
    return dex_future_new_for_error (g_error_copy (self->target_error));
  self->wanted = TRUE;
  self->backoff = BACKOFF_FIRST;
  if (self->state == MUSTER_MQTT_CONNECTED)
    return dex_future_new_true ();
  if (self->first_connect == NULL)
    self->first_connect = dex_promise_new ();
  muster_mosquitto_client_attempt (self);
  return dex_ref (DEX_FUTURE (self->first_connect));
}

static DexFuture *
muster_mosquitto_client_disconnect (MusterMqttClient *client)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (client);

  self->wanted = FALSE;
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->handle != NULL && !self->attempt_runs)
    {
      mosquitto_disconnect (self->handle);
      while (mosquitto_want_write (self->handle) &&
             mosquitto_loop_write (self->handle, 1) == MOSQ_ERR_SUCCESS && errno != EAGAIN)
        ;
      if (self->in_dispatch)
        g_set_str (&self->lost_why, "closed");
      else
        muster_mosquitto_client_lose (self, "closed");
    }
  if (self->first_connect != NULL)
    {
      g_autoptr (DexPromise) promise = g_steal_pointer (&self->first_connect);

      dex_promise_reject (promise, g_error_new_literal (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                                        "the connection is not wanted any more"));
    }
  return dex_future_new_true ();
}

static DexFuture *
muster_mosquitto_client_publish (MusterMqttClient *client,
                                 const char       *topic,
                                 GBytes           *payload,
                                 int               qos,
                                 gboolean          retain)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (client);
  gsize                  size = 0;
  gconstpointer          data = payload != NULL ? g_bytes_get_data (payload, &size) : NULL;
  int                    message_id = 0;
  int                    result;

  if (self->state != MUSTER_MQTT_CONNECTED)
    return not_connected ();
  result = mosquitto_publish (self->handle, &message_id, topic, size, data, qos, retain);
  if (result != MOSQ_ERR_SUCCESS)
    return dex_future_new_reject (MUSTER_ERROR,
                                  result == MOSQ_ERR_NO_CONN ? MUSTER_ERROR_UNAVAILABLE
                                                             : MUSTER_ERROR_INVALID,
                                  "cannot publish to %s: %s", topic, mosquitto_strerror (result));
  return qos > 0 ? add_pending (self, message_id) : dex_future_new_true ();
}

static DexFuture *
muster_mosquitto_client_subscribe (MusterMqttClient *client, const char *filter, int qos)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (client);
  int                    message_id = 0;
  int                    result;

  if (self->state != MUSTER_MQTT_CONNECTED)
    return not_connected ();
  result = mosquitto_subscribe (self->handle, &message_id, filter, qos);
  if (result != MOSQ_ERR_SUCCESS)
    return dex_future_new_reject (MUSTER_ERROR,
                                  result == MOSQ_ERR_NO_CONN ? MUSTER_ERROR_UNAVAILABLE
                                                             : MUSTER_ERROR_INVALID,
                                  "cannot subscribe to %s: %s", filter,
                                  mosquitto_strerror (result));
  return add_pending (self, message_id);
}

static DexFuture *
muster_mosquitto_client_unsubscribe (MusterMqttClient *client, const char *filter)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (client);
  int                    message_id = 0;
  int                    result;

  if (self->state != MUSTER_MQTT_CONNECTED)
    return not_connected ();
  result = mosquitto_unsubscribe (self->handle, &message_id, filter);
  if (result != MOSQ_ERR_SUCCESS)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_INVALID,
                                  "cannot unsubscribe from %s: %s", filter,
                                  mosquitto_strerror (result));
  return add_pending (self, message_id);
}

static void
muster_mosquitto_client_set_will (MusterMqttClient *client,
                                  const char       *topic,
                                  GBytes           *payload,
                                  int               qos,
                                  gboolean          retain)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (client);

  g_set_str (&self->will_topic, topic);
  g_clear_pointer (&self->will_payload, g_bytes_unref);
  self->will_payload = payload != NULL ? g_bytes_ref (payload) : g_bytes_new (NULL, 0);
  self->will_qos = qos;
  self->will_retain = retain;
}

static MusterMqttState
muster_mosquitto_client_get_state (MusterMqttClient *client)
{
  return MUSTER_MOSQUITTO_CLIENT (client)->state;
}

static const char *
muster_mosquitto_client_get_trouble (MusterMqttClient *client)
{
  return MUSTER_MOSQUITTO_CLIENT (client)->trouble;
}

static void
muster_mosquitto_client_iface_init (MusterMqttClientInterface *iface)
{
  iface->connect = muster_mosquitto_client_connect;
  iface->disconnect = muster_mosquitto_client_disconnect;
  iface->publish = muster_mosquitto_client_publish;
  iface->subscribe = muster_mosquitto_client_subscribe;
  iface->unsubscribe = muster_mosquitto_client_unsubscribe;
  iface->set_will = muster_mosquitto_client_set_will;
  iface->get_state = muster_mosquitto_client_get_state;
  iface->get_trouble = muster_mosquitto_client_get_trouble;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterMosquittoClient,
                               muster_mosquitto_client,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_MQTT_CLIENT,
                                                      muster_mosquitto_client_iface_init))

static void
clear_target (MusterMosquittoClient *self)
{
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->client_id, g_free);
  g_clear_pointer (&self->username, g_free);
  g_clear_pointer (&self->password, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  g_clear_error (&self->target_error);
}

static void
muster_mosquitto_client_finalize (GObject *object)
{
  MusterMosquittoClient *self = MUSTER_MOSQUITTO_CLIENT (object);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  detach_source (self);
  g_clear_pointer (&self->handle, mosquitto_destroy);
  reject_pending (self, "the client is gone");
  g_hash_table_unref (self->pending);
  g_clear_pointer (&self->first_connect, dex_unref);
  clear_target (self);
  g_free (self->will_topic);
  g_clear_pointer (&self->will_payload, g_bytes_unref);
  g_free (self->trouble);
  g_free (self->lost_why);
  G_OBJECT_CLASS (muster_mosquitto_client_parent_class)->finalize (object);
}

static void
muster_mosquitto_client_class_init (MusterMosquittoClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_mosquitto_client_finalize;
  mosquitto_lib_init ();
}

static void
muster_mosquitto_client_init (MusterMosquittoClient *self)
{
  self->pending = g_hash_table_new_full (NULL, NULL, NULL, dex_unref);
  self->backoff = BACKOFF_FIRST;
  self->turn = PACKETS_A_TURN;
}

gboolean
muster_mqtt_uri_parse (const char *uri, char **host, int *port, gboolean *tls, GError **error)
{
  g_autoptr (GUri) parsed = NULL;

  g_return_val_if_fail (host != NULL && port != NULL && tls != NULL, FALSE);

  *tls = FALSE;
  *port = 0;
  if (uri != NULL && g_str_has_prefix (uri, "unix:/"))
    {
      *host = g_strdup (uri + strlen ("unix:"));
      return TRUE;
    }
  parsed = uri != NULL ? g_uri_parse (uri, G_URI_FLAGS_NONE, NULL) : NULL;
  if (parsed != NULL && g_uri_get_host (parsed) != NULL && *g_uri_get_host (parsed) != '\0' &&
      (g_str_equal (g_uri_get_scheme (parsed), "mqtt") ||
       g_str_equal (g_uri_get_scheme (parsed), "mqtts")))
    {
      *tls = g_str_equal (g_uri_get_scheme (parsed), "mqtts");
      *port = g_uri_get_port (parsed) > 0 ? g_uri_get_port (parsed) : *tls ? 8883 : 1883;
      *host = g_strdup (g_uri_get_host (parsed));
      return TRUE;
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
               "broker address: must be like mqtts://host:8883 or mqtt://host:1883, not %s",
               uri ? uri : "empty");
  return FALSE;
}

MusterMosquittoClient *
muster_mosquitto_client_new (const MusterMqttTarget *target)
{
  MusterMosquittoClient *self = g_object_new (MUSTER_TYPE_MOSQUITTO_CLIENT, NULL);

  muster_mosquitto_client_set_target (self, target);
  return self;
}

void
muster_mosquitto_client_set_target (MusterMosquittoClient *self, const MusterMqttTarget *target)
{
  static const MusterMqttTarget none = { NULL };

  g_return_if_fail (MUSTER_IS_MOSQUITTO_CLIENT (self));

  if (target == NULL)
    target = &none;
  clear_target (self);
  muster_mqtt_uri_parse (target->uri, &self->host, &self->port, &self->tls, &self->target_error);
  self->client_id = g_strdup (target->client_id);
  self->username = g_strdup (target->username);
  self->password = g_strdup (target->password);
  self->ca_file = g_strdup (target->ca_file);
  self->keep_alive = target->keep_alive > 0 ? target->keep_alive : DEFAULT_KEEP_ALIVE;
}

void
muster_mosquitto_client_set_turn (MusterMosquittoClient *self, unsigned packets)
{
  g_return_if_fail (MUSTER_IS_MOSQUITTO_CLIENT (self) && packets > 0);

  self->turn = packets;
}
