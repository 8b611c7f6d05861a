/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-test"

#include "config.h"

#include <signal.h>
#include <stdlib.h>

#include <gio/gio.h>

#include "devices/muster-pairing.h"
#include "messaging/muster-certificate.h"
#include "model/muster-error.h"
#include "muster-node-rig.h"

/* muster-node and muster-fleet as processes, against a real broker by TLS, paired by the console's
 * own code. */

static gint64
bd_seq (MusterSparkplugPayload *payload)
{
  gint64 value = -1;

  g_assert_true (muster_sparkplug_metric_get_integer (rig_find (payload, "bdSeq"), &value));
  return value;
}

/* Adopted, measured, told, stopped, started again. */
static void
test_life (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (MusterSparkplugPayload) birth = NULL, data = NULL, later = NULL, death = NULL,
                                    again = NULL;
  guint64 relay;

  rig_node_start (&node, rig, "N-1");
  rig_node_pair (&node, rig, "N-1", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-1", 0);
  g_assert_cmpint (birth->seq, ==, 0);
  g_assert_cmpint (bd_seq (birth), ==, 0);
  g_assert_cmpint (ABS (birth->time - g_get_real_time ()), <, 60 * G_USEC_PER_SEC);
  g_assert_false (rig_find (birth, "Output/Relay")->boolean);
  relay = rig_find (birth, "Output/Relay")->alias;
  data = rig_await (rig, "spBv1.0/plant/NDATA/N-1", 0);
  g_assert_cmpint (data->seq, ==, 1);
  rig_command (rig, "N-1", "Output/Relay", TRUE);
  rig_command (rig, "N-1", "Node Control/Rebirth", TRUE);
  later = rig_await (rig, "spBv1.0/plant/NBIRTH/N-1", 1);
  g_assert_true (rig_find (later, "Output/Relay")->boolean);
  g_assert_cmpuint (rig_find (later, "Output/Relay")->alias, ==, relay);
  g_assert_cmpint (bd_seq (later), ==, 0);
  g_subprocess_send_signal (node.process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (node.process, NULL, NULL));
  death = rig_await (rig, "spBv1.0/plant/NDEATH/N-1", 0);
  g_assert_cmpint (bd_seq (death), ==, 0);
  rig_node_start (&node, rig, "N-1");
  again = rig_await (rig, "spBv1.0/plant/NBIRTH/N-1", 2);
  g_assert_cmpint (bd_seq (again), ==, 1);
}

/* Killed, the broker says what the node left as its will. */
static void
test_will (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (MusterSparkplugPayload) birth = NULL, death = NULL;

  rig_node_start (&node, rig, "N-2");
  rig_node_pair (&node, rig, "N-2", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-2", 0);
  rig_stop (&node.process, SIGKILL);
  death = rig_await (rig, "spBv1.0/plant/NDEATH/N-2", 0);
  g_assert_cmpint (death->seq, ==, -1);
  g_assert_cmpint (bd_seq (death), ==, bd_seq (birth));
}

/* The broker dies and is back: a new session, and what was measured meanwhile, flagged as history.
 */
static void
test_broker_killed (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (MusterSparkplugPayload) first = NULL, birth = NULL, data = NULL;

  rig_node_start (&node, rig, "N-3");
  rig_node_pair (&node, rig, "N-3", rig->ca_pem);
  first = rig_await (rig, "spBv1.0/plant/NDATA/N-3", 0);
  rig_restart_broker (rig, node.process, 500); /* the listener's file begins anew */
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-3", 0);
  g_assert_cmpint (bd_seq (birth), >=, 1);
  for (guint i = 0; data == NULL; i++)
    {
      g_autoptr (MusterSparkplugPayload) next = rig_await (rig, "spBv1.0/plant/NDATA/N-3", i);

      if (next->metrics[0].flags & MUSTER_SAMPLE_HISTORICAL)
        data = g_steal_pointer (&next);
    }
  g_assert_cmpint (data->metrics[0].time, <, birth->time);
  g_assert_cmpint (data->metrics[0].time, >, first->time);
}

static void
test_wrong_secret (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (MusterHttpFetch) fetch = muster_http_fetch_new ();
  g_autoptr (MusterPairing) pairing = NULL;
  g_autoptr (GError) error = NULL;
  guint8 wrong[MUSTER_LABEL_SECRET_LENGTH] = { 1 };

  rig_node_start (&node, rig, "N-4");
  pairing = muster_pairing_new (fetch, node.address);
  error = muster_test_await_error (muster_pairing_prove (pairing, wrong, "N-4", FALSE),
                                   MUSTER_ERROR_FORBIDDEN);
  rig_node_pair (&node, rig, "N-4", rig->ca_pem);
}

/* A broker whose certificate is not of the node's site gets nothing from it: neither name nor
 * password. */
static void
test_foreign_broker (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autofree char *pem = NULL, *key = NULL;
  g_autoptr (GError) error = NULL;

  muster_certificate_make_authority ("Site", g_get_real_time (), &pem, &key, &error);
  g_assert_no_error (error);
  rig_node_start (&node, rig, "N-5");
  rig_node_pair (&node, rig, "N-5", pem);
  muster_test_sleep (2500);
  g_assert_cmpuint (rig_count (rig, "spBv1.0/plant/"), ==, 0);
}

/* Released over its own session it dies, forgets, and can be adopted again. */
static void
test_release (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (MusterHttpFetch) fetch = muster_http_fetch_new ();
  g_autoptr (MusterPairing) refused = NULL;
  g_autoptr (MusterSparkplugPayload) birth = NULL, death = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  rig_node_start (&node, rig, "N-6");
  rig_node_pair (&node, rig, "N-6", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-6", 0);
  refused = muster_pairing_new (fetch, node.address);
  error = muster_test_await_error (muster_pairing_prove (refused, node.secret, "N-6", FALSE),
                                   MUSTER_ERROR_CONFLICT);
  rig_command (rig, "N-6", "Node Control/Release", TRUE);
  death = rig_await (rig, "spBv1.0/plant/NDEATH/N-6", 0);
  rig_node_pair (&node, rig, "N-6", rig->ca_pem);
  again = rig_await (rig, "spBv1.0/plant/NBIRTH/N-6", 1);
  g_assert_cmpint (bd_seq (again), ==, bd_seq (birth) + 1);
}

/* Told to, it starts again within seconds, and says why it did. */
static void
test_reboot (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (MusterSparkplugPayload) birth = NULL, death = NULL, again = NULL;

  rig_node_start (&node, rig, "N-8");
  rig_node_pair (&node, rig, "N-8", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-8", 0);
  g_assert_cmpstr (rig_find (birth, "Diagnostics/Reset Cause")->text, ==, "power-on");
  rig_command (rig, "N-8", "Node Control/Reboot", TRUE);
  death = rig_await (rig, "spBv1.0/plant/NDEATH/N-8", 0);
  again = rig_await (rig, "spBv1.0/plant/NBIRTH/N-8", 1);
  g_assert_cmpint (bd_seq (again), ==, bd_seq (birth) + 1);
  g_assert_cmpstr (rig_find (again, "Diagnostics/Reset Cause")->text, ==, "command");
}

static void
test_fleet (void)
{
  const guint count = 40;
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GSubprocess) fleet = rig_start_fleet (rig, count, NULL);
  g_autofree char *labels = muster_test_dir_build (rig->dir, "labels"), *text = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *topic = g_strdup_printf ("spBv1.0/plant/NBIRTH/F-%u ", i);
      g_autoptr (MusterSparkplugPayload) birth = rig_await (rig, topic, 0);
    }
  g_assert_true (g_file_get_contents (labels, &text, NULL, NULL));
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, count);
  g_subprocess_send_signal (fleet, SIGTERM);
  g_assert_true (g_subprocess_wait_check (fleet, NULL, NULL));
  muster_test_sleep (200);
  g_assert_cmpuint (rig_count (rig, "spBv1.0/plant/NDEATH/"), ==, count);
}

/* A fleet survives its broker, and comes back whole. */
static void
test_fleet_broker_killed (void)
{
  const guint count = 40;
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GSubprocess) fleet = rig_start_fleet (rig, count, NULL);

  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < count; i++)
        {
          g_autofree char *topic = g_strdup_printf ("spBv1.0/plant/NBIRTH/F-%u ", i);
          g_autoptr (MusterSparkplugPayload) birth = rig_await (rig, topic, 0);

          g_assert_cmpint (bd_seq (birth), >=, round);
        }
      rig_restart_broker (rig, fleet, 100);
    }
  g_subprocess_send_signal (fleet, SIGTERM);
  g_assert_true (g_subprocess_wait_check (fleet, NULL, NULL));
}

/* What is no request of PAIRING.md gets an answer and no more; the node stays. */
static void
test_http (void)
{
  static const struct
  {
    const char *request;
    int         status;
  } cases[] = {
    { "GET /pair HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
    { "GET / HTTP/1.1\r\n\r\n", 404 },
    { "POST /pair/3 HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 404 },
    { "POST /pair/1 HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400 },
    { "POST /pair/1 HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400 },
    { "POST /pair/1 HTTP/1.1\r\nContent-Length: 4097\r\n\r\n", 400 },
    { "POST /pair/1 HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", 400 },
    { "POST /pair/1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
    { "POST /pair/2 HTTP/1.1\r\nContent-Length: 24\r\n\r\n012345678901234567890123", 410 },
    { "PUT /pair HTTP/1.1\r\n\r\n", 400 },
    { "\x16\x03\x01\r\n\r\n", 400 },
  };
  g_autoptr (Rig) rig = rig_new ();
  g_auto (RigNode) node = { 0 };
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  rig_node_start (&node, rig, "N-7");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocketConnection) connection =
                  g_socket_client_connect_to_host (client, node.address, 0, NULL, &error);
      char  answer[1024] = "";
      gsize n = 0;

      g_assert_no_error (error);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                 cases[i].request, strlen (cases[i].request), NULL, NULL, &error);
      g_assert_no_error (error);
      g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer,
                               sizeof answer - 1, &n, NULL, NULL);
      g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 "));
      g_assert_cmpint (atoi (answer + 9), ==, cases[i].status);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/muster-node/life", test_life);
  muster_test_add_fiber ("/muster-node/will", test_will);
  muster_test_add_fiber ("/muster-node/broker-killed", test_broker_killed);
  muster_test_add_fiber ("/muster-node/wrong-secret", test_wrong_secret);
  muster_test_add_fiber ("/muster-node/foreign-broker", test_foreign_broker);
  muster_test_add_fiber ("/muster-node/release", test_release);
  muster_test_add_fiber ("/muster-node/reboot", test_reboot);
  muster_test_add_fiber ("/muster-node/http", test_http);
  muster_test_add_fiber ("/muster-fleet/births-and-deaths", test_fleet);
  muster_test_add_fiber ("/muster-fleet/broker-killed", test_fleet_broker_killed);
  return g_test_run ();
}
