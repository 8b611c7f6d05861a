/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-broker-setup"

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "core/muster-private-file.h"
#include "model/muster-error.h"
#include "muster-broker-files.h"
#include "muster-broker-setup.h"

#define USUAL_PORT 8883
#define PORT_PATIENCE                                                                              \
  30 /* tenths of a second: the broker of the start before may still be about to end */

/* As whom the broker runs. When root starts it, it becomes an ordinary user, who must own its
 * files. */
typedef struct
{
  const char *name; /* (nullable): that the broker itself must be told */
  int         uid;
  int         gid;
} Owner;

MusterBrokerSetup *
muster_broker_setup_new (const char *directory)
{
  MusterBrokerSetup *self = g_new0 (MusterBrokerSetup, 1);

  self->directory = g_strdup (directory);
  return self;
}

static void
setup_free (gpointer data)
{
  MusterBrokerSetup *self = data;

  g_free (self->directory);
  g_free (self->socket);
  g_free (self->address);
  g_free (self->passwords);
  g_free (self->acl);
  g_free (self->plain_passwords);
  g_free (self->plain_acl);
  g_free (self->authority_pem);
  g_free (self->server_pem);
  g_free (self->server_key_pem);
  g_free (self);
}

static gboolean
prepare_directory (MusterBrokerSetup *self, Owner *owner, GError **error)
{
  static const char *const names[] = { "mosquitto", "nobody" };

  *owner = (Owner){ NULL, -1, -1 };
  if (g_mkdir_with_parents (self->directory, 0700) != 0 || g_chmod (self->directory, 0700) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot make the folder %s: %s",
                   self->directory, g_strerror (errno));
      return FALSE;
    }
  if (geteuid () != 0)
    return TRUE;
  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char           buffer[4096];
      struct passwd  entry;
      struct passwd *found = NULL;

      if (getpwnam_r (names[i], &entry, buffer, sizeof buffer, &found) == 0 && found != NULL &&
          chown (self->directory, entry.pw_uid, entry.pw_gid) == 0)
        {
          *owner = (Owner){ NULL, entry.pw_uid, entry.pw_gid };
          return TRUE;
        }
    }
  /* Root of a user namespace without other users is an ordinary user to the machine. */
  owner->name = "root";
  return TRUE;
}

static gboolean
write_file (MusterBrokerSetup *self,
            const Owner       *owner,
            const char        *name,
            const char        *content,
            GError           **error)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);

  return muster_private_file_write (path, content, strlen (content), owner->uid, owner->gid, error);
}

static gboolean
can_bind (GInetAddress *address, int port)
{
  g_autoptr (GSocketAddress) socket_address = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (address),
                                            G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  return socket != NULL && g_socket_bind (socket, socket_address, TRUE, NULL) &&
         g_socket_listen (socket, NULL);
}

gboolean
muster_broker_setup_port_is_free (const char *address, int port)
{
  g_autoptr (GInetAddress) inet = address ? g_inet_address_new_from_string (address)
                                         : g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);

  return inet != NULL && can_bind (inet, port);
}

static int
find_free_port (const char *address)
{
  g_autoptr (GInetAddress) inet = address ? g_inet_address_new_from_string (address)
                                         : g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = inet ? g_inet_socket_address_new (inet, 0) : NULL;
  g_autoptr (GSocket) socket =
              inet ? g_socket_new (g_inet_address_get_family (inet), G_SOCKET_TYPE_STREAM,
                                   G_SOCKET_PROTOCOL_DEFAULT, NULL)
                   : NULL;
  g_autoptr (GSocketAddress) got = NULL;

  if (socket == NULL || !g_socket_bind (socket, wanted, TRUE, NULL))
    return 0;
  got = g_socket_get_local_address (socket, NULL);
  return got != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)) : 0;
}

/* Devices look for the broker where it was: the port of the last start is given up only when
 * somebody else keeps it. */
static int
choose_port (MusterBrokerSetup *self)
{
  g_autofree char *path = g_build_filename (self->directory, "port", NULL);
  g_autofree char *content = NULL;
  int              last = g_file_get_contents (path, &content, NULL, NULL) ? atoi (content) : 0;

  if (self->any_port)
    return find_free_port (self->address);
  for (int i = 0; last > 0 && last <= 65535 && i < PORT_PATIENCE; i++)
    {
      if (muster_broker_setup_port_is_free (self->address, last))
        return last;
      g_usleep (G_USEC_PER_SEC / 10);
    }
  return muster_broker_setup_port_is_free (self->address, USUAL_PORT)
           ? USUAL_PORT
           : find_free_port (self->address);
}

/* Sockets of starts that were killed. */
static void
remove_old_sockets (MusterBrokerSetup *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ".sock") && !g_str_equal (name, self->socket))
      {
        g_autofree char *path = g_build_filename (self->directory, name, NULL);

        g_unlink (path);
      }
}

static gboolean
write_whole (MusterBrokerSetup *self, const Owner *owner, int port, GError **error)
{
  g_autofree char *config =
    muster_broker_make_config (owner->name, self->socket, self->address, port,
                               self->plain_port != port ? self->plain_port : 0);
  g_autofree char *port_text = g_strdup_printf ("%d\n", port);

  remove_old_sockets (self);

  return write_file (self, owner, "mosquitto.conf", config, error) &&
         write_file (self, owner, "port", port_text, error) &&
         write_file (self, owner, "authority.pem", self->authority_pem, error) &&
         write_file (self, owner, "server.pem", self->server_pem, error) &&
         write_file (self, owner, "server.key", self->server_key_pem, error);
}

static DexFuture *
setup_thread (gpointer user_data)
{
  MusterBrokerSetup *self = user_data;
  g_autoptr (GError) error = NULL;
  Owner owner;
  int   port = self->port;

  if (!prepare_directory (self, &owner, &error) ||
      !write_file (self, &owner, "password", self->passwords, &error) ||
      !write_file (self, &owner, "acl", self->acl, &error) ||
      !write_file (self, &owner, "password-plain", self->plain_passwords, &error) ||
      !write_file (self, &owner, "acl-plain", self->plain_acl, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (!self->whole)
    return dex_future_new_for_int (0);
  if (port == 0)
    port = choose_port (self);
  if (port == 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "no port is free at %s for the broker",
                                  self->address ? self->address : "this machine");
  if (!write_whole (self, &owner, port, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_for_int (port);
}

DexFuture *
muster_broker_setup_run (MusterBrokerSetup *setup)
{
  g_return_val_if_fail (setup != NULL, NULL);

  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, setup_thread, setup,
                              setup_free);
}
