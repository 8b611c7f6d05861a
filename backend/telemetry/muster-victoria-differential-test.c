/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/* The store over VictoriaMetrics against the model and the real program, which is killed in
 * between. */

#include <gio/gio.h>
#include <signal.h>

#include "core/muster-core-test-util.h"
#include "muster-sample-differential-test-util.h"
#include "muster-victoria-sample-store.h"

typedef struct
{
  MusterTestDir *dir;
  char          *folder;
  unsigned       port;
  GSubprocess   *process; /* (nullable) while it runs */
} Server;

static void
start_server (Server *self)
{
  g_autofree char *folder = g_strconcat ("-storageDataPath=", self->folder, NULL);
  g_autofree char *address = g_strdup_printf ("-httpListenAddr=127.0.0.1:%u", self->port);
  g_autoptr (GError) error = NULL;

  /* So that much is lost when it is killed soon after it took something. */
  self->process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                      "victoria-metrics", folder, address, "-retentionPeriod=100y",
                      "-inmemoryDataFlushInterval=1s", "-memory.allowedBytes=64MB",
                      "-loggerLevel=ERROR", NULL);
  g_assert_no_error (error);
}

static void
kill_server (Server *self)
{
  if (self->process == NULL)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

static unsigned
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static MusterSampleStore *
new_store (const char *path, MusterClock *clock, gpointer data)
{
  Server          *self = data;
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", self->port);
  g_autoptr (GError) error = NULL;
  MusterVictoriaConfig *config =
    muster_victoria_config_new (url, NULL, NULL, NULL, NULL, NULL, NULL, "site-1", &error);

  g_assert_no_error (error);
  return MUSTER_SAMPLE_STORE (muster_victoria_sample_store_new (path, clock, config, 1 << 30));
}

/* Whether it answers. */
static void
wait_for_server (Server *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  for (unsigned i = 0; i < 600; i++)
    {
      g_autoptr (GSocketConnection) connection =
                  g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);

      if (connection != NULL)
        return;
      g_usleep (50000);
    }
  g_error ("VictoriaMetrics does not listen on port %u", self->port);
}

/* What waits is sent, or the server dies and is back at once. */
static void
disturb (MusterSampleStore *store, guint drawn, gpointer data)
{
  Server *self = data;

  if (drawn < 90)
    muster_victoria_sample_store_rotate (MUSTER_VICTORIA_SAMPLE_STORE (store));
  else
    {
      kill_server (self);
      start_server (self);
      wait_for_server (self);
    }
}

static const MusterDifferentialStore victoria_store = { new_store, disturb, 15, FALSE, FALSE };

static void
test_random_operations (void)
{
  Server self = { muster_test_dir_new (), NULL, find_port (), NULL };

  self.folder = muster_test_dir_build (self.dir, "server");
  start_server (&self);
  wait_for_server (&self);
  muster_sample_differential_run (&victoria_store, &self, 600);
  kill_server (&self);
  muster_test_dir_free (self.dir);
  g_free (self.folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *program = g_find_program_in_path ("victoria-metrics");

  g_test_init (&argc, &argv, NULL);
  g_setenv ("MUSTER_TEST_VICTORIA_GRACE", "5000", TRUE);
  if (program == NULL)
    {
      g_test_skip ("victoria-metrics is not installed");
      return 77;
    }
  muster_test_add_fiber ("/victoria/random-operations", test_random_operations);
  return g_test_run ();
}
