/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-fake-mqtt-client"

#include "config.h"

#include "model/muster-error.h"
#include "muster-fake-mqtt-client.h"

typedef struct
{
  char   *text;
  GBytes *payload;
} Said;

struct _MusterFakeMqttClient
{
  GObject parent_instance;

  GQueue   said;
  gboolean wanted;
  gboolean reachable;
  gboolean connected;
};

static void muster_fake_mqtt_client_iface_init (MusterMqttClientInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterFakeMqttClient,
                               muster_fake_mqtt_client,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MUSTER_TYPE_MQTT_CLIENT,
                                                      muster_fake_mqtt_client_iface_init))

static void
said_free (gpointer data)
{
  Said *said = data;

  g_free (said->text);
  g_clear_pointer (&said->payload, g_bytes_unref);
  g_free (said);
}

static void
say (MusterFakeMqttClient *self, GBytes *payload, char *text)
{
  Said *said = g_new0 (Said, 1);

  said->text = text;
  said->payload = payload != NULL ? g_bytes_ref (payload) : NULL;
  g_queue_push_tail (&self->said, said);
}

static void
update (MusterFakeMqttClient *self)
{
  gboolean connect = self->wanted && self->reachable;

  if (connect == self->connected)
    return;
  if (connect)
    {
      muster_mqtt_client_emit_connecting (MUSTER_MQTT_CLIENT (self));
      say (self, NULL, g_strdup ("connect"));
      self->connected = TRUE;
      muster_mqtt_client_emit_connected (MUSTER_MQTT_CLIENT (self));
      return;
    }
  self->connected = FALSE;
  muster_mqtt_client_emit_disconnected (MUSTER_MQTT_CLIENT (self), "the test says so");
}

static DexFuture *
muster_fake_mqtt_client_connect (MusterMqttClient *client)
{
  MusterFakeMqttClient *self = MUSTER_FAKE_MQTT_CLIENT (client);

  self->wanted = TRUE;
  update (self);
  return dex_future_new_true ();
}

static DexFuture *
muster_fake_mqtt_client_disconnect (MusterMqttClient *client)
{
  MusterFakeMqttClient *self = MUSTER_FAKE_MQTT_CLIENT (client);

  self->wanted = FALSE;
  say (self, NULL, g_strdup ("disconnect"));
  update (self);
  return dex_future_new_true ();
}

static DexFuture *
answer (MusterFakeMqttClient *self)
{
  if (self->connected)
    return dex_future_new_true ();
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                "there is no connection to the broker");
}

static DexFuture *
muster_fake_mqtt_client_publish (MusterMqttClient *client,
                                 const char       *topic,
                                 GBytes           *payload,
                                 int               qos,
                                 gboolean          retain)
{
  MusterFakeMqttClient *self = MUSTER_FAKE_MQTT_CLIENT (client);

  if (self->connected)
    say (self, payload, g_strdup_printf ("publish %s %d %d", topic, qos, retain));
  return answer (self);
}

static DexFuture *
muster_fake_mqtt_client_subscribe (MusterMqttClient *client, const char *filter, int qos)
{
  MusterFakeMqttClient *self = MUSTER_FAKE_MQTT_CLIENT (client);

  say (self, NULL, g_strdup_printf ("subscribe %s %d", filter, qos));
  return answer (self);
}

static DexFuture *
muster_fake_mqtt_client_unsubscribe (MusterMqttClient *client, const char *filter)
{
  MusterFakeMqttClient *self = MUSTER_FAKE_MQTT_CLIENT (client);

  say (self, NULL, g_strdup_printf ("unsubscribe %s", filter));
  return answer (self);
}

static void
muster_fake_mqtt_client_set_will (MusterMqttClient *client,
                                  const char       *topic,
                                  GBytes           *payload,
                                  int               qos,
                                  gboolean          retain)
{
  say (MUSTER_FAKE_MQTT_CLIENT (client), payload,
       g_strdup_printf ("will %s %d %d", topic, qos, retain));
}

static MusterMqttState
muster_fake_mqtt_client_get_state (MusterMqttClient *client)
{
  return MUSTER_FAKE_MQTT_CLIENT (client)->connected ? MUSTER_MQTT_CONNECTED
                                                     : MUSTER_MQTT_DISCONNECTED;
}

static const char *
muster_fake_mqtt_client_get_trouble (MusterMqttClient *client)
{
  MusterFakeMqttClient *self = MUSTER_FAKE_MQTT_CLIENT (client);

  return self->wanted && !self->connected ? "no connection to the broker: the test says so" : NULL;
}

static void
muster_fake_mqtt_client_iface_init (MusterMqttClientInterface *iface)
{
  iface->connect = muster_fake_mqtt_client_connect;
  iface->disconnect = muster_fake_mqtt_client_disconnect;
  iface->publish = muster_fake_mqtt_client_publish;
  iface->subscribe = muster_fake_mqtt_client_subscribe;
  iface->unsubscribe = muster_fake_mqtt_client_unsubscribe;
  iface->set_will = muster_fake_mqtt_client_set_will;
  iface->get_state = muster_fake_mqtt_client_get_state;
  iface->get_trouble = muster_fake_mqtt_client_get_trouble;
}

static void
muster_fake_mqtt_client_finalize (GObject *object)
{
  g_queue_clear_full (&MUSTER_FAKE_MQTT_CLIENT (object)->said, said_free);
  G_OBJECT_CLASS (muster_fake_mqtt_client_parent_class)->finalize (object);
}

static void
muster_fake_mqtt_client_class_init (MusterFakeMqttClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_fake_mqtt_client_finalize;
}

static void
muster_fake_mqtt_client_init (MusterFakeMqttClient *self)
{
  g_queue_init (&self->said);
  self->reachable = TRUE;
}

MusterFakeMqttClient *
muster_fake_mqtt_client_new (void)
{
  return g_object_new (MUSTER_TYPE_FAKE_MQTT_CLIENT, NULL);
}

void
muster_fake_mqtt_client_set_reachable (MusterFakeMqttClient *self, gboolean reachable)
{
  g_return_if_fail (MUSTER_IS_FAKE_MQTT_CLIENT (self));

  self->reachable = reachable;
  update (self);
}

void
muster_fake_mqtt_client_deliver (MusterFakeMqttClient *self,
                                 const char           *topic,
                                 GBytes               *payload,
                                 gboolean              retained)
{
  MusterMqttMessage message = { .topic = topic, .retained = retained };

  g_return_if_fail (MUSTER_IS_FAKE_MQTT_CLIENT (self) && topic != NULL && payload != NULL);

  message.data = g_bytes_get_data (payload, &message.size);
  muster_mqtt_client_emit_message (MUSTER_MQTT_CLIENT (self), &message);
}

char *
muster_fake_mqtt_client_take (MusterFakeMqttClient *self, GBytes **payload)
{
  Said *said;
  char *text;

  g_return_val_if_fail (MUSTER_IS_FAKE_MQTT_CLIENT (self), NULL);

  said = g_queue_pop_head (&self->said);
  if (payload != NULL)
    *payload = said != NULL ? g_steal_pointer (&said->payload) : NULL;
  text = said != NULL ? g_steal_pointer (&said->text) : NULL;
  g_clear_pointer (&said, said_free);
  return text;
}
