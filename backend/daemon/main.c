/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "musterd"

#include "config.h"

#include <glib-unix.h>
#include <libdex.h>
#include <locale.h>
#include <signal.h>
#include <systemd/sd-daemon.h>

#include "muster-daemon.h"

/* The process around the daemon: options, signals, and the service manager. */
typedef struct
{
  GMainLoop    *loop;
  MusterDaemon *daemon;
  unsigned      watchdog;
  int           status;
  gboolean      stopping;
} Process;

static DexFuture *
stopped_cb (DexFuture *future, gpointer user_data)
{
  Process *process = user_data;

  g_main_loop_quit (process->loop);
  return dex_ref (future);
}

static void
stop (Process *process)
{
  if (process->stopping)
    return;
  process->stopping = TRUE;
  sd_notify (0, "STOPPING=1");
  dex_future_disown (
    dex_future_finally (muster_daemon_stop (process->daemon), stopped_cb, process, NULL));
}

static gboolean
terminate_cb (gpointer user_data)
{
  g_message ("told to end: finishing what is under way");
  stop (user_data);
  return G_SOURCE_CONTINUE;
}

static DexFuture *
reloaded_cb (DexFuture *future, gpointer user_data)
{
  sd_notify (0, "READY=1");
  return dex_ref (future);
}

static gboolean
reload_cb (gpointer user_data)
{
  Process *process = user_data;

  if (process->stopping)
    return G_SOURCE_CONTINUE;
  sd_notifyf (0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  dex_future_disown (
    dex_future_finally (muster_daemon_reload (process->daemon), reloaded_cb, NULL, NULL));
  return G_SOURCE_CONTINUE;
}

/* Told from the main loop, so that a daemon whose loop hangs is restarted. */
static gboolean
watchdog_cb (gpointer user_data)
{
  sd_notify (0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static DexFuture *
started_cb (DexFuture *future, gpointer user_data)
{
  Process *process = user_data;
  g_autoptr (GError) error = NULL;
  guint64 usec;

  if (process->stopping)
    return dex_ref (future);
  if (dex_future_get_value (future, &error) == NULL)
    {
      g_printerr ("musterd: %s\n", error->message);
      process->status = 1;
      stop (process);
      return dex_ref (future);
    }
  sd_notify (0, "READY=1\nSTATUS=Serving the site");
  if (sd_watchdog_enabled (0, &usec) > 0)
    process->watchdog = g_timeout_add (MAX (1, usec / 3000), watchdog_cb, NULL);
  return dex_ref (future);
}

static int
run (MusterDaemonOptions *options)
{
  Process  process = { .loop = g_main_loop_new (NULL, FALSE),
                       .daemon = muster_daemon_new (options) };
  unsigned sources[] = {
    g_unix_signal_add (SIGTERM, terminate_cb, &process),
    g_unix_signal_add (SIGINT, terminate_cb, &process),
    g_unix_signal_add (SIGHUP, reload_cb, &process),
  };

  dex_future_disown (
    dex_future_finally (muster_daemon_start (process.daemon), started_cb, &process, NULL));
  g_main_loop_run (process.loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  g_clear_handle_id (&process.watchdog, g_source_remove);
  g_object_unref (process.daemon);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_main_loop_unref (process.loop);
  return process.status;
}

/* What libraries tell of themselves is asked for by G_MESSAGES_DEBUG, as everywhere. */
static GLogWriterOutput
write_own (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *domain = "";

  if ((level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)) == 0 ||
      g_getenv ("G_MESSAGES_DEBUG") != NULL)
    return g_log_writer_default (level, fields, n_fields, user_data);
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "GLIB_DOMAIN"))
      domain = fields[i].value;
  return g_str_has_prefix (domain, "muster")
           ? g_log_writer_default (level, fields, n_fields, user_data)
           : G_LOG_WRITER_HANDLED;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterDaemonOptions) options = NULL;

  setlocale (LC_ALL, "");
  dex_init ();
  options = muster_daemon_options_parse (&argc, &argv, &error);
  if (options == NULL)
    {
      g_printerr ("musterd: %s\n", error->message);
      return 2;
    }
  if (options->version)
    {
      g_print ("musterd %s\n", MUSTER_VERSION);
      return 0;
    }
  if (options->verbose)
    {
      g_log_set_debug_enabled (TRUE);
      g_log_set_writer_func (write_own, NULL, NULL);
    }
  /* A peer that goes away is an error of its connection, no more. */
  signal (SIGPIPE, SIG_IGN);
  return run (options);
}
