/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-messaging-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-messaging-resource.h"

static DexFuture *
get_status (MusterRequest *request, gpointer messaging)
{
  GString *json = g_string_new (NULL);

  muster_messaging_encode_status (messaging, json);
  return muster_response_resolve (muster_response_new_json (200, json));
}

/* clang-format off */
static const MusterEnumValue modes[] = { { "own", N_("Run by Muster") }, { "external", N_("External") }, { NULL, NULL } };
static const MusterEnum mode_enum = { "BrokerMode", modes };
static const MusterEnumValue states[] = { { "up", N_("Up") }, { "connecting", N_("Connecting") }, { "down", N_("Down") }, { NULL, NULL } };
static const MusterEnum state_enum = { "BrokerState", states };

static const MusterField fields[] = {
  { "mode", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &mode_enum, .label = N_("Broker"), .doc = "Whose broker it is." },
  { "state", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &state_enum, .label = N_("State"), .doc = "Whether the daemon is connected to it." },
  { "uri", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 300, .label = N_("Address"), .doc = "Where devices reach it." },
  { "plain_port", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 65535, .label = N_("Port without TLS"), .doc = "Where devices of families that cannot do TLS reach it, unencrypted; null: nowhere." },
  { "host_id", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 1, 255, .label = N_("Host id"), .doc = "Name of the site's Sparkplug host application." },
  { "trouble", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Trouble"), .doc = "What keeps it from its duty." },
  { "clients", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, .label = N_("Clients"), .doc = "Sessions open now, the daemon's own left out; unknown of an external broker." },
  { "dropped", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, .label = N_("Dropped"), .doc = "Messages that the broker could not hand on since its start." },
  { "messages", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Messages"), .doc = "Sparkplug messages handled since the daemon's start." },
  { "samples", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Samples"), .doc = "Values taken from them." },
  { "malformed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Malformed"), .doc = "Topics, payloads and values that could not be read." },
  { "unknown", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Unknown metrics"), .doc = "Metrics that no birth had named." },
  { "gaps", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Gaps"), .doc = "Holes in nodes' sequence numbers." },
  { "rebirths", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Rebirths"), .doc = "Rebirths that nodes were asked for." },
  { "ignored", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Ignored"), .doc = "Messages of nodes that were not born, or beyond the limits." },
  { "limits", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Limits"), .doc = "Array of sentences: what cannot be done with this broker." },
};

static const MusterShape shape = { .schema = "MessagingStatus", .doc = "The broker and the daemon's connection to it.", .fields = fields, .n_fields = G_N_ELEMENTS (fields) };

static const MusterRoute routes[] = {
  { "GET", "/messaging/status", "getMessagingStatus", "messaging", "State of the MQTT broker", get_status, MUSTER_ROUTE_PLAIN, .response = &shape },
};
/* clang-format on */

void
muster_messaging_resource_add (MusterRouter *router, MusterMessaging *messaging)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_MESSAGING (messaging));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (messaging));
}
