/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-host"

#include "config.h"

#include "model/muster-error.h"
#include "core/muster-promise.h"
#include "muster-sparkplug-command.h"
#include "muster-sparkplug-host.h"

#define REBIRTH "Node Control/Rebirth"
#define REBOOT "Node Control/Reboot"
#define RELEASE "Node Control/Release"

#define STOP_TIMEOUT 1000 /* milliseconds for the last STATE to be acknowledged */

typedef struct
{
  const MusterSparkplugListener *listener;
  GWeakRef                       owner;
  gpointer                       user_data;
} Listening;

struct _MusterSparkplugHost
{
  MusterService parent_instance;

  MusterMqttClient        *client; /* (owned) */
  MusterClock             *clock;  /* (owned) */
  char                    *id;
  char                    *state_topic;
  MusterSparkplugSession  *session;
  MusterSparkplugCommands *commands;
  GPtrArray               *listeners;
  gint64                   connect_time; /* that of will and STATE of the present connection */
  gint64                   tick_at;      /* monotonic, -1: no timer */
  guint                    tick_id;
  unsigned                 generation; /* of the connection */
  unsigned                 depth;      /* of calls into listeners */
  gboolean                 announced;  /* STATE online was published on this connection */
};

G_DEFINE_FINAL_TYPE (MusterSparkplugHost, muster_sparkplug_host, MUSTER_TYPE_SERVICE)

/* --- listeners --- */

static void
listening_free (gpointer data)
{
  Listening *self = data;

  g_weak_ref_clear (&self->owner);
  g_free (self);
}

static void
drop_dead_listeners (MusterSparkplugHost *self)
{
  for (guint i = self->listeners->len; self->depth == 0 && i > 0; i--)
    {
      g_autoptr (GObject) owner =
                  g_weak_ref_get (&((Listening *)self->listeners->pdata[i - 1])->owner);

      if (owner == NULL)
        g_ptr_array_remove_index (self->listeners, i - 1);
    }
}

/* Calls MEMBER of each listener that has it and whose owner lives. */
#define TELL(self, member, ...)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean dead = FALSE;                                                                         \
                                                                                                   \
    self->depth++;                                                                                 \
    for (guint i = 0; i < self->listeners->len; i++)                                               \
      {                                                                                            \
        Listening *listening = self->listeners->pdata[i];                                          \
        g_autoptr (GObject) owner = g_weak_ref_get (&listening->owner);                             \
                                                                                                   \
        dead |= owner == NULL;                                                                     \
        if (owner != NULL && listening->listener->member != NULL)                                  \
          listening->listener->member (__VA_ARGS__, listening->user_data);                         \
      }                                                                                            \
    self->depth--;                                                                                 \
    if (dead)                                                                                      \
      drop_dead_listeners (self);                                                                  \
  }                                                                                                \
  G_STMT_END

void
muster_sparkplug_host_add_listener (MusterSparkplugHost           *self,
                                    const MusterSparkplugListener *listener,
                                    GObject                       *owner,
                                    gpointer                       user_data)
{
  Listening *listening;

  g_return_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && listener != NULL && G_IS_OBJECT (owner));

  listening = g_new0 (Listening, 1);
  listening->listener = listener;
  listening->user_data = user_data;
  g_weak_ref_init (&listening->owner, owner);
  g_ptr_array_add (self->listeners, listening);
}

/* --- what the session says --- */

static DexFuture *
publish_command (MusterSparkplugHost         *self,
                 const MusterSparkplugSource *source,
                 MusterSparkplugPayload      *payload)
{
  g_autofree char *topic =
    muster_sparkplug_topic_format (source->device ? MUSTER_SPARKPLUG_DCMD : MUSTER_SPARKPLUG_NCMD,
                                   source->group, source->node, source->device);
  g_autoptr (GBytes) bytes = NULL;

  payload->time = muster_clock_get_now (self->clock);
  bytes = muster_sparkplug_payload_encode (payload);
  return muster_mqtt_client_publish (self->client, topic, bytes, 0, FALSE);
}

/* A metric of PAYLOAD as the node's birth wants it addressed: by alias alone when it gave one. */
static MusterSparkplugMetric *
add_metric (MusterSparkplugHost             *self,
            MusterSparkplugPayload          *payload,
            const char                      *name,
            MusterSparkplugDatatype          datatype,
            const MusterSparkplugMetricInfo *info)
{
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, info != NULL && info->has_alias ? NULL : name, datatype);

  metric->has_alias = info != NULL && info->has_alias;
  metric->alias = info != NULL ? info->alias : 0;
  metric->time = muster_clock_get_now (self->clock);
  return metric;
}

static DexFuture *
publish_control (MusterSparkplugHost *self, const MusterSparkplugSource *source, const char *name)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  const MusterSparkplugMetricInfo *info =
    muster_sparkplug_session_get_metric (self->session, source, name);
  MusterSparkplugMetric *metric = add_metric (self, payload, name, MUSTER_SPARKPLUG_BOOLEAN, info);

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_BOOLEAN;
  metric->boolean = TRUE;
  return publish_command (self, source, payload);
}

static void
host_birth_cb (const MusterSparkplugSource     *source,
               const MusterSparkplugMetricInfo *metrics,
               unsigned                         n_metrics,
               gint64                           time,
               gboolean                         rebirth,
               gpointer                         user_data)
{
  MusterSparkplugHost *self = user_data;

  muster_sparkplug_commands_note_birth (self->commands, source);
  TELL (self, birth, source, metrics, n_metrics, time, rebirth);
}

static void
host_data_cb (const MusterSparkplugSource *source,
              const MusterSample          *samples,
              unsigned                     n_samples,
              gpointer                     user_data)
{
  MusterSparkplugHost *self = user_data;

  muster_sparkplug_commands_note_data (self->commands, source, samples, n_samples);
  TELL (self, data, source, samples, n_samples);
}

static void
host_death_cb (const MusterSparkplugSource *source,
               MusterSparkplugDeath         why,
               gint64                       time,
               gpointer                     user_data)
{
  MusterSparkplugHost *self = user_data;

  muster_sparkplug_commands_note_death (self->commands, source);
  TELL (self, death, source, why, time);
}

static void
host_rebirth_wanted_cb (const MusterSparkplugSource *source, const char *why, gpointer user_data)
{
  MusterSparkplugHost *self = user_data;

  muster_disown_logged (G_LOG_LEVEL_MESSAGE, publish_control (self, source, REBIRTH),
                        "rebirth request");
  TELL (self, rebirth_wanted, source, why);
}

static const MusterSparkplugListener session_listener = {
  .birth = host_birth_cb,
  .data = host_data_cb,
  .death = host_death_cb,
  .rebirth_wanted = host_rebirth_wanted_cb,
};

/* --- time --- */

static void update_timer (MusterSparkplugHost *self);

static gboolean
muster_sparkplug_host_tick_cb (gpointer user_data)
{
  MusterSparkplugHost *self = user_data;

  self->tick_id = 0;
  self->tick_at = -1;
  muster_sparkplug_session_tick (self->session);
  update_timer (self);
  return G_SOURCE_REMOVE;
}

static void
update_timer (MusterSparkplugHost *self)
{
  gint64 deadline = muster_sparkplug_session_get_deadline (self->session);

  if (deadline == self->tick_at)
    return;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->tick_at = deadline;
  if (deadline >= 0)
    self->tick_id =
      g_timeout_add (MAX (0, deadline - muster_clock_get_monotonic (self->clock)) / 1000 + 1,
                     muster_sparkplug_host_tick_cb, self);
}

/* --- the connection --- */

static DexFuture *
publish_state (MusterSparkplugHost *self, gboolean online, gint64 time)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_state_encode (online, time);

  return muster_mqtt_client_publish (self->client, self->state_topic, bytes, 1, TRUE);
}

static void
muster_sparkplug_host_connecting_cb (MusterSparkplugHost *self)
{
  g_autoptr (GBytes) will = NULL;

  self->connect_time = muster_clock_get_now (self->clock);
  will = muster_sparkplug_state_encode (FALSE, self->connect_time);
  muster_mqtt_client_set_will (self->client, self->state_topic, will, 1, TRUE);
}

/* Subscriptions first, and their acknowledgements, so that nothing that answers our STATE is
 * missed. */
static DexFuture *
announce_fiber (gpointer user_data)
{
  MusterSparkplugHost *self = user_data;
  unsigned             generation = self->generation;
  g_autoptr (GError) error = NULL;

  if (!dex_await (muster_mqtt_client_subscribe (self->client, self->state_topic, 1), &error) ||
      !dex_await (muster_mqtt_client_subscribe (self->client, MUSTER_SPARKPLUG_NAMESPACE "/#", 0),
                  &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (generation != self->generation)
    return dex_future_new_true ();
  self->announced = TRUE;
  muster_disown_logged (G_LOG_LEVEL_MESSAGE, publish_state (self, TRUE, self->connect_time),
                        "STATE");
  muster_service_set_trouble (MUSTER_SERVICE (self), NULL);
  TELL (self, connection, TRUE);
  muster_sparkplug_session_reconnect (self->session);
  update_timer (self);
  return dex_future_new_true ();
}

static void
muster_sparkplug_host_connected_cb (MusterSparkplugHost *self)
{
  self->generation++;
  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        dex_scheduler_spawn (NULL, 0, announce_fiber, g_object_ref (self),
                                             g_object_unref),
                        "cannot listen to devices");
}

static void
muster_sparkplug_host_failed_cb (MusterSparkplugHost *self, const char *why)
{
  const char *trouble = muster_mqtt_client_get_trouble (self->client);

  muster_service_set_trouble (MUSTER_SERVICE (self), trouble != NULL ? trouble : why);
}

static void
muster_sparkplug_host_disconnected_cb (MusterSparkplugHost *self, const char *why)
{
  gboolean was_announced = self->announced;

  self->generation++;
  self->announced = FALSE;
  muster_sparkplug_host_failed_cb (self, why);
  muster_sparkplug_session_disconnect (self->session);
  update_timer (self);
  if (was_announced)
    TELL (self, connection, FALSE);
}

/* Somebody else's will with our name, or that of our former connection. */
static void
correct_own_state (MusterSparkplugHost *self, const MusterMqttMessage *message)
{
  gboolean online;
  gint64   time;

  if (self->announced &&
      muster_sparkplug_state_decode (message->data, message->size, &online, &time, NULL) && !online)
    muster_disown_logged (G_LOG_LEVEL_MESSAGE, publish_state (self, TRUE, self->connect_time),
                          "STATE");
}

static void
muster_sparkplug_host_message_cb (MusterSparkplugHost *self, const MusterMqttMessage *message)
{
  if (!g_str_has_prefix (message->topic, MUSTER_SPARKPLUG_NAMESPACE "/"))
    return;
  if (g_str_equal (message->topic, self->state_topic))
    correct_own_state (self, message);
  else if (!message->retained) /* births and data are never retained by those who speak Sparkplug:
                                  old news */
    muster_sparkplug_session_handle (self->session, message->topic, message->data, message->size);
  update_timer (self);
}

/* --- service --- */

static DexFuture *
muster_sparkplug_host_start (MusterService *service)
{
  MusterSparkplugHost *self = MUSTER_SPARKPLUG_HOST (service);

  g_signal_connect_object (self->client, "connecting",
                           G_CALLBACK (muster_sparkplug_host_connecting_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "connected",
                           G_CALLBACK (muster_sparkplug_host_connected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "disconnected",
                           G_CALLBACK (muster_sparkplug_host_disconnected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "failed", G_CALLBACK (muster_sparkplug_host_failed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "message", G_CALLBACK (muster_sparkplug_host_message_cb),
                           self, G_CONNECT_SWAPPED);
  muster_disown_logged (G_LOG_LEVEL_MESSAGE, muster_mqtt_client_connect (self->client),
                        "connection to the broker");
  return NULL;
}

static DexFuture *
stop_fiber (gpointer user_data)
{
  MusterSparkplugHost *self = user_data;
  gboolean             was_announced = self->announced;

  if (self->announced)
    {
      self->announced = FALSE;
      dex_await (dex_future_first (publish_state (self, FALSE, muster_clock_get_now (self->clock)),
                                   dex_timeout_new_msec (STOP_TIMEOUT), NULL),
                 NULL);
    }
  g_signal_handlers_disconnect_by_data (self->client, self);
  dex_await (muster_mqtt_client_disconnect (self->client), NULL);
  self->generation++;
  muster_sparkplug_session_disconnect (self->session);
  update_timer (self);
  if (was_announced)
    TELL (self, connection, FALSE);
  return dex_future_new_true ();
}

static DexFuture *
muster_sparkplug_host_stop (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, stop_fiber, g_object_ref (service), g_object_unref);
}

static void
muster_sparkplug_host_finalize (GObject *object)
{
  MusterSparkplugHost *self = MUSTER_SPARKPLUG_HOST (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_pointer (&self->commands, muster_sparkplug_commands_free);
  g_clear_object (&self->session);
  g_clear_pointer (&self->listeners, g_ptr_array_unref);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  g_free (self->id);
  g_free (self->state_topic);
  G_OBJECT_CLASS (muster_sparkplug_host_parent_class)->finalize (object);
}

static void
muster_sparkplug_host_class_init (MusterSparkplugHostClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_sparkplug_host_finalize;
  service_class->name = "sparkplug";
  service_class->start = muster_sparkplug_host_start;
  service_class->stop = muster_sparkplug_host_stop;
}

static void
muster_sparkplug_host_init (MusterSparkplugHost *self)
{
  self->listeners = g_ptr_array_new_with_free_func (listening_free);
  self->commands = muster_sparkplug_commands_new ();
  self->tick_at = -1;
}

MusterSparkplugHost *
muster_sparkplug_host_new (MusterMqttClient             *client,
                           MusterClock                  *clock,
                           const char                   *host_id,
                           const MusterSparkplugOptions *options)
{
  MusterSparkplugHost *self;

  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (client) && MUSTER_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (muster_sparkplug_id_is_valid (host_id), NULL);

  self = g_object_new (MUSTER_TYPE_SPARKPLUG_HOST, NULL);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  self->id = g_strdup (host_id);
  self->state_topic = muster_sparkplug_topic_format (MUSTER_SPARKPLUG_STATE, NULL, host_id, NULL);
  self->session = muster_sparkplug_session_new (clock, options, &session_listener, self);
  return self;
}

/* --- commands --- */

static const MusterSparkplugMetricInfo *
check_target (MusterSparkplugHost         *self,
              const MusterSparkplugSource *source,
              const char                  *metric,
              GError                     **error)
{
  const char                      *name = source->device ? source->device : source->node;
  const MusterSparkplugMetricInfo *info =
    muster_sparkplug_session_get_metric (self->session, source, metric);

  if (!self->announced)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                         "there is no connection to the broker");
  else if (!muster_sparkplug_session_is_online (self->session, source))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is offline", name);
  else if (info == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "metric: %s has no %s", name, metric);
  else if (!info->writable)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "metric: %s of %s is read-only",
                 metric, name);
  else
    return info;
  return NULL;
}

DexFuture *
muster_sparkplug_host_write (MusterSparkplugHost *self,
                             const char          *group,
                             const char          *node,
                             const char          *device,
                             const char          *metric,
                             const MusterSample  *value,
                             gint64               timeout)
{
  MusterSparkplugSource source = { group, node, device };
  g_autoptr (MusterSparkplugPayload) payload = NULL;
  g_autoptr (GError) error = NULL;
  const MusterSparkplugMetricInfo *info;
  DexFuture                       *confirmed;
  gboolean                         by_birth;

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && group != NULL && node != NULL &&
                          metric != NULL && value != NULL,
                        NULL);

  by_birth = g_str_equal (metric, REBIRTH) || g_str_equal (metric, REBOOT);
  info = check_target (self, &source, metric, &error);
  if (info == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  payload = muster_sparkplug_payload_new ();
  if (!muster_sparkplug_metric_set (payload,
                                    add_metric (self, payload, metric, info->datatype, info), value,
                                    &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  confirmed = muster_sparkplug_commands_add (self->commands, &source, metric,
                                             by_birth ? NULL : value, timeout);
  muster_disown_logged (G_LOG_LEVEL_MESSAGE, publish_command (self, &source, payload), "command");
  return confirmed;
}

DexFuture *
muster_sparkplug_host_command (MusterSparkplugHost        *self,
                               const char                 *group,
                               const char                 *node,
                               const char                 *device,
                               const MusterSparkplugOrder *metrics,
                               unsigned                    n_metrics)
{
  MusterSparkplugSource source = { group, node, device };
  g_autoptr (MusterSparkplugPayload) payload = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && group != NULL && node != NULL, NULL);
  g_return_val_if_fail (metrics != NULL && n_metrics > 0, NULL);

  if (!self->announced)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "there is no connection to the broker");
  if (!muster_sparkplug_session_is_online (self->session, &source))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is offline",
                                  device != NULL ? device : node);
  payload = muster_sparkplug_payload_new ();
  for (unsigned i = 0; i < n_metrics; i++)
    if (!muster_sparkplug_metric_set (payload,
                                      add_metric (self, payload, metrics[i].name,
                                                  metrics[i].datatype, NULL),
                                      &metrics[i].value, &error))
      return dex_future_new_for_error (g_steal_pointer (&error));
  return publish_command (self, &source, payload);
}

DexFuture *
muster_sparkplug_host_request_rebirth (MusterSparkplugHost *self,
                                       const char          *group,
                                       const char          *node,
                                       gint64               timeout)
{
  MusterSparkplugSource source = { group, node, NULL };
  DexFuture            *confirmed;

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && group != NULL && node != NULL, NULL);

  if (!self->announced)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "there is no connection to the broker");
  confirmed = muster_sparkplug_commands_add (self->commands, &source, REBIRTH, NULL, timeout);
  muster_disown_logged (G_LOG_LEVEL_MESSAGE, publish_control (self, &source, REBIRTH),
                        "rebirth request");
  return confirmed;
}

DexFuture *
muster_sparkplug_host_release (MusterSparkplugHost *self, const char *group, const char *node)
{
  MusterSparkplugSource source = { group, node, NULL };

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && group != NULL && node != NULL, NULL);

  return publish_control (self, &source, RELEASE);
}

typedef struct
{
  MusterSparkplugHost *host; /* (owned) */
  char                *group;
  char                *node;
} Forget;

static gboolean
muster_sparkplug_host_forget_cb (gpointer user_data)
{
  Forget *forget = user_data;

  muster_sparkplug_session_forget (forget->host->session, forget->group, forget->node);
  update_timer (forget->host);
  return G_SOURCE_REMOVE;
}

static void
forget_free (gpointer data)
{
  Forget *forget = data;

  g_object_unref (forget->host);
  g_free (forget->group);
  g_free (forget->node);
  g_free (forget);
}

void
muster_sparkplug_host_forget (MusterSparkplugHost *self, const char *group, const char *node)
{
  Forget *forget;

  g_return_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && group != NULL && node != NULL);

  /* Not while the session speaks of it. */
  if (self->depth == 0)
    {
      muster_sparkplug_session_forget (self->session, group, node);
      return;
    }
  forget = g_new (Forget, 1);
  *forget = (Forget){ g_object_ref (self), g_strdup (group), g_strdup (node) };
  g_idle_add_full (G_PRIORITY_DEFAULT, muster_sparkplug_host_forget_cb, forget, forget_free);
}

/* --- questions --- */

const char *
muster_sparkplug_host_get_id (MusterSparkplugHost *self)
{
  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self), NULL);

  return self->id;
}

const MusterSparkplugMetricInfo *
muster_sparkplug_host_get_metric (MusterSparkplugHost *self,
                                  const char          *group,
                                  const char          *node,
                                  const char          *device,
                                  const char          *metric)
{
  MusterSparkplugSource source = { group, node, device };

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && group != NULL && node != NULL &&
                          metric != NULL,
                        NULL);

  return muster_sparkplug_session_get_metric (self->session, &source, metric);
}

gboolean
muster_sparkplug_host_is_online (MusterSparkplugHost *self,
                                 const char          *group,
                                 const char          *node,
                                 const char          *device)
{
  MusterSparkplugSource source = { group, node, device };

  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self) && group != NULL && node != NULL, FALSE);

  return muster_sparkplug_session_is_online (self->session, &source);
}

const MusterSparkplugCounts *
muster_sparkplug_host_get_counts (MusterSparkplugHost *self)
{
  g_return_val_if_fail (MUSTER_IS_SPARKPLUG_HOST (self), NULL);

  return muster_sparkplug_session_get_counts (self->session);
}
