/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-json"

#include "config.h"

#include <math.h>

#include "muster-api-json.h"

#include "model/muster-entity.h"
#include "model/muster-time.h"

/* 9999-12-31 in milliseconds. */
#define MAXIMUM_MILLISECONDS G_GINT64_CONSTANT (253402300799999)

/* The member if it is a value of TYPE. */
static JsonNode *
find_value (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type
           ? node
           : NULL;
}

const char *
muster_api_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = find_value (object, name, G_TYPE_STRING);

  return node != NULL ? json_node_get_string (node) : NULL;
}

JsonObject *
muster_api_json_as_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonObject *
muster_api_json_get_object (JsonObject *object, const char *name)
{
  return muster_api_json_as_object (json_object_get_member (object, name));
}

JsonArray *
muster_api_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

gint64
muster_api_json_get_integer (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = find_value (object, name, G_TYPE_INT64);

  return node != NULL ? json_node_get_int (node) : fallback;
}

double
muster_api_json_get_double (JsonObject *object, const char *name, double fallback)
{
  JsonNode *node = find_value (object, name, G_TYPE_DOUBLE);

  if (node == NULL)
    node = find_value (object, name, G_TYPE_INT64);
  return node != NULL ? json_node_get_double (node) : fallback;
}

gboolean
muster_api_json_get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = find_value (object, name, G_TYPE_BOOLEAN);

  return node != NULL && json_node_get_boolean (node);
}

gint64
muster_api_json_get_time (JsonObject *object, const char *name)
{
  const char *text = muster_api_json_get_string (object, name);
  gint64      time = muster_api_json_get_integer (object, name, -1);

  if (text != NULL)
    return muster_time_parse (text, &time) ? time : -1;
  return time >= 0 && time <= MAXIMUM_MILLISECONDS ? time * 1000 : -1;
}

typedef struct
{
  GString *text;
  gboolean pretty;
  unsigned depth;
} Writer;

static void write_node (Writer *writer, JsonNode *node);

static void
write_break (Writer *writer)
{
  if (!writer->pretty)
    return;
  g_string_append_c (writer->text, '\n');
  for (unsigned i = 0; i < writer->depth; i++)
    g_string_append (writer->text, "  ");
}

static void
write_object (Writer *writer, JsonObject *object)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;
  gboolean       first = TRUE;

  g_string_append_c (writer->text, '{');
  writer->depth++;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      if (!first)
        g_string_append_c (writer->text, ',');
      first = FALSE;
      write_break (writer);
      muster_json_append_string (writer->text, name, -1);
      g_string_append (writer->text, writer->pretty ? ": " : ":");
      write_node (writer, value);
    }
  writer->depth--;
  if (!first)
    write_break (writer);
  g_string_append_c (writer->text, '}');
}

static void
write_array (Writer *writer, JsonArray *array)
{
  unsigned length = json_array_get_length (array);

  g_string_append_c (writer->text, '[');
  writer->depth++;
  for (unsigned i = 0; i < length; i++)
    {
      if (i > 0)
        g_string_append_c (writer->text, ',');
      write_break (writer);
      write_node (writer, json_array_get_element (array, i));
    }
  writer->depth--;
  if (length > 0)
    write_break (writer);
  g_string_append_c (writer->text, ']');
}

static void
write_value (Writer *writer, JsonNode *node)
{
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      muster_json_append_string (writer->text, json_node_get_string (node), -1);
      break;
    case G_TYPE_INT64:
      g_string_append_printf (writer->text, "%" G_GINT64_FORMAT, json_node_get_int (node));
      break;
    case G_TYPE_BOOLEAN:
      g_string_append (writer->text, json_node_get_boolean (node) ? "true" : "false");
      break;
    default:
      if (isfinite (json_node_get_double (node)))
        muster_json_append_double (writer->text, json_node_get_double (node));
      else
        g_string_append (writer->text, "null");
    }
}

static void
write_node (Writer *writer, JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      write_object (writer, json_node_get_object (node));
      break;
    case JSON_NODE_ARRAY:
      write_array (writer, json_node_get_array (node));
      break;
    case JSON_NODE_VALUE:
      write_value (writer, node);
      break;
    case JSON_NODE_NULL:
    default:
      g_string_append (writer->text, "null");
    }
}

char *
muster_api_json_to_string (JsonNode *node, gboolean pretty)
{
  Writer writer = { g_string_new (NULL), pretty, 0 };

  g_return_val_if_fail (node != NULL, NULL);

  write_node (&writer, node);
  return g_string_free_and_steal (writer.text);
}
