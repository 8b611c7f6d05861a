/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_MQTT_DISCONNECTED, /* waits for the next attempt, or stopped */
  MUSTER_MQTT_CONNECTING,
  MUSTER_MQTT_CONNECTED,
} MusterMqttState;

/* Where and as whom to connect. */
typedef struct
{
  const char *uri;        /* "unix:/path", "mqtt://host:1883", "mqtts://host:8883" */
  const char *client_id;  /* unique at the broker */
  const char *username;   /* (nullable) */
  const char *password;   /* (nullable) */
  const char *ca_file;    /* PEM; NULL with mqtts: the system's authorities */
  unsigned    keep_alive; /* seconds, 20 to 60; 0: 30 */
} MusterMqttTarget;

/* Borrowed for the handler. */
typedef struct
{
  const char   *topic;
  const guint8 *data; /* NULL when empty */
  gsize         size;
  int           qos;
  gboolean      retained; /* it was old when we subscribed */
} MusterMqttMessage;

/**
 * MusterMqttClient:
 *
 * A connection to an MQTT broker that keeps itself up: clean sessions, back-off between attempts,
 * everything on the thread that started it. Signals: `connecting ()` before each CONNECT, the
 * moment to set the will; `connected ()`; `disconnected (const char *why)`;
 * `failed (const char *why)`, when an attempt to connect came to nothing; `message (const
 * MusterMqttMessage *message)`.
 */
#define MUSTER_TYPE_MQTT_CLIENT (muster_mqtt_client_get_type ())
G_DECLARE_INTERFACE (MusterMqttClient, muster_mqtt_client, MUSTER, MQTT_CLIENT, GObject)

struct _MusterMqttClientInterface
{
  GTypeInterface parent_iface;
  DexFuture *(*connect) (MusterMqttClient *self);
  DexFuture *(*disconnect) (MusterMqttClient *self);
  DexFuture *(*publish) (MusterMqttClient *self,
                         const char       *topic,
                         GBytes           *payload,
                         int               qos,
                         gboolean          retain);
  DexFuture *(*subscribe) (MusterMqttClient *self, const char *filter, int qos);
  DexFuture *(*unsubscribe) (MusterMqttClient *self, const char *filter);
  void (*set_will) (MusterMqttClient *self,
                    const char       *topic,
                    GBytes           *payload,
                    int               qos,
                    gboolean          retain);
  MusterMqttState (*get_state) (MusterMqttClient *self);
  const char *(*get_trouble) (MusterMqttClient *self);
};

/* Starts to keep a connection. Resolves to TRUE at the first CONNACK; never rejects for a broker
 * that is away, as attempts go on; rejects with MUSTER_ERROR_INVALID for a target that cannot be.
 */
DexFuture *muster_mqtt_client_connect (MusterMqttClient *self);
/* Sends DISCONNECT (after what was published) and stays away. Resolves to TRUE. */
DexFuture *muster_mqtt_client_disconnect (MusterMqttClient *self);
/* Resolves to TRUE once sent (QoS 0) or acknowledged (QoS 1); rejects with MUSTER_ERROR_UNAVAILABLE
 * when not connected, or the connection ends before. */
DexFuture *muster_mqtt_client_publish (MusterMqttClient *self,
                                       const char       *topic,
                                       GBytes           *payload,
                                       int               qos,
                                       gboolean          retain);
/* For this connection only: subscribe again upon `connected`. Resolves to TRUE at SUBACK; rejects
 * with MUSTER_ERROR_FORBIDDEN when the broker refuses. */
DexFuture *muster_mqtt_client_subscribe (MusterMqttClient *self, const char *filter, int qos);
/* Resolves to TRUE at UNSUBACK. */
DexFuture *muster_mqtt_client_unsubscribe (MusterMqttClient *self, const char *filter);
/* For the connections to come. TOPIC NULL: none. */
void            muster_mqtt_client_set_will (MusterMqttClient *self,
                                             const char       *topic,
                                             GBytes           *payload,
                                             int               qos,
                                             gboolean          retain);
MusterMqttState muster_mqtt_client_get_state (MusterMqttClient *self);
/* Why there is no connection, for a person; NULL when there is. Borrowed. */
const char *muster_mqtt_client_get_trouble (MusterMqttClient *self);

/* For implementations. */
void muster_mqtt_client_emit_connecting (MusterMqttClient *self);
void muster_mqtt_client_emit_connected (MusterMqttClient *self);
void muster_mqtt_client_emit_disconnected (MusterMqttClient *self, const char *why);
void muster_mqtt_client_emit_failed (MusterMqttClient *self, const char *why);
void muster_mqtt_client_emit_message (MusterMqttClient *self, const MusterMqttMessage *message);

/* Whether TOPIC matches FILTER with its wildcards + and #, as MQTT 3.1.1 chapter 4.7 says. */
gboolean muster_mqtt_topic_matches (const char *filter, const char *topic);

G_END_DECLS
