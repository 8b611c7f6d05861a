/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-query-cursor"

#include "config.h"

#include <math.h>

#include "muster-query-private.h"

/* A cursor is base64url of a JSON array: the sort that it belongs to, then the values of the sort
 * keys of the last record of a page. Times stand as microseconds, which the ISO form would round.
 */

#define MAX_CURSOR 16384

static char *
muster_query_format_sort (MusterQuery *self)
{
  GString *sort = g_string_new (self->info->name);

  for (guint i = 0; i < self->sort->len; i++)
    {
      const MusterSortKey *key = &g_array_index (self->sort, MusterSortKey, i);

      g_string_append_printf (sort, "%c%s", key->descending ? '-' : '+',
                              self->info->fields[key->index].name);
    }
  return g_string_free_and_steal (sort);
}

static void
append_value (const MusterField *field, const MusterValue *value, GString *json)
{
  g_string_append_c (json, ',');
  if (field->type == MUSTER_FIELD_TIME && !value->is_null)
    g_string_append_printf (json, "%" G_GINT64_FORMAT, value->integer);
  else
    muster_field_encode_value (field, value, json);
}

char *
muster_query_format_cursor (MusterQuery *self, const MusterValue *values)
{
  g_autofree char *sort = muster_query_format_sort (self);
  g_autoptr (GString) json = g_string_new ("[");
  char *cursor = NULL;

  muster_json_append_string (json, sort, -1);
  for (guint i = 0; i < self->sort->len; i++)
    append_value (&self->info->fields[g_array_index (self->sort, MusterSortKey, i).index],
                  &values[i], json);
  g_string_append_c (json, ']');
  cursor = g_base64_encode ((const guchar *)json->str, json->len);
  g_strdelimit (cursor, "+", '-');
  g_strdelimit (cursor, "/", '_');
  cursor[strcspn (cursor, "=")] = '\0';
  return cursor;
}

static JsonNode *
decode (const char *cursor)
{
  g_autofree char   *text = NULL;
  g_autofree char   *terminated = NULL;
  g_autofree guchar *json = NULL;
  gsize              length = strlen (cursor);

  if (length == 0 || length > MAX_CURSOR ||
      strspn (cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != length)
    return NULL;
  text = g_strconcat (cursor, &"==="[3 - (4 - length % 4) % 4], NULL);
  g_strdelimit (text, "-", '+');
  g_strdelimit (text, "_", '/');
  json = g_base64_decode (text, &length);
  if (json == NULL || length == 0 || !g_utf8_validate ((const char *)json, length, NULL))
    return NULL;
  terminated = g_strndup ((const char *)json, length);
  return json_from_string (terminated, NULL);
}

static gboolean
read_value (const MusterField *field, JsonNode *node, MusterValue *value)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  *value = (MusterValue){ .is_null = JSON_NODE_HOLDS_NULL (node) };
  if (value->is_null)
    return TRUE;
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_MONEY:
    case MUSTER_FIELD_TIME:
      value->integer = type == G_TYPE_INT64 ? json_node_get_int (node) : 0;
      return type == G_TYPE_INT64;
    case MUSTER_FIELD_BOOLEAN:
      value->integer = type == G_TYPE_BOOLEAN && json_node_get_boolean (node);
      return type == G_TYPE_BOOLEAN;
    case MUSTER_FIELD_DOUBLE:
      value->number =
        type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (node) : NAN;
      return isfinite (value->number);
    case MUSTER_FIELD_ENUM:
      value->integer = type == G_TYPE_STRING
                         ? muster_enum_parse (field->enumeration, json_node_get_string (node))
                         : -1;
      return value->integer >= 0;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      if (type == G_TYPE_STRING)
        value->text = json_node_dup_string (node);
      return type == G_TYPE_STRING;
    }
}

gboolean
muster_query_parse_cursor (MusterQuery *self, const char *cursor, MusterFieldErrors *errors)
{
  g_autoptr (JsonNode) node = decode (cursor);
  g_autofree char *sort = muster_query_format_sort (self);
  JsonArray       *array = NULL;
  gboolean         fits = node != NULL && JSON_NODE_HOLDS_ARRAY (node);

  if (fits)
    {
      array = json_node_get_array (node);
      fits = json_array_get_length (array) == self->sort->len + 1 &&
             g_strcmp0 (json_node_get_string (json_array_get_element (array, 0)), sort) == 0;
    }
  if (fits)
    self->cursor = g_array_new (FALSE, TRUE, sizeof (MusterValue));
  for (guint i = 0; fits && i < self->sort->len; i++)
    {
      MusterValue value;

      fits = read_value (&self->info->fields[g_array_index (self->sort, MusterSortKey, i).index],
                         json_array_get_element (array, i + 1), &value);
      if (fits)
        g_array_append_val (self->cursor, value);
    }
  if (!fits)
    muster_field_errors_add (errors, "cursor",
                             "is not from a list in this order: start again without it");
  return fits;
}
