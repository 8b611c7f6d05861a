/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-json"

#include "config.h"

#include "muster-api-json.h"

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
