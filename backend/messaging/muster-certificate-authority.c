/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-certificate-authority"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "core/muster-promise.h"
#include "core/muster-private-file.h"
#include "model/muster-error.h"
#include "muster-certificate-authority.h"
#include "muster-certificate.h"

#define SERVER_DAYS 397
#define RENEW_BEFORE (30 * G_TIME_SPAN_DAY)
#define CHECK_INTERVAL (6 * 60 * 60) /* seconds */

struct _MusterCertificateAuthority
{
  MusterService parent_instance;

  char        *directory;
  char        *site_name;
  char       **extra_hosts; /* (nullable) */
  MusterClock *clock;       /* (owned) */

  char   *certificate_pem;
  char   *key_pem;
  GBytes *certificate_der;
  char   *tls_name;
  char   *server_pem;
  char   *server_key_pem;
  guint   check_id;
};

G_DEFINE_FINAL_TYPE (MusterCertificateAuthority, muster_certificate_authority, MUSTER_TYPE_SERVICE)

enum
{
  SIGNAL_RENEWED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What a thread reads, makes and keeps, apart from the object. */
typedef struct
{
  char    *directory;
  char    *site_name;
  char   **hosts; /* without the name that the key gives */
  gint64   now;
  char    *certificate_pem;
  char    *key_pem;
  char    *server_pem;
  char    *server_key_pem;
  gboolean made_server;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->directory);
  g_free (job->site_name);
  g_strfreev (job->hosts);
  g_free (job->certificate_pem);
  g_free (job->key_pem);
  g_free (job->server_pem);
  g_free (job->server_key_pem);
  g_free (job);
}

/* Absent is no error: NULL. */
static gboolean
read_file (Job *job, const char *name, char **content, GError **error)
{
  g_autofree char *path = g_build_filename (job->directory, name, NULL);
  g_autoptr (GError) local_error = NULL;

  if (g_file_get_contents (path, content, NULL, &local_error) ||
      g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot read %s: %s", path,
               local_error->message);
  return FALSE;
}

static gboolean
write_file (Job *job, const char *name, const char *content, GError **error)
{
  g_autofree char *path = g_build_filename (job->directory, name, NULL);

  return muster_private_file_write (path, content, strlen (content), -1, -1, error);
}

/* The key is written last: without it the certificate is made anew. */
static gboolean
load_authority (Job *job, GError **error)
{
  g_autofree char *name = NULL;

  if (!read_file (job, "authority.pem", &job->certificate_pem, error) ||
      !read_file (job, "authority.key", &job->key_pem, error))
    return FALSE;
  if (job->certificate_pem != NULL && job->key_pem != NULL)
    {
      if (muster_certificate_get_end (job->certificate_pem) > 0)
        return TRUE;
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                   "%s/authority.pem is no certificate: restore it from a backup", job->directory);
      return FALSE;
    }
  g_clear_pointer (&job->certificate_pem, g_free);
  g_clear_pointer (&job->key_pem, g_free);
  name = g_strdup_printf ("%s (Muster)", job->site_name);
  return muster_certificate_make_authority (name, job->now, &job->certificate_pem, &job->key_pem,
                                            error) &&
         write_file (job, "authority.pem", job->certificate_pem, error) &&
         write_file (job, "authority.key", job->key_pem, error);
}

static gboolean
server_is_good (Job *job, const char *names, const char *names_then)
{
  return job->server_pem != NULL && job->server_key_pem != NULL &&
         g_strcmp0 (names, names_then) == 0 &&
         muster_certificate_get_end (job->server_pem) > job->now + RENEW_BEFORE;
}

static char *
make_tls_name (const char *authority_pem)
{
  g_autofree char *fingerprint = muster_certificate_get_fingerprint (authority_pem, 6);

  return g_strconcat ("muster-", fingerprint, NULL);
}

static gboolean
load_server (Job *job, GError **error)
{
  g_autofree char *tls_name = make_tls_name (job->certificate_pem);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  g_autofree char *names = NULL;
  g_autofree char *names_then = NULL;

  g_strv_builder_add (builder, tls_name);
  g_strv_builder_addv (builder, (const char **)job->hosts);
  list = g_strv_builder_end (builder);
  names = g_strjoinv ("\n", list);
  if (!read_file (job, "server.pem", &job->server_pem, error) ||
      !read_file (job, "server.key", &job->server_key_pem, error) ||
      !read_file (job, "server.names", &names_then, error))
    return FALSE;
  if (server_is_good (job, names, names_then))
    return TRUE;
  g_clear_pointer (&job->server_pem, g_free);
  g_clear_pointer (&job->server_key_pem, g_free);
  job->made_server = TRUE;
  return muster_certificate_make_server (job->certificate_pem, job->key_pem,
                                         (const char *const *)list, job->now, SERVER_DAYS,
                                         &job->server_pem, &job->server_key_pem, error) &&
         write_file (job, "server.names", "", error) &&
         write_file (job, "server.pem", job->server_pem, error) &&
         write_file (job, "server.key", job->server_key_pem, error) &&
         write_file (job, "server.names", names, error);
}

static DexFuture *
load_thread (gpointer user_data)
{
  Job *job = user_data;
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (job->directory, 0700) != 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_FAILED,
                                  "cannot make the folder %s: %s", job->directory,
                                  g_strerror (errno));
  if (!load_authority (job, &error) || !load_server (job, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_true ();
}

/* --- names and addresses --- */

static gboolean
is_useful (const struct ifaddrs *interface)
{
  return interface->ifa_addr != NULL && (interface->ifa_flags & IFF_UP) &&
         !(interface->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT));
}

static void
add_addresses (GStrvBuilder *builder, const struct ifaddrs *interfaces, GSocketFamily family)
{
  for (; interfaces != NULL; interfaces = interfaces->ifa_next)
    {
      g_autoptr (GSocketAddress) address = NULL;
      g_autofree char *text = NULL;
      GInetAddress    *inet;

      if (!is_useful (interfaces) || interfaces->ifa_addr->sa_family != family)
        continue;
      address =
        g_socket_address_new_from_native (interfaces->ifa_addr, sizeof (struct sockaddr_in6));
      inet = address != NULL ? g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))
                             : NULL;
      if (inet == NULL || g_inet_address_get_is_link_local (inet))
        continue;
      text = g_inet_address_to_string (inet);
      g_strv_builder_add (builder, text);
    }
}

char **
muster_certificate_authority_list_hosts (MusterCertificateAuthority *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  struct ifaddrs *interfaces = NULL;
  char          **hosts;
  char            name[256] = "";

  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self), NULL);

  if (getifaddrs (&interfaces) == 0)
    {
      add_addresses (builder, interfaces, G_SOCKET_FAMILY_IPV4);
      add_addresses (builder, interfaces, G_SOCKET_FAMILY_IPV6);
      freeifaddrs (interfaces);
    }
  hosts = g_strv_builder_end (builder);
  if (hosts[0] == NULL)
    g_strv_builder_add (builder, "127.0.0.1");
  g_strv_builder_addv (builder, (const char **)hosts);
  g_strfreev (hosts);
  if (self->extra_hosts != NULL)
    g_strv_builder_addv (builder, (const char **)self->extra_hosts);
  if (gethostname (name, sizeof name - 1) == 0 && *name != '\0' &&
      !g_str_has_prefix (name, "localhost"))
    g_strv_builder_take (builder,
                         strchr (name, '.') ? g_strdup (name) : g_strconcat (name, ".local", NULL));
  return g_strv_builder_end (builder);
}

/* Those, and what this machine itself may use. */
static char **
list_server_names (MusterCertificateAuthority *self)
{
  static const char *const own[] = { "localhost", "127.0.0.1", "::1", NULL };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) hosts = muster_certificate_authority_list_hosts (self);

  for (unsigned i = 0; hosts[i] != NULL; i++)
    if (!g_strv_contains (own, hosts[i]))
      g_strv_builder_add (builder, hosts[i]);
  g_strv_builder_addv (builder, (const char **)own);
  return g_strv_builder_end (builder);
}

/* --- service --- */

static void
take_job (MusterCertificateAuthority *self, Job *job)
{
  g_set_str (&self->certificate_pem, job->certificate_pem);
  g_set_str (&self->key_pem, job->key_pem);
  g_set_str (&self->server_pem, job->server_pem);
  g_set_str (&self->server_key_pem, job->server_key_pem);
  g_clear_pointer (&self->certificate_der, g_bytes_unref);
  self->certificate_der = muster_certificate_get_der (self->certificate_pem);
  g_free (self->tls_name);
  self->tls_name = make_tls_name (self->certificate_pem);
}

static DexFuture *
load_fiber (gpointer user_data)
{
  MusterCertificateAuthority *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) loaded = NULL;
  Job     *job = g_new0 (Job, 1);
  gboolean made;

  job->directory = g_strdup (self->directory);
  job->site_name = g_strdup (self->site_name);
  job->hosts = list_server_names (self);
  job->now = muster_clock_get_now (self->clock);
  loaded =
    dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, load_thread, job, NULL);
  if (!dex_await (dex_ref (loaded), &error))
    {
      job_free (job);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  take_job (self, job);
  made = job->made_server;
  job_free (job);
  return dex_future_new_for_boolean (made);
}

static DexFuture *
load (MusterCertificateAuthority *self)
{
  return dex_scheduler_spawn (NULL, 0, load_fiber, g_object_ref (self), g_object_unref);
}

static DexFuture *
renewed_cb (DexFuture *future, gpointer user_data)
{
  const GValue *made = dex_future_get_value (future, NULL);

  if (made != NULL && g_value_get_boolean (made))
    g_signal_emit (user_data, signals[SIGNAL_RENEWED], 0);
  return dex_ref (future);
}

DexFuture *
muster_certificate_authority_renew (MusterCertificateAuthority *self)
{
  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self), NULL);

  return dex_future_then (load (self), renewed_cb, g_object_ref (self), g_object_unref);
}

static gboolean
muster_certificate_authority_check_cb (gpointer user_data)
{
  muster_disown_logged (G_LOG_LEVEL_WARNING, muster_certificate_authority_renew (user_data),
                        "the server's certificate could not be renewed");
  return G_SOURCE_CONTINUE;
}

static DexFuture *
muster_certificate_authority_start (MusterService *service)
{
  MusterCertificateAuthority *self = MUSTER_CERTIFICATE_AUTHORITY (service);

  self->check_id =
    g_timeout_add_seconds (CHECK_INTERVAL, muster_certificate_authority_check_cb, self);
  return load (self);
}

static DexFuture *
muster_certificate_authority_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_CERTIFICATE_AUTHORITY (service)->check_id, g_source_remove);
  return NULL;
}

static void
muster_certificate_authority_finalize (GObject *object)
{
  MusterCertificateAuthority *self = MUSTER_CERTIFICATE_AUTHORITY (object);

  g_clear_handle_id (&self->check_id, g_source_remove);
  g_free (self->directory);
  g_free (self->site_name);
  g_strfreev (self->extra_hosts);
  g_clear_object (&self->clock);
  g_free (self->certificate_pem);
  g_free (self->key_pem);
  g_clear_pointer (&self->certificate_der, g_bytes_unref);
  g_free (self->tls_name);
  g_free (self->server_pem);
  g_free (self->server_key_pem);
  G_OBJECT_CLASS (muster_certificate_authority_parent_class)->finalize (object);
}

static void
muster_certificate_authority_class_init (MusterCertificateAuthorityClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_certificate_authority_finalize;
  service_class->name = "certificates";
  service_class->start = muster_certificate_authority_start;
  service_class->stop = muster_certificate_authority_stop;
  signals[SIGNAL_RENEWED] = g_signal_new ("renewed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_certificate_authority_init (MusterCertificateAuthority *self)
{
}

MusterCertificateAuthority *
muster_certificate_authority_new (const char        *directory,
                                  const char        *site_name,
                                  const char *const *hosts,
                                  MusterClock       *clock)
{
  MusterCertificateAuthority *self;

  g_return_val_if_fail (directory != NULL && site_name != NULL && MUSTER_IS_CLOCK (clock), NULL);

  self = g_object_new (MUSTER_TYPE_CERTIFICATE_AUTHORITY, NULL);
  self->directory = g_strdup (directory);
  self->site_name = g_strdup (site_name);
  self->extra_hosts = g_strdupv ((char **)hosts);
  self->clock = g_object_ref (clock);
  return self;
}

GBytes *
muster_certificate_authority_get_certificate_der (MusterCertificateAuthority *self)
{
  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self), NULL);

  return self->certificate_der;
}

const char *
muster_certificate_authority_get_certificate_pem (MusterCertificateAuthority *self)
{
  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self), NULL);

  return self->certificate_pem;
}

const char *
muster_certificate_authority_get_server_pem (MusterCertificateAuthority *self)
{
  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self), NULL);

  return self->server_pem;
}

const char *
muster_certificate_authority_get_server_key_pem (MusterCertificateAuthority *self)
{
  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self), NULL);

  return self->server_key_pem;
}

const char *
muster_certificate_authority_get_tls_name (MusterCertificateAuthority *self)
{
  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self), NULL);

  return self->tls_name;
}

GTlsCertificate *
muster_certificate_authority_dup_tls_certificate (MusterCertificateAuthority *self, GError **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (MUSTER_IS_CERTIFICATE_AUTHORITY (self) && self->server_pem != NULL, NULL);

  text = g_strconcat (self->server_key_pem, self->server_pem, self->certificate_pem, NULL);
  return g_tls_certificate_new_from_pem (text, -1, error);
}
