/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-test"

#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "core/muster-core-test-util.h"
#include "model/muster-label-secret.h"
#include "devices/muster-pairing.h"
#include "messaging/muster-certificate.h"
#include "messaging/muster-sparkplug-payload.h"
#include "model/muster-error.h"

/* muster-node and muster-fleet as processes, against a real broker by TLS, paired by the console's
 * own code. */

#define TLS_NAME "muster-broker-under-test"
#define PATIENCE_MS 20000

typedef struct
{
  MusterTestDir *dir;
  char          *ca_pem;
  char          *ca_key_pem;
  char          *socket;
  guint16        port;
  GSubprocess   *broker;
  GSubprocess   *listener;
  char          *heard; /* path: "topic hex" a line */
} Rig;

/* Nothing outlives a test that failed. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (const char *output, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    output != NULL ? G_SUBPROCESS_FLAGS_NONE : G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  if (output != NULL)
    {
      g_remove (output);
      g_subprocess_launcher_set_stdout_file_path (launcher, output);
    }
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return process;
}

static void
stop (GSubprocess **process, int signal)
{
  if (*process == NULL)
    return;
  g_subprocess_send_signal (*process, signal);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

static guint16
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
write_file (Rig *rig, const char *name, const char *text)
{
  g_autofree char *path = muster_test_dir_build (rig->dir, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
rig_write_broker_files (Rig *rig)
{
  const char      *dir = muster_test_dir_get_path (rig->dir);
  const char      *names[] = { TLS_NAME, NULL };
  g_autofree char *server = NULL, *key = NULL, *config = NULL;
  g_autoptr (GError) error = NULL;

  muster_certificate_make_authority ("Site", g_get_real_time (), &rig->ca_pem, &rig->ca_key_pem,
                                     &error);
  g_assert_no_error (error);
  muster_certificate_make_server (rig->ca_pem, rig->ca_key_pem, names, g_get_real_time (), 30,
                                  &server, &key, &error);
  g_assert_no_error (error);
  write_file (rig, "ca.pem", rig->ca_pem);
  write_file (rig, "server.pem", server);
  write_file (rig, "server.key", key);
  config = g_strdup_printf (
    "listener 0 %s\nallow_anonymous true\n"
    "listener %u 127.0.0.1\ncafile %s/ca.pem\ncertfile %s/server.pem\nkeyfile %s/server.key\n"
    "allow_anonymous true\nuser %s\nset_tcp_nodelay true\n",
    rig->socket, rig->port, dir, dir, dir, g_get_user_name ());
  write_file (rig, "broker.conf", config);
}

static void
rig_start_broker (Rig *rig)
{
  g_autofree char *config = muster_test_dir_build (rig->dir, "broker.conf");
  const char      *broker[] = { "mosquitto", "-c", config, NULL };
  const char      *listener[] = { "mosquitto_sub", "--unix", rig->socket, "-t",
                                  "spBv1.0/#",     "-F",     "%t %x",     NULL };

  rig->broker = spawn (NULL, broker);
  for (guint i = 0; i < 200 && !g_file_test (rig->socket, G_FILE_TEST_EXISTS); i++)
    muster_test_sleep (20);
  muster_test_sleep (50);
  rig->listener = spawn (rig->heard, listener);
  muster_test_sleep (200);
}

static void
rig_stop_broker (Rig *rig, int signal)
{
  stop (&rig->listener, SIGTERM);
  stop (&rig->broker, signal);
  g_remove (rig->socket);
}

static Rig *
rig_new (void)
{
  Rig *rig = g_new0 (Rig, 1);

  rig->dir = muster_test_dir_new ();
  rig->socket = muster_test_dir_build (rig->dir, "mq");
  rig->heard = muster_test_dir_build (rig->dir, "heard");
  rig->port = find_port ();
  rig_write_broker_files (rig);
  rig_start_broker (rig);
  return rig;
}

static void
rig_free (Rig *rig)
{
  rig_stop_broker (rig, SIGTERM);
  muster_test_dir_free (rig->dir);
  g_free (rig->ca_pem);
  g_free (rig->ca_key_pem);
  g_free (rig->socket);
  g_free (rig->heard);
  g_free (rig);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

/* Every message heard since the listener began, as "topic hex". */
static char **
rig_hear (Rig *rig)
{
  g_autofree char *text = NULL;
  char            *last;

  if (!g_file_get_contents (rig->heard, &text, NULL, NULL))
    text = g_strdup ("");
  last = strrchr (text, '\n');
  text[last != NULL ? last - text : 0] = '\0';
  return g_strsplit (text, "\n", -1);
}

static MusterSparkplugPayload *
decode_line (const char *line)
{
  const char *hex = strchr (line, ' ') + 1;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  MusterSparkplugPayload *payload;

  for (; g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]); hex += 2)
    {
      guint8 byte = (guint8)(g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));

      g_byte_array_append (bytes, &byte, 1);
    }
  payload = muster_sparkplug_payload_decode (bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  return payload;
}

/* Waits for the nth message (from 0) to a topic that begins with `topic`. */
static MusterSparkplugPayload *
rig_await (Rig *rig, const char *topic, guint nth)
{
  for (gint64 until = g_get_monotonic_time () + PATIENCE_MS * 1000; g_get_monotonic_time () < until;
       muster_test_sleep (20))
    {
      g_auto (GStrv) lines = rig_hear (rig);
      guint seen = 0;

      for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix (lines[i], topic) && seen++ == nth)
          return decode_line (lines[i]);
    }
  g_error ("no message %u to %s came", nth, topic);
}

static guint
rig_count (Rig *rig, const char *topic)
{
  g_auto (GStrv) lines = rig_hear (rig);
  guint seen = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    seen += g_str_has_prefix (lines[i], topic);
  return seen;
}

static const MusterSparkplugMetric *
find (MusterSparkplugPayload *payload, const char *name)
{
  for (guint i = 0; i < payload->n_metrics; i++)
    if (g_strcmp0 (payload->metrics[i].name, name) == 0)
      return &payload->metrics[i];
  g_error ("no metric %s", name);
}

static void
rig_command (Rig *rig, const char *node, const char *name, gboolean value)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  g_autofree char       *topic = g_strconcat ("spBv1.0/plant/NCMD/", node, NULL), *path = NULL;
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name, MUSTER_SPARKPLUG_BOOLEAN);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GSubprocess) publisher = NULL;

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_BOOLEAN;
  metric->boolean = value;
  bytes = muster_sparkplug_payload_encode (payload);
  path = muster_test_dir_build (rig->dir, "command");
  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes),
                       NULL);
  publisher = spawn (NULL, (const char *[]){ "mosquitto_pub", "--unix", rig->socket, "-t", topic,
                                             "-f", path, NULL });
  g_assert_true (g_subprocess_wait_check (publisher, NULL, NULL));
}

/* A muster-node process. */
typedef struct
{
  GSubprocess *process;
  char        *address;
  guint8       secret[MUSTER_LABEL_SECRET_LENGTH];
} Node;

static void
node_clear (Node *node)
{
  stop (&node->process, SIGKILL);
  g_clear_pointer (&node->address, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Node, node_clear)

static void
node_start (Node *node, Rig *rig, const char *serial)
{
  g_autofree char *state = muster_test_dir_build (rig->dir, "state"),
                  *output = muster_test_dir_build (rig->dir, serial);
  g_autofree char *text = NULL;
  const char      *argv[] = { g_getenv ("MUSTER_TEST_NODE"),
                              "--state-dir",
                              state,
                              "--serial",
                              serial,
                              "--no-mdns",
                              "--address",
                              "127.0.0.1",
                              "--rate",
                              "20",
                              NULL };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  char *secret, *port;

  node_clear (node);
  node->process = spawn (output, argv);
  for (guint i = 0; i < 500; i++)
    {
      g_clear_pointer (&text, g_free);
      if (g_file_get_contents (output, &text, NULL, NULL) && strstr (text, "pairing port ") != NULL)
        break;
      muster_test_sleep (20);
    }
  secret = strstr (text, "secret  ") + strlen ("secret  ");
  port = strstr (text, "pairing port ") + strlen ("pairing port ");
  words = g_strsplit (secret, "\n", 2);
  muster_label_secret_parse (words[0], node->secret, &error);
  g_assert_no_error (error);
  node->address = g_strdup_printf ("127.0.0.1:%s", g_strchomp (port));
}

static DexFuture *
tell (Rig *rig, MusterPairing *pairing, const char *username, const char *ca_pem)
{
  g_autoptr (GBytes) der = muster_certificate_get_der (ca_pem);
  const char              *hosts[] = { "127.0.0.1", NULL };
  MusterPairingCredentials credentials = {
    .adoption_id = "0190a5c1-0000-7000-8000-000000000001",
    .site_name = "Plant",
    .broker_hosts = hosts,
    .broker_port = rig->port,
    .username = username,
    .password = "a password",
    .ca_certificate = der,
    .group_id = "plant",
    .now = g_get_real_time (),
    .tls_name = TLS_NAME,
  };

  return muster_pairing_tell (pairing, &credentials);
}

static void
node_pair (Node *node, Rig *rig, const char *serial, const char *ca_pem)
{
  g_autoptr (MusterHttpFetch) fetch = muster_http_fetch_new ();
  g_autoptr (MusterPairing) pairing = muster_pairing_new (fetch, node->address);

  muster_test_await (muster_pairing_prove (pairing, node->secret, serial, FALSE));
  muster_test_await (tell (rig, pairing, serial, ca_pem));
  g_assert_cmpint (muster_pairing_get_step (pairing), ==, MUSTER_PAIRING_DONE);
}

static gint64
bd_seq (MusterSparkplugPayload *payload)
{
  gint64 value = -1;

  g_assert_true (muster_sparkplug_metric_get_integer (find (payload, "bdSeq"), &value));
  return value;
}

/* Adopted, measured, told, stopped, started again. */
static void
test_life (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Node) node = { 0 };
  g_autoptr (MusterSparkplugPayload) birth = NULL, data = NULL, later = NULL, death = NULL,
                                    again = NULL;
  guint64 relay;

  node_start (&node, rig, "N-1");
  node_pair (&node, rig, "N-1", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-1", 0);
  g_assert_cmpint (birth->seq, ==, 0);
  g_assert_cmpint (bd_seq (birth), ==, 0);
  g_assert_cmpint (ABS (birth->time - g_get_real_time ()), <, 60 * G_USEC_PER_SEC);
  g_assert_false (find (birth, "Output/Relay")->boolean);
  relay = find (birth, "Output/Relay")->alias;
  data = rig_await (rig, "spBv1.0/plant/NDATA/N-1", 0);
  g_assert_cmpint (data->seq, ==, 1);
  rig_command (rig, "N-1", "Output/Relay", TRUE);
  rig_command (rig, "N-1", "Node Control/Rebirth", TRUE);
  later = rig_await (rig, "spBv1.0/plant/NBIRTH/N-1", 1);
  g_assert_true (find (later, "Output/Relay")->boolean);
  g_assert_cmpuint (find (later, "Output/Relay")->alias, ==, relay);
  g_assert_cmpint (bd_seq (later), ==, 0);
  g_subprocess_send_signal (node.process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (node.process, NULL, NULL));
  death = rig_await (rig, "spBv1.0/plant/NDEATH/N-1", 0);
  g_assert_cmpint (bd_seq (death), ==, 0);
  node_start (&node, rig, "N-1");
  again = rig_await (rig, "spBv1.0/plant/NBIRTH/N-1", 2);
  g_assert_cmpint (bd_seq (again), ==, 1);
}

/* Killed, the broker says what the node left as its will. */
static void
test_will (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Node) node = { 0 };
  g_autoptr (MusterSparkplugPayload) birth = NULL, death = NULL;

  node_start (&node, rig, "N-2");
  node_pair (&node, rig, "N-2", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-2", 0);
  stop (&node.process, SIGKILL);
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
  g_auto (Node) node = { 0 };
  g_autoptr (MusterSparkplugPayload) first = NULL, birth = NULL, data = NULL;

  node_start (&node, rig, "N-3");
  node_pair (&node, rig, "N-3", rig->ca_pem);
  first = rig_await (rig, "spBv1.0/plant/NDATA/N-3", 0);
  rig_stop_broker (rig, SIGKILL);
  muster_test_sleep (500);
  rig_start_broker (rig); /* the listener's file begins anew */
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
  g_auto (Node) node = { 0 };
  g_autoptr (MusterHttpFetch) fetch = muster_http_fetch_new ();
  g_autoptr (MusterPairing) pairing = NULL;
  g_autoptr (GError) error = NULL;
  guint8 wrong[MUSTER_LABEL_SECRET_LENGTH] = { 1 };

  node_start (&node, rig, "N-4");
  pairing = muster_pairing_new (fetch, node.address);
  error = muster_test_await_error (muster_pairing_prove (pairing, wrong, "N-4", FALSE),
                                   MUSTER_ERROR_FORBIDDEN);
  node_pair (&node, rig, "N-4", rig->ca_pem);
}

/* A broker whose certificate is not of the node's site gets nothing from it: neither name nor
 * password. */
static void
test_foreign_broker (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Node) node = { 0 };
  g_autofree char *pem = NULL, *key = NULL;
  g_autoptr (GError) error = NULL;

  muster_certificate_make_authority ("Site", g_get_real_time (), &pem, &key, &error);
  g_assert_no_error (error);
  node_start (&node, rig, "N-5");
  node_pair (&node, rig, "N-5", pem);
  muster_test_sleep (2500);
  g_assert_cmpuint (rig_count (rig, "spBv1.0/plant/"), ==, 0);
}

/* Released over its own session it dies, forgets, and can be adopted again. */
static void
test_release (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Node) node = { 0 };
  g_autoptr (MusterHttpFetch) fetch = muster_http_fetch_new ();
  g_autoptr (MusterPairing) refused = NULL;
  g_autoptr (MusterSparkplugPayload) birth = NULL, death = NULL, again = NULL;
  g_autoptr (GError) error = NULL;

  node_start (&node, rig, "N-6");
  node_pair (&node, rig, "N-6", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-6", 0);
  refused = muster_pairing_new (fetch, node.address);
  error = muster_test_await_error (muster_pairing_prove (refused, node.secret, "N-6", FALSE),
                                   MUSTER_ERROR_CONFLICT);
  rig_command (rig, "N-6", "Node Control/Release", TRUE);
  death = rig_await (rig, "spBv1.0/plant/NDEATH/N-6", 0);
  node_pair (&node, rig, "N-6", rig->ca_pem);
  again = rig_await (rig, "spBv1.0/plant/NBIRTH/N-6", 1);
  g_assert_cmpint (bd_seq (again), ==, bd_seq (birth) + 1);
}

/* Told to, it starts again within seconds, and says why it did. */
static void
test_reboot (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_auto (Node) node = { 0 };
  g_autoptr (MusterSparkplugPayload) birth = NULL, death = NULL, again = NULL;

  node_start (&node, rig, "N-8");
  node_pair (&node, rig, "N-8", rig->ca_pem);
  birth = rig_await (rig, "spBv1.0/plant/NBIRTH/N-8", 0);
  g_assert_cmpstr (find (birth, "Diagnostics/Reset Cause")->text, ==, "power-on");
  rig_command (rig, "N-8", "Node Control/Reboot", TRUE);
  death = rig_await (rig, "spBv1.0/plant/NDEATH/N-8", 0);
  again = rig_await (rig, "spBv1.0/plant/NBIRTH/N-8", 1);
  g_assert_cmpint (bd_seq (again), ==, bd_seq (birth) + 1);
  g_assert_cmpstr (find (again, "Diagnostics/Reset Cause")->text, ==, "command");
}

static GSubprocess *
start_fleet (Rig *rig, guint count)
{
  g_autoptr (GString) site = g_string_new (NULL);
  g_autofree char *state = muster_test_dir_build (rig->dir, "state"),
                  *path = muster_test_dir_build (rig->dir, "site.json");
  g_autofree char *labels = muster_test_dir_build (rig->dir, "labels"),
                  *pem = g_strescape (rig->ca_pem, NULL), *number = g_strdup_printf ("%u", count);
  g_autofree char *output = muster_test_dir_build (rig->dir, "fleet");

  g_string_printf (site,
                   "{\"broker_hosts\":[\"127.0.0.1\"],\"broker_port\":%u,\"tls_name\":\"" TLS_NAME
                   "\",\"group_id\":\"plant\",\"ca_certificate\":\"%s\",\"accounts\":[",
                   rig->port, pem);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (site, "%s{\"username\":\"F-%u\",\"password\":\"x\"}", i > 0 ? "," : "",
                            i);
  g_string_append (site, "]}");
  write_file (rig, "site.json", site->str);
  return spawn (output, (const char *[]){ g_getenv ("MUSTER_TEST_FLEET"), number, "--state-dir",
                                          state, "--no-mdns", "--no-sync", "--address", "127.0.0.1",
                                          "--adopted-by", path, "--print-labels", labels, NULL });
}

static void
test_fleet (void)
{
  const guint count = 40;
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GSubprocess) fleet = start_fleet (rig, count);
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
  g_autoptr (GSubprocess) fleet = start_fleet (rig, count);

  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < count; i++)
        {
          g_autofree char *topic = g_strdup_printf ("spBv1.0/plant/NBIRTH/F-%u ", i);
          g_autoptr (MusterSparkplugPayload) birth = rig_await (rig, topic, 0);

          g_assert_cmpint (bd_seq (birth), >=, round);
        }
      rig_stop_broker (rig, SIGKILL);
      muster_test_sleep (100);
      rig_start_broker (rig);
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
  g_auto (Node) node = { 0 };
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  node_start (&node, rig, "N-7");
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
