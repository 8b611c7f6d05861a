/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-messaging.h"
#include "muster-mosquitto-client.h"
#include "muster-sparkplug-test-util.h"

/* Broker, connection and host together, with a node that is written by hand, over a real mosquitto.
 */
typedef struct
{
  MusterTestDir              *dir;
  MusterClock                *clock;
  MusterCertificateAuthority *authority;
  MusterMessaging            *messaging;
  MusterMqttClient           *node;
  MusterSparkplugRecorder     recorder;
  char                       *ca_file;
} Site;

static MusterMessaging *
make_messaging (Site *site)
{
  g_autofree char       *directory = muster_test_dir_build (site->dir, "broker");
  MusterMessagingOptions options = {
    .broker = { .directory = directory, .address = "127.0.0.1" },
    .host_id = "hall",
    .sparkplug = MUSTER_SPARKPLUG_OPTIONS_DEFAULT,
  };

  return muster_messaging_new (&options, site->authority, site->clock);
}

static void
await_connection (Site *self)
{
  for (unsigned i = 0; i < 1000 && strstr (self->recorder.text->str, "connection 1") == NULL; i++)
    muster_test_sleep (10);
  muster_sparkplug_recorder_assert (&self->recorder, "connection 1");
}

static MusterMqttClient *
make_node (Site *self)
{
  g_autofree char *uri =
    g_strdup_printf ("mqtts://127.0.0.1:%d",
                     muster_broker_get_port (muster_messaging_get_broker (self->messaging)));
  MusterMqttTarget target = {
    .uri = uri, .client_id = "n", .username = "n", .password = "secret", .ca_file = self->ca_file
  };
  MusterMqttClient *node = MUSTER_MQTT_CLIENT (muster_mosquitto_client_new (&target));
  g_autoptr (GBytes) will = muster_sparkplug_test_payload (-1, 3, 0, NULL);

  muster_mqtt_client_set_will (node, "spBv1.0/g/NDEATH/n", will, 1, FALSE);
  return node;
}

static Site *
site_new (void)
{
  Site            *self = g_new0 (Site, 1);
  g_autofree char *tls = NULL;
  g_autofree char *hash = muster_broker_hash_password ("secret");
  g_autoptr (GPtrArray) accounts =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_broker_account_free);

  muster_sparkplug_recorder_init (&self->recorder);
  self->dir = muster_test_dir_new ();
  tls = muster_test_dir_build (self->dir, "tls");
  self->ca_file = muster_test_dir_build (self->dir, "tls/authority.pem");
  self->clock = muster_clock_new ();
  self->authority = muster_certificate_authority_new (tls, "Hall", NULL, self->clock);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->authority)));
  self->messaging = make_messaging (self);
  muster_sparkplug_host_add_listener (muster_messaging_get_host (self->messaging),
                                      &muster_sparkplug_recorder_listener,
                                      G_OBJECT (self->messaging), &self->recorder);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->messaging)));
  g_ptr_array_add (accounts, muster_broker_account_new ("n", hash, "g", "n"));
  muster_test_await (
    muster_broker_set_accounts (muster_messaging_get_broker (self->messaging), accounts));
  await_connection (self);
  self->node = make_node (self);
  muster_test_await (muster_mqtt_client_connect (self->node));
  return self;
}

static void
site_free (Site *self)
{
  muster_test_await (muster_mqtt_client_disconnect (self->node));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->messaging)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->authority)));
  g_clear_object (&self->node);
  g_clear_object (&self->messaging);
  g_clear_object (&self->authority);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->dir, muster_test_dir_free);
  muster_sparkplug_recorder_clear (&self->recorder);
  g_free (self->ca_file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

static void
say (Site *self, const char *topic, int seq, int bd_seq, const char *spec)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_test_payload (seq, bd_seq, 0, spec);

  muster_test_await (muster_mqtt_client_publish (self->node, topic, bytes, 1, FALSE));
}

static void
await_told (Site *self, const char *expected)
{
  for (unsigned i = 0; i < 500 && !g_str_has_suffix (self->recorder.text->str, expected); i++)
    muster_test_sleep (10);
  muster_sparkplug_recorder_assert (&self->recorder, expected);
}

static JsonObject *
get_status (Site *self, JsonParser *parser)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  muster_messaging_encode_status (self->messaging, json);
  json_parser_load_from_data (parser, json->str, json->len, &error);
  g_assert_no_error (error);
  return json_node_get_object (json_parser_get_root (parser));
}

static void
test_life_of_a_node (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *status;

  say (site, "spBv1.0/g/NBIRTH/n", 0, 3, "level:1=1.5");
  say (site, "spBv1.0/g/NDATA/n", 1, -1, ":1=2.5");
  await_told (site, "birth g/n level; data g/n level=1.5; data g/n level=2.5");
  status = get_status (site, parser);
  g_assert_cmpstr (json_object_get_string_member (status, "mode"), ==, "own");
  g_assert_cmpstr (json_object_get_string_member (status, "state"), ==, "up");
  g_assert_cmpint (json_object_get_int_member (status, "clients"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (status, "dropped"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (status, "messages"), ==, 2);
  g_assert_true (json_object_get_null_member (status, "trouble"));
  say (site, "spBv1.0/g/NDEATH/n", -1, 3, NULL);
  await_told (site, "death g/n node");
}

static void
answer_cb (MusterMqttClient *node, const MusterMqttMessage *message, Site *site)
{
  g_autoptr (MusterSparkplugPayload) payload =
              muster_sparkplug_payload_decode (message->data, message->size, NULL);
  g_autoptr (GBytes) answer = muster_sparkplug_test_payload (1, -1, 0, ":1=9.5");

  g_assert_cmpstr (message->topic, ==, "spBv1.0/g/NCMD/n");
  g_assert_cmpfloat (payload->metrics[0].number, ==, 9.5);
  dex_future_disown (muster_mqtt_client_publish (node, "spBv1.0/g/NDATA/n", answer, 0, FALSE));
}

static void
test_command (void)
{
  g_autoptr (Site) site = site_new ();
  MusterSample value = { .type = MUSTER_SAMPLE_DOUBLE, .number = 9.5 };

  g_signal_connect (site->node, "message", G_CALLBACK (answer_cb), site);
  muster_test_await (muster_mqtt_client_subscribe (site->node, "spBv1.0/g/NCMD/n/#", 1));
  say (site, "spBv1.0/g/NBIRTH/n", 0, 3, "level:1=1.5");
  await_told (site, "birth g/n level; data g/n level=1.5");
  muster_test_await (muster_sparkplug_host_write (muster_messaging_get_host (site->messaging), "g",
                                                  "n", NULL, "level", &value,
                                                  5 * G_TIME_SPAN_SECOND));
  g_signal_handlers_disconnect_by_data (site->node, site);
}

/* The broker dies: nothing is said to be offline that is not known to be; everything returns by
 * itself. */
static void
test_broker_killed (void)
{
  g_autoptr (Site) site = site_new ();
  gint64 killed;

  say (site, "spBv1.0/g/NBIRTH/n", 0, 3, "level:1=1.5");
  await_told (site, "birth g/n level; data g/n level=1.5");
  killed = g_get_monotonic_time ();
  g_assert_cmpint (kill (muster_broker_get_pid (muster_messaging_get_broker (site->messaging)),
                         SIGKILL),
                   ==, 0);
  await_told (site, "death g/n disconnected; connection 0");
  await_connection (site);
  g_test_message ("the host is back after %.0f ms", (g_get_monotonic_time () - killed) / 1000.0);
  /* the node backs off longer after each try that failed */
  for (unsigned i = 0;
       i < 3000 && muster_mqtt_client_get_state (site->node) != MUSTER_MQTT_CONNECTED; i++)
    muster_test_sleep (10);
  say (site, "spBv1.0/g/NBIRTH/n", 0, 4, "level:1=1.5");
  await_told (site, "birth g/n level; data g/n level=1.5");
}

static void
say_text (Site *site, const char *topic, const char *text)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_test_encode_text (text);

  muster_test_await (muster_mqtt_client_publish (site->node, topic, bytes, 1, FALSE));
}

/* What field clients send beside the specification, written by an independent encoder: integers in
 * the long field, no times, bdSeq unsigned and always 0, names beside aliases, sequence numbers
 * that start anywhere. */
static void
test_sloppy_client (void)
{
  g_autoptr (Site) site = NULL;

  if (g_getenv ("MUSTER_TEST_PROTOC") == NULL)
    {
      g_test_skip ("protoc is not at hand");
      return;
    }
  site = site_new ();
  say_text (
    site, "spBv1.0/g/NBIRTH/n",
    "seq: 77 metrics { name: 'bdSeq' datatype: 8 long_value: 0 } metrics { name: 'Node Control/Rebirth' datatype: 11 boolean_value: false }"
    "metrics { name: 'total' alias: 5 datatype: 7 long_value: 4294967295 } metrics { name: 'offset' datatype: 1 int_value: 4294967273 }"
    "metrics { name: 'when' datatype: 13 long_value: 1767225600123 } metrics { name: 'bits' datatype: 32 bytes_value: '\\003\\000\\000\\000\\240' }");
  say_text (
    site, "spBv1.0/g/DBIRTH/n/d",
    "seq: 78 metrics { name: 'state' datatype: 12 string_value: 'idle' } metrics { name: 'table' datatype: 16 dataset_value { num_of_columns: 0 } }");
  say_text (
    site, "spBv1.0/g/NDATA/n",
    "seq: 79 metrics { name: 'total' alias: 5 datatype: 7 long_value: 3 } metrics { name: 'offset' is_null: true }");
  say_text (site, "spBv1.0/g/DDEATH/n/d", "seq: 80");
  say_text (site, "spBv1.0/g/NDEATH/n", "metrics { name: 'bdSeq' datatype: 8 int_value: 0 }");
  await_told (
    site,
    "birth g/n Node Control/Rebirth,total,offset,when,bits; data g/n total=4294967295 offset=-23 when=1767225600123 bits=\"[true,false,true]\"; "
    "birth g/n/d state,table; data g/n/d state=\"idle\" table=\"CAA=\"; data g/n total=3 offset=null; death g/n/d device; death g/n node");
}

typedef struct
{
  unsigned samples;
} Count;

static void
count_cb (const MusterSparkplugSource *source,
          const MusterSample          *samples,
          unsigned                     n_samples,
          gpointer                     user_data)
{
  ((Count *)user_data)->samples += n_samples;
}

/* From a node over TLS through the broker to the listener, as fast as it goes: nothing is lost,
 * nothing is out of order. */
static void
test_flood (void)
{
  static const MusterSparkplugListener counter = { .data = count_cb };
  g_autoptr (Site) site = site_new ();
  Count                        count = { 0 };
  const MusterSparkplugCounts *counts =
    muster_sparkplug_host_get_counts (muster_messaging_get_host (site->messaging));
  const unsigned total = 20000;
  gint64         started;

  say (site, "spBv1.0/g/NBIRTH/n", 0, 3, "level:1=1.5 pressure:2=3 running:3=true");
  await_told (site, "birth g/n level,pressure,running; data g/n level=1.5 pressure=3 running=true");
  muster_sparkplug_host_add_listener (muster_messaging_get_host (site->messaging), &counter,
                                      G_OBJECT (site->messaging), &count);
  started = g_get_monotonic_time ();
  for (unsigned i = 0; i < total; i++)
    {
      g_autoptr (GBytes) bytes =
                  muster_sparkplug_test_payload ((i + 1) % 256, -1, 0, ":1=2.5 :2=4 :3=false");

      dex_future_disown (
        muster_mqtt_client_publish (site->node, "spBv1.0/g/NDATA/n", bytes, 0, FALSE));
    }
  for (unsigned i = 0; i < 4000 && count.samples < 3 * total; i++)
    muster_test_sleep (5);
  g_test_message (
    "%.0f messages/s (3 metrics each) encoded, sent over TLS and handled in one process",
    total * 1e6 / (g_get_monotonic_time () - started));
  g_assert_cmpuint (count.samples, ==, 3 * total);
  g_assert_cmpuint (counts->gaps, ==, 0);
  g_assert_cmpuint (counts->rebirths, ==, 0);
}

/* No broker of our own, and the other one is away. */
static void
test_external (void)
{
  g_autoptr (MusterClock) clock = muster_clock_new ();
  MusterMessagingOptions options = { .host_id = "hall", .external_uri = "mqtt://127.0.0.1:1" };
  Site                   site = { .messaging = muster_messaging_new (&options, NULL, clock) };
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *status;

  muster_test_await (muster_service_start (MUSTER_SERVICE (site.messaging)));
  for (unsigned i = 0; i < 500 && muster_mqtt_client_get_trouble (
                                    muster_messaging_get_client (site.messaging)) == NULL;
       i++)
    muster_test_sleep (10);
  status = get_status (&site, parser);
  g_assert_cmpstr (json_object_get_string_member (status, "mode"), ==, "external");
  g_assert_cmpstr (json_object_get_string_member (status, "state"), ==, "connecting");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (status, "limits")), ==, 3);
  g_assert_nonnull (strstr (json_object_get_string_member (status, "trouble"), "refused"));
  g_assert_null (muster_messaging_get_broker (site.messaging));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (site.messaging)));
  g_clear_object (&site.messaging);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/messaging/life-of-a-node", test_life_of_a_node);
  muster_test_add_fiber ("/messaging/command", test_command);
  muster_test_add_fiber ("/messaging/broker-killed", test_broker_killed);
  muster_test_add_fiber ("/messaging/sloppy-client", test_sloppy_client);
  muster_test_add_fiber ("/messaging/flood", test_flood);
  muster_test_add_fiber ("/messaging/external", test_external);
  return g_test_run ();
}
