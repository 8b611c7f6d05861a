/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-broker.h"
#include "muster-mosquitto-client.h"

/* A site's broker of its own, on a free port of the loopback. */
typedef struct
{
  MusterTestDir              *dir;
  MusterClock                *clock;
  MusterCertificateAuthority *authority;
  MusterBroker               *broker;
  char                       *directory;
  char                       *ca_file;
} Site;

static MusterBroker *
make_broker (Site *site, int port)
{
  MusterBrokerOptions options = {
    .directory = site->directory, .address = "127.0.0.1", .port = port, .patience = 300
  };

  return muster_broker_new (&options, site->authority, site->clock);
}

static Site *
site_new (void)
{
  Site            *self = g_new0 (Site, 1);
  g_autofree char *tls = NULL;

  self->dir = muster_test_dir_new ();
  self->directory = muster_test_dir_build (self->dir, "data/broker");
  self->ca_file = muster_test_dir_build (self->dir, "data/tls/authority.pem");
  tls = muster_test_dir_build (self->dir, "data/tls");
  self->clock = muster_clock_new ();
  self->authority = muster_certificate_authority_new (tls, "Test site", NULL, self->clock);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->authority)));
  self->broker = make_broker (self, 0);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->broker)));
  g_assert_cmpstr (muster_service_get_trouble (MUSTER_SERVICE (self->broker)), ==, NULL);
  g_assert_true (muster_broker_is_up (self->broker));
  return self;
}

static void
site_free (Site *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->broker)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->authority)));
  g_assert_false (muster_broker_is_up (self->broker));
  g_clear_object (&self->broker);
  g_clear_object (&self->authority);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->dir, muster_test_dir_free);
  g_free (self->directory);
  g_free (self->ca_file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Site, site_free)

static MusterMqttClient *
make_client (Site *site, const char *username, const char *password)
{
  g_autofree char *uri =
    g_strdup_printf ("mqtts://127.0.0.1:%d", muster_broker_get_port (site->broker));
  MusterMqttTarget target = { .uri = uri,
                              .client_id = username,
                              .username = username,
                              .password = password,
                              .ca_file = site->ca_file,
                              .keep_alive = 30 };

  return MUSTER_MQTT_CLIENT (muster_mosquitto_client_new (&target));
}

static void
add_account (GPtrArray *accounts, const char *username, const char *password)
{
  g_autofree char *hash = muster_broker_hash_password (password);

  g_ptr_array_add (accounts, muster_broker_account_new (username, hash, "plant", username));
}

static GPtrArray *
make_accounts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)muster_broker_account_free);
}

static gboolean
wait_for_state (MusterMqttClient *client, MusterMqttState state, unsigned msec)
{
  for (unsigned waited = 0; waited < msec && muster_mqtt_client_get_state (client) != state;
       waited += 10)
    muster_test_sleep (10);
  return muster_mqtt_client_get_state (client) == state;
}

static void
test_start_stop (void)
{
  g_autoptr (Site) site = site_new ();
  g_autofree char *password_file = g_build_filename (site->directory, "password", NULL);
  g_auto (GStrv) hosts = muster_broker_list_hosts (site->broker);
  GStatBuf status;

  g_assert_cmpint (muster_broker_get_port (site->broker), >, 0);
  g_assert_cmpint (muster_broker_get_pid (site->broker), >, 0);
  g_assert_cmpint (g_stat (password_file, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpstr (hosts[0], ==, "127.0.0.1");
  g_assert_nonnull (muster_broker_get_ca_der (site->broker));
  g_assert_true (g_str_has_prefix (muster_broker_get_tls_name (site->broker), "muster-"));
}

/* Devices find it where it was. */
static void
test_port_is_kept (void)
{
  g_autoptr (Site) site = site_new ();
  int port = muster_broker_get_port (site->broker);

  muster_test_await (muster_service_stop (MUSTER_SERVICE (site->broker)));
  g_clear_object (&site->broker);
  site->broker = make_broker (site, 0);
  muster_test_await (muster_service_start (MUSTER_SERVICE (site->broker)));
  g_assert_cmpint (muster_broker_get_port (site->broker), ==, port);
}

static void
test_busy_port (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterBrokerOptions options = { .directory = muster_test_dir_get_path (dir),
                                  .address = "127.0.0.1",
                                  .port = muster_broker_get_port (site->broker) };
  g_autoptr (MusterBroker) second = muster_broker_new (&options, site->authority, site->clock);

  muster_test_await (muster_service_start (MUSTER_SERVICE (second)));
  g_assert_false (muster_broker_is_up (second));
  g_assert_nonnull (strstr (muster_service_get_trouble (MUSTER_SERVICE (second)), "in use"));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (second)));
}

static void
test_not_installed (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  MusterBrokerOptions options = { .directory = muster_test_dir_get_path (dir),
                                  .address = "127.0.0.1",
                                  .program = "/nowhere/mosquitto" };
  g_autoptr (MusterBroker) second = muster_broker_new (&options, site->authority, site->clock);

  muster_test_await (muster_service_start (MUSTER_SERVICE (second)));
  g_assert_false (muster_broker_is_up (second));
  g_assert_nonnull (muster_service_get_trouble (MUSTER_SERVICE (second)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (second)));
}

static void
test_accounts (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GPtrArray) both = make_accounts ();
  g_autoptr (GPtrArray) one = make_accounts ();
  g_autoptr (MusterMqttClient) first = make_client (site, "node-1", "secret one");
  g_autoptr (MusterMqttClient) second = make_client (site, "node-2", "secret two");
  g_autoptr (MusterMqttClient) wrong = make_client (site, "node-1", "secret wrong");
  g_autoptr (MusterTestCounter) gone = muster_test_counter_new (site->broker, "client-disconnected");

  add_account (both, "node-1", "secret one");
  add_account (both, "node-2", "secret two");
  add_account (one, "node-2", "secret two");
  muster_test_await (muster_broker_set_accounts (site->broker, both));
  muster_test_await (muster_mqtt_client_connect (first));
  muster_test_await (muster_mqtt_client_connect (second));
  muster_test_sleep (50);
  g_assert_true (muster_broker_is_client_connected (site->broker, "node-1"));
  g_assert_cmpuint (muster_broker_count_clients (site->broker), ==, 2);

  dex_future_disown (muster_mqtt_client_connect (wrong));
  for (unsigned i = 0; i < 300 && muster_mqtt_client_get_trouble (wrong) == NULL; i++)
    muster_test_sleep (10);
  g_assert_nonnull (
    strstr (muster_mqtt_client_get_trouble (wrong), "refuses the user name or password"));
  muster_test_await (muster_mqtt_client_disconnect (wrong));

  /* The one whose account is gone is cut off at once, the other notices nothing. */
  muster_test_counter_take (gone);
  muster_test_await (muster_broker_set_accounts (site->broker, one));
  g_assert_true (wait_for_state (first, MUSTER_MQTT_DISCONNECTED, 1000) ||
                 muster_mqtt_client_get_state (first) == MUSTER_MQTT_CONNECTING);
  g_assert_cmpint (muster_mqtt_client_get_state (second), ==, MUSTER_MQTT_CONNECTED);
  muster_test_sleep (50);
  g_assert_false (muster_broker_is_client_connected (site->broker, "node-1"));
  g_assert_true (muster_broker_is_client_connected (site->broker, "node-2"));
  g_assert_cmpuint (muster_test_counter_take (gone), ==, 1);
  muster_test_await (muster_mqtt_client_disconnect (first));
  muster_test_await (muster_mqtt_client_disconnect (second));
}

static void
test_bad_accounts (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GPtrArray) bad = make_accounts ();
  g_autoptr (GPtrArray) twice = make_accounts ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) twice_error = NULL;

  add_account (bad, "new\nline", "x");
  add_account (twice, "node", "x");
  add_account (twice, "node", "y");
  error =
    muster_test_await_error (muster_broker_set_accounts (site->broker, bad), MUSTER_ERROR_INVALID);
  twice_error = muster_test_await_error (muster_broker_set_accounts (site->broker, twice),
                                         MUSTER_ERROR_INVALID);
}

static void
count_message_cb (MusterMqttClient *client, const MusterMqttMessage *message, GPtrArray *topics)
{
  g_ptr_array_add (topics, g_strdup (message->topic));
}

/* A node can neither write nor read what is another's. */
static void
test_rights (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GPtrArray) accounts = make_accounts ();
  g_autoptr (MusterMqttClient) core = MUSTER_MQTT_CLIENT (
    muster_mosquitto_client_new (muster_broker_get_target (site->broker)));
  g_autoptr (MusterMqttClient) node = make_client (site, "node-1", "secret");
  g_autoptr (GPtrArray) at_core = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) at_node = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);

  add_account (accounts, "node-1", "secret");
  muster_test_await (muster_broker_set_accounts (site->broker, accounts));
  g_signal_connect (core, "message", G_CALLBACK (count_message_cb), at_core);
  g_signal_connect (node, "message", G_CALLBACK (count_message_cb), at_node);
  muster_test_await (muster_mqtt_client_connect (core));
  muster_test_await (muster_mqtt_client_connect (node));
  muster_test_await (muster_mqtt_client_subscribe (core, "spBv1.0/#", 1));
  muster_test_await (muster_mqtt_client_subscribe (node, "#", 1));
  muster_test_await (
    muster_mqtt_client_publish (node, "spBv1.0/plant/NDATA/node-2", bytes, 1, FALSE));
  muster_test_await (
    muster_mqtt_client_publish (node, "spBv1.0/plant/NCMD/node-1", bytes, 1, FALSE));
  muster_test_await (muster_mqtt_client_publish (node, "spBv1.0/STATE/muster", bytes, 1, FALSE));
  muster_test_await (
    muster_mqtt_client_publish (node, "spBv1.0/plant/NDATA/node-1", bytes, 1, FALSE));
  muster_test_await (
    muster_mqtt_client_publish (core, "spBv1.0/plant/NCMD/node-2", bytes, 1, FALSE));
  muster_test_await (
    muster_mqtt_client_publish (core, "spBv1.0/plant/NCMD/node-1", bytes, 1, FALSE));
  muster_test_sleep (100);
  g_assert_cmpuint (at_core->len, ==, 3);
  g_assert_cmpstr (at_core->pdata[0], ==, "spBv1.0/plant/NDATA/node-1");
  g_assert_cmpuint (at_node->len, ==, 1);
  g_assert_cmpstr (at_node->pdata[0], ==, "spBv1.0/plant/NCMD/node-1");
  muster_test_await (muster_mqtt_client_disconnect (node));
  muster_test_await (muster_mqtt_client_disconnect (core));
}

static int
find_free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  int port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  return port;
}

/* Starts SITE's broker anew, with a listener without TLS. */
static void
restart_with_plain_port (Site *site, int port)
{
  MusterBrokerOptions options = {
    .directory = site->directory, .address = "127.0.0.1", .plain_port = port, .patience = 300
  };

  muster_test_await (muster_service_stop (MUSTER_SERVICE (site->broker)));
  g_clear_object (&site->broker);
  site->broker = muster_broker_new (&options, site->authority, site->clock);
  muster_test_await (muster_service_start (MUSTER_SERVICE (site->broker)));
}

static MusterMqttClient *
make_plain_client (Site *site, const char *username, const char *password)
{
  g_autofree char *uri =
    g_strdup_printf ("mqtt://127.0.0.1:%d", muster_broker_get_plain_port (site->broker));
  MusterMqttTarget target = {
    .uri = uri, .client_id = username, .username = username, .password = password, .keep_alive = 30
  };

  return MUSTER_MQTT_CLIENT (muster_mosquitto_client_new (&target));
}

static void
assert_refused (Site *site, const char *username, const char *password)
{
  g_autoptr (MusterMqttClient) client = make_plain_client (site, username, password);

  dex_future_disown (muster_mqtt_client_connect (client));
  g_assert_false (wait_for_state (client, MUSTER_MQTT_CONNECTED, 500));
  muster_test_await (muster_mqtt_client_disconnect (client));
}

/* Without TLS a family's device reaches its own topics; a node, and the daemon's own name, nothing.
 */
static void
test_plain (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GPtrArray) accounts = make_accounts ();
  g_autoptr (MusterMqttClient) core = NULL;
  g_autoptr (MusterMqttClient) plug = NULL;
  g_autoptr (MusterMqttClient) node = NULL;
  g_autoptr (GPtrArray) at_core = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  MusterBrokerAccount *account = NULL;

  g_assert_cmpint (muster_broker_get_plain_port (site->broker), ==, 0);
  restart_with_plain_port (site, find_free_port ());
  g_assert_cmpint (muster_broker_get_plain_port (site->broker), >, 0);
  g_assert_null (muster_service_get_trouble (MUSTER_SERVICE (site->broker)));
  add_account (accounts, "node-1", "secret");
  add_account (accounts, "plug", "secret");
  account = accounts->pdata[1];
  account->family = g_strdup ("tasmota");
  account->rules = g_strdupv ((char *[]){ (char *)"readwrite stat/plug/#", NULL });
  muster_test_await (muster_broker_set_accounts (site->broker, accounts));
  core = MUSTER_MQTT_CLIENT (muster_mosquitto_client_new (muster_broker_get_target (site->broker)));
  plug = make_plain_client (site, "plug", "secret");
  node = make_client (site, "node-1", "secret");
  g_signal_connect (core, "message", G_CALLBACK (count_message_cb), at_core);
  muster_test_await (muster_mqtt_client_connect (core));
  muster_test_await (muster_mqtt_client_subscribe (core, "#", 1));
  muster_test_await (muster_mqtt_client_connect (plug));
  muster_test_await (muster_mqtt_client_publish (plug, "stat/other/POWER", bytes, 1, FALSE));
  muster_test_await (
    muster_mqtt_client_publish (plug, "spBv1.0/plant/NDATA/plug", bytes, 1, FALSE));
  muster_test_await (muster_mqtt_client_publish (plug, "stat/plug/POWER", bytes, 1, FALSE));
  /* Those with TLS go on as before. */
  muster_test_await (muster_mqtt_client_connect (node));
  muster_test_await (
    muster_mqtt_client_publish (node, "spBv1.0/plant/NDATA/node-1", bytes, 1, FALSE));
  muster_test_sleep (100);
  g_assert_cmpuint (at_core->len, ==, 2);
  g_assert_cmpstr (at_core->pdata[0], ==, "stat/plug/POWER");
  assert_refused (site, "node-1", "secret");
  assert_refused (site, "core", muster_broker_get_target (site->broker)->password);
  muster_test_await (muster_mqtt_client_disconnect (plug));
  muster_test_await (muster_mqtt_client_disconnect (node));
  muster_test_await (muster_mqtt_client_disconnect (core));
}

/* Somebody else's program at that port does not take the site's broker away. */
static void
test_plain_port_taken (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  int port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  restart_with_plain_port (site, port);
  g_assert_true (muster_broker_is_up (site->broker));
  g_assert_cmpint (muster_broker_get_plain_port (site->broker), ==, 0);
  g_assert_nonnull (
    strstr (muster_service_get_trouble (MUSTER_SERVICE (site->broker)), "broker.plain-port"));
}

static void
test_foreign_authority (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autoptr (MusterCertificateAuthority) foreign =
              muster_certificate_authority_new (muster_test_dir_get_path (dir), "Other", NULL,
                                                site->clock);
  g_autoptr (MusterMqttClient) client = NULL;

  muster_test_await (muster_service_start (MUSTER_SERVICE (foreign)));
  g_free (site->ca_file);
  site->ca_file = muster_test_dir_build (dir, "authority.pem");
  client = make_client (site, "core", "x");
  dex_future_disown (muster_mqtt_client_connect (client));
  for (unsigned i = 0; i < 300 && muster_mqtt_client_get_trouble (client) == NULL; i++)
    muster_test_sleep (10);
  g_assert_nonnull (muster_mqtt_client_get_trouble (client));
  g_assert_cmpint (muster_mqtt_client_get_state (client), !=, MUSTER_MQTT_CONNECTED);
  muster_test_await (muster_mqtt_client_disconnect (client));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (foreign)));
}

static void
await_other_process (Site *site, int pid)
{
  for (unsigned i = 0; i < 1000; i++)
    {
      int now = muster_broker_get_pid (site->broker);

      if (now != 0 && now != pid && muster_broker_is_up (site->broker))
        return;
      muster_test_sleep (10);
    }
}

/* Killed, it is back within seconds, and so is whoever was connected. */
static void
test_kill (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (MusterMqttClient) core = MUSTER_MQTT_CLIENT (
    muster_mosquitto_client_new (muster_broker_get_target (site->broker)));
  g_autoptr (MusterTestCounter) connected = muster_test_counter_new (core, "connected");
  g_autoptr (MusterTestCounter) disconnected = muster_test_counter_new (core, "disconnected");
  int    pid = muster_broker_get_pid (site->broker);
  gint64 killed;

  muster_test_await (muster_mqtt_client_connect (core));
  killed = g_get_monotonic_time ();
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  await_other_process (site, pid);
  g_assert_true (muster_broker_is_up (site->broker));
  g_assert_true (wait_for_state (core, MUSTER_MQTT_CONNECTED, 5000));
  g_test_message ("back after %.0f ms", (g_get_monotonic_time () - killed) / 1000.0);
  g_assert_cmpuint (muster_test_counter_take (connected), ==, 2);
  g_assert_cmpuint (muster_test_counter_take (disconnected), ==, 1);
  g_assert_cmpstr (muster_service_get_trouble (MUSTER_SERVICE (site->broker)), ==, NULL);
  muster_test_await (muster_mqtt_client_disconnect (core));
}

/* Hung, it is killed and started again. */
static void
test_hang (void)
{
  g_autoptr (Site) site = site_new ();
  int pid = muster_broker_get_pid (site->broker);

  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);
  await_other_process (site, pid);
  g_assert_true (muster_broker_is_up (site->broker));
  g_assert_cmpint (muster_broker_get_pid (site->broker), !=, pid);
}

/* A new certificate is taken up without a restart. */
static void
test_renewed (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (GPtrArray) accounts = make_accounts ();
  g_autoptr (MusterMqttClient) client = make_client (site, "node-1", "secret");
  int pid = muster_broker_get_pid (site->broker);
  int port = muster_broker_get_port (site->broker);

  add_account (accounts, "node-1", "secret");
  muster_test_await (muster_broker_set_accounts (site->broker, accounts));
  g_signal_emit_by_name (site->authority, "renewed");
  muster_test_sleep (400);
  g_assert_cmpint (muster_broker_get_pid (site->broker), ==, pid);
  g_assert_cmpint (muster_broker_get_port (site->broker), ==, port);
  muster_test_await (muster_mqtt_client_connect (client));
  muster_test_await (muster_mqtt_client_disconnect (client));
}

/* Nothing is lost between publisher and handler on the daemon's way in. */
static void
count_cb (MusterMqttClient *client, const MusterMqttMessage *message, unsigned *count)
{
  ++*count;
}

static void
test_flood (void)
{
  g_autoptr (Site) site = site_new ();
  g_autoptr (MusterMqttClient) core = MUSTER_MQTT_CLIENT (
    muster_mosquitto_client_new (muster_broker_get_target (site->broker)));
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (200), 200);
  unsigned count = 0, total = 20000;
  gint64   started;

  g_signal_connect (core, "message", G_CALLBACK (count_cb), &count);
  muster_test_await (muster_mqtt_client_connect (core));
  muster_test_await (muster_mqtt_client_subscribe (core, "flood/#", 0));
  started = g_get_monotonic_time ();
  for (unsigned i = 0; i < total; i++)
    dex_future_disown (muster_mqtt_client_publish (core, "flood/x", bytes, 0, FALSE));
  for (unsigned i = 0; i < 2000 && count < total; i++)
    muster_test_sleep (5);
  g_test_message ("%.0f messages/s through the broker to ourselves",
                  total * 1e6 / (g_get_monotonic_time () - started));
  g_assert_cmpuint (count, ==, total);
  muster_test_await (muster_mqtt_client_disconnect (core));
}

/* Ended, and not yet waited for by whoever became its parent. */
static gboolean
is_zombie (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *content = NULL;

  return g_file_get_contents (path, &content, NULL, NULL) && strstr (content, ") Z ") != NULL;
}

/* The other process of test_orphan(): a daemon in small, which says its broker's process id and
 * waits to be killed. */
static DexFuture *
serve_fiber (gpointer user_data)
{
  g_autofree char            *directory = g_build_filename (user_data, "broker", NULL);
  g_autofree char            *tls = g_build_filename (user_data, "tls", NULL);
  MusterClock                *clock = muster_clock_new ();
  MusterCertificateAuthority *authority =
    muster_certificate_authority_new (tls, "Test site", NULL, clock);
  MusterBrokerOptions options = { .directory = directory, .address = "127.0.0.1" };
  MusterBroker       *broker = muster_broker_new (&options, authority, clock);

  dex_await (muster_service_start (MUSTER_SERVICE (authority)), NULL);
  dex_await (muster_service_start (MUSTER_SERVICE (broker)), NULL);
  g_print ("%d\n", muster_broker_get_pid (broker));
  return dex_future_new_infinite ();
}

static int
serve (char *directory)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (DexFuture) future = NULL;

  dex_init ();
  future = dex_scheduler_spawn (NULL, 0, serve_fiber, directory, NULL);
  g_main_loop_run (loop);
  return 0;
}

/* However the daemon ends, its broker ends too: else it would keep the port from the next one. */
static void
test_orphan (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) daemon =
              g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--serve",
                                muster_test_dir_get_path (dir), NULL);
  g_autoptr (GBytes) line = NULL;
  g_autofree char *text = NULL;
  int              pid;

  g_assert_no_error (error);
  line = dex_await_boxed (dex_input_stream_read_bytes (g_subprocess_get_stdout_pipe (daemon), 20,
                                                       G_PRIORITY_DEFAULT),
                          &error);
  g_assert_no_error (error);
  text = g_strndup (g_bytes_get_data (line, NULL), g_bytes_get_size (line));
  pid = atoi (text);
  g_assert_cmpint (pid, >, 1);
  g_assert_cmpint (kill (pid, 0), ==, 0);
  g_subprocess_force_exit (daemon);
  for (unsigned i = 0; i < 300 && kill (pid, 0) == 0 && !is_zombie (pid); i++)
    muster_test_sleep (10);
  g_assert_true (kill (pid, 0) != 0 || is_zombie (pid));
}

int
main (int argc, char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--serve"))
    return serve (argv[2]);
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/broker/start-stop", test_start_stop);
  muster_test_add_fiber ("/broker/port-is-kept", test_port_is_kept);
  muster_test_add_fiber ("/broker/busy-port", test_busy_port);
  muster_test_add_fiber ("/broker/not-installed", test_not_installed);
  muster_test_add_fiber ("/broker/accounts", test_accounts);
  muster_test_add_fiber ("/broker/bad-accounts", test_bad_accounts);
  muster_test_add_fiber ("/broker/rights", test_rights);
  muster_test_add_fiber ("/broker/plain", test_plain);
  muster_test_add_fiber ("/broker/plain-port-taken", test_plain_port_taken);
  muster_test_add_fiber ("/broker/foreign-authority", test_foreign_authority);
  muster_test_add_fiber ("/broker/kill", test_kill);
  muster_test_add_fiber ("/broker/orphan", test_orphan);
  muster_test_add_fiber ("/broker/hang", test_hang);
  muster_test_add_fiber ("/broker/renewed", test_renewed);
  muster_test_add_fiber ("/broker/flood", test_flood);
  return g_test_run ();
}
