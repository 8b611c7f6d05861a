/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-client"

#include "config.h"

#include <gio/gunixsocketaddress.h>

#include "muster-api-client-private.h"
#include "muster-api-error.h"
#include "muster-api-exchange.h"
#include "muster-api-past.h"
#include "muster-api-sign-in.h"
#include "muster-api-stream-private.h"
#include "muster-soup.h"

#include "model/muster-error.h"

#define OFFERED_FINGERPRINT "muster-offered-fingerprint"
#define BEARER "Bearer "
#define CONNECTIONS 8
#define IDLE_SECONDS 30

struct _MusterApiClient
{
  GObject parent_instance;

  SoupSession *session; /* (owned) */
  GUri        *base;    /* (owned): scheme, host and port */
  char        *target;  /* (owned) */
  char        *token;   /* (owned) (nullable) */
  char        *pin;     /* (owned) (nullable) */

  MusterApiSignIn sign_in;

  MusterApiRetry      retry;
  MusterApiConnection connection;
  gint64              as_of;       /* UTC microseconds; 0: the present */
  unsigned            n_exchanges; /* on their way */
  char               *reason;      /* (owned) (nullable) */

  GHashTable      *shared; /* key -> MusterApiExchange, both borrowed: GETs on their way */
  MusterApiStream *stream; /* (owned) (nullable) */

  guint local : 1;
  guint needs_sign_in : 1; /* it is refused for want of a token that is good */
};

G_DEFINE_FINAL_TYPE (MusterApiClient, muster_api_client, G_TYPE_OBJECT)
G_DEFINE_ENUM_TYPE (MusterApiConnection,
                    muster_api_connection,
                    G_DEFINE_ENUM_VALUE (MUSTER_API_CONNECTION_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (MUSTER_API_CONNECTION_CONNECTED, "connected"),
                    G_DEFINE_ENUM_VALUE (MUSTER_API_CONNECTION_RECONNECTING, "reconnecting"),
                    G_DEFINE_ENUM_VALUE (MUSTER_API_CONNECTION_REFUSED, "refused"))

typedef enum
{
  PROP_CONNECTION = 1,
  PROP_REASON,
  PROP_TARGET,
  PROP_AS_OF,
  PROP_BUSY,
} MusterApiClientProperty;

static GParamSpec *properties[PROP_BUSY + 1];

enum
{
  SIGNAL_SIGN_IN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
muster_api_client_dispose (GObject *object)
{
  MusterApiClient *self = MUSTER_API_CLIENT (object);

  if (self->stream != NULL)
    muster_api_stream_detach (self->stream);
  g_clear_object (&self->stream);
  if (self->session != NULL)
    muster_soup_abort (self->session);
  g_clear_object (&self->session);
  muster_api_sign_in_clear (&self->sign_in);
  G_OBJECT_CLASS (muster_api_client_parent_class)->dispose (object);
}

static void
muster_api_client_finalize (GObject *object)
{
  MusterApiClient *self = MUSTER_API_CLIENT (object);

  g_clear_pointer (&self->base, g_uri_unref);
  g_free (self->target);
  g_free (self->token);
  g_free (self->pin);
  g_free (self->reason);
  g_hash_table_unref (self->shared);
  G_OBJECT_CLASS (muster_api_client_parent_class)->finalize (object);
}

static void
muster_api_client_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterApiClient *self = MUSTER_API_CLIENT (object);

  switch ((MusterApiClientProperty)prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_enum (value, self->connection);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_TARGET:
      g_value_set_string (value, self->target);
      break;
    case PROP_AS_OF:
      g_value_set_int64 (value, self->as_of);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->n_exchanges > 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_api_client_class_init (MusterApiClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = muster_api_client_dispose;
  object_class->finalize = muster_api_client_finalize;
  object_class->get_property = muster_api_client_get_property;
  properties[PROP_CONNECTION] =
    g_param_spec_enum ("connection", NULL, NULL, MUSTER_TYPE_API_CONNECTION,
                       MUSTER_API_CONNECTION_CONNECTING, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_REASON] =
    g_param_spec_string ("reason", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TARGET] =
    g_param_spec_string ("target", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_AS_OF] = g_param_spec_int64 ("as-of", NULL, NULL, 0, G_MAXINT64, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_BUSY] =
    g_param_spec_boolean ("busy", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[SIGNAL_SIGN_IN_CHANGED] =
    g_signal_new ("sign-in-changed", MUSTER_TYPE_API_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
muster_api_client_init (MusterApiClient *self)
{
  self->retry = MUSTER_API_RETRY_DEFAULT;
  self->shared = g_hash_table_new (g_str_hash, g_str_equal);
}

static SoupSession *
new_session (GSocketConnectable *connectable)
{
  SoupSession *session =
    g_object_new (SOUP_TYPE_SESSION, "remote-connectable", connectable, "max-conns", CONNECTIONS,
                  "max-conns-per-host", CONNECTIONS, "idle-timeout", IDLE_SECONDS, "timeout", 0,
                  "user-agent", "muster/" MUSTER_VERSION, NULL);

  /* On one machine, compressing costs more than it saves. */
  if (connectable != NULL)
    soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  return session;
}

char *
muster_api_client_dup_default_socket (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "muster", "api.sock", NULL);
}

MusterApiClient *
muster_api_client_new_for_socket (const char *path)
{
  MusterApiClient *self = g_object_new (MUSTER_TYPE_API_CLIENT, NULL);
  g_autoptr (GSocketAddress) address = NULL;

  self->target = path != NULL ? g_strdup (path) : muster_api_client_dup_default_socket ();
  address = g_unix_socket_address_new (self->target);
  self->session = new_session (G_SOCKET_CONNECTABLE (address));
  self->base = g_uri_build (SOUP_HTTP_URI_FLAGS, "http", NULL, "localhost", -1, "", NULL, NULL);
  self->local = TRUE;
  return self;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost") ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

static gboolean
check_base (GUri *uri, GError **error)
{
  const char *host = g_uri_get_host (uri);
  const char *path = g_uri_get_path (uri);

  if (host == NULL || *host == '\0')
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                         "address: must name a host, as in https://site.local:8443");
  else if (g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 &&
           !(g_strcmp0 (g_uri_get_scheme (uri), "http") == 0 && is_loopback (host)))
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                         "address: must begin with https://");
  else if ((*path != '\0' && !g_str_equal (path, "/")) || g_uri_get_query (uri) != NULL ||
           g_uri_get_userinfo (uri) != NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                         "address: must be host and port alone, without user, path or query");
  else
    return TRUE;
  return FALSE;
}

MusterApiClient *
muster_api_client_new_for_uri (const char *uri, GError **error)
{
  g_autoptr (GUri) parsed = NULL;
  MusterApiClient *self;

  g_return_val_if_fail (uri != NULL, NULL);

  parsed = g_uri_parse (uri, SOUP_HTTP_URI_FLAGS, NULL);
  if (parsed == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
                   "address: “%s” is not a URI, as in https://site.local:8443", uri);
      return NULL;
    }
  if (!check_base (parsed, error))
    return NULL;
  self = g_object_new (MUSTER_TYPE_API_CLIENT, NULL);
  self->session = new_session (NULL);
  self->base = g_steal_pointer (&parsed);
  self->target = g_strdup (uri);
  return self;
}

void
muster_api_client_set_token (MusterApiClient *self, const char *token)
{
  g_return_if_fail (MUSTER_IS_API_CLIENT (self));

  g_set_str (&self->token, token);
}

void
muster_api_client_set_sign_in (MusterApiClient *self, const char *access, const char *refresh)
{
  g_return_if_fail (MUSTER_IS_API_CLIENT (self));
  g_return_if_fail ((access == NULL) == (refresh == NULL));

  if (!muster_api_sign_in_set (&self->sign_in, access, refresh))
    return;
  /* What is on its way was asked by somebody else. */
  muster_api_client_forget_shared (self);
  g_signal_emit (self, signals[SIGNAL_SIGN_IN_CHANGED], 0);
}

gboolean
muster_api_client_is_signed_in (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), FALSE);

  return self->sign_in.access != NULL;
}

const char *
muster_api_client_get_access_token (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), NULL);

  return self->sign_in.access;
}

const char *
muster_api_client_get_refresh_token (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), NULL);

  return self->sign_in.refresh;
}

gboolean
muster_api_client_set_pin (MusterApiClient *self, const char *fingerprint, GError **error)
{
  char *pin = NULL;

  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), FALSE);

  if (fingerprint != NULL && (pin = muster_api_fingerprint_parse (fingerprint, error)) == NULL)
    return FALSE;
  g_free (self->pin);
  self->pin = pin;
  /* Without authorities every certificate is asked about, also one that an authority vouches for.
   */
  if (pin != NULL)
    soup_session_set_tls_database (self->session, NULL);
  else
    g_object_set (self->session, "tls-database",
                  g_tls_backend_get_default_database (g_tls_backend_get_default ()), NULL);
  return TRUE;
}

gboolean
muster_api_client_set_authority_file (MusterApiClient *self, const char *path, GError **error)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autofree char *absolute = NULL;

  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), FALSE);

  if (path == NULL)
    database = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  else
    {
      absolute = g_canonicalize_filename (path, NULL);
      database = g_tls_file_database_new (absolute, error);
    }
  if (database == NULL)
    return path == NULL;
  soup_session_set_tls_database (self->session, database);
  return TRUE;
}

void
muster_api_client_set_retry (MusterApiClient *self, const MusterApiRetry *retry)
{
  g_return_if_fail (MUSTER_IS_API_CLIENT (self) && retry != NULL);

  self->retry = *retry;
}

const char *
muster_api_client_get_target (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), NULL);

  return self->target;
}

gboolean
muster_api_client_is_local (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), FALSE);

  return self->local;
}

MusterApiConnection
muster_api_client_get_connection (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), MUSTER_API_CONNECTION_CONNECTING);

  return self->connection;
}

gboolean
muster_api_client_needs_sign_in (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), FALSE);

  return self->needs_sign_in;
}

const char *
muster_api_client_get_reason (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), NULL);

  return self->reason;
}

SoupSession *
muster_api_client_get_session (MusterApiClient *self)
{
  return self->session;
}

static gboolean
muster_api_client_accept_certificate_cb (SoupMessage         *message,
                                         GTlsCertificate     *certificate,
                                         GTlsCertificateFlags problems,
                                         gpointer             user_data)
{
  MusterApiClient *self = user_data;
  g_autofree char *fingerprint = muster_api_fingerprint_new (certificate);

  if (g_strcmp0 (fingerprint, self->pin) == 0)
    return TRUE;
  g_object_set_data_full (G_OBJECT (message), OFFERED_FINGERPRINT, g_steal_pointer (&fingerprint),
                          g_free);
  return FALSE;
}

SoupMessage *
muster_api_client_make_message (MusterApiClient *self, const char *method, const char *path)
{
  g_autoptr (GUri) uri = g_uri_parse_relative (self->base, path, SOUP_HTTP_URI_FLAGS, NULL);
  SoupMessage *message = soup_message_new_from_uri (method, uri);
  const char  *token = self->sign_in.access != NULL ? self->sign_in.access : self->token;

  if (token != NULL)
    {
      g_autofree char *value = g_strconcat (BEARER, token, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                    value);
    }
  g_signal_connect_object (message, "accept-certificate",
                           G_CALLBACK (muster_api_client_accept_certificate_cb), self,
                           G_CONNECT_DEFAULT);
  return message;
}

DexFuture *
muster_api_client_renew (MusterApiClient *self, SoupMessage *message)
{
  const char *used =
    soup_message_headers_get_one (soup_message_get_request_headers (message), "Authorization");

  return muster_api_sign_in_renew (&self->sign_in, self,
                                   used != NULL ? used + strlen (BEARER) : NULL);
}

DexFuture *
muster_api_client_renew_sign_in (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), NULL);

  return muster_api_sign_in_renew (&self->sign_in, self, self->sign_in.access);
}

GError *
muster_api_client_explain (MusterApiClient *self, SoupMessage *message, GError *error)
{
  const char *fingerprint = g_object_get_data (G_OBJECT (message), OFFERED_FINGERPRINT);

  if (fingerprint != NULL && error->domain == G_TLS_ERROR)
    {
      g_error_free (error);
      return muster_api_certificate_error_new (self->pin != NULL
                                                 ? MUSTER_API_CERTIFICATE_ERROR_CHANGED
                                                 : MUSTER_API_CERTIFICATE_ERROR_UNTRUSTED,
                                               fingerprint);
    }
  if (muster_api_error_is_unreachable (error))
    g_prefix_error (&error, "cannot reach the daemon at %s: ", self->target);
  return error;
}

static void
muster_api_client_set_connection (MusterApiClient    *self,
                                  MusterApiConnection connection,
                                  const char         *reason)
{
  g_object_freeze_notify (G_OBJECT (self));
  self->needs_sign_in &= connection == MUSTER_API_CONNECTION_REFUSED;
  if (g_set_str (&self->reason, reason))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
  if (self->connection != connection)
    {
      self->connection = connection;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
muster_api_client_report (MusterApiClient *self, const GError *error)
{
  MusterApiConnection lost = self->connection == MUSTER_API_CONNECTION_CONNECTING
                               ? MUSTER_API_CONNECTION_CONNECTING
                               : MUSTER_API_CONNECTION_RECONNECTING;

  if (error == NULL)
    {
      if (self->connection != MUSTER_API_CONNECTION_CONNECTED && self->stream != NULL)
        muster_api_stream_retry_now (self->stream);
      muster_api_client_set_connection (self, MUSTER_API_CONNECTION_CONNECTED, NULL);
    }
  else if (error->domain == MUSTER_API_CERTIFICATE_ERROR ||
           g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED))
    {
      self->needs_sign_in = error->domain == MUSTER_ERROR;
      muster_api_client_set_connection (self, MUSTER_API_CONNECTION_REFUSED, error->message);
    }
  else
    muster_api_client_set_connection (self, lost, error->message);
}

static void
muster_api_client_exchange_done_cb (MusterApiExchange *exchange, gpointer user_data)
{
  MusterApiClient *self = user_data;
  const char      *key = muster_api_exchange_get_key (exchange);

  if (--self->n_exchanges == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  if (g_hash_table_lookup (self->shared, key) == exchange)
    g_hash_table_remove (self->shared, key);
  else if (!g_str_has_prefix (key, "GET "))
    muster_api_client_forget_shared (self);
}

void
muster_api_client_forget_shared (MusterApiClient *self)
{
  g_hash_table_remove_all (self->shared);
}

/* Has REQUEST ask for the moment that is looked at; FALSE where there is nothing to be changed. */
static gboolean
look_back (MusterApiClient *self, MusterApiRequest *request)
{
  MusterApiPast judged = muster_api_past_judge (muster_api_request_get_method (request),
                                                muster_api_request_get_path (request));

  if (judged == MUSTER_API_PAST_ASKS)
    muster_api_request_set_as_of (request, self->as_of);
  return judged != MUSTER_API_PAST_CHANGES;
}

DexFuture *
muster_api_client_send (MusterApiClient *self, MusterApiRequest *request)
{
  g_autoptr (MusterApiExchange) exchange = NULL;
  g_autofree char   *key = NULL;
  MusterApiExchange *shared;

  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self) && request != NULL, NULL);

  if (self->as_of != 0 && !look_back (self, request))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                  "the past cannot be changed: go back to the present first");
  key = muster_api_exchange_make_key (request);
  shared =
    muster_api_request_is_shareable (request) ? g_hash_table_lookup (self->shared, key) : NULL;
  if (shared != NULL)
    return muster_api_exchange_wait (shared);
  exchange =
    muster_api_exchange_new (self, request, &self->retry, muster_api_client_exchange_done_cb, self);
  if (self->n_exchanges++ == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  if (muster_api_request_is_shareable (request))
    g_hash_table_insert (self->shared, (char *)muster_api_exchange_get_key (exchange), exchange);
  return muster_api_exchange_wait (exchange);
}

void
muster_api_client_set_as_of (MusterApiClient *self, gint64 at)
{
  g_return_if_fail (MUSTER_IS_API_CLIENT (self));
  g_return_if_fail (at >= 0);

  if (self->as_of == at)
    return;
  self->as_of = at;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AS_OF]);
}

gboolean
muster_api_client_is_busy (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), FALSE);

  return self->n_exchanges > 0;
}

gint64
muster_api_client_get_as_of (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), 0);

  return self->as_of;
}

MusterApiStream *
muster_api_client_get_stream (MusterApiClient *self)
{
  g_return_val_if_fail (MUSTER_IS_API_CLIENT (self), NULL);

  if (self->stream == NULL)
    self->stream = muster_api_stream_new (self);
  return self->stream;
}
