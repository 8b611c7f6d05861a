/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-http-connection"

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "model/muster-person.h"
#include "muster-http-connection.h"

static G_DEFINE_QUARK (muster-http-connection, connection);

/* Whether UID belongs to the group GID, as its main or a further one. */
static gboolean
user_is_in_group (const struct passwd *user, gid_t gid)
{
  gid_t groups[256];
  int   n_groups = G_N_ELEMENTS (groups);

  if (user == NULL || getgrouplist (user->pw_name, user->pw_gid, groups, &n_groups) < 0)
    return FALSE;
  for (int i = 0; i < n_groups; i++)
    if (groups[i] == gid)
      return TRUE;
  return FALSE;
}

/* Asked of the kernel itself: GCredentials has no room for a peer in another PID namespace (a
 * Flatpak's console), whose process id reads as 0 here. */
static uid_t
get_peer_user (GSocket *socket)
{
  struct ucred credentials;
  socklen_t    length = sizeof credentials;

  if (getsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0)
    return (uid_t)-1;
  return credentials.uid;
}

static void
muster_http_connection_identify (MusterHttpConnection *self, gint64 group)
{
  uid_t            uid = get_peer_user (self->socket);
  g_autofree char *buffer = g_malloc (16384);
  struct passwd    entry, *user = NULL;
  g_autofree char *name = NULL;
  const char      *role = NULL;

  if (uid == (uid_t)-1)
    {
      self->is_refused = TRUE;
      return;
    }
  getpwuid_r (uid, &entry, buffer, 16384, &user);
  name = user != NULL ? g_strdup (user->pw_name) : g_strdup_printf ("%u", uid);
  if (uid == 0 || uid == geteuid ())
    role = "administrator";
  else if (group >= 0 && user_is_in_group (user, group))
    role = "operator";
  self->is_refused = role == NULL;
  if (role != NULL)
    self->actor = muster_actor_new (MUSTER_ACTOR_LOCAL, name, name,
                                    muster_enum_parse (&muster_role_enum, role));
}

static GSocketAddress *
copy_remote_address (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_remote_address (socket, NULL);

  if (address == NULL || !G_IS_INET_SOCKET_ADDRESS (address))
    return g_unix_socket_address_new ("");
  return g_inet_socket_address_new (
    g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)),
    g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

MusterHttpConnection *
muster_http_connection_new (GSocket *socket, gint64 group)
{
  MusterHttpConnection *self = g_new0 (MusterHttpConnection, 1);

  self->socket = g_object_ref (socket);
  self->address = copy_remote_address (socket);
  self->is_unix = g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX;
  if (self->is_unix)
    {
      self->remote = g_ref_string_new_intern ("unix");
      muster_http_connection_identify (self, group);
    }
  else
    {
      g_autofree char *text = g_inet_address_to_string (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->address)));

      self->remote = g_ref_string_new (text);
      /* An answer is two small writes: the second must not wait for the first one's
       * acknowledgement. */
      g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
    }
  g_object_set_qdata (G_OBJECT (self->address), connection_quark (), self);
  muster_http_connection_set_state (self, MUSTER_CONNECTION_NEW);
  return self;
}

void
muster_http_connection_free (MusterHttpConnection *self)
{
  g_object_set_qdata (G_OBJECT (self->address), connection_quark (), NULL);
  g_clear_object (&self->address);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->remote, g_ref_string_release);
  g_clear_object (&self->certificate);
  g_free (self);
}

MusterHttpConnection *
muster_http_connection_find (GSocketAddress *address)
{
  return g_object_get_qdata (G_OBJECT (address), connection_quark ());
}

void
muster_http_connection_set_state (MusterHttpConnection *self, MusterConnectionState state)
{
  self->state = state;
  self->since = g_get_monotonic_time ();
}

gint64
muster_http_connection_get_patience (MusterHttpConnection *self)
{
  switch (self->state)
    {
    case MUSTER_CONNECTION_NEW:
    case MUSTER_CONNECTION_HEADERS:
      return 20 * G_USEC_PER_SEC;
    case MUSTER_CONNECTION_IDLE:
      return 120 * G_USEC_PER_SEC;
    case MUSTER_CONNECTION_BODY:
      return 60 * G_USEC_PER_SEC;
    case MUSTER_CONNECTION_WRITING:
      return 300 * G_USEC_PER_SEC;
    case MUSTER_CONNECTION_CLOSING:
      return 2 * G_USEC_PER_SEC;
    case MUSTER_CONNECTION_HANDLING:
    case MUSTER_CONNECTION_UPGRADED:
    default:
      return G_MAXINT64;
    }
}

void
muster_http_connection_shut (MusterHttpConnection *self)
{
  muster_http_connection_set_state (self, MUSTER_CONNECTION_CLOSING);
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
}
