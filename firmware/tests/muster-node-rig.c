/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-rig"

#include "config.h"

#include <signal.h>
#include <sys/prctl.h>

#include <glib/gstdio.h>

#include "devices/muster-pairing.h"
#include "messaging/muster-certificate.h"
#include "muster-node-rig.h"

/* Nothing outlives a test that failed. */
static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

GSubprocess *
rig_spawn (const char *output, const char *const *argv)
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

void
rig_stop (GSubprocess **process, int signal)
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
  const char      *names[] = { RIG_TLS_NAME, NULL };
  g_autofree char *config = NULL;
  g_autoptr (GError) error = NULL;

  muster_certificate_make_authority ("Site", g_get_real_time (), &rig->ca_pem, &rig->ca_key_pem,
                                     &error);
  g_assert_no_error (error);
  muster_certificate_make_server (rig->ca_pem, rig->ca_key_pem, names, g_get_real_time (), 30,
                                  &rig->server_pem, &rig->server_key_pem, &error);
  g_assert_no_error (error);
  write_file (rig, "ca.pem", rig->ca_pem);
  write_file (rig, "server.pem", rig->server_pem);
  write_file (rig, "server.key", rig->server_key_pem);
  config = g_strdup_printf (
    "listener 0 %s\nallow_anonymous true\n"
    "listener %u 127.0.0.1\ncafile %s/ca.pem\ncertfile %s/server.pem\nkeyfile %s/server.key\n"
    "allow_anonymous true\nuser %s\nset_tcp_nodelay true\n",
    rig->socket, rig->port, dir, dir, dir, g_get_user_name ());
  write_file (rig, "broker.conf", config);
}

/* Says something until the listener has heard it: from then on nothing is missed. */
static void
rig_await_listener (Rig *rig)
{
  for (gint64 until = g_get_monotonic_time () + RIG_PATIENCE_MS * 1000;
       g_get_monotonic_time () < until; muster_test_sleep (20))
    {
      g_autoptr (GSubprocess) publisher =
                  rig_spawn (NULL, (const char *[]){ "mosquitto_pub", "--unix", rig->socket, "-t",
                                                     "spBv1.0/probe", "-m", "x", NULL });

      g_subprocess_wait (publisher, NULL, NULL);
      if (rig_count (rig, "spBv1.0/probe") > 0)
        return;
    }
  g_error ("nobody listens");
}

static void
rig_start_broker (Rig *rig)
{
  g_autofree char *config = muster_test_dir_build (rig->dir, "broker.conf");
  const char      *broker[] = { "mosquitto", "-c", config, NULL };
  const char      *listener[] = { "mosquitto_sub", "--unix", rig->socket, "-t",
                                  "spBv1.0/#",     "-F",     "%t %x",     NULL };

  rig->broker = rig_spawn (NULL, broker);
  for (guint i = 0; i < 3000 && !g_file_test (rig->socket, G_FILE_TEST_EXISTS); i++)
    muster_test_sleep (20);
  muster_test_sleep (50);
  rig->listener = rig_spawn (rig->heard, listener);
  rig_await_listener (rig);
}

static void
rig_stop_broker (Rig *rig, int signal)
{
  rig_stop (&rig->listener, SIGTERM);
  rig_stop (&rig->broker, signal);
  g_remove (rig->socket);
}

Rig *
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

void
rig_free (Rig *rig)
{
  rig_stop_broker (rig, SIGTERM);
  muster_test_dir_free (rig->dir);
  g_free (rig->ca_pem);
  g_free (rig->ca_key_pem);
  g_free (rig->server_pem);
  g_free (rig->server_key_pem);
  g_free (rig->socket);
  g_free (rig->heard);
  g_free (rig);
}

void
rig_restart_broker (Rig *rig, GSubprocess *client, guint away_ms)
{
  rig_stop_broker (rig, SIGKILL);
  muster_test_sleep (away_ms);
  g_subprocess_send_signal (client, SIGSTOP);
  rig_start_broker (rig);
  g_subprocess_send_signal (client, SIGCONT);
}

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

void
rig_hear_on (Rig   *rig,
             gsize *from,
             void (*each) (const char *topic, MusterSparkplugPayload *payload, gpointer user_data),
             gpointer user_data)
{
  g_autofree char *text = NULL;
  char            *line, *end;
  gsize            size;

  if (!g_file_get_contents (rig->heard, &text, &size, NULL) || size <= *from)
    return;
  for (line = text + *from; (end = strchr (line, '\n')) != NULL; line = end + 1)
    {
      g_autoptr (MusterSparkplugPayload) payload = NULL;

      *end = '\0';
      if (!g_str_has_prefix (line, "spBv1.0/plant/"))
        continue;
      payload = decode_line (line);
      *strchr (line, ' ') = '\0';
      each (line, payload, user_data);
    }
  *from = (gsize)(line - text);
}

/* Waits for the nth message (from 0) to a topic that begins with `topic`. */
MusterSparkplugPayload *
rig_await (Rig *rig, const char *topic, guint nth)
{
  for (gint64 until = g_get_monotonic_time () + RIG_PATIENCE_MS * 1000;
       g_get_monotonic_time () < until; muster_test_sleep (20))
    {
      g_auto (GStrv) lines = rig_hear (rig);
      guint seen = 0;

      for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix (lines[i], topic) && seen++ == nth)
          return decode_line (lines[i]);
    }
  g_error ("no message %u to %s came", nth, topic);
}

guint
rig_count (Rig *rig, const char *topic)
{
  g_auto (GStrv) lines = rig_hear (rig);
  guint seen = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    seen += g_str_has_prefix (lines[i], topic);
  return seen;
}

const MusterSparkplugMetric *
rig_look_for (MusterSparkplugPayload *payload, const char *name)
{
  for (guint i = 0; i < payload->n_metrics; i++)
    if (g_strcmp0 (payload->metrics[i].name, name) == 0)
      return &payload->metrics[i];
  return NULL;
}

const MusterSparkplugMetric *
rig_find (MusterSparkplugPayload *payload, const char *name)
{
  const MusterSparkplugMetric *metric = rig_look_for (payload, name);

  if (metric == NULL)
    g_error ("no metric %s", name);
  return metric;
}

void
rig_publish_command (Rig *rig, const char *node, MusterSparkplugPayload *payload)
{
  g_autofree char *topic = g_strconcat ("spBv1.0/plant/NCMD/", node, NULL);
  g_autofree char *path = muster_test_dir_build (rig->dir, "command");
  g_autoptr (GBytes) bytes = muster_sparkplug_payload_encode (payload);
  g_autoptr (GSubprocess) publisher = NULL;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes),
                       NULL);
  publisher = rig_spawn (NULL, (const char *[]){ "mosquitto_pub", "--unix", rig->socket, "-t",
                                                 topic, "-f", path, NULL });
  muster_test_await (dex_subprocess_wait_check (publisher)); /* whoever serves meanwhile, serves */
}

void
rig_command (Rig *rig, const char *node, const char *name, gboolean value)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  MusterSparkplugMetric *metric =
    muster_sparkplug_payload_add (payload, name, MUSTER_SPARKPLUG_BOOLEAN);

  metric->is_null = FALSE;
  metric->wire = MUSTER_SPARKPLUG_WIRE_BOOLEAN;
  metric->boolean = value;
  rig_publish_command (rig, node, payload);
}

void
rig_node_clear (RigNode *node)
{
  rig_stop (&node->process, SIGKILL);
  g_clear_pointer (&node->address, g_free);
}

void
rig_node_start (RigNode *node, Rig *rig, const char *serial)
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
                              "--keep",
                              "10000",
                              NULL };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  char *secret, *port;

  rig_node_clear (node);
  node->process = rig_spawn (output, argv);
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
    .tls_name = RIG_TLS_NAME,
  };

  return muster_pairing_tell (pairing, &credentials);
}

void
rig_node_pair (RigNode *node, Rig *rig, const char *serial, const char *ca_pem)
{
  g_autoptr (MusterHttpFetch) fetch = muster_http_fetch_new ();
  g_autoptr (MusterPairing) pairing = muster_pairing_new (fetch, node->address);

  muster_test_await (muster_pairing_prove (pairing, node->secret, serial, FALSE));
  muster_test_await (tell (rig, pairing, serial, ca_pem));
  g_assert_cmpint (muster_pairing_get_step (pairing), ==, MUSTER_PAIRING_DONE);
}

GSubprocess *
rig_start_fleet (Rig *rig, guint count, const char *const *more)
{
  g_autoptr (GString) site = g_string_new (NULL);
  g_autofree char *state = muster_test_dir_build (rig->dir, "state"),
                  *path = muster_test_dir_build (rig->dir, "site.json");
  g_autofree char *labels = muster_test_dir_build (rig->dir, "labels"),
                  *pem = g_strescape (rig->ca_pem, NULL), *number = g_strdup_printf ("%u", count);
  g_autofree char *output = muster_test_dir_build (rig->dir, "fleet");
  const char      *argv[] = { g_getenv ("MUSTER_TEST_FLEET"),
                              number,
                              "--state-dir",
                              state,
                              "--no-mdns",
                              "--no-sync",
                              "--address",
                              "127.0.0.1",
                              "--adopted-by",
                              path,
                              "--print-labels",
                              labels,
                              NULL };
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;

  g_string_printf (
    site,
    "{\"broker_hosts\":[\"127.0.0.1\"],\"broker_port\":%u,\"tls_name\":\"" RIG_TLS_NAME
    "\",\"group_id\":\"plant\",\"ca_certificate\":\"%s\",\"accounts\":[",
    rig->port, pem);
  for (guint i = 0; i < count; i++)
    g_string_append_printf (site, "%s{\"username\":\"F-%u\",\"password\":\"x\"}", i > 0 ? "," : "",
                            i);
  g_string_append (site, "]}");
  write_file (rig, "site.json", site->str);
  for (guint i = 0; argv[i] != NULL; i++)
    g_strv_builder_add (all, argv[i]);
  if (more != NULL)
    g_strv_builder_addv (all, (const char **)more);
  words = g_strv_builder_end (all);
  return rig_spawn (output, (const char *const *)words);
}
