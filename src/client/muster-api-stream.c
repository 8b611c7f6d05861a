/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-stream"

#include "config.h"

#include "muster-api-client-private.h"
#include "muster-api-past.h"
#include "muster-api-problem.h"
#include "muster-api-stream-private.h"
#include "muster-api-subscription-private.h"
#include "muster-soup.h"

#include "model/muster-error.h"

#define PATH "/ws/monitoring"
#define FRAME_LIMIT (4 * 1024 * 1024)
#define CONNECT_MILLISECONDS 10000
#define KEEPALIVE_SECONDS 15
#define PONG_SECONDS 10
/* Whoever may not have the stream learns by asking for it whether the daemon is there. */
#define FORBIDDEN_MILLISECONDS (KEEPALIVE_SECONDS * 1000)

/* Never gives up: a console stands on a wall for years. */
static const MusterApiRetry reconnect = { .attempts = G_MAXUINT, .base = 100, .cap = 5000 };

struct _MusterApiStream
{
  GObject parent_instance;

  MusterApiClient         *client;        /* (nullable): borrowed, until detached */
  GPtrArray               *subscriptions; /* (element-type MusterApiSubscription): borrowed */
  SoupWebsocketConnection *connection;    /* (owned) (nullable) */
  GCancellable            *connecting;    /* (owned) (nullable): of the attempt under way */
  DexPromise              *closed;        /* (owned) (nullable): the connection's end */
  DexPromise              *wake;          /* (owned) (nullable): ends the wait between attempts */
  unsigned                 attempt;
  unsigned                 next_number;

  guint running : 1;
  guint connected : 1;
  guint renewing : 1; /* what there is of a connection gives way to another at once */
};

G_DEFINE_FINAL_TYPE (MusterApiStream, muster_api_stream, G_TYPE_OBJECT)

typedef enum
{
  PROP_CONNECTED = 1,
} MusterApiStreamProperty;

static GParamSpec *properties[PROP_CONNECTED + 1];

static void
muster_api_stream_finalize (GObject *object)
{
  MusterApiStream *self = MUSTER_API_STREAM (object);

  g_ptr_array_unref (self->subscriptions);
  g_clear_object (&self->connection);
  g_clear_object (&self->connecting);
  dex_clear (&self->closed);
  dex_clear (&self->wake);
  G_OBJECT_CLASS (muster_api_stream_parent_class)->finalize (object);
}

static void
muster_api_stream_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterApiStreamProperty)prop_id)
    {
    case PROP_CONNECTED:
      g_value_set_boolean (value, muster_api_stream_is_connected (MUSTER_API_STREAM (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_api_stream_class_init (MusterApiStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = muster_api_stream_finalize;
  object_class->get_property = muster_api_stream_get_property;
  properties[PROP_CONNECTED] = g_param_spec_boolean ("connected", NULL, NULL, FALSE,
                                                     G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
muster_api_stream_init (MusterApiStream *self)
{
  self->subscriptions = g_ptr_array_new ();
}

MusterApiStream *
muster_api_stream_new (MusterApiClient *client)
{
  MusterApiStream *self = g_object_new (MUSTER_TYPE_API_STREAM, NULL);

  self->client = client;
  return self;
}

static void
resolve (DexPromise *promise)
{
  if (promise != NULL && dex_future_is_pending (DEX_FUTURE (promise)))
    dex_promise_resolve_boolean (promise, TRUE);
}

void
muster_api_stream_detach (MusterApiStream *self)
{
  self->client = NULL;
  if (self->connecting != NULL)
    g_cancellable_cancel (self->connecting);
  resolve (self->closed);
  resolve (self->wake);
}

static void
muster_api_stream_set_connected (MusterApiStream *self, gboolean connected)
{
  if (self->connected == connected)
    return;
  self->connected = connected;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTED]);
}

static void
muster_api_stream_send (MusterApiStream *self, char *frame)
{
  if (self->connection != NULL &&
      soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (self->connection, frame);
  g_free (frame);
}

/* A new name each time: late frames of the old one are told apart. */
static void
muster_api_stream_open (MusterApiStream *self, MusterApiSubscription *subscription)
{
  muster_api_subscription_rename (subscription, ++self->next_number);
  muster_api_stream_send (self, muster_api_subscription_make_subscribe (subscription));
}

static MusterApiSubscription *
muster_api_stream_find (MusterApiStream *self, const char *id)
{
  for (unsigned i = 0; id != NULL && i < self->subscriptions->len; i++)
    if (g_strcmp0 (muster_api_subscription_get_id (self->subscriptions->pdata[i]), id) == 0)
      return self->subscriptions->pdata[i];
  return NULL;
}

static void
muster_api_stream_dispatch (MusterApiStream *self, MusterApiFrame *frame)
{
  g_autoptr (MusterApiSubscription) subscription = NULL;

  self->attempt = 0;
  g_set_object (&subscription, muster_api_stream_find (self, frame->id));
  if (frame->kind == MUSTER_API_FRAME_ERROR && subscription == NULL)
    {
      g_autoptr (GError) error = muster_api_problem_decode_object (0, frame->data);

      g_message ("the daemon complains: %s", error->message);
    }
  if (subscription == NULL)
    return;
  if (frame->kind == MUSTER_API_FRAME_EVENT && !g_str_equal (frame->topic, "telemetry") &&
      self->client != NULL)
    muster_api_client_forget_shared (self->client);
  if (frame->kind == MUSTER_API_FRAME_EVENT && self->client != NULL &&
      muster_api_client_get_as_of (self->client) != 0 && muster_api_past_is_live (frame->topic))
    {
      muster_api_subscription_pass_over (subscription, frame);
      return;
    }
  if (!muster_api_subscription_handle (subscription, frame))
    {
      muster_api_stream_send (self, muster_api_subscription_make_unsubscribe (subscription));
      muster_api_stream_open (self, subscription);
    }
}

static void
muster_api_stream_message_cb (SoupWebsocketConnection *connection,
                              int                      type,
                              GBytes                  *text,
                              gpointer                 user_data)
{
  MusterApiStream *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiFrame) frame = muster_api_frame_parse (text, &error);

  if (frame != NULL)
    muster_api_stream_dispatch (self, frame);
  else
    {
      g_message ("%s", error->message);
      soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_PROTOCOL_ERROR, NULL);
    }
}

static void
muster_api_stream_closed_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  MusterApiStream *self = user_data;

  resolve (self->closed);
}

/* Why there is no stream, for a person and for the client's state. */
static GError *
muster_api_stream_explain (MusterApiStream *self, SoupMessage *message, GError *error)
{
  unsigned status = soup_message_get_status (message);

  if (self->client == NULL)
    return error;
  if (status >= 300)
    {
      g_error_free (error);
      return g_error_new (MUSTER_ERROR, muster_api_problem_get_code (status),
                          "the live stream is refused with status %u (%s)", status,
                          soup_status_get_phrase (status));
    }
  return muster_api_client_explain (self->client, message, error);
}

/* MAY_RENEW: an access token that has ended is exchanged, and the next one tried. */
static SoupWebsocketConnection *
muster_api_stream_connect (MusterApiStream *self, gboolean may_renew, GError **error)
{
  g_autoptr (SoupMessage) message =
              muster_api_client_make_message (self->client, SOUP_METHOD_GET, PATH);
  SoupWebsocketConnection *connection;
  DexFuture               *work;
  GError                  *cause = NULL;

  g_clear_object (&self->connecting);
  self->connecting = g_cancellable_new ();
  work = muster_soup_connect_websocket (muster_api_client_get_session (self->client), message,
                                        self->connecting);
  connection =
    dex_await_object (dex_future_first (work, dex_timeout_new_msec (CONNECT_MILLISECONDS), NULL),
                      &cause);
  if (connection != NULL)
    return connection;
  g_cancellable_cancel (self->connecting);
  if (may_renew && self->client != NULL &&
      soup_message_get_status (message) == SOUP_STATUS_UNAUTHORIZED &&
      dex_await (muster_api_client_renew (self->client, message), NULL) && self->client != NULL)
    {
      g_error_free (cause);
      return muster_api_stream_connect (self, FALSE, error);
    }
  g_propagate_error (error, muster_api_stream_explain (self, message, cause));
  return NULL;
}

/* Lives on CONNECTION until it ends. */
static void
muster_api_stream_use (MusterApiStream *self, SoupWebsocketConnection *connection)
{
  soup_websocket_connection_set_max_incoming_payload_size (connection, FRAME_LIMIT);
  soup_websocket_connection_set_keepalive_interval (connection, KEEPALIVE_SECONDS);
  soup_websocket_connection_set_keepalive_pong_timeout (connection, PONG_SECONDS);
  dex_clear (&self->closed);
  self->closed = dex_promise_new ();
  g_set_object (&self->connection, connection);
  g_signal_connect_object (connection, "message", G_CALLBACK (muster_api_stream_message_cb), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (connection, "closed", G_CALLBACK (muster_api_stream_closed_cb), self,
                           G_CONNECT_DEFAULT);
  for (unsigned i = 0; i < self->subscriptions->len; i++)
    muster_api_stream_open (self, self->subscriptions->pdata[i]);
  muster_api_stream_set_connected (self, TRUE);
  muster_api_client_report (self->client, NULL);
  if (soup_websocket_connection_get_state (connection) != SOUP_WEBSOCKET_STATE_CLOSED)
    dex_await (dex_ref (DEX_FUTURE (self->closed)), NULL);
  g_signal_handlers_disconnect_by_data (connection, self);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_clear_object (&self->connection);
  for (unsigned i = 0; i < self->subscriptions->len; i++)
    muster_api_subscription_lose (self->subscriptions->pdata[i]);
  muster_api_stream_set_connected (self, FALSE);
}

static void
muster_api_stream_sleep (MusterApiStream *self, gint64 delay)
{
  dex_clear (&self->wake);
  self->wake = dex_promise_new ();
  dex_await (dex_future_first (dex_timeout_new_msec (delay), dex_ref (DEX_FUTURE (self->wake)),
                               NULL),
             NULL);
  dex_clear (&self->wake);
}

/* Waits until it is worth another attempt. A daemon that forbids the stream is not lost: to say so
 * would be refuted by the next answer, and that would ask for the stream again at once. */
static void
muster_api_stream_rest (MusterApiStream *self, const GError *error)
{
  gboolean forbidden = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN);

  g_debug ("%s", error->message);
  muster_api_client_report (self->client, forbidden ? NULL : error);
  if (forbidden)
    self->attempt = 0;
  muster_api_stream_sleep (self, forbidden
                                   ? FORBIDDEN_MILLISECONDS
                                   : muster_api_retry_next_delay (&reconnect, ++self->attempt, 0,
                                                                  -1, g_random_double ()));
}

static DexFuture *
muster_api_stream_fiber (gpointer user_data)
{
  MusterApiStream *self = user_data;

  while (self->client != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SoupWebsocketConnection) connection =
                  muster_api_stream_connect (self, TRUE, &error);

      if (connection != NULL && self->client != NULL && !self->renewing)
        {
          muster_api_stream_use (self, connection);
          g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                               "the live stream broke off");
        }
      if (self->client != NULL && !self->renewing)
        muster_api_stream_rest (self, error);
      self->renewing = FALSE;
    }
  return dex_future_new_true ();
}

MusterApiSubscription *
muster_api_stream_subscribe (MusterApiStream   *self,
                             const char        *topic,
                             const char *const *subjects,
                             const char *const *details,
                             gint64             since)
{
  MusterApiSubscription *subscription;

  g_return_val_if_fail (MUSTER_IS_API_STREAM (self) && topic != NULL && since >= -1, NULL);

  subscription = muster_api_subscription_new (self, topic, subjects, details, since);
  g_ptr_array_add (self->subscriptions, subscription);
  if (self->connection != NULL)
    muster_api_stream_open (self, subscription);
  if (!self->running)
    dex_future_disown (
      dex_scheduler_spawn (NULL, 0, muster_api_stream_fiber, g_object_ref (self), g_object_unref));
  self->running = TRUE;
  return subscription;
}

void
muster_api_stream_remove (MusterApiStream *self, MusterApiSubscription *subscription)
{
  g_ptr_array_remove (self->subscriptions, subscription);
  if (muster_api_subscription_get_id (subscription) != NULL)
    muster_api_stream_send (self, muster_api_subscription_make_unsubscribe (subscription));
}

gboolean
muster_api_stream_is_connected (MusterApiStream *self)
{
  g_return_val_if_fail (MUSTER_IS_API_STREAM (self), FALSE);

  return self->connected;
}

void
muster_api_stream_renew (MusterApiStream *self)
{
  g_return_if_fail (MUSTER_IS_API_STREAM (self));

  /* Also of an attempt under way, which speaks for whoever it was before. */
  self->renewing = self->running && self->wake == NULL;
  resolve (self->closed);
  resolve (self->wake);
}

void
muster_api_stream_retry_now (MusterApiStream *self)
{
  g_return_if_fail (MUSTER_IS_API_STREAM (self));

  resolve (self->wake);
}
