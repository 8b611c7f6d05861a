/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "muster-daemon-supervisor.h"

static gboolean
elapsed_cb (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin (unsigned msec)
{
  gboolean elapsed = FALSE;

  g_timeout_add (msec, elapsed_cb, &elapsed);
  while (!elapsed)
    g_main_context_iteration (NULL, TRUE);
}

static void
count_cb (GObject *object, unsigned *count)
{
  ++*count;
}

/* A program in DIR that writes its arguments down, then does BODY. */
static char *
make_program (const char *dir, const char *body)
{
  char            *path = g_build_filename (dir, "daemon", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\necho \"$@\" >>%s/calls\n%s\n", dir, body);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, &error);
  g_assert_no_error (error);
  return path;
}

typedef struct
{
  char                   *dir;
  char                   *socket_path;
  MusterDaemonSupervisor *supervisor;
  unsigned                n_started;
} Fixture;

static void
start (Fixture *fixture, const char *body, const char *data_dir)
{
  g_autofree char *program =
    body != NULL ? make_program (fixture->dir, body) : g_strdup ("/nonexistent/musterd");

  fixture->supervisor = muster_daemon_supervisor_new (program, fixture->socket_path, data_dir);
  g_signal_connect (fixture->supervisor, "started", G_CALLBACK (count_cb), &fixture->n_started);
  muster_daemon_supervisor_start (fixture->supervisor);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = g_dir_make_tmp ("muster-supervisor-XXXXXX", NULL);
  fixture->socket_path = g_build_filename (fixture->dir, "api.sock", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "daemon", "calls", "api.sock", "stopped" };

  muster_daemon_supervisor_stop (fixture->supervisor);
  spin (100);
  g_assert_finalize_object (fixture->supervisor);
  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->dir, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
  g_free (fixture->socket_path);
}

static void
test_starts_and_stops (Fixture *fixture, gconstpointer data)
{
  g_autofree char *body =
    g_strdup_printf ("trap 'touch %s/stopped; exit 0' TERM; while :; do sleep 0.02; done",
                     fixture->dir);
  g_autofree char *calls_path = g_build_filename (fixture->dir, "calls", NULL);
  g_autofree char *stopped_path = g_build_filename (fixture->dir, "stopped", NULL);
  g_autofree char *calls = NULL;

  start (fixture, body, "/some/where");
  spin (300);
  g_assert_cmpuint (fixture->n_started, ==, 1);
  g_assert_true (muster_daemon_supervisor_is_running (fixture->supervisor));
  g_assert_null (muster_daemon_supervisor_get_trouble (fixture->supervisor));
  g_assert_true (g_file_get_contents (calls_path, &calls, NULL, NULL));
  g_assert_true (g_str_has_prefix (calls, "--headless --socket "));
  g_assert_nonnull (strstr (calls, "--data-dir /some/where"));
  muster_daemon_supervisor_stop (fixture->supervisor);
  g_assert_false (muster_daemon_supervisor_is_running (fixture->supervisor));
  spin (300);
  g_assert_true (g_file_test (stopped_path, G_FILE_TEST_EXISTS));
}

static void
test_restarts (Fixture *fixture, gconstpointer data)
{
  start (fixture, "exit 3", NULL);
  spin (250);
  g_assert_cmpuint (fixture->n_started, ==, 1);
  g_assert_cmpstr (muster_daemon_supervisor_get_trouble (fixture->supervisor), ==,
                   "The site's service ended with status 3");
  spin (700);
  g_assert_cmpuint (fixture->n_started, ==, 2);
}

static void
test_cannot_start (Fixture *fixture, gconstpointer data)
{
  start (fixture, NULL, NULL);
  spin (200);
  g_assert_cmpuint (fixture->n_started, ==, 0);
  g_assert_nonnull (
    strstr (muster_daemon_supervisor_get_trouble (fixture->supervisor), "could not be started"));
}

/* A daemon that is there already is left alone. */
static void
test_leaves_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->socket_path);
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  start (fixture, "exit 3", NULL);
  spin (300);
  g_assert_cmpuint (fixture->n_started, ==, 0);
  g_assert_null (muster_daemon_supervisor_get_trouble (fixture->supervisor));
  g_socket_service_stop (service);
}

static void
test_delay (void)
{
  g_assert_cmpuint (muster_daemon_supervisor_get_delay (0), ==, 500);
  g_assert_cmpuint (muster_daemon_supervisor_get_delay (1), ==, 1000);
  g_assert_cmpuint (muster_daemon_supervisor_get_delay (5), ==, 16000);
  g_assert_cmpuint (muster_daemon_supervisor_get_delay (6), ==, 30000);
  g_assert_cmpuint (muster_daemon_supervisor_get_delay (1000), ==, 30000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/supervisor/delay", test_delay);
  g_test_add ("/supervisor/starts-and-stops", Fixture, NULL, set_up, test_starts_and_stops,
              tear_down);
  g_test_add ("/supervisor/restarts", Fixture, NULL, set_up, test_restarts, tear_down);
  g_test_add ("/supervisor/cannot-start", Fixture, NULL, set_up, test_cannot_start, tear_down);
  g_test_add ("/supervisor/leaves-alone", Fixture, NULL, set_up, test_leaves_alone, tear_down);
  return g_test_run ();
}
