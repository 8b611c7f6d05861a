/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-request"

#include "config.h"

#include <string.h>

#include "muster-entity-tag.h"
#include "muster-json-body.h"
#include "muster-request-private.h"

/* The table of SHAPE: that of its entity, or its own. */
static const MusterField *
shape_get_fields (const MusterShape *shape, unsigned *n_fields)
{
  *n_fields = shape->entity != NULL ? shape->entity->n_fields : shape->n_fields;
  return shape->entity != NULL ? shape->entity->fields : shape->fields;
}

static const MusterField *
find_field (const MusterField *fields, unsigned n_fields, const char *name, unsigned *index)
{
  for (*index = 0; *index < n_fields; (*index)++)
    if (strcmp (fields[*index].name, name) == 0)
      return &fields[*index];
  return NULL;
}

/* --- query parameters --- */

static gboolean
muster_request_decode_own_params (MusterRequest *self, GHashTable *texts, MusterFieldErrors *errors)
{
  const MusterRoute *route = self->entry->route;

  self->params = g_new0 (MusterValue, route->n_query + 1);
  self->param_texts = g_new0 (char *, route->n_query + 1);
  for (unsigned i = 0; i < route->n_query; i++)
    {
      const MusterField *field = &route->query[i];
      const char        *text = g_hash_table_lookup (texts, field->name);

      self->params[i].is_null = TRUE;
      if (text != NULL &&
          muster_field_decode_text (field, text, field->name, &self->params[i], errors))
        self->param_texts[i] = g_strdup (text);
      else if (text == NULL && (field->flags & MUSTER_FIELD_REQUIRED))
        muster_field_errors_add (errors, field->name, "is required");
    }
  return muster_field_errors_get_count (errors) == 0;
}

static void
muster_request_refuse_unknown_params (MusterRequest     *self,
                                      GHashTable        *texts,
                                      MusterFieldErrors *errors)
{
  GHashTableIter iter;
  gpointer       name;
  unsigned       index;

  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (find_field (self->entry->route->query, self->entry->route->n_query, name, &index) == NULL)
      muster_field_errors_add (errors, name, "is not a parameter of this operation");
}

static void
add_errors_of (MusterFieldErrors *errors, const GError *error)
{
  GPtrArray *rows = muster_error_get_fields (error);

  for (guint i = 0; i < rows->len; i++)
    {
      MusterFieldError *row = rows->pdata[i];

      muster_field_errors_add (errors, row->pointer, "%s", row->detail);
    }
}

static char **
list_own_params (const MusterRoute *route)
{
  char **names = g_new0 (char *, route->n_query + 1);

  for (unsigned i = 0; i < route->n_query; i++)
    names[i] = g_strdup (route->query[i].name);
  return names;
}

/* Takes it out of TEXTS, for no table of parameters has it. The first microsecond is as good as
 * none, which would be the present. */
static void
muster_request_decode_as_of (MusterRequest *self, GHashTable *texts, MusterFieldErrors *errors)
{
  const char *text = g_hash_table_lookup (texts, muster_route_as_of_field.name);
  MusterValue value;

  if (text == NULL || !muster_route_has_past (self->entry->route))
    return;
  if (muster_field_decode_text (&muster_route_as_of_field, text, muster_route_as_of_field.name,
                                &value, errors))
    self->as_of = MAX (value.integer, 1);
  g_hash_table_remove (texts, muster_route_as_of_field.name);
}

static gboolean
muster_request_decode_params (MusterRequest *self, const char *query_string, GError **error)
{
  const MusterRoute *route = self->entry->route;
  g_autoptr (GHashTable) texts = NULL;
  g_autoptr (MusterFieldErrors) errors = NULL;

  if (query_string == NULL && route->n_query == 0 && !(route->flags & MUSTER_ROUTE_LIST))
    return TRUE;
  texts = muster_query_string_parse (query_string, error);
  if (texts == NULL)
    return FALSE;
  errors = muster_field_errors_new ();
  muster_request_decode_as_of (self, texts, errors);
  muster_request_decode_own_params (self, texts, errors);
  if (route->flags & MUSTER_ROUTE_LIST)
    {
      g_auto (GStrv) own = list_own_params (route);
      g_autoptr (GError) refused = NULL;

      self->query = muster_query_new_from_params (route->response->entity, texts,
                                                  (const char *const *)own, &refused);
      if (self->query == NULL && muster_error_get_fields (refused)->len == 0)
        {
          g_propagate_error (error, g_steal_pointer (&refused));
          return FALSE;
        }
      if (self->query == NULL)
        add_errors_of (errors, refused);
      else
        muster_query_set_as_of (self->query, self->as_of);
    }
  else if (!(route->flags & MUSTER_ROUTE_OPEN_QUERY))
    muster_request_refuse_unknown_params (self, texts, errors);
  return muster_field_errors_check (errors, error);
}

/* --- body --- */

/* Checks OBJECT against a table of fields that belongs to no entity. */
static void
check_members (const MusterShape *shape,
               JsonObject        *object,
               const char        *prefix,
               MusterFieldErrors *errors)
{
  unsigned           n_fields, index;
  const MusterField *fields = shape_get_fields (shape, &n_fields);
  JsonObjectIter     iter;
  const char        *name;
  JsonNode          *node;

  for (index = 0; index < n_fields; index++)
    if ((fields[index].flags & MUSTER_FIELD_REQUIRED) &&
        !json_object_has_member (object, fields[index].name))
      {
        g_autofree char *pointer = g_strdup_printf ("%s/%s", prefix, fields[index].name);

        muster_field_errors_add (errors, pointer, "is required");
      }
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char   *pointer = muster_json_pointer_append (prefix, name);
      const MusterField *field = find_field (fields, n_fields, name, &index);
      MusterValue        value;

      if (field == NULL)
        muster_field_errors_add (errors, pointer, "is not a field of %s", shape->schema);
      else if (field->flags & MUSTER_FIELD_READ_ONLY)
        muster_field_errors_add (errors, pointer, "is read-only: leave it out");
      else if (muster_field_decode_value (field, node, pointer, &value, errors))
        muster_value_clear (field, &value);
    }
}

static void
muster_request_check_object (MusterRequest     *self,
                             JsonNode          *node,
                             const char        *prefix,
                             MusterFieldErrors *errors)
{
  const MusterRoute *route = self->entry->route;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    muster_field_errors_add (errors, prefix, "must be an object");
  else if (route->request->entity == NULL)
    check_members (route->request, json_node_get_object (node), prefix, errors);
  /* A partial change can only be judged over the stored record: the repository does it. */
  else if (!(route->flags & MUSTER_ROUTE_PARTIAL))
    {
      g_autoptr (MusterEntity) entity = muster_entity_new (route->request->entity);
      g_autoptr (GError) refused = NULL;

      if (!muster_entity_decode (entity, json_node_get_object (node), MUSTER_DECODE_CREATE, prefix,
                                 &refused))
        add_errors_of (errors, refused);
      else if (!route->request->list)
        self->entity = g_steal_pointer (&entity);
    }
}

static void
muster_request_check_list (MusterRequest *self, MusterFieldErrors *errors)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (self->json))
    {
      muster_field_errors_add (errors, "", "must be an array");
      return;
    }
  array = json_node_get_array (self->json);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *prefix = g_strdup_printf ("/%u", i);

      muster_request_check_object (self, json_array_get_element (array, i), prefix, errors);
    }
}

static gboolean
muster_request_decode_json (MusterRequest *self, GError **error)
{
  const MusterShape *shape = self->entry->route->request;
  g_autoptr (MusterFieldErrors) errors = NULL;

  if (self->body == NULL || g_bytes_get_size (self->body) == 0)
    {
      self->json = json_node_new (shape->list ? JSON_NODE_ARRAY : JSON_NODE_OBJECT);
      if (shape->list)
        json_node_take_array (self->json, json_array_new ());
      else
        json_node_take_object (self->json, json_object_new ());
    }
  else
    self->json = muster_json_body_parse (self->body, error);
  if (self->json == NULL)
    return FALSE;
  if (shape->entity == NULL && shape->fields == NULL)
    return TRUE;
  errors = muster_field_errors_new ();
  /* What stands beside an entity's members can only be judged together with them: by the handler.
   */
  if (shape->entity != NULL && shape->fields != NULL)
    {
      if (!JSON_NODE_HOLDS_OBJECT (self->json))
        muster_field_errors_add (errors, "", "must be an object");
    }
  else if (shape->list)
    muster_request_check_list (self, errors);
  else
    muster_request_check_object (self, self->json, "", errors);
  return muster_field_errors_check (errors, error);
}

gboolean
muster_request_check_content (MusterRequest *self, gboolean has_body, GError **error)
{
  const MusterShape *shape = self->entry->route->request;
  const char        *expected =
    shape == NULL || shape->media_type == NULL ? "application/json" : shape->media_type;
  const char *type;

  if (!has_body)
    return TRUE;
  if (shape == NULL)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED,
                           "this operation takes no body");
      return FALSE;
    }
  type = self->headers != NULL ? soup_message_headers_get_content_type (self->headers, NULL) : NULL;
  if (strcmp (expected, "*/*") == 0 || (type != NULL && g_ascii_strcasecmp (type, expected) == 0))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED,
               "the body must be sent as Content-Type: %s", expected);
  return FALSE;
}

static gboolean
muster_request_decode_precondition (MusterRequest *self, GError **error)
{
  const char *tag = (self->entry->route->flags & MUSTER_ROUTE_UPDATE)
                      ? muster_request_get_header (self, "If-Match")
                      : NULL;

  if (tag == NULL || strcmp (tag, "*") == 0)
    return TRUE;
  self->expected_revision = muster_entity_tag_parse (tag);
  if (self->expected_revision > 0)
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_PRECONDITION,
                       "If-Match must be the ETag of one revision, like \"3\"");
  return FALSE;
}

gboolean
muster_request_decode (MusterRequest *self, const char *query_string, GBytes *body, GError **error)
{
  const MusterRoute *route = self->entry->route;

  if (!muster_request_decode_params (self, query_string, error) ||
      !muster_request_decode_precondition (self, error))
    return FALSE;
  if (route->request == NULL)
    return TRUE;
  self->body = body != NULL ? g_bytes_ref (body) : g_bytes_new_static ("", 0);
  return (route->flags & (MUSTER_ROUTE_RAW | MUSTER_ROUTE_SPOOL)) ||
         muster_request_decode_json (self, error);
}
