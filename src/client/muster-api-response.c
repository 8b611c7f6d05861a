/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-response"

#include "config.h"

#include "muster-api-response.h"

#include "model/muster-error.h"

struct _MusterApiResponse
{
  GObject parent_instance;

  char    *content_type; /* (owned) (nullable) */
  GBytes  *body;         /* (owned) */
  gint64   revision;
  unsigned status;
};

G_DEFINE_FINAL_TYPE (MusterApiResponse, muster_api_response, G_TYPE_OBJECT)

static void
muster_api_response_finalize (GObject *object)
{
  MusterApiResponse *self = MUSTER_API_RESPONSE (object);

  g_free (self->content_type);
  g_bytes_unref (self->body);
  G_OBJECT_CLASS (muster_api_response_parent_class)->finalize (object);
}

static void
muster_api_response_class_init (MusterApiResponseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_api_response_finalize;
}

static void
muster_api_response_init (MusterApiResponse *self)
{
}

MusterApiResponse *
muster_api_response_new (unsigned status, const char *content_type, gint64 revision, GBytes *body)
{
  MusterApiResponse *self = g_object_new (MUSTER_TYPE_API_RESPONSE, NULL);

  self->status = status;
  self->content_type = g_strdup (content_type);
  self->revision = revision;
  self->body = g_bytes_ref (body);
  return self;
}

unsigned
muster_api_response_get_status (MusterApiResponse *self)
{
  g_return_val_if_fail (MUSTER_IS_API_RESPONSE (self), 0);

  return self->status;
}

gint64
muster_api_response_get_revision (MusterApiResponse *self)
{
  g_return_val_if_fail (MUSTER_IS_API_RESPONSE (self), 0);

  return self->revision;
}

const char *
muster_api_response_get_content_type (MusterApiResponse *self)
{
  g_return_val_if_fail (MUSTER_IS_API_RESPONSE (self), NULL);

  return self->content_type;
}

GBytes *
muster_api_response_get_body (MusterApiResponse *self)
{
  g_return_val_if_fail (MUSTER_IS_API_RESPONSE (self), NULL);

  return self->body;
}

JsonNode *
muster_api_parse_json (GBytes *bytes, const char *what, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) cause = NULL;
  gsize       size;
  const char *text = g_bytes_get_data (bytes, &size);

  json_parser_set_strict (parser, TRUE);
  if (size == 0 || !g_utf8_validate (text, size, NULL))
    g_set_error (&cause, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                 size == 0 ? "it is empty" : "it is not UTF-8");
  else
    json_parser_load_from_data (parser, text, size, &cause);
  if (cause == NULL && json_parser_get_root (parser) != NULL)
    return json_parser_steal_root (parser);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "%s is not JSON: %s", what,
               cause != NULL ? cause->message : "it is blank");
  return NULL;
}

JsonNode *
muster_api_response_parse (MusterApiResponse *self, GError **error)
{
  g_return_val_if_fail (MUSTER_IS_API_RESPONSE (self), NULL);

  return muster_api_parse_json (self->body, "the daemon's answer", error);
}

JsonObject *
muster_api_response_parse_object (MusterApiResponse *self, GError **error)
{
  g_autoptr (JsonNode) node = muster_api_response_parse (self, error);

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_dup_object (node);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                       "the daemon's answer is not a JSON object");
  return NULL;
}
