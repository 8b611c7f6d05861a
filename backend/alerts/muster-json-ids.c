/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-json-ids"

#include "config.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "muster-json-ids.h"

static void
id_free (gpointer data)
{
  MusterJsonId *self = data;

  g_free (self->id);
  g_free (self->pointer);
  g_free (self);
}

static const char *
get_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static void
add (GPtrArray *ids, JsonNode *node, char *pointer)
{
  MusterJsonId *id = NULL;

  if (get_text (node) == NULL)
    {
      g_free (pointer);
      return;
    }
  id = g_new (MusterJsonId, 1);
  *id = (MusterJsonId){ g_strdup (get_text (node)), pointer };
  g_ptr_array_add (ids, id);
}

static void
find_in_object (JsonObject *object, const char *pointer, const char *name, GPtrArray *ids)
{
  JsonNode  *node = json_object_get_member (object, name);
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node != NULL && array == NULL)
    add (ids, node, g_strdup_printf ("%s/%s", pointer, name));
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    add (ids, json_array_get_element (array, i), g_strdup_printf ("%s/%s/%u", pointer, name, i));
}

GPtrArray *
muster_json_ids_find (const char *text, const char *field, const char *name)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (id_free);
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    find_in_object (json_node_get_object (node), field, name, ids);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *pointer = g_strdup_printf ("%s/%u", field, i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        find_in_object (json_node_get_object (element), pointer, name, ids);
    }
  return ids;
}

static gboolean
is_member (JsonObject *object, const char *name, const char *id)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && g_strcmp0 (get_text (node), id) == 0;
}

static void
remove_from_array (JsonObject *object, const char *name, const char *id)
{
  JsonNode  *node = json_object_get_member (object, name);
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = array != NULL ? json_array_get_length (array) : 0; i-- > 0;)
    if (g_strcmp0 (get_text (json_array_get_element (array, i)), id) == 0)
      json_array_remove_element (array, i);
}

/* FALSE where nothing is left of OBJECT that has a purpose. */
static gboolean
remove_from_object (JsonObject *object, const char *id)
{
  JsonNode *channels = json_object_get_member (object, "channels");

  if (is_member (object, "person_id", id))
    return FALSE;
  if (is_member (object, "calendar_id", id))
    json_object_remove_member (object, "calendar_id");
  remove_from_array (object, "people", id);
  remove_from_array (object, "channels", id);
  return channels == NULL || !JSON_NODE_HOLDS_ARRAY (channels) ||
         json_array_get_length (json_node_get_array (channels)) > 0;
}

char *
muster_json_ids_remove (const char *text, const char *id)
{
  g_autoptr (JsonNode) node = NULL;
  JsonArray *array;

  g_return_val_if_fail (id != NULL, NULL);

  if (text == NULL || strstr (text, id) == NULL)
    return NULL;
  node = json_from_string (text, NULL);
  array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL)
    return NULL;
  for (guint i = json_array_get_length (array); i-- > 0;)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (element) &&
          !remove_from_object (json_node_get_object (element), id))
        json_array_remove_element (array, i);
    }
  return json_to_string (node, FALSE);
}
