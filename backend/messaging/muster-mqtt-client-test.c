/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
#include "muster-mosquitto-client.h"
#include "muster-mqtt-client.h"

typedef struct
{
  const char *filter, *topic;
  gboolean    matches;
} MatchCase;

/* MQTT 3.1.1, chapter 4.7. */
static const MatchCase matches[] = {
  { "sport/tennis/player1/#", "sport/tennis/player1", TRUE },
  { "sport/tennis/player1/#", "sport/tennis/player1/ranking", TRUE },
  { "sport/tennis/player1/#", "sport/tennis/player12", FALSE },
  { "#", "a/b/c", TRUE },
  { "sport/tennis/+", "sport/tennis/player1", TRUE },
  { "sport/tennis/+", "sport/tennis/player1/ranking", FALSE },
  { "sport/+", "sport", FALSE },
  { "sport/+", "sport/", TRUE },
  { "+/+", "/finance", TRUE },
  { "/+", "/finance", TRUE },
  { "+", "/finance", FALSE },
  { "#", "$SYS/x", FALSE },
  { "+/monitor", "$SYS/monitor", FALSE },
  { "$SYS/#", "$SYS/x", TRUE },
  { "a/b", "a/b", TRUE },
  { "a/b", "a/bc", FALSE },
  { "a/b", "a", FALSE },
  { "a", "a/b", FALSE },
};

static void
test_matches (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (matches); i++)
    {
      g_test_message ("%s %s", matches[i].filter, matches[i].topic);
      g_assert_cmpint (muster_mqtt_topic_matches (matches[i].filter, matches[i].topic), ==,
                       matches[i].matches);
    }
}

typedef struct
{
  const char *uri, *host;
  int         port;
  gboolean    tls;
} UriCase;

static const UriCase uris[] = {
  { "unix:/run/x.sock", "/run/x.sock", 0, FALSE },
  { "mqtt://broker.example", "broker.example", 1883, FALSE },
  { "mqtts://broker.example", "broker.example", 8883, TRUE },
  { "mqtts://[2001:db8::1]:1234", "2001:db8::1", 1234, TRUE },
  { NULL, NULL },
  { "", NULL },
  { "broker.example", NULL },
  { "http://broker.example", NULL },
  { "mqtt://", NULL },
  { "mqtt://host:99999", NULL },
  { "unix:relative", NULL },
};

static void
test_uris (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autofree char *host = NULL;
      g_autoptr (GError) error = NULL;
      int      port;
      gboolean tls;

      g_test_message ("%s", uris[i].uri ? uris[i].uri : "NULL");
      g_assert_cmpint (muster_mqtt_uri_parse (uris[i].uri, &host, &port, &tls, &error), ==,
                       uris[i].host != NULL);
      g_assert_cmpstr (host, ==, uris[i].host);
      if (uris[i].host == NULL)
        {
          g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
          continue;
        }
      g_assert_cmpint (port, ==, uris[i].port);
      g_assert_cmpint (tls, ==, uris[i].tls);
    }
}

static void
test_not_connected (void)
{
  MusterMqttTarget target = { .uri = "nonsense", .client_id = "x" };
  g_autoptr (MusterMqttClient) client = MUSTER_MQTT_CLIENT (muster_mosquitto_client_new (&target));
  g_autoptr (DexFuture) connect = muster_mqtt_client_connect (client);
  g_autoptr (DexFuture) publish = muster_mqtt_client_publish (client, "a", NULL, 0, FALSE);
  g_autoptr (DexFuture) subscribe = muster_mqtt_client_subscribe (client, "a", 0);
  g_autoptr (DexFuture) disconnect = muster_mqtt_client_disconnect (client);
  g_autoptr (GError) connect_error = NULL;
  g_autoptr (GError) publish_error = NULL;
  g_autoptr (GError) subscribe_error = NULL;

  dex_future_get_value (connect, &connect_error);
  dex_future_get_value (publish, &publish_error);
  dex_future_get_value (subscribe, &subscribe_error);
  g_assert_error (connect_error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_assert_error (publish_error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE);
  g_assert_error (subscribe_error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE);
  g_assert_true (dex_future_is_resolved (disconnect));
  g_assert_cmpint (muster_mqtt_client_get_state (client), ==, MUSTER_MQTT_DISCONNECTED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_test_add_func ("/mqtt-client/matches", test_matches);
  g_test_add_func ("/mqtt-client/uris", test_uris);
  g_test_add_func ("/mqtt-client/not-connected", test_not_connected);
  return g_test_run ();
}
