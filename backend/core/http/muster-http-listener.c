/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-listener"

#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "model/muster-error.h"
#include "muster-http-listener.h"

#define BACKLOG 256
#define ACCEPT_AT_ONCE 32
#define RETRY_MSEC 200

struct _MusterHttpListener
{
  GSocket       *socket; /* (owned) */
  char          *path;   /* (owned) (nullable): of a Unix socket */
  GStatBuf       stat;   /* of PATH, to remove no other's */
  MusterAccepted accepted;
  gpointer       user_data;
  GSource       *source; /* (owned) (nullable) */
  unsigned       retry_id;
  gboolean       is_paused;
};

static void muster_http_listener_watch (MusterHttpListener *self);

static gboolean
muster_http_listener_retry_cb (gpointer user_data)
{
  MusterHttpListener *self = user_data;

  self->retry_id = 0;
  muster_http_listener_watch (self);
  return G_SOURCE_REMOVE;
}

static void
muster_http_listener_unwatch (MusterHttpListener *self)
{
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_handle_id (&self->retry_id, g_source_remove);
}

static gboolean
muster_http_listener_ready_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  MusterHttpListener *self = user_data;

  for (unsigned i = 0; i < ACCEPT_AT_ONCE && !self->is_paused && self->source != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GSocket) client = g_socket_accept (socket, NULL, &error);

      if (client != NULL)
        self->accepted (client, self->user_data);
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
        {
          /* Out of file descriptors, most likely: polling on would spin. */
          g_message ("cannot accept connections for a moment: %s", error->message);
          muster_http_listener_unwatch (self);
          self->retry_id = g_timeout_add (RETRY_MSEC, muster_http_listener_retry_cb, self);
          break;
        }
    }
  return G_SOURCE_CONTINUE;
}

static void
muster_http_listener_watch (MusterHttpListener *self)
{
  if (self->source != NULL || self->retry_id != 0 || self->is_paused)
    return;
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_static_name (self->source, "[muster] accept");
  g_source_set_callback (self->source, G_SOURCE_FUNC (muster_http_listener_ready_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static MusterHttpListener *
muster_http_listener_new (GSocketAddress *address,
                          MusterAccepted  accepted,
                          gpointer        user_data,
                          GError        **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                            G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  MusterHttpListener *self;

  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  self = g_new0 (MusterHttpListener, 1);
  self->socket = g_steal_pointer (&socket);
  self->accepted = accepted;
  self->user_data = user_data;
  return self;
}

static MusterHttpListener *
muster_http_listener_listen (MusterHttpListener *self, GError **error)
{
  if (!g_socket_listen (self->socket, error))
    {
      muster_http_listener_free (self);
      return NULL;
    }
  muster_http_listener_watch (self);
  return self;
}

/* Makes way at PATH unless somebody answers there, or it is something else than a socket. */
static gboolean
clear_path (const char *path, GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) probe = NULL;
  g_autoptr (GError) refused = NULL;
  GStatBuf buffer;

  if (g_lstat (path, &buffer) != 0)
    return TRUE;
  if (!S_ISSOCK (buffer.st_mode))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s is in the way of the socket: move it elsewhere", path);
      return FALSE;
    }
  probe =
    g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (probe == NULL)
    return FALSE;
  g_socket_set_blocking (probe, FALSE);
  if (g_socket_connect (probe, address, NULL, &refused) ||
      !g_error_matches (refused, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "another daemon answers at %s: stop it, or choose another --socket", path);
      return FALSE;
    }
  g_unlink (path);
  return TRUE;
}

MusterHttpListener *
muster_http_listener_new_unix (const char    *path,
                               MusterAccepted accepted,
                               gpointer       user_data,
                               GError       **error)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autofree char    *folder = g_path_get_dirname (path);
  MusterHttpListener *self;

  if (strlen (path) >= sizeof (((struct sockaddr_un *)NULL)->sun_path))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "the socket path %s is longer than a socket's may be (107 bytes)", path);
      return NULL;
    }
  address = g_unix_socket_address_new (path);
  g_mkdir_with_parents (folder, 0700);
  if (!clear_path (path, address, error))
    return NULL;
  self = muster_http_listener_new (address, accepted, user_data, error);
  if (self == NULL)
    return NULL;
  self->path = g_strdup (path);
  /* Nobody can connect before it listens, so there is no moment at which it stands open. */
  if (g_chmod (path, 0600) != 0 || g_lstat (path, &self->stat) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "%s cannot be made private: %s", path, g_strerror (errno));
      muster_http_listener_free (self);
      return NULL;
    }
  return muster_http_listener_listen (self, error);
}

MusterHttpListener *
muster_http_listener_new_tcp (const char    *address,
                              guint16        port,
                              MusterAccepted accepted,
                              gpointer       user_data,
                              GError       **error)
{
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new_from_string (address, port);
  MusterHttpListener *self;

  if (socket_address == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "'%s' is not an IP address to listen on", address);
      return NULL;
    }
  self = muster_http_listener_new (socket_address, accepted, user_data, error);
  return self != NULL ? muster_http_listener_listen (self, error) : NULL;
}

void
muster_http_listener_free (MusterHttpListener *self)
{
  GStatBuf now;

  muster_http_listener_unwatch (self);
  g_socket_close (self->socket, NULL);
  if (self->path != NULL && g_lstat (self->path, &now) == 0 && now.st_ino == self->stat.st_ino &&
      now.st_dev == self->stat.st_dev)
    g_unlink (self->path);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

void
muster_http_listener_set_paused (MusterHttpListener *self, gboolean paused)
{
  if (self->is_paused == paused)
    return;
  self->is_paused = paused;
  if (paused)
    muster_http_listener_unwatch (self);
  else
    muster_http_listener_watch (self);
}

GSocketAddress *
muster_http_listener_dup_address (MusterHttpListener *self)
{
  return g_socket_get_local_address (self->socket, NULL);
}
