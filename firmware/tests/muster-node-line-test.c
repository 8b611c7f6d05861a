/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "muster-node-line.h"

/* A line says when it is there: what is sent from then on reaches the other end. */

typedef struct
{
  MusterNodeLine *line;
  guint           opened, lost;
  GString        *came;
} World;

static void
opened_cb (gpointer user_data)
{
  World *world = user_data;

  g_assert_nonnull (world->line); /* never from within its construction */
  world->opened++;
  muster_node_line_send (world->line, (const guint8 *)"hello", 5);
}

static void
came_cb (gpointer user_data, const guint8 *bytes, gsize size)
{
  World *world = user_data;

  g_assert_cmpuint (world->opened, >, world->lost);
  g_string_append_len (world->came, (const char *)bytes, (gssize)size);
}

static void
lost_cb (gpointer user_data)
{
  ((World *)user_data)->lost++;
}

static const MusterNodeLineEvents events = { opened_cb, came_cb, lost_cb };

static void
open_world (World *world, const char *address)
{
  g_autoptr (GError) error = NULL;

  world->came = g_string_new (NULL);
  world->line = muster_node_line_new (address, &events, world, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (world->opened, ==, 0);
}

static void
close_world (World *world)
{
  muster_node_line_free (world->line);
  g_string_free (world->came, TRUE);
}

/* Iterates until COUNT is WANTED, for ten seconds at most. */
static void
wait_for (const guint *count, guint wanted)
{
  gint64 end = g_get_monotonic_time () + 10 * G_TIME_SPAN_SECOND;

  while (*count < wanted && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpuint (*count, ==, wanted);
}

static void
read_hello (int fd)
{
  char  text[5];
  gsize got = 0;

  while (got < sizeof text)
    {
      gssize n = read (fd, text + got, sizeof text - got);

      g_assert_cmpint (n, >, 0);
      got += (gsize)n;
    }
  g_assert_cmpmem (text, sizeof text, "hello", 5);
}

/* Over TCP: each time that it is there. */
static void
test_tcp (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16          port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_autofree char *address = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  World            world = { 0 };

  g_assert_no_error (error);
  open_world (&world, address);
  for (guint round = 1; round <= 2; round++)
    {
      g_autoptr (GSocketConnection) peer = NULL;

      wait_for (&world.opened, round);
      peer = g_socket_listener_accept (listener, NULL, NULL, &error);
      g_assert_no_error (error);
      read_hello (g_socket_get_fd (g_socket_connection_get_socket (peer)));
      g_assert_cmpint (write (g_socket_get_fd (g_socket_connection_get_socket (peer)), "x", 1), ==,
                       1);
      g_io_stream_close (G_IO_STREAM (peer), NULL, NULL);
      wait_for (&world.lost, round);
      g_assert_cmpuint (world.came->len, ==, round);
    }
  close_world (&world);
}

static void
test_port (void)
{
  int   host = posix_openpt (O_RDWR | O_NOCTTY);
  World world = { 0 };

  g_assert_cmpint (host, >=, 0);
  g_assert_cmpint (grantpt (host), ==, 0);
  g_assert_cmpint (unlockpt (host), ==, 0);
  open_world (&world, ptsname (host));
  wait_for (&world.opened, 1);
  read_hello (host);
  close_world (&world);
  g_close (host, NULL);
}

/* One that is gone again before it could say so says nothing. */
static void
test_freed (void)
{
  int   host = posix_openpt (O_RDWR | O_NOCTTY);
  World world = { 0 };

  g_assert_cmpint (host, >=, 0);
  g_assert_cmpint (grantpt (host), ==, 0);
  g_assert_cmpint (unlockpt (host), ==, 0);
  open_world (&world, ptsname (host));
  close_world (&world);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (world.opened, ==, 0);
  g_close (host, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line/tcp", test_tcp);
  g_test_add_func ("/line/port", test_port);
  g_test_add_func ("/line/freed", test_freed);
  return g_test_run ();
}
