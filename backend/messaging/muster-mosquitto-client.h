/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mqtt-client.h"

G_BEGIN_DECLS

/* The client on libmosquitto (MQTT 3.1.1), driven by a source of its own on the main context of
 * whoever connects. */
#define MUSTER_TYPE_MOSQUITTO_CLIENT (muster_mosquitto_client_get_type ())
G_DECLARE_FINAL_TYPE (MusterMosquittoClient,
                      muster_mosquitto_client,
                      MUSTER,
                      MOSQUITTO_CLIENT,
                      GObject)

/* TARGET is copied; may be NULL until muster_mosquitto_client_set_target(). */
MusterMosquittoClient *muster_mosquitto_client_new (const MusterMqttTarget *target);
/* For the next connection. */
void muster_mosquitto_client_set_target (MusterMosquittoClient  *self,
                                         const MusterMqttTarget *target);
/* How many packets are read at most before the main context's other sources get their turn. */
void muster_mosquitto_client_set_turn (MusterMosquittoClient *self, unsigned packets);
/* "mqtts://host:8883" taken apart. (out) HOST for the socket's path or the host: (transfer full).
 */
gboolean muster_mqtt_uri_parse (const char *uri,
                                char      **host,
                                int        *port,
                                gboolean   *tls,
                                GError    **error);

G_END_DECLS
