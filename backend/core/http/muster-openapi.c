/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-openapi"

#include "config.h"

#include <string.h>

#include "muster-router-private.h"

typedef struct
{
  GString    *json;
  GHashTable *schemas; /* (element-type utf8 utf8): components/schemas, name to text */
} Document;

static void
append_text_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, "\"%s\":", name);
  muster_json_append_string (json, text, -1);
}

/* --- schemas --- */

static gboolean
shape_has_field (const MusterShape *shape, const char *name)
{
  for (unsigned i = 0; i < shape->n_fields; i++)
    if (g_str_equal (shape->fields[i].name, name))
      return TRUE;
  return FALSE;
}

/* The table of SHAPE as an info of its own, where a field beside the entity's takes the place of
 * that of its name; CHANGE: nothing is required. FIELDS (out) holds what has to be freed. */
static void
shape_get_info (const MusterShape *shape,
                gboolean           change,
                MusterEntityInfo  *info,
                MusterField      **fields)
{
  if (shape->entity != NULL)
    *info = *shape->entity;
  else
    *info = (MusterEntityInfo){ .schema = shape->schema,
                                .doc = shape->doc,
                                .fields = shape->fields,
                                .n_fields = shape->n_fields };
  *fields = NULL;
  if (shape->entity != NULL && shape->n_fields > 0)
    {
      *fields = g_new (MusterField, info->n_fields + shape->n_fields);
      info->n_fields = 0;
      for (unsigned i = 0; i < shape->entity->n_fields; i++)
        if (!shape_has_field (shape, shape->entity->fields[i].name))
          (*fields)[info->n_fields++] = shape->entity->fields[i];
      memcpy (*fields + info->n_fields, shape->fields, shape->n_fields * sizeof (MusterField));
      info->n_fields += shape->n_fields;
      info->fields = *fields;
    }
  if (!change)
    return;
  if (*fields == NULL)
    *fields = g_memdup2 (info->fields, info->n_fields * sizeof (MusterField));
  for (unsigned i = 0; i < info->n_fields; i++)
    (*fields)[i].flags &= ~MUSTER_FIELD_REQUIRED;
  info->fields = *fields;
}

static char *
shape_dup_schema_name (const MusterShape *shape, const char *suffix)
{
  return g_strconcat (shape->schema != NULL ? shape->schema : shape->entity->schema, suffix, NULL);
}

static void
document_add_schema (Document *document, const MusterShape *shape, const char *suffix)
{
  g_autofree char *name = shape_dup_schema_name (shape, suffix);
  g_autoptr (GString) schema = NULL;
  g_autofree MusterField *fields = NULL;
  MusterEntityInfo        info;

  if (g_hash_table_contains (document->schemas, name))
    return;
  schema = g_string_new (NULL);
  shape_get_info (shape, g_str_equal (suffix, "Change"), &info, &fields);
  if (info.fields != NULL)
    muster_entity_info_append_schema (&info, *suffix != '\0', schema);
  else
    {
      g_string_append_c (schema, '{');
      append_text_member (schema, "description", shape->doc != NULL ? shape->doc : "");
      g_string_append_c (schema, '}');
    }
  g_hash_table_insert (document->schemas, g_steal_pointer (&name),
                       g_string_free_and_steal (g_steal_pointer (&schema)));
}

/* A reference to SHAPE's schema, which is added to the components. */
static void
document_append_ref (Document *document, const MusterShape *shape, const char *suffix)
{
  g_autofree char *name = shape_dup_schema_name (shape, suffix);

  document_add_schema (document, shape, suffix);
  g_string_append_printf (document->json, "{\"$ref\":\"#/components/schemas/%s\"}", name);
}

/* --- operations --- */

static void
document_append_content (Document          *document,
                         const MusterRoute *route,
                         const MusterShape *shape,
                         gboolean           is_request)
{
  GString    *json = document->json;
  const char *suffix = !is_request                             ? ""
                       : (route->flags & MUSTER_ROUTE_PARTIAL) ? "Change"
                                                               : "Input";

  g_string_append_printf (json, "\"content\":{\"%s\":{\"schema\":",
                          shape->media_type != NULL ? shape->media_type : "application/json");
  if (shape->media_type != NULL)
    g_string_append (json, "{\"type\":\"string\"}");
  else if (!is_request && (route->flags & MUSTER_ROUTE_IDS) == MUSTER_ROUTE_IDS)
    g_string_append (
      json,
      "{\"type\":\"object\",\"required\":[\"ids\",\"total\"],\"properties\":{\"ids\":{\"type\":\"array\",\"items\":{\"type\":\"string\","
      "\"format\":\"uuid\"}},\"total\":{\"type\":\"integer\"}}}");
  else if (shape->list && is_request)
    {
      g_string_append (json, "{\"type\":\"array\",\"items\":");
      document_append_ref (document, shape, suffix);
      g_string_append_c (json, '}');
    }
  else if (shape->list)
    {
      g_string_append (
        json,
        "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{\"type\":\"array\",\"items\":");
      document_append_ref (document, shape, suffix);
      g_string_append_printf (
        json,
        "},\"total\":{\"type\":\"integer\",\"description\":\"How many match.\"},"
        "\"next\":{\"type\":[\"%s\",\"null\"],\"description\":\"The cursor of the next page.\"}}}",
        shape->is_numbered ? "integer" : "string");
    }
  else
    document_append_ref (document, shape, suffix);
  g_string_append (json, "}}");
}

static void
append_parameter (GString    *json,
                  gboolean   *first,
                  const char *in,
                  const char *name,
                  gboolean    required,
                  const char *doc,
                  const char *schema)
{
  g_string_append_printf (json, "%s{\"name\":\"%s\",\"in\":\"%s\",", *first ? "" : ",", name, in);
  if (required)
    g_string_append (json, "\"required\":true,");
  append_text_member (json, "description", doc);
  g_string_append_printf (json, ",\"schema\":%s}", schema);
  *first = FALSE;
}

static void
append_path_parameters (GString *json, const MusterRouteEntry *entry, gboolean *first)
{
  static const char *const schemas[] = {
    [MUSTER_PARAM_TEXT] = "{\"type\":\"string\",\"minLength\":1}",
    [MUSTER_PARAM_UUID] = "{\"type\":\"string\",\"format\":\"uuid\"}",
    [MUSTER_PARAM_INTEGER] = "{\"type\":\"integer\",\"format\":\"int64\"}",
  };

  for (unsigned i = 0; i < entry->n_params; i++)
    append_parameter (json, first, "path", entry->params[i].name, TRUE, "Which one.",
                      schemas[entry->params[i].type]);
}

static void
append_filters (GString *json, const MusterField *field, gboolean *first)
{
  gboolean has_order = field->type == MUSTER_FIELD_INTEGER || field->type == MUSTER_FIELD_DOUBLE ||
                       field->type == MUSTER_FIELD_TIME || field->type == MUSTER_FIELD_MONEY;

  if ((field->flags & MUSTER_FIELD_SECRET) || field->type == MUSTER_FIELD_JSON)
    return;
  append_parameter (json, first, "query", field->name, FALSE,
                    "Only those with one of these values, separated by commas; `null` for none.",
                    "{\"type\":\"string\"}");
  for (unsigned i = 0; has_order && i < 2; i++)
    {
      g_autofree char *name = g_strconcat (field->name, i == 0 ? ".min" : ".max", NULL);

      append_parameter (json, first, "query", name, FALSE,
                        i == 0 ? "Only those with at least this value."
                               : "Only those with at most this value.",
                        "{\"type\":\"string\"}");
    }
}

static void
append_list_parameters (GString *json, const MusterEntityInfo *info, gboolean *first)
{
  append_parameter (json, first, "query", "q", FALSE, "Words to look for in the searchable fields.",
                    "{\"type\":\"string\"}");
  append_parameter (json, first, "query", "sort", FALSE,
                    "Fields to sort by, separated by commas, each with a minus for descending.",
                    "{\"type\":\"string\",\"default\":\"-id\"}");
  append_parameter (json, first, "query", "limit", FALSE, "How many to answer.",
                    "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100}");
  append_parameter (json, first, "query", "cursor", FALSE,
                    "Where to go on: `next` of the page before.", "{\"type\":\"string\"}");
  for (unsigned i = 0; i < info->n_fields; i++)
    append_filters (json, &info->fields[i], first);
}

static void
append_field_parameter (GString *json, const MusterField *field, gboolean *first)
{
  g_autoptr (GString) schema = g_string_new (NULL);

  muster_field_append_schema (field, schema);
  append_parameter (json, first, "query", field->name, (field->flags & MUSTER_FIELD_REQUIRED) != 0,
                    field->doc != NULL ? field->doc : "", schema->str);
}

static void
append_own_parameters (GString *json, const MusterRoute *route, gboolean *first)
{
  for (unsigned i = 0; i < route->n_query; i++)
    append_field_parameter (json, &route->query[i], first);
  if (muster_route_has_past (route))
    append_field_parameter (json, &muster_route_as_of_field, first);
}

static void
append_parameters (GString *json, const MusterRouteEntry *entry)
{
  const MusterRoute *route = entry->route;
  gboolean           first = TRUE;

  g_string_append (json, "\"parameters\":[");
  append_path_parameters (json, entry, &first);
  append_own_parameters (json, route, &first);
  if (route->flags & MUSTER_ROUTE_LIST)
    append_list_parameters (json, route->response->entity, &first);
  if (route->flags & MUSTER_ROUTE_UPDATE)
    append_parameter (json, &first, "header", "If-Match", FALSE,
                      "The ETag that the record must still have.", "{\"type\":\"string\"}");
  if (strcmp (route->method, "POST") == 0)
    append_parameter (
      json, &first, "header", "Idempotency-Key", FALSE,
      "Makes a retry safe: the same key of the same caller gives the same answer for "
      "a day; of a caller who has not signed in it counts for nothing.",
      "{\"type\":\"string\",\"minLength\":1,\"maxLength\":128}");
  g_string_append (json, "],");
}

static unsigned
route_get_status (const MusterRoute *route)
{
  return route->status != 0 ? route->status : route->response != NULL ? 200 : 204;
}

static void
append_roles (GString *json, MusterRoles roles)
{
  const char *separator = "";

  g_string_append (json, "\"x-muster-roles\":[");
  for (int role = MUSTER_ROLE_ADMINISTRATOR; role <= MUSTER_ROLE_PEER; role++)
    if (roles & MUSTER_ROLES_OF (role))
      {
        g_string_append_printf (json, "%s\"%s\"", separator,
                                muster_enum_get_nick (&muster_role_enum, role));
        separator = ",";
      }
  g_string_append (json, "],");
}

static void
document_append_operation (Document *document, const MusterRouteEntry *entry)
{
  const MusterRoute *route = entry->route;
  GString           *json = document->json;
  g_autofree char   *method = g_ascii_strdown (route->method, -1);

  g_string_append_printf (json, "\"%s\":{\"operationId\":\"%s\",\"tags\":[\"%s\"],", method,
                          route->operation, route->tag);
  append_text_member (json, "summary", route->summary);
  g_string_append_c (json, ',');
  if (route->flags & MUSTER_ROUTE_PUBLIC)
    g_string_append (json, "\"security\":[],");
  else if (route->flags & MUSTER_ROUTE_DEVICE)
    g_string_append (json, "\"security\":[{\"token\":[]},{\"device\":[]}],");
  append_roles (json, entry->roles);
  if (route->dialect != NULL)
    g_string_append_printf (json, "\"x-muster-dialect\":\"%s\",", route->dialect->name);
  append_parameters (json, entry);
  if (route->request != NULL)
    {
      g_string_append (json, "\"requestBody\":{");
      document_append_content (document, route, route->request, TRUE);
      g_string_append (json, "},");
    }
  g_string_append_printf (json, "\"responses\":{\"%u\":{\"description\":\"Done.\"",
                          route_get_status (route));
  if (route->response != NULL)
    {
      g_string_append_c (json, ',');
      document_append_content (document, route, route->response, FALSE);
    }
  if (route->dialect != NULL)
    g_string_append (json, "},\"4XX\":{\"description\":\"Refused, in that API's words.\"}}}");
  else
    g_string_append (
      json,
      "},\"4XX\":{\"$ref\":\"#/components/responses/Problem\"},\"5XX\":{\"$ref\":\"#/components/responses/Problem\"}}}");
}

/* "/devices/{id:uuid}/" as OpenAPI writes it: "/devices/{id}". */
static char *
route_dup_path (const MusterRoute *route)
{
  GString *path = g_string_new (NULL);

  for (const char *p = route->path; *p != '\0'; p++)
    {
      if (*p == ':')
        p += strcspn (p, "}");
      g_string_append_c (path, *p);
    }
  if (path->len > 1 && path->str[path->len - 1] == '/')
    g_string_truncate (path, path->len - 1);
  return g_string_free_and_steal (path);
}

static void
document_append_paths (Document *document, GPtrArray *entries)
{
  g_autoptr (GHashTable) done = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean first_path = TRUE;

  for (guint i = 0; i < entries->len; i++)
    {
      g_autofree char *path = route_dup_path (((MusterRouteEntry *)entries->pdata[i])->route);
      gboolean         first = TRUE;

      if (g_hash_table_contains (done, path))
        continue;
      g_string_append_printf (document->json, "%s\"%s\":{", first_path ? "" : ",", path);
      first_path = FALSE;
      for (guint k = i; k < entries->len; k++)
        {
          g_autofree char *other = route_dup_path (((MusterRouteEntry *)entries->pdata[k])->route);

          if (strcmp (other, path) != 0)
            continue;
          g_string_append (document->json, first ? "" : ",");
          document_append_operation (document, entries->pdata[k]);
          first = FALSE;
        }
      g_string_append_c (document->json, '}');
      g_hash_table_add (done, g_steal_pointer (&path));
    }
}

/* --- the whole --- */

static void
append_tags (GString *json, GPtrArray *entries)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_string_append (json, "\"tags\":[");
  for (guint i = 0; i < entries->len; i++)
    {
      const char *tag = ((MusterRouteEntry *)entries->pdata[i])->route->tag;

      if (g_hash_table_add (seen, (gpointer)tag))
        g_string_append_printf (json, "%s{\"name\":\"%s\"}",
                                g_hash_table_size (seen) > 1 ? "," : "", tag);
    }
  g_string_append (json, "],");
}

static const char problem_schema[] =
  "{\"type\":\"object\",\"description\":\"What went wrong (RFC 9457).\",\"required\":[\"type\",\"title\",\"status\"],\"properties\":{"
  "\"type\":{\"type\":\"string\",\"format\":\"uri-reference\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
  "\"detail\":{\"type\":\"string\"},\"instance\":{\"type\":\"string\",\"format\":\"uri-reference\",\"description\":\"The request's id.\"},"
  "\"errors\":{\"type\":\"array\",\"description\":\"The fields refused.\",\"items\":{\"type\":\"object\",\"required\":[\"pointer\",\"detail\"],"
  "\"properties\":{\"pointer\":{\"type\":\"string\",\"description\":\"JSON pointer of the member, or the parameter's name.\"},\"detail\":{\"type\":\"string\"}}}},"
  "\"allowed\":{\"type\":\"array\",\"description\":\"The states allowed next.\",\"items\":{\"type\":\"string\"}},"
  "\"blockers\":{\"type\":\"array\",\"description\":\"The records in the way.\",\"items\":{\"type\":\"string\"}}}}";

static void
document_append_components (Document *document)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (document->schemas),
                                        (GCompareFunc)(void (*) (void))strcmp);

  g_string_append_printf (document->json, "\"components\":{\"schemas\":{\"Problem\":%s",
                          problem_schema);
  for (GList *link = names; link != NULL; link = link->next)
    g_string_append_printf (document->json, ",\"%s\":%s", (char *)link->data,
                            (char *)g_hash_table_lookup (document->schemas, link->data));
  g_string_append (
    document->json,
    "},\"responses\":{\"Problem\":{\"description\":\"What went wrong.\",\"content\":{\"application/problem+json\":{\"schema\":"
    "{\"$ref\":\"#/components/schemas/Problem\"}}}}},\"securitySchemes\":{"
    "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"The site's access token, or a person's. Not needed on the Unix socket.\"},"
    "\"device\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"A device's own token.\"}}}");
}

GBytes *
muster_router_make_openapi (MusterRouter *self, const char *version)
{
  g_autoptr (GHashTable) schemas = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Document   document = { g_string_sized_new (64 * 1024), schemas };
  GPtrArray *entries;

  g_return_val_if_fail (MUSTER_IS_ROUTER (self) && version != NULL, NULL);

  entries = muster_router_get_entries (self);
  g_string_append (document.json,
                   "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Muster site API\",");
  append_text_member (document.json, "version", version);
  g_string_append (
    document.json,
    ",\"description\":\"The one API of a site's daemon: JSON over HTTP, by Unix socket or HTTPS.\","
    "\"license\":{\"name\":\"GPL-3.0-or-later\",\"identifier\":\"GPL-3.0-or-later\"}},"
    "\"servers\":[{\"url\":\"/\"}],\"security\":[{\"token\":[]}],");
  append_tags (document.json, entries);
  g_string_append (document.json, "\"paths\":{");
  document_append_paths (&document, entries);
  g_string_append (document.json, "},");
  document_append_components (&document);
  g_string_append_c (document.json, '}');
  return g_string_free_to_bytes (document.json);
}
