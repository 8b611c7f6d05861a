/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-fake-mqtt-client.h"
#include "muster-sparkplug-host.h"
#include "muster-sparkplug-test-util.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define TIMEOUT (200 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  MusterClock            *clock;
  MusterFakeMqttClient   *client;
  MusterSparkplugHost    *host;
  MusterSparkplugRecorder recorder;
} Site;

static void
say (Site *self, const char *topic, int seq, int bd_seq, const char *spec)
{
  g_autoptr (GBytes) bytes = muster_sparkplug_test_payload (seq, bd_seq, 0, spec);

  muster_fake_mqtt_client_deliver (self->client, topic, bytes, FALSE);
}

static void
expect_said (Site *self, const char *expected, const char *payload)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = muster_fake_mqtt_client_take (self->client, &bytes);

  g_assert_cmpstr (text, ==, expected);
  if (payload != NULL)
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), payload,
                     strlen (payload));
}

/* The next thing said, as a payload. */
static MusterSparkplugPayload *
take_payload (Site *self, const char *expected)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = muster_fake_mqtt_client_take (self->client, &bytes);
  g_autoptr (GError) error = NULL;
  MusterSparkplugPayload *payload;

  g_assert_cmpstr (text, ==, expected);
  payload = muster_sparkplug_payload_decode (g_bytes_get_data (bytes, NULL),
                                             g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return payload;
}

static void
expect_announcement (Site *self)
{
  expect_said (self, "will spBv1.0/STATE/hall 1 1",
               "{\"online\":false,\"timestamp\":1767225600000}");
  expect_said (self, "connect", NULL);
  expect_said (self, "subscribe spBv1.0/STATE/hall 1", NULL);
  expect_said (self, "subscribe spBv1.0/# 0", NULL);
  expect_said (self, "publish spBv1.0/STATE/hall 1 1",
               "{\"online\":true,\"timestamp\":1767225600000}");
  expect_said (self, NULL, NULL);
}

static Site *
site_new (void)
{
  MusterSparkplugOptions options = MUSTER_SPARKPLUG_OPTIONS_DEFAULT;
  Site                  *self = g_new0 (Site, 1);

  options.reorder_timeout = 20 * G_TIME_SPAN_MILLISECOND;
  muster_sparkplug_recorder_init (&self->recorder);
  self->clock = muster_manual_clock_new (NOW);
  self->client = muster_fake_mqtt_client_new ();
  self->host =
    muster_sparkplug_host_new (MUSTER_MQTT_CLIENT (self->client), self->clock, "hall", &options);
  muster_sparkplug_host_add_listener (self->host, &muster_sparkplug_recorder_listener,
                                      G_OBJECT (self->host), &self->recorder);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->host)));
  muster_test_sleep (5);
  expect_announcement (self);
  muster_sparkplug_recorder_assert (&self->recorder, "connection 1");
  return self;
}

static void
site_free (Site *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->host)));
  g_clear_object (&self->host);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  muster_sparkplug_recorder_clear (&self->recorder);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

static void
give_birth (Site *self)
{
  say (self, "spBv1.0/g/NBIRTH/n", 0, 7, "level:1=1.5 switch:2=false fixed=1!r name='a count=1i");
  muster_sparkplug_recorder_assert (
    &self->recorder,
    "birth g/n level,switch,fixed,name,count; data g/n level=1.5 switch=false fixed=1 name=\"a\" count=1");
}

static void
test_connect_and_stop (void)
{
  g_autoptr (Site) site = site_new ();

  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (site->clock), 5 * G_TIME_SPAN_SECOND);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (site->host)));
  expect_said (site, "publish spBv1.0/STATE/hall 1 1",
               "{\"online\":false,\"timestamp\":1767225605000}");
  expect_said (site, "disconnect", NULL);
}

static void
test_own_state (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GBytes) offline = muster_sparkplug_state_encode (FALSE, NOW - 1);
  g_autoptr (GBytes) online = muster_sparkplug_state_encode (TRUE, NOW);

  muster_fake_mqtt_client_deliver (site->client, "spBv1.0/STATE/hall", online, TRUE);
  muster_fake_mqtt_client_deliver (site->client, "spBv1.0/STATE/other", offline, TRUE);
  expect_said (site, NULL, NULL);
  muster_fake_mqtt_client_deliver (site->client, "spBv1.0/STATE/hall", offline, FALSE);
  expect_said (site, "publish spBv1.0/STATE/hall 1 1",
               "{\"online\":true,\"timestamp\":1767225600000}");
}

static void
test_lost_connection (void)
{
  g_autoptr (Site) site = site_new ();

  give_birth (site);
  muster_fake_mqtt_client_set_reachable (site->client, FALSE);
  muster_sparkplug_recorder_assert (&site->recorder, "death g/n disconnected; connection 0");
  g_assert_nonnull (muster_service_get_trouble (MUSTER_SERVICE (site->host)));
  g_assert_false (muster_sparkplug_host_is_online (site->host, "g", "n", NULL));
  muster_fake_mqtt_client_set_reachable (site->client, TRUE);
  muster_test_sleep (5);
  expect_announcement (site);
  g_assert_null (muster_service_get_trouble (MUSTER_SERVICE (site->host)));
}

static void
test_rebirth_wanted (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (MusterSparkplugPayload) payload = NULL;

  say (site, "spBv1.0/g/NDATA/n", 3, -1, "level=1");
  payload = take_payload (site, "publish spBv1.0/g/NCMD/n 0 0");
  g_assert_cmpint (payload->seq, ==, -1);
  g_assert_cmpint (payload->time, ==, NOW);
  g_assert_cmpuint (payload->n_metrics, ==, 1);
  g_assert_cmpstr (payload->metrics[0].name, ==, "Node Control/Rebirth");
  g_assert_cmpint (payload->metrics[0].datatype, ==, MUSTER_SPARKPLUG_BOOLEAN);
  g_assert_true (payload->metrics[0].boolean);
  muster_sparkplug_recorder_assert (&site->recorder, "wanted g/n");
}

static void
test_retained_is_old (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GBytes) bytes = muster_sparkplug_test_payload (0, 1, NOW, "level=1");

  muster_fake_mqtt_client_deliver (site->client, "spBv1.0/g/NBIRTH/n", bytes, TRUE);
  muster_fake_mqtt_client_deliver (site->client, "$SYS/broker/uptime", bytes, TRUE);
  muster_sparkplug_recorder_assert (&site->recorder, "");
  g_assert_cmpuint (muster_sparkplug_host_get_counts (site->host)->malformed, ==, 0);
}

static void
test_write (void)
{
  g_autoptr (Site) site = site_new ();
  MusterSample value = { .type = MUSTER_SAMPLE_BOOLEAN, .boolean = TRUE };
  g_autoptr (MusterSparkplugPayload) payload = NULL;
  DexFuture *future;

  give_birth (site);
  future = muster_sparkplug_host_write (site->host, "g", "n", NULL, "switch", &value, TIMEOUT);
  payload = take_payload (site, "publish spBv1.0/g/NCMD/n 0 0");
  g_assert_null (payload->metrics[0].name);
  g_assert_cmpuint (payload->metrics[0].alias, ==, 2);
  g_assert_true (payload->metrics[0].boolean);
  say (site, "spBv1.0/g/NDATA/n", 1, -1, ":2=true!h");
  say (site, "spBv1.0/g/NDATA/n", 2, -1, ":2=false");
  g_assert_true (dex_future_is_pending (future));
  say (site, "spBv1.0/g/NDATA/n", 3, -1, ":2=true");
  g_assert_true (dex_future_is_resolved (future));
  dex_unref (future);
}

static void
test_write_device (void)
{
  g_autoptr (Site) site = site_new ();
  MusterSample value = { .type = MUSTER_SAMPLE_DOUBLE, .number = 21.5 };
  g_autoptr (MusterSparkplugPayload) payload = NULL;
  DexFuture *future;

  give_birth (site);
  say (site, "spBv1.0/g/DBIRTH/n/d", 1, -1, "target=20");
  future = muster_sparkplug_host_write (site->host, "g", "n", "d", "target", &value, TIMEOUT);
  payload = take_payload (site, "publish spBv1.0/g/DCMD/n/d 0 0");
  g_assert_cmpstr (payload->metrics[0].name, ==, "target");
  g_assert_cmpfloat (payload->metrics[0].number, ==, 21.5);
  say (site, "spBv1.0/g/DDATA/n/d", 2, -1, "target=21.500001");
  muster_test_await (future);
}

static void
test_write_unconfirmed (void)
{
  g_autoptr (Site) site = site_new ();
  MusterSample number = { .type = MUSTER_SAMPLE_INTEGER, .integer = 5 };
  MusterSample text = { .type = MUSTER_SAMPLE_STRING, .text = "b" };
  g_autoptr (GError) timed_out = NULL;
  g_autoptr (GError) died = NULL;
  DexFuture *future;

  give_birth (site);
  timed_out = muster_test_await_error (muster_sparkplug_host_write (site->host, "g", "n", NULL,
                                                                    "count", &number, TIMEOUT),
                                       MUSTER_ERROR_TIMED_OUT);
  future = muster_sparkplug_host_write (site->host, "g", "n", NULL, "name", &text, TIMEOUT);
  say (site, "spBv1.0/g/NDEATH/n", -1, 7, NULL);
  died = muster_test_await_error (future, MUSTER_ERROR_CONFLICT);
}

static void
test_write_refused (void)
{
  g_autoptr (Site) site = site_new ();
  MusterSample number = { .type = MUSTER_SAMPLE_DOUBLE, .number = 5.5 };
  g_autoptr (GError) offline = NULL;
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) fixed = NULL;
  g_autoptr (GError) misfit = NULL;
  g_autoptr (GError) away = NULL;

  offline = muster_test_await_error (muster_sparkplug_host_write (site->host, "g", "n", NULL,
                                                                  "level", &number, TIMEOUT),
                                     MUSTER_ERROR_CONFLICT);
  give_birth (site);
  unknown = muster_test_await_error (muster_sparkplug_host_write (site->host, "g", "n", NULL,
                                                                  "nothing", &number, TIMEOUT),
                                     MUSTER_ERROR_NOT_FOUND);
  fixed = muster_test_await_error (muster_sparkplug_host_write (site->host, "g", "n", NULL, "fixed",
                                                                &number, TIMEOUT),
                                   MUSTER_ERROR_CONFLICT);
  misfit = muster_test_await_error (muster_sparkplug_host_write (site->host, "g", "n", NULL,
                                                                 "count", &number, TIMEOUT),
                                    MUSTER_ERROR_INVALID);
  expect_said (site, NULL, NULL);
  muster_fake_mqtt_client_set_reachable (site->client, FALSE);
  away = muster_test_await_error (muster_sparkplug_host_write (site->host, "g", "n", NULL, "level",
                                                               &number, TIMEOUT),
                                  MUSTER_ERROR_UNAVAILABLE);
}

static void
test_request_rebirth (void)
{
  g_autoptr (Site) site = site_new ();
  DexFuture *future = muster_sparkplug_host_request_rebirth (site->host, "g", "n", TIMEOUT);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSparkplugPayload) payload = take_payload (site, "publish spBv1.0/g/NCMD/n 0 0");

  g_assert_cmpstr (payload->metrics[0].name, ==, "Node Control/Rebirth");
  give_birth (site);
  muster_test_await (future);
  error = muster_test_await_error (muster_sparkplug_host_request_rebirth (site->host, "g", "n",
                                                                          TIMEOUT / 10),
                                   MUSTER_ERROR_TIMED_OUT);
}

static void
test_release (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (MusterSparkplugPayload) payload = NULL;

  muster_test_await (muster_sparkplug_host_release (site->host, "g", "n"));
  payload = take_payload (site, "publish spBv1.0/g/NCMD/n 0 0");
  g_assert_cmpstr (payload->metrics[0].name, ==, "Node Control/Release");
  g_assert_true (payload->metrics[0].boolean);
}

static void
forget_cb (const MusterSparkplugSource *source,
           MusterSparkplugDeath         why,
           gint64                       time,
           gpointer                     user_data)
{
  muster_sparkplug_host_forget (user_data, source->group, source->node);
}

/* A listener may let go of what it is just told about, and of itself. */
static void
test_forget_while_told (void)
{
  static const MusterSparkplugListener forgetful = { .death = forget_cb };
  g_autoptr (Site) site = site_new ();
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);

  muster_sparkplug_host_add_listener (site->host, &forgetful, owner, site->host);
  give_birth (site);
  say (site, "spBv1.0/g/NDEATH/n", -1, 7, NULL);
  muster_test_sleep (5);
  g_assert_null (muster_sparkplug_host_get_metric (site->host, "g", "n", NULL, "level"));
  g_clear_object (&owner);
  muster_sparkplug_recorder_assert (&site->recorder, "death g/n node");
  give_birth (site);
  say (site, "spBv1.0/g/NDEATH/n", -1, 7, NULL);
  g_assert_nonnull (muster_sparkplug_host_get_metric (site->host, "g", "n", NULL, "level"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/sparkplug-host/tck-id-operational-behavior-host-application-termination",
                         test_connect_and_stop);
  muster_test_add_fiber (
    "/sparkplug-host/tck-id-message-flow-hid-sparkplug-state-message-delivered", test_own_state);
  muster_test_add_fiber ("/sparkplug-host/lost-connection", test_lost_connection);
  muster_test_add_fiber (
    "/sparkplug-host/tck-id-operational-behavior-data-commands-ncmd-rebirth-name",
    test_rebirth_wanted);
  muster_test_add_fiber ("/sparkplug-host/retained-is-old", test_retained_is_old);
  muster_test_add_fiber (
    "/sparkplug-host/tck-id-operational-behavior-data-commands-ncmd-metric-value", test_write);
  muster_test_add_fiber ("/sparkplug-host/tck-id-operational-behavior-data-commands-dcmd-verb",
                         test_write_device);
  muster_test_add_fiber ("/sparkplug-host/write-unconfirmed", test_write_unconfirmed);
  muster_test_add_fiber ("/sparkplug-host/write-refused", test_write_refused);
  muster_test_add_fiber ("/sparkplug-host/request-rebirth", test_request_rebirth);
  muster_test_add_fiber ("/sparkplug-host/release", test_release);
  muster_test_add_fiber ("/sparkplug-host/forget-while-told", test_forget_while_told);
  return g_test_run ();
}
