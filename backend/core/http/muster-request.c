/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-request"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "muster-request-certificate.h"
#include "muster-request-private.h"

G_DEFINE_FINAL_TYPE (MusterRequest, muster_request, G_TYPE_OBJECT)

static void
muster_request_clear_params (MusterRequest *self)
{
  for (unsigned i = 0; self->params != NULL && i < self->entry->route->n_query; i++)
    {
      muster_value_clear (&self->entry->route->query[i], &self->params[i]);
      g_free (self->param_texts[i]);
    }
  g_clear_pointer (&self->params, g_free);
  g_clear_pointer (&self->param_texts, g_free);
}

static void
muster_request_finalize (GObject *object)
{
  MusterRequest *self = MUSTER_REQUEST (object);

  muster_request_clear_params (self);
  muster_path_clear (&self->path);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->local, muster_actor_unref);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->remote, g_ref_string_release);
  g_clear_pointer (&self->query, muster_query_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->json, json_node_unref);
  g_clear_object (&self->entity);
  g_clear_fd (&self->body_fd, NULL);
  G_OBJECT_CLASS (muster_request_parent_class)->finalize (object);
}

static void
muster_request_class_init (MusterRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_request_finalize;
}

static void
muster_request_init (MusterRequest *self)
{
  self->body_fd = -1;
}

MusterRequest *
muster_request_new (const char         *id,
                    const char         *method,
                    SoupMessageHeaders *headers,
                    MusterActor        *actor,
                    char               *remote)
{
  MusterRequest *self = g_object_new (MUSTER_TYPE_REQUEST, NULL);

  self->id = g_strdup (id);
  self->method = method;
  self->headers = headers != NULL ? soup_message_headers_ref (headers) : NULL;
  self->actor = actor != NULL ? muster_actor_ref (actor) : NULL;
  self->local = actor != NULL ? muster_actor_ref (actor) : NULL;
  self->remote = remote != NULL ? g_ref_string_acquire (remote) : NULL;
  return self;
}

MusterActor *
muster_request_get_actor (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->actor;
}

const char *
muster_request_get_id (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->id;
}

const char *
muster_request_get_method (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->method;
}

static int
muster_request_find_path_param (MusterRequest *self, const char *name)
{
  for (unsigned i = 0; self->entry != NULL && i < self->entry->n_params; i++)
    if (strcmp (self->entry->params[i].name, name) == 0)
      return i;
  g_critical ("the route has no path parameter '%s'", name);
  return -1;
}

const char *
muster_request_get_path_param (MusterRequest *self, const char *name)
{
  int index;

  g_return_val_if_fail (MUSTER_IS_REQUEST (self) && name != NULL, NULL);

  index = muster_request_find_path_param (self, name);
  return index >= 0 ? self->path.segments[self->entry->params[index].segment] : NULL;
}

gint64
muster_request_get_path_integer (MusterRequest *self, const char *name)
{
  int index;

  g_return_val_if_fail (MUSTER_IS_REQUEST (self) && name != NULL, 0);

  index = muster_request_find_path_param (self, name);
  return index >= 0
           ? g_ascii_strtoll (self->path.segments[self->entry->params[index].segment], NULL, 10)
           : 0;
}

static int
muster_request_find_param (MusterRequest *self, const char *name)
{
  for (unsigned i = 0; self->params != NULL && i < self->entry->route->n_query; i++)
    if (strcmp (self->entry->route->query[i].name, name) == 0)
      return i;
  g_critical ("the route has no query parameter '%s'", name);
  return -1;
}

const MusterValue *
muster_request_get_param (MusterRequest *self, const char *name)
{
  int index;

  g_return_val_if_fail (MUSTER_IS_REQUEST (self) && name != NULL, NULL);

  index = muster_request_find_param (self, name);
  return index >= 0 ? &self->params[index] : NULL;
}

const char *
muster_request_get_param_text (MusterRequest *self, const char *name)
{
  int index;

  g_return_val_if_fail (MUSTER_IS_REQUEST (self) && name != NULL, NULL);

  index = muster_request_find_param (self, name);
  return index >= 0 ? self->param_texts[index] : NULL;
}

MusterQuery *
muster_request_get_query (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->query;
}

gint64
muster_request_get_as_of (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), 0);

  return self->as_of;
}

GBytes *
muster_request_get_body (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->body;
}

int
muster_request_get_body_file (MusterRequest *self, gint64 *length)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), -1);
  g_return_val_if_fail (self->entry->route->flags & MUSTER_ROUTE_SPOOL, -1);

  *length = self->body_size;
  return self->body_fd;
}

JsonNode *
muster_request_get_json (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->json;
}

MusterEntity *
muster_request_get_entity (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->entity;
}

gint64
muster_request_get_expected_revision (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), 0);

  return self->expected_revision;
}

const char *
muster_request_get_header (MusterRequest *self, const char *name)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self) && name != NULL, NULL);

  return self->headers != NULL ? soup_message_headers_get_list (self->headers, name) : NULL;
}

/* What follows SCHEME in the header; NULL where it has another. */
static const char *
get_credentials (MusterRequest *self, const char *scheme)
{
  const char *header = muster_request_get_header (self, "Authorization");
  gsize       length = strlen (scheme);

  return header != NULL && g_ascii_strncasecmp (header, scheme, length) == 0 &&
             header[length] == ' '
           ? header + length + 1
           : NULL;
}

const char *
muster_request_get_bearer (MusterRequest *self)
{
  return get_credentials (self, "Bearer");
}

gboolean
muster_request_dup_basic (MusterRequest *self, char **user, char **password)
{
  const char        *credentials;
  g_autofree guchar *text = NULL;
  g_autofree char   *pair = NULL;
  const char        *colon;
  gsize              length;

  g_return_val_if_fail (MUSTER_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (user != NULL && password != NULL, FALSE);

  credentials = get_credentials (self, "Basic");
  if (credentials == NULL)
    return FALSE;
  text = g_base64_decode (credentials, &length);
  pair = g_strndup ((const char *)text, length);
  colon = strchr (pair, ':');
  if (colon == NULL || !g_utf8_validate (pair, -1, NULL))
    return FALSE;
  *user = g_strndup (pair, colon - pair);
  *password = g_strdup (colon + 1);
  return TRUE;
}

/* The parameter `p`. */
static char *
dup_parameter_token (const char *query)
{
  g_autoptr (GHashTable) params =
              query != NULL ? g_uri_parse_params (query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL)
                            : NULL;

  return params != NULL ? g_strdup (g_hash_table_lookup (params, "p")) : NULL;
}

char *
muster_request_dup_token (MusterRequest *self, const char *query)
{
  const char      *bearer = muster_request_get_bearer (self);
  const char      *other = NULL;
  g_autofree char *user = NULL;
  char            *password = NULL;

  if (bearer != NULL || (self->entry->route->flags & MUSTER_ROUTE_INFLUX) == 0)
    return g_strdup (bearer);
  other = get_credentials (self, "Token");
  if (other != NULL)
    return g_strdup (other);
  /* Whoever the user is. */
  if (muster_request_dup_basic (self, &user, &password))
    return password;
  return dup_parameter_token (query);
}

/* A host and perhaps a port, nothing that could end a link or a line of text. */
static gboolean
host_is_fine (const char *host)
{
  gsize length = host != NULL ? strlen (host) : 0;

  return length > 0 && length <= 260 &&
         strspn (host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]") ==
           length;
}

/* The first of a list, as proxies one behind the other make it. */
static char *
dup_first (const char *list)
{
  return list != NULL ? g_strstrip (g_strndup (list, strcspn (list, ","))) : NULL;
}

char *
muster_request_dup_origin (MusterRequest *self)
{
  g_autofree char *host = NULL;
  g_autofree char *scheme = NULL;

  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  host = dup_first (muster_request_get_header (self, "X-Forwarded-Host"));
  scheme = dup_first (muster_request_get_header (self, "X-Forwarded-Proto"));
  if (!host_is_fine (host))
    {
      g_free (host);
      host = g_strdup (muster_request_get_header (self, "Host"));
    }
  if (g_strcmp0 (scheme, "http") != 0 && g_strcmp0 (scheme, "https") != 0)
    g_set_str (&scheme, self->is_tls ? "https" : "http");
  return g_strdup_printf ("%s://%s", scheme, host_is_fine (host) ? host : "localhost");
}

const char *
muster_request_get_remote (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->remote;
}

GTlsCertificate *
muster_request_get_certificate (MusterRequest *self)
{
  g_return_val_if_fail (MUSTER_IS_REQUEST (self), NULL);

  return self->certificate;
}
