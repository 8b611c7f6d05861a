/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mqtt-client.h"

G_BEGIN_DECLS

/* For tests: a client whose broker is the test itself. Acknowledges everything at once and keeps
 * what it was told. */
#define MUSTER_TYPE_FAKE_MQTT_CLIENT (muster_fake_mqtt_client_get_type ())
G_DECLARE_FINAL_TYPE (MusterFakeMqttClient,
                      muster_fake_mqtt_client,
                      MUSTER,
                      FAKE_MQTT_CLIENT,
                      GObject)

MusterFakeMqttClient *muster_fake_mqtt_client_new (void);
/* Whether the broker can be reached. Connects and disconnects as a client that keeps its connection
 * up would. */
void muster_fake_mqtt_client_set_reachable (MusterFakeMqttClient *self, gboolean reachable);
void muster_fake_mqtt_client_deliver (MusterFakeMqttClient *self,
                                      const char           *topic,
                                      GBytes               *payload,
                                      gboolean              retained);
/* The oldest thing said since the last call: "will TOPIC", "connect", "subscribe FILTER QOS",
 * "publish TOPIC QOS RETAIN", "disconnect"; NULL: nothing. PAYLOAD (out) (nullable) (transfer
 * full): of will and publish. */
char *muster_fake_mqtt_client_take (MusterFakeMqttClient *self, GBytes **payload);

G_END_DECLS
