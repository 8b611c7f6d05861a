/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-request"

#include "config.h"

#include "muster-api-json.h"
#include "muster-api-request.h"
#include "muster-api-sink.h"

#include "model/muster-entity.h"
#include "model/muster-time.h"

#define DEFAULT_DEADLINE 30000
#define DEFAULT_LIMIT (64 * 1024 * 1024)

struct _MusterApiRequest
{
  gatomicrefcount   ref_count;
  const char       *method;
  GString          *path;            /* (owned): escaped */
  GString          *query;           /* (owned): escaped, without "?" */
  char             *as_of;           /* (owned) (nullable): the moment asked about */
  GBytes           *body;            /* (owned) (nullable) */
  char             *idempotency_key; /* (owned) (nullable) */
  const char       *accept;
  const char       *body_type;
  gint64            revision;
  unsigned          deadline;
  gsize             limit;
  MusterApiSinkFunc sink; /* (nullable) */
  gpointer          sink_data;
  guint             single : 1;
  guint             speaks_for_itself : 1;
};

G_DEFINE_BOXED_TYPE (MusterApiRequest,
                     muster_api_request,
                     muster_api_request_ref,
                     muster_api_request_unref)

MusterApiRequest *
muster_api_request_new (const char *method, ...)
{
  MusterApiRequest *self = g_new0 (MusterApiRequest, 1);
  const char       *segment;
  va_list           segments;

  g_atomic_ref_count_init (&self->ref_count);
  self->method = method;
  self->path = g_string_new (NULL);
  self->query = g_string_new (NULL);
  self->accept = "application/json";
  self->body_type = "application/json";
  self->deadline = DEFAULT_DEADLINE;
  self->limit = DEFAULT_LIMIT;
  va_start (segments, method);
  while ((segment = va_arg (segments, const char *)) != NULL)
    {
      g_string_append_c (self->path, '/');
      /* That of a collection may have more than one part. */
      g_string_append_uri_escaped (self->path, segment, self->path->len == 1 ? "/" : NULL, FALSE);
    }
  va_end (segments);
  if (g_str_equal (method, "POST"))
    self->idempotency_key = g_uuid_string_random ();
  return self;
}

MusterApiRequest *
muster_api_request_ref (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
muster_api_request_unref (MusterApiRequest *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_string_free (self->path, TRUE);
  g_string_free (self->query, TRUE);
  g_free (self->as_of);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->idempotency_key);
  g_free (self);
}

void
muster_api_request_add_query (MusterApiRequest *self, const char *name, const char *value)
{
  g_return_if_fail (self != NULL && name != NULL);

  if (value == NULL)
    return;
  if (self->query->len > 0)
    g_string_append_c (self->query, '&');
  g_string_append_uri_escaped (self->query, name, NULL, FALSE);
  g_string_append_c (self->query, '=');
  /* These stand for themselves in a query (RFC 3986 §3.4); a thousand ids would make a long line
   * otherwise. */
  g_string_append_uri_escaped (self->query, value, ",:/", FALSE);
}

void
muster_api_request_add_query_integer (MusterApiRequest *self, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  muster_api_request_add_query (self, name, text);
}

void
muster_api_request_take_json (MusterApiRequest *self, JsonNode *node)
{
  char *text;

  g_return_if_fail (self != NULL && node != NULL);

  text = muster_api_json_to_string (node, FALSE);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_new_take (text, strlen (text));
  json_node_unref (node);
}

void
muster_api_request_set_body (MusterApiRequest *self, const char *media_type, GBytes *body)
{
  g_return_if_fail (self != NULL && media_type != NULL && body != NULL);

  g_bytes_ref (body);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = body;
  self->body_type = media_type;
}

const char *
muster_api_request_get_body_type (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body_type;
}

void
muster_api_request_take_object (MusterApiRequest *self, JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  muster_api_request_take_json (self, node);
}

void
muster_api_request_set_revision (MusterApiRequest *self, gint64 revision)
{
  g_return_if_fail (self != NULL && revision >= 0);

  self->revision = revision;
}

void
muster_api_request_set_idempotency_key (MusterApiRequest *self, const char *key)
{
  g_return_if_fail (self != NULL);

  g_free (self->idempotency_key);
  self->idempotency_key = key != NULL ? g_strdup (key) : g_uuid_string_random ();
}

void
muster_api_request_set_deadline (MusterApiRequest *self, unsigned milliseconds)
{
  g_return_if_fail (self != NULL);

  self->deadline = milliseconds;
}

void
muster_api_request_set_limit (MusterApiRequest *self, gsize bytes)
{
  g_return_if_fail (self != NULL && bytes > 0);

  self->limit = bytes;
}

void
muster_api_request_set_single (MusterApiRequest *self, gboolean single)
{
  g_return_if_fail (self != NULL);

  self->single = single != FALSE;
}

void
muster_api_request_set_sink (MusterApiRequest *self, MusterApiSinkFunc func, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  self->sink = func;
  self->sink_data = user_data;
  /* What was handed on cannot be taken back. */
  self->single = TRUE;
}

MusterApiSinkFunc
muster_api_request_get_sink (MusterApiRequest *self, gpointer *user_data)
{
  g_return_val_if_fail (self != NULL, NULL);

  *user_data = self->sink_data;
  return self->sink;
}

void
muster_api_request_set_speaks_for_itself (MusterApiRequest *self, gboolean speaks_for_itself)
{
  g_return_if_fail (self != NULL);

  self->speaks_for_itself = speaks_for_itself != FALSE;
}

gboolean
muster_api_request_get_speaks_for_itself (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->speaks_for_itself;
}

const char *
muster_api_request_get_method (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->method;
}

char *
muster_api_request_dup_path (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strconcat (self->path->str, self->query->len > 0 || self->as_of != NULL ? "?" : "",
                      self->query->str, self->query->len > 0 && self->as_of != NULL ? "&" : "",
                      self->as_of != NULL ? "as_of=" : "", self->as_of != NULL ? self->as_of : "",
                      NULL);
}

const char *
muster_api_request_get_path (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path->str;
}

void
muster_api_request_set_as_of (MusterApiRequest *self, gint64 at)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  g_return_if_fail (self != NULL);

  g_set_str (&self->as_of, at != 0 ? muster_time_format (at, text) : NULL);
}

GBytes *
muster_api_request_get_body (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}

gint64
muster_api_request_get_revision (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->revision;
}

const char *
muster_api_request_get_idempotency_key (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->idempotency_key;
}

unsigned
muster_api_request_get_deadline (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->deadline;
}

gsize
muster_api_request_get_limit (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->limit;
}

void
muster_api_request_set_accept (MusterApiRequest *self, const char *media_type)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (media_type != NULL);

  self->accept = media_type;
}

const char *
muster_api_request_get_accept (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->accept;
}

gboolean
muster_api_request_is_repeatable (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !self->single && (!g_str_equal (self->method, "POST") || self->idempotency_key != NULL);
}

gboolean
muster_api_request_is_shareable (MusterApiRequest *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->sink == NULL && g_str_equal (self->method, "GET");
}
