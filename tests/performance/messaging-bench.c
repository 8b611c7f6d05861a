/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/* How much comes through from devices to the daemon: a fleet of simulated nodes over TLS, the
 * site's broker, the Sparkplug host. MUSTER_BENCH_NODES, MUSTER_BENCH_RATE (readings of every
 * sensor a second) and MUSTER_BENCH_SECONDS change the load. */

#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "core/muster-core-test-util.h"
#include "families/muster-family-host.h"
#include "messaging/muster-messaging.h"

/* The most that a family's device which sends without end may delay what nodes say, at the 99th
 * percentile. */
#define FLOOD_DELAY_MS 250

typedef struct
{
  MusterTestDir              *dir;
  MusterClock                *clock;
  MusterCertificateAuthority *authority;
  MusterMessaging            *messaging;
  unsigned                    births;
  guint64                     samples;
  GArray                     *latencies; /* microseconds, of samples taken while `measuring` */
  gboolean                    measuring;
  MusterFamilyHost           *families;      /* (nullable) */
  guint64                     flood_samples; /* of the device of the family */
} Bench;

static unsigned
get_number (const char *name, unsigned fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? (unsigned)g_ascii_strtoull (text, NULL, 10) : fallback;
}

static void
birth_cb (const MusterSparkplugSource     *source,
          const MusterSparkplugMetricInfo *metrics,
          unsigned                         n_metrics,
          gint64                           time,
          gboolean                         rebirth,
          gpointer                         user_data)
{
  ((Bench *)user_data)->births += !rebirth;
}

static void
data_cb (const MusterSparkplugSource *source,
         const MusterSample          *samples,
         unsigned                     n_samples,
         gpointer                     user_data)
{
  Bench *bench = user_data;
  gint64 latency = g_get_real_time () - samples[n_samples - 1].time;

  bench->samples += n_samples;
  if (bench->measuring)
    g_array_append_val (bench->latencies, latency);
}

static const MusterSparkplugListener listener = { .birth = birth_cb, .data = data_cb };

static int
find_free_port (void)
{
  g_autoptr (GSocketListener) sockets = g_socket_listener_new ();
  int port = g_socket_listener_add_any_inet_port (sockets, NULL, NULL);

  g_socket_listener_close (sockets);
  return port;
}

static void
start_site (Bench *self)
{
  g_autofree char       *tls = muster_test_dir_build (self->dir, "tls");
  g_autofree char       *directory = muster_test_dir_build (self->dir, "broker");
  MusterMessagingOptions options = {
    .broker = { .directory = directory, .address = "127.0.0.1", .plain_port = find_free_port () },
    .host_id = "bench"
  };

  self->clock = muster_clock_new ();
  self->authority = muster_certificate_authority_new (tls, "Bench", NULL, self->clock);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->authority)));
  self->messaging = muster_messaging_new (&options, self->authority, self->clock);
  muster_sparkplug_host_add_listener (muster_messaging_get_host (self->messaging), &listener,
                                      G_OBJECT (self->messaging), self);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->messaging)));
}

static void
add_account (JsonBuilder *builder, GPtrArray *accounts, unsigned index)
{
  g_autofree char *username = g_strdup_printf ("bench-%05u", index);
  g_autofree char *password = muster_broker_make_password ();
  g_autofree char *hash = muster_broker_hash_password (password);

  g_ptr_array_add (accounts, muster_broker_account_new (username, hash, "bench", username));
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "username");
  json_builder_add_string_value (builder, username);
  json_builder_set_member_name (builder, "password");
  json_builder_add_string_value (builder, password);
  json_builder_end_object (builder);
}

/* The account of a device of a family. */
static void
add_plug (GPtrArray *accounts)
{
  g_autofree char     *hash = muster_broker_hash_password ("plug");
  MusterBrokerAccount *account = muster_broker_account_new ("plug", hash, NULL, NULL);

  account->family = g_strdup ("tasmota");
  account->rules =
    g_strsplit ("readwrite tele/plug/#,write tasmota/discovery/#,readwrite stat/plug/#", ",", -1);
  g_ptr_array_add (accounts, account);
}

/* Accounts for NODES, and the file by which the fleet knows them. (transfer full) */
static char *
make_accounts (Bench *self, unsigned nodes)
{
  MusterBroker *broker = muster_messaging_get_broker (self->messaging);
  g_autoptr (GPtrArray) accounts =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_broker_account_free);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;
  char            *path = muster_test_dir_build (self->dir, "site.json");
  const char      *texts[][2] = { { "group_id", "bench" },
                                  { "host_id", "bench" },
                                  { "tls_name", muster_broker_get_tls_name (broker) },
                                  { "ca_certificate", muster_broker_get_ca_pem (broker) } };
  gint64           started = g_get_monotonic_time ();

  json_builder_begin_object (builder);
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      json_builder_set_member_name (builder, texts[i][0]);
      json_builder_add_string_value (builder, texts[i][1]);
    }
  json_builder_set_member_name (builder, "broker_port");
  json_builder_add_int_value (builder, muster_broker_get_port (broker));
  json_builder_set_member_name (builder, "broker_hosts");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, "127.0.0.1");
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "accounts");
  json_builder_begin_array (builder);
  for (unsigned i = 0; i < nodes; i++)
    add_account (builder, accounts, i);
  add_plug (accounts);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json = json_to_string (root, FALSE);
  g_assert_true (g_file_set_contents (path, json, -1, NULL));
  muster_test_await (muster_broker_set_accounts (broker, accounts));
  g_print ("%u accounts made and known to the broker in %.0f ms\n", nodes,
           (g_get_monotonic_time () - started) / 1000.0);
  return path;
}

static GSubprocess *
start_fleet (Bench *self, unsigned nodes, unsigned rate, const char *site)
{
  g_autofree char *state = muster_test_dir_build (self->dir, "fleet");
  g_autofree char *count = g_strdup_printf ("%u", nodes);
  g_autofree char *rate_text = g_strdup_printf ("--rate=%u", rate);
  g_autofree char *state_arg = g_strconcat ("--state-dir=", state, NULL);
  g_autofree char *site_arg = g_strconcat ("--adopted-by=", site, NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *fleet =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, g_getenv ("MUSTER_FLEET"),
                      "--no-mdns", "--no-sync", "--address=127.0.0.1", state_arg, site_arg,
                      rate_text, count, NULL);

  g_assert_no_error (error);
  return fleet;
}

static int
compare_latencies (gconstpointer a, gconstpointer b)
{
  return (*(const gint64 *)a > *(const gint64 *)b) - (*(const gint64 *)a < *(const gint64 *)b);
}

static double
get_cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
report (Bench *self, double seconds, double cpu, guint64 samples, guint64 messages)
{
  const MusterSparkplugCounts *counts =
    muster_sparkplug_host_get_counts (muster_messaging_get_host (self->messaging));
  g_autoptr (GString) status = g_string_new (NULL);

  g_array_sort (self->latencies, compare_latencies);
  g_print ("%.0f messages/s, %.0f samples/s handled; daemon's share of CPU %.0f %%\n",
           messages / seconds, samples / seconds, 100 * cpu / seconds);
  if (self->latencies->len > 0)
    g_print ("from reading to handler: median %.1f ms, 99 %% within %.1f ms\n",
             g_array_index (self->latencies, gint64, self->latencies->len / 2) / 1000.0,
             g_array_index (self->latencies, gint64, self->latencies->len * 99 / 100) / 1000.0);
  muster_messaging_encode_status (self->messaging, status);
  g_print ("%s\n", status->str);
  g_assert_cmpuint (self->latencies->len, >, 0);
  g_assert_cmpuint (counts->malformed, ==, 0);
  g_assert_cmpuint (counts->gaps, ==, 0);
}

/* --- a device that sends without end --- */

static void
found_cb (MusterFamilyUnit *unit, gpointer user_data)
{
  muster_family_host_follow (((Bench *)user_data)->families, unit, TRUE);
}

static void
ignore_cb (MusterFamilyUnit *unit, gpointer user_data)
{
}

static void
values_cb (MusterFamilyUnit   *unit,
           const MusterSample *samples,
           unsigned            n_samples,
           gpointer            user_data)
{
  ((Bench *)user_data)->flood_samples += n_samples;
}

static const MusterFamilyListener families = { found_cb, ignore_cb, ignore_cb, values_cb,
                                               ignore_cb };

static GSubprocess *
publish (Bench *self, const char *command)
{
  static const char config[] =
    "{\"ip\":\"192.0.2.9\",\"dn\":\"Plug\",\"fn\":[\"Plug\"],\"hn\":\"plug\",\"mac\":\"A8032AB12345\","
    "\"md\":\"Plug\",\"t\":\"plug\",\"ft\":\"%prefix%/%topic%/\",\"tp\":[\"cmnd\",\"stat\",\"tele\"],"
    "\"sw\":\"14.3.0\",\"rl\":[1],\"ver\":1}";
  g_autofree char *port =
    g_strdup_printf ("%d",
                     muster_broker_get_plain_port (muster_messaging_get_broker (self->messaging)));
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "sh", "-c", command,
                                           "sh", port, config, NULL);

  g_assert_no_error (error);
  return process;
}

/* Starts what sends as fast as the broker takes it. */
static GSubprocess *
start_flood (Bench *self)
{
  g_autoptr (GSubprocess) announce =
              publish (self, "mosquitto_pub -h 127.0.0.1 -p $1 -u plug -P plug -r "
                             "-t tasmota/discovery/A8032AB12345/config -m \"$2\"");

  muster_test_await (dex_subprocess_wait_check (announce));
  return publish (
    self,
    "yes '{\"Time\":\"2026-01-02T03:04:05\",\"SI7021\":{\"Temperature\":21.5,\"Humidity\":40},\"TempUnit\":\"C\"}' |"
    " exec mosquitto_pub -l -h 127.0.0.1 -p $1 -u plug -P plug -t tele/plug/SENSOR");
}

static void
report_flood (Bench *self, double seconds)
{
  const MusterFamilyCounts *counts = muster_family_host_get_counts (self->families);
  double delay = g_array_index (self->latencies, gint64, self->latencies->len * 99 / 100) / 1000.0;

  g_print (
    "beside them one device: %.0f messages/s read, %.0f samples/s handed on, %" G_GUINT64_FORMAT
    " dropped\n",
    counts->messages / seconds, self->flood_samples / seconds, counts->dropped);
  g_assert_cmpuint (self->flood_samples, >, 0);
  g_assert_cmpfloat (delay, <, FLOOD_DELAY_MS);
}

static void
test_fleet (gboolean floods)
{
  unsigned                     nodes = get_number ("MUSTER_BENCH_NODES", 200);
  unsigned                     rate = get_number ("MUSTER_BENCH_RATE", 10);
  unsigned                     seconds = get_number ("MUSTER_BENCH_SECONDS", 5);
  Bench                        bench = { .dir = muster_test_dir_new (),
                                         .latencies = g_array_new (FALSE, FALSE, sizeof (gint64)) };
  const MusterSparkplugCounts *counts;
  g_autoptr (GSubprocess) fleet = NULL;
  g_autoptr (GSubprocess) flood = NULL;
  g_autoptr (GPtrArray) profiles = muster_family_profiles_load ();
  g_autofree char *site = NULL;
  gint64           started;
  guint64          samples, messages;
  double           cpu;

  start_site (&bench);
  site = make_accounts (&bench, nodes);
  started = g_get_monotonic_time ();
  fleet = start_fleet (&bench, nodes, rate, site);
  for (unsigned i = 0; i < 2000 && bench.births < nodes; i++)
    muster_test_sleep (10);
  g_assert_cmpuint (bench.births, ==, nodes);
  g_print ("%u nodes born %.1f s after the start of the fleet\n", nodes,
           (g_get_monotonic_time () - started) / 1e6);

  counts = muster_sparkplug_host_get_counts (muster_messaging_get_host (bench.messaging));
  if (floods)
    {
      bench.families = muster_family_host_new (muster_messaging_get_side_client (bench.messaging),
                                               bench.clock, "bench", profiles, &families, &bench);
      flood = start_flood (&bench);
    }
  muster_test_sleep (1000);
  bench.measuring = TRUE;
  samples = bench.samples;
  messages = counts->messages;
  cpu = get_cpu ();
  started = g_get_monotonic_time ();
  muster_test_sleep (seconds * 1000);
  report (&bench, (g_get_monotonic_time () - started) / 1e6, get_cpu () - cpu,
          bench.samples - samples, counts->messages - messages);
  if (floods)
    report_flood (&bench, (g_get_monotonic_time () - started) / 1e6);

  if (flood != NULL)
    {
      g_subprocess_force_exit (flood);
      dex_await (dex_subprocess_wait_check (flood), NULL);
    }
  g_subprocess_send_signal (fleet, SIGTERM);
  muster_test_await (dex_subprocess_wait_check (fleet));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (bench.messaging)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (bench.authority)));
  g_clear_object (&bench.families);
  g_clear_object (&bench.messaging);
  g_clear_object (&bench.authority);
  g_clear_object (&bench.clock);
  g_array_unref (bench.latencies);
  muster_test_dir_free (bench.dir);
}

static void
test_fleet_alone (void)
{
  test_fleet (FALSE);
}

/* One device of a family sends as much as it can: the nodes are heard as if it were not there, and
 * nothing of theirs is lost. */
static void
test_fleet_in_flood (void)
{
  test_fleet (TRUE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/performance/messaging/fleet", test_fleet_alone);
  muster_test_add_fiber ("/performance/messaging/flood", test_fleet_in_flood);
  return g_test_run ();
}
