/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-mqtt-client"

#include "config.h"

#include <string.h>

#include "muster-mqtt-client.h"

G_DEFINE_INTERFACE (MusterMqttClient, muster_mqtt_client, G_TYPE_OBJECT)

enum
{
  SIGNAL_CONNECTING,
  SIGNAL_CONNECTED,
  SIGNAL_DISCONNECTED,
  SIGNAL_FAILED,
  SIGNAL_MESSAGE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
muster_mqtt_client_default_init (MusterMqttClientInterface *iface)
{
  signals[SIGNAL_CONNECTING] =
    g_signal_new ("connecting", MUSTER_TYPE_MQTT_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_CONNECTED] = g_signal_new ("connected", MUSTER_TYPE_MQTT_CLIENT, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DISCONNECTED] =
    g_signal_new ("disconnected", MUSTER_TYPE_MQTT_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", MUSTER_TYPE_MQTT_CLIENT, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_MESSAGE] = g_signal_new ("message", MUSTER_TYPE_MQTT_CLIENT, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

DexFuture *
muster_mqtt_client_connect (MusterMqttClient *self)
{
  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (self), NULL);

  return MUSTER_MQTT_CLIENT_GET_IFACE (self)->connect (self);
}

DexFuture *
muster_mqtt_client_disconnect (MusterMqttClient *self)
{
  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (self), NULL);

  return MUSTER_MQTT_CLIENT_GET_IFACE (self)->disconnect (self);
}

DexFuture *
muster_mqtt_client_publish (MusterMqttClient *self,
                            const char       *topic,
                            GBytes           *payload,
                            int               qos,
                            gboolean          retain)
{
  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (self) && topic != NULL && qos >= 0 && qos <= 2,
                        NULL);

  return MUSTER_MQTT_CLIENT_GET_IFACE (self)->publish (self, topic, payload, qos, retain);
}

DexFuture *
muster_mqtt_client_subscribe (MusterMqttClient *self, const char *filter, int qos)
{
  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (self) && filter != NULL && qos >= 0 && qos <= 2,
                        NULL);

  return MUSTER_MQTT_CLIENT_GET_IFACE (self)->subscribe (self, filter, qos);
}

DexFuture *
muster_mqtt_client_unsubscribe (MusterMqttClient *self, const char *filter)
{
  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (self) && filter != NULL, NULL);

  return MUSTER_MQTT_CLIENT_GET_IFACE (self)->unsubscribe (self, filter);
}

void
muster_mqtt_client_set_will (MusterMqttClient *self,
                             const char       *topic,
                             GBytes           *payload,
                             int               qos,
                             gboolean          retain)
{
  g_return_if_fail (MUSTER_IS_MQTT_CLIENT (self));

  MUSTER_MQTT_CLIENT_GET_IFACE (self)->set_will (self, topic, payload, qos, retain);
}

MusterMqttState
muster_mqtt_client_get_state (MusterMqttClient *self)
{
  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (self), MUSTER_MQTT_DISCONNECTED);

  return MUSTER_MQTT_CLIENT_GET_IFACE (self)->get_state (self);
}

const char *
muster_mqtt_client_get_trouble (MusterMqttClient *self)
{
  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (self), NULL);

  return MUSTER_MQTT_CLIENT_GET_IFACE (self)->get_trouble (self);
}

void
muster_mqtt_client_emit_connecting (MusterMqttClient *self)
{
  g_signal_emit (self, signals[SIGNAL_CONNECTING], 0);
}

void
muster_mqtt_client_emit_connected (MusterMqttClient *self)
{
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0);
}

void
muster_mqtt_client_emit_disconnected (MusterMqttClient *self, const char *why)
{
  g_signal_emit (self, signals[SIGNAL_DISCONNECTED], 0, why);
}

void
muster_mqtt_client_emit_failed (MusterMqttClient *self, const char *why)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, why);
}

void
muster_mqtt_client_emit_message (MusterMqttClient *self, const MusterMqttMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message);
}

gboolean
muster_mqtt_topic_matches (const char *filter, const char *topic)
{
  g_return_val_if_fail (filter != NULL && topic != NULL, FALSE);

  if (*topic == '$' && *filter != '$')
    return FALSE;
  for (;;)
    {
      gsize filter_part = strcspn (filter, "/");
      gsize topic_part = strcspn (topic, "/");

      if (filter_part == 1 && *filter == '#')
        return TRUE;
      if (!(filter_part == 1 && *filter == '+') &&
          (filter_part != topic_part || strncmp (filter, topic, topic_part) != 0))
        return FALSE;
      filter += filter_part;
      topic += topic_part;
      if (*topic == '\0')
        return *filter == '\0' || strcmp (filter, "/#") == 0;
      if (*filter == '\0')
        return FALSE;
      filter++;
      topic++;
    }
}
