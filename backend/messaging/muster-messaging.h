/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-service.h"
#include "muster-broker.h"
#include "muster-sparkplug-host.h"

G_BEGIN_DECLS

typedef struct
{
  MusterBrokerOptions broker;
  const char         *host_id; /* of the Sparkplug host application: the site's id */
  const char *
    external_uri; /* (nullable): use that broker instead of an own: "mqtts://broker.example:8883" */
  const char            *external_user;     /* (nullable) */
  const char            *external_password; /* (nullable) */
  const char            *external_ca_file;  /* (nullable) */
  MusterSparkplugOptions sparkplug;
} MusterMessagingOptions;

/**
 * MusterMessaging:
 *
 * Broker, the daemon's connection to it, and the Sparkplug host on that.
 */
#define MUSTER_TYPE_MESSAGING (muster_messaging_get_type ())
G_DECLARE_FINAL_TYPE (MusterMessaging, muster_messaging, MUSTER, MESSAGING, MusterService)

/* AUTHORITY must have been started before; may be NULL with an external broker. */
MusterMessaging *muster_messaging_new (const MusterMessagingOptions *options,
                                       MusterCertificateAuthority   *authority,
                                       MusterClock                  *clock);
/* NULL with an external broker: accounts are then the affair of whoever runs it. */
MusterBroker        *muster_messaging_get_broker (MusterMessaging *self);
MusterSparkplugHost *muster_messaging_get_host (MusterMessaging *self);
MusterMqttClient    *muster_messaging_get_client (MusterMessaging *self);
/* A connection of its own, with a queue of its own at the broker, for what is not Sparkplug:
 * however much comes there, the site's nodes are heard. */
MusterMqttClient *muster_messaging_get_side_client (MusterMessaging *self);
/* {"mode":"own","state":"up","uri":"mqtts://…","clients":3,"messages":…,"dropped":0,"trouble":null,"limits":[…]}
 */
void muster_messaging_encode_status (MusterMessaging *self, GString *json);

G_END_DECLS
