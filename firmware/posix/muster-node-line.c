/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-line"

#include "config.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <termios.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gstdio.h>

#include "muster-node-line.h"

#define TCP_PREFIX "tcp:"
#define RETRY_MS 1000
#define READ_SIZE 4096

struct _MusterNodeLine
{
  char                       *address;
  const MusterNodeLineEvents *events;
  gpointer                    user_data;
  GSocketConnectable         *remote;     /* (owned) (nullable): of TCP */
  GSocketConnection          *connection; /* (owned) (nullable): of TCP, while there is one */
  GCancellable               *cancellable;
  int                         fd; /* -1: the line is not there */
  guint                       source;
  guint                       opened; /* source that says so */
  guint                       retry;
  gboolean                    told; /* that it cannot be opened, since it was last open */
};

static void muster_node_line_open (MusterNodeLine *self);

static gboolean
muster_node_line_retry_cb (gpointer user_data)
{
  MusterNodeLine *self = user_data;

  self->retry = 0;
  muster_node_line_open (self);
  return G_SOURCE_REMOVE;
}

static void
muster_node_line_close (MusterNodeLine *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_handle_id (&self->opened, g_source_remove);
  if (self->connection == NULL && self->fd >= 0)
    g_close (self->fd, NULL);
  self->fd = -1;
  g_clear_object (&self->connection);
}

/* The line is not there, or not any more, for the reason WHY. */
static void
muster_node_line_fail (MusterNodeLine *self, const char *why)
{
  gboolean was_open = self->fd >= 0;

  if (was_open || !self->told)
    g_message ("%s: %s", self->address, why);
  self->told = TRUE;
  muster_node_line_close (self);
  if (self->retry == 0)
    self->retry = g_timeout_add (RETRY_MS, muster_node_line_retry_cb, self);
  if (was_open)
    self->events->lost (self->user_data);
}

static gboolean
muster_node_line_ready_cb (int fd, GIOCondition condition, gpointer user_data)
{
  MusterNodeLine *self = user_data;
  guint8          bytes[READ_SIZE];
  gssize          size = read (fd, bytes, sizeof bytes);

  if (size > 0)
    self->events->came (self->user_data, bytes, (gsize)size);
  else if (size == 0 || (errno != EAGAIN && errno != EINTR))
    muster_node_line_fail (self, size == 0 ? "the line was closed" : g_strerror (errno));
  return G_SOURCE_CONTINUE;
}

static gboolean
muster_node_line_opened_cb (gpointer user_data)
{
  MusterNodeLine *self = user_data;

  self->opened = 0;
  self->events->opened (self->user_data);
  return G_SOURCE_REMOVE;
}

static void
muster_node_line_take (MusterNodeLine *self, int fd)
{
  self->fd = fd;
  self->told = FALSE;
  self->source = g_unix_fd_add (fd, G_IO_IN | G_IO_HUP | G_IO_ERR, muster_node_line_ready_cb, self);
  self->opened = g_idle_add_full (G_PRIORITY_DEFAULT, muster_node_line_opened_cb, self, NULL);
  g_message ("%s: open", self->address);
}

static void
muster_node_line_connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
              g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result, &error);
  MusterNodeLine *self = user_data;
  GSocket        *socket = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* and the line is gone */
  if (connection == NULL)
    {
      muster_node_line_fail (self, error->message);
      return;
    }
  socket = g_socket_connection_get_socket (connection);
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  self->connection = g_steal_pointer (&connection);
  muster_node_line_take (self, g_socket_get_fd (socket));
}

/* Raw bytes, no flow control, and no signal of a modem holds them up. */
static gboolean
set_up_port (int fd)
{
  struct termios settings;

  if (tcgetattr (fd, &settings) != 0)
    return FALSE;
  cfmakeraw (&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~(tcflag_t)(CSTOPB | CRTSCTS | HUPCL);
  return cfsetspeed (&settings, B115200) == 0 && tcsetattr (fd, TCSANOW, &settings) == 0;
}

static void
muster_node_line_open (MusterNodeLine *self)
{
  int fd;

  if (self->remote != NULL)
    {
      g_autoptr (GSocketClient) client = g_socket_client_new ();

      g_socket_client_set_enable_proxy (client, FALSE);
      g_socket_client_connect_async (client, self->remote, self->cancellable,
                                     muster_node_line_connected_cb, self);
      return;
    }
  fd = open (self->address, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0 && set_up_port (fd))
    {
      muster_node_line_take (self, fd);
      return;
    }
  muster_node_line_fail (self, g_strerror (errno));
  if (fd >= 0)
    g_close (fd, NULL);
}

MusterNodeLine *
muster_node_line_new (const char                 *address,
                      const MusterNodeLineEvents *events,
                      gpointer                    user_data,
                      GError                    **error)
{
  GSocketConnectable *remote = NULL;
  MusterNodeLine     *self = NULL;

  if (g_str_has_prefix (address, TCP_PREFIX))
    {
      remote = g_network_address_parse (address + strlen (TCP_PREFIX), 0, error);
      if (remote == NULL)
        return NULL;
    }
  else if (!g_path_is_absolute (address))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s: must be the path of a serial port, or tcp:HOST:PORT", address);
      return NULL;
    }
  self = g_new0 (MusterNodeLine, 1);
  self->address = g_strdup (address);
  self->events = events;
  self->user_data = user_data;
  self->remote = remote;
  self->cancellable = g_cancellable_new ();
  self->fd = -1;
  muster_node_line_open (self);
  return self;
}

void
muster_node_line_free (MusterNodeLine *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  muster_node_line_close (self);
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_object (&self->remote);
  g_free (self->address);
  g_free (self);
}

void
muster_node_line_send (MusterNodeLine *self, const guint8 *bytes, gsize size)
{
  if (self->fd < 0)
    return;
  while (size > 0)
    {
      gssize sent = write (self->fd, bytes, size);

      if (sent < 0 && errno == EINTR)
        continue;
      if (sent <= 0)
        return; /* what did not go is sent again by who misses it */
      bytes += sent;
      size -= (gsize)sent;
    }
}
