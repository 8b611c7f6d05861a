/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-link"

#include "config.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <gio/gio.h>
#include <mosquitto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "muster-node-link.h"

/* Beyond this the broker does not keep up: the node keeps its samples rather than queue them here.
 */
#define QUEUE_MAX (256 * 1024)

struct _MusterNodeLink
{
  MusterNodeReactor          *reactor;
  const MusterNodeLinkEvents *events;
  gpointer                    user_data;
  struct mosquitto           *mosq; /* (owned) (nullable) */
  MusterNodeWatch             watch;
  gsize                       queued;
  GCancellable               *resolving; /* (owned) (nullable): the host is looked up */
  guint                       attempts;  /* to connect by name */
  guint16                     port;
  guint16                     keepalive_s;
  guint                       left : 1;        /* our wish: nothing more is reported */
  guint                       established : 1; /* CONNACK came */
};

/* Trust in one site's authority, for one name; shared by all nodes of the site. Key: what
 * trust_key() makes. */
static GHashTable *trusts;

static char *
trust_key (const struct mf_connect *how, const char *name)
{
  g_autofree char *hash =
    g_compute_checksum_for_data (G_CHECKSUM_SHA256, how->ca.data, how->ca.size);

  return g_strconcat (hash, " ", name, NULL);
}

static gboolean
set_name (SSL_CTX *trust, const char *name)
{
  X509_VERIFY_PARAM *param = SSL_CTX_get0_param (trust);

  return X509_VERIFY_PARAM_set1_ip_asc (param, name) == 1 ||
         X509_VERIFY_PARAM_set1_host (param, name, 0) == 1;
}

/* Checks chain and name, and nothing but the site's authority. Buffers are released while idle: a
 * fleet has thousands. */
static SSL_CTX *
make_trust (const struct mf_connect *how, const char *name)
{
  const unsigned char *der = how->ca.data;
  X509                *ca = d2i_X509 (NULL, &der, (long)how->ca.size);
  SSL_CTX             *trust = SSL_CTX_new (TLS_client_method ());
  gboolean             good;

  SSL_CTX_set_min_proto_version (trust, TLS1_2_VERSION);
  SSL_CTX_set_verify (trust, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_mode (trust, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode (trust, SSL_SESS_CACHE_OFF);
  good = ca != NULL && X509_STORE_add_cert (SSL_CTX_get_cert_store (trust), ca) == 1 &&
         set_name (trust, name);
  X509_free (ca);
  ERR_clear_error (); /* a name that is no address leaves one, and libmosquitto would take it for
                         its own */
  if (good)
    return trust;
  SSL_CTX_free (trust);
  return NULL;
}

static SSL_CTX *
get_trust (const struct mf_connect *how)
{
  const char      *name = how->tls_name[0] != '\0' ? how->tls_name : how->host;
  g_autofree char *key = trust_key (how, name);
  SSL_CTX         *trust;

  if (trusts == NULL)
    trusts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)SSL_CTX_free);
  trust = g_hash_table_lookup (trusts, key);
  if (trust == NULL && (trust = make_trust (how, name)) != NULL)
    g_hash_table_insert (trusts, g_steal_pointer (&key), trust);
  return trust;
}

void
muster_node_link_shutdown (void)
{
  g_clear_pointer (&trusts, g_hash_table_unref);
  mosquitto_lib_cleanup ();
}

static void muster_node_link_ready_cb (guint events, gpointer user_data);

/* libmosquitto opens and closes its socket as it likes, and wants to write at times: look after
 * every call of it. */
static void
muster_node_link_rewatch (MusterNodeLink *self)
{
  int fd = self->mosq != NULL ? mosquitto_socket (self->mosq) : -1;

  if (fd < 0)
    {
      muster_node_reactor_forget (self->reactor, &self->watch);
      return;
    }
  if (!mosquitto_want_write (self->mosq))
    self->queued = 0;
  muster_node_reactor_watch (self->reactor, &self->watch, fd,
                             EPOLLIN | (mosquitto_want_write (self->mosq) ? EPOLLOUT : 0u),
                             muster_node_link_ready_cb, self);
}

static void
muster_node_link_drop (MusterNodeLink *self)
{
  if (self->resolving != NULL)
    g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  muster_node_reactor_unwatch (self->reactor, &self->watch);
  g_clear_pointer (&self->mosq, mosquitto_destroy);
  self->queued = 0;
}

static void
muster_node_link_lost (MusterNodeLink *self, const char *why)
{
  gboolean silent = self->left;

  self->left = TRUE;
  if (!silent)
    self->events->disconnected (self->user_data, why);
}

static void
muster_node_link_connect_cb (struct mosquitto *mosq, void *user_data, int code)
{
  MusterNodeLink *self = user_data;

  if (self->left)
    return;
  self->established = code == 0;
  if (code == 0)
    self->events->connected (self->user_data);
  else
    muster_node_link_lost (self, mosquitto_connack_string (code));
}

static void
muster_node_link_disconnect_cb (struct mosquitto *mosq, void *user_data, int code)
{
  muster_node_link_lost (user_data, mosquitto_strerror (code));
}

static void
muster_node_link_subscribe_cb (struct mosquitto *mosq,
                               void             *user_data,
                               int               id,
                               int               n_granted,
                               const int        *granted)
{
  MusterNodeLink *self = user_data;

  if (!self->left)
    self->events->subscribed (self->user_data, n_granted > 0 && granted[0] < 0x80);
}

static void
muster_node_link_message_cb (struct mosquitto               *mosq,
                             void                           *user_data,
                             const struct mosquitto_message *message)
{
  MusterNodeLink *self = user_data;
  struct mf_bytes payload = { message->payload, (size_t)message->payloadlen };

  if (!self->left)
    self->events->message (self->user_data, message->topic, payload);
}

/* A connection that the other side refused shows as an error of the socket before TLS has said a
 * word. */
static gboolean
muster_node_link_is_refused (MusterNodeLink *self, guint events)
{
  int       trouble = 0;
  socklen_t size = sizeof trouble;

  return (events & (EPOLLERR | EPOLLHUP)) != 0 && !self->established &&
         getsockopt (mosquitto_socket (self->mosq), SOL_SOCKET, SO_ERROR, &trouble, &size) == 0 &&
         trouble != 0;
}

static void
muster_node_link_ready_cb (guint events, gpointer user_data)
{
  MusterNodeLink *self = user_data;
  int             code = MOSQ_ERR_SUCCESS;

  if (muster_node_link_is_refused (self, events))
    code = MOSQ_ERR_CONN_REFUSED;
  if (code == MOSQ_ERR_SUCCESS && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
    code = mosquitto_loop_read (self->mosq, 1);
  if (code == MOSQ_ERR_SUCCESS && (events & EPOLLOUT) != 0)
    code = mosquitto_loop_write (self->mosq, 1);
  if (code != MOSQ_ERR_SUCCESS)
    {
      muster_node_link_drop (self);
      muster_node_link_lost (self, mosquitto_strerror (code));
      return;
    }
  muster_node_link_rewatch (self);
}

MusterNodeLink *
muster_node_link_new (MusterNodeReactor          *reactor,
                      const MusterNodeLinkEvents *events,
                      gpointer                    user_data)
{
  MusterNodeLink *self = g_new0 (MusterNodeLink, 1);

  mosquitto_lib_init ();
  self->reactor = reactor;
  self->events = events;
  self->user_data = user_data;
  self->left = TRUE;
  return self;
}

void
muster_node_link_free (MusterNodeLink *self)
{
  self->left = TRUE;
  muster_node_link_drop (self);
  g_free (self);
}

/* Connects to ADDRESS, which is no name: libmosquitto would wait for its resolution. */
static bool
muster_node_link_open (MusterNodeLink *self, const char *address)
{
  int code;

  self->left = TRUE; /* what fails within the call is its result, not an event */
  code = mosquitto_connect_async (self->mosq, address, self->port, self->keepalive_s);
  if (code != MOSQ_ERR_SUCCESS)
    {
      g_debug ("%s port %u: %s", address, self->port, mosquitto_strerror (code));
      muster_node_link_drop (self);
      return false;
    }
  self->left = FALSE;
  muster_node_link_rewatch (self);
  return true;
}

static void
muster_node_link_resolved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  MusterNodeLink *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  GList           *addresses;

  addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the link may be gone */
  g_clear_object (&self->resolving);
  /* Every attempt tries the next of them: the core comes back when this one does not answer. */
  if (addresses != NULL)
    address = g_inet_address_to_string (
      g_list_nth_data (addresses, self->attempts++ % g_list_length (addresses)));
  g_resolver_free_addresses (addresses);
  if (address != NULL && muster_node_link_open (self, address))
    return;
  muster_node_link_drop (self);
  self->left = FALSE;
  muster_node_link_lost (self, error != NULL ? error->message : "cannot connect");
}

/* The answer comes by muster_node_link_resolved_cb(). */
static bool
muster_node_link_resolve (MusterNodeLink *self, const char *host)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  self->left = FALSE;
  self->resolving = g_cancellable_new ();
  g_resolver_lookup_by_name_async (resolver, host, self->resolving, muster_node_link_resolved_cb,
                                   self);
  return true;
}

bool
muster_node_link_connect (MusterNodeLink *self, const struct mf_connect *how)
{
  SSL_CTX *trust = get_trust (how);

  muster_node_link_drop (self);
  if (trust == NULL)
    {
      g_warning ("the site's certificate is of no use");
      return false;
    }
  self->mosq = mosquitto_new (how->client_id, true, self);
  if (self->mosq == NULL)
    return false;
  mosquitto_connect_callback_set (self->mosq, muster_node_link_connect_cb);
  mosquitto_disconnect_callback_set (self->mosq, muster_node_link_disconnect_cb);
  mosquitto_subscribe_callback_set (self->mosq, muster_node_link_subscribe_cb);
  mosquitto_message_callback_set (self->mosq, muster_node_link_message_cb);
  mosquitto_int_option (self->mosq, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
  mosquitto_void_option (self->mosq, MOSQ_OPT_SSL_CTX, trust);
  mosquitto_int_option (self->mosq, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_username_pw_set (self->mosq, how->username, how->password);
  mosquitto_will_set (self->mosq, how->will_topic, (int)how->will.size, how->will.data, 1, false);
  self->established = FALSE;
  self->port = how->port;
  self->keepalive_s = how->keepalive_s;
  if (g_hostname_is_ip_address (how->host))
    return muster_node_link_open (self, how->host);
  return muster_node_link_resolve (self, how->host);
}

bool
muster_node_link_subscribe (MusterNodeLink *self, const char *topic, int qos)
{
  bool done =
    self->mosq != NULL && mosquitto_subscribe (self->mosq, NULL, topic, qos) == MOSQ_ERR_SUCCESS;

  muster_node_link_rewatch (self);
  return done;
}

bool
muster_node_link_publish (MusterNodeLink *self,
                          const char     *topic,
                          struct mf_bytes payload,
                          int             qos,
                          bool            retain)
{
  bool done;

  if (self->mosq == NULL || self->queued > QUEUE_MAX)
    return false;
  done = mosquitto_publish (self->mosq, NULL, topic, (int)payload.size, payload.data, qos,
                            retain) == MOSQ_ERR_SUCCESS;
  self->queued += payload.size;
  muster_node_link_rewatch (self);
  return done;
}

void
muster_node_link_disconnect (MusterNodeLink *self)
{
  self->left = TRUE;
  if (self->resolving != NULL)
    muster_node_link_drop (self);
  else if (self->mosq != NULL)
    mosquitto_disconnect (self->mosq);
  muster_node_link_rewatch (self);
}

void
muster_node_link_tick (MusterNodeLink *self)
{
  if (self->mosq == NULL || self->resolving != NULL)
    return;
  mosquitto_loop_misc (self->mosq);
  if (mosquitto_socket (self->mosq) < 0)
    muster_node_link_drop (self);
  else
    muster_node_link_rewatch (self);
}

void
muster_node_link_cut (MusterNodeLink *self)
{
  self->left = TRUE;
  if (self->mosq != NULL && mosquitto_socket (self->mosq) >= 0)
    shutdown (mosquitto_socket (self->mosq), SHUT_RDWR);
  muster_node_link_drop (self);
}
