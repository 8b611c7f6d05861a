/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-hooks"

#include "config.h"

#include <string.h>

#include "muster-family-host-private.h"

/* --- Home Assistant's discovery --- */

typedef struct
{
  const char *brief;
  const char *full;
} Name;

#define ENTITY(brief, full) { brief, full },
#define DEVICE(brief, full)
#define ORIGIN(brief, full)
static const Name entity_names[] = {
#include "muster-home-assistant.def"
  { NULL, NULL },
};
#undef ENTITY
#undef DEVICE
#undef ORIGIN

#define ENTITY(brief, full)
#define DEVICE(brief, full) { brief, full },
#define ORIGIN(brief, full)
static const Name device_names[] = {
#include "muster-home-assistant.def"
  { NULL, NULL },
};
#undef ENTITY
#undef DEVICE
#undef ORIGIN

#define ENTITY(brief, full)
#define DEVICE(brief, full)
#define ORIGIN(brief, full) { brief, full },
static const Name origin_names[] = {
#include "muster-home-assistant.def"
  { NULL, NULL },
};
#undef ENTITY
#undef DEVICE
#undef ORIGIN

static const char *
get_full_name (const Name *names, const char *name)
{
  for (; names->brief != NULL; names++)
    if (g_str_equal (names->brief, name))
      return names->full;
  return name;
}

/* Topics may name their beginning, or end, by a tilde. */
static JsonNode *
expand_topic (JsonNode *node, const char *base)
{
  const char      *text = NULL;
  g_autofree char *whole = NULL;

  if (base == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return json_node_ref (node);
  text = json_node_get_string (node);
  if (*text == '~')
    whole = g_strconcat (base, text + 1, NULL);
  else if (g_str_has_suffix (text, "~"))
    {
      g_autofree char *start = g_strndup (text, strlen (text) - 1);

      whole = g_strconcat (start, base, NULL);
    }
  return whole != NULL ? json_node_init_string (json_node_alloc (), whole) : json_node_ref (node);
}

/* OBJECT with full names: (transfer full). */
static JsonObject *
expand (JsonObject *object, const Name *names, const char *base)
{
  JsonObject    *expanded = json_object_new ();
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *node = NULL;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      const char *full = get_full_name (names, name);

      json_object_set_member (expanded, full,
                              g_str_has_suffix (full, "topic") ? expand_topic (node, base)
                                                               : json_node_ref (node));
    }
  return expanded;
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

/* One topic, or a list of them: always a list. */
static void
unify_availability (JsonObject *entity, const char *base)
{
  g_autoptr (JsonArray) list = json_array_new ();
  JsonNode   *node = json_object_get_member (entity, "availability");
  const char *topic = get_text (entity, "availability_topic");

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (unsigned i = 0; i < json_array_get_length (array); i++)
        if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
          json_array_add_object_element (list, expand (json_array_get_object_element (array, i),
                                                       entity_names, base));
    }
  else if (topic != NULL)
    {
      static const char *const taken[] = { "payload_available", "payload_not_available" };
      JsonObject              *single = json_object_new ();
      const char *template = get_text (entity, "availability_template");

      json_object_set_string_member (single, "topic", topic);
      if (template != NULL)
        json_object_set_string_member (single, "value_template", template);
      for (unsigned i = 0; i < G_N_ELEMENTS (taken); i++)
        if (get_text (entity, taken[i]) != NULL)
          json_object_set_string_member (single, taken[i], get_text (entity, taken[i]));
      json_array_add_object_element (list, single);
    }
  json_object_set_array_member (entity, "availability", json_array_ref (list));
}

/* What an entity does not say holds as its device says it. */
static void
inherit (JsonObject *entity, JsonObject *whole)
{
  static const char *const shared[] = { "availability",       "availability_mode",
                                        "availability_topic", "availability_template",
                                        "payload_available",  "payload_not_available",
                                        "state_topic",        "command_topic" };

  for (unsigned i = 0; i < G_N_ELEMENTS (shared); i++)
    if (!json_object_has_member (entity, shared[i]) && json_object_has_member (whole, shared[i]))
      json_object_set_member (entity, shared[i],
                              json_node_ref (json_object_get_member (whole, shared[i])));
}

/* ENTITY (taken), of PLATFORM and known by KEY. */
static void
add_entity (JsonArray  *entities,
            JsonObject *entity,
            const char *platform,
            const char *key,
            const char *base)
{
  json_object_set_string_member (entity, "platform", platform);
  json_object_set_string_member (entity, "key", key);
  unify_availability (entity, base);
  json_array_add_object_element (entities, entity);
}

/* A device with all that it has. */
static void
add_components (JsonArray *entities, JsonObject *whole, JsonObject *components, const char *base)
{
  JsonObjectIter iter;
  const char    *key = NULL;
  JsonNode      *node = NULL;

  json_object_iter_init_ordered (&iter, components);
  while (json_object_iter_next_ordered (&iter, &key, &node))
    {
      JsonObject      *entity = NULL;
      g_autofree char *platform = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      entity = expand (json_node_get_object (node), entity_names, base);
      platform = g_strdup (get_text (entity, "platform"));
      /* With nothing but its platform it is taken away. */
      if (platform == NULL || json_object_get_size (entity) < 2)
        {
          json_object_unref (entity);
          continue;
        }
      inherit (entity, whole);
      add_entity (entities, entity, platform, key, base);
    }
}

/* The first text of an array, or a text that stands alone. */
static const char *
get_first (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node) &&
      json_array_get_length (json_node_get_array (node)) > 0)
    {
      JsonNode *first = json_array_get_element (json_node_get_array (node), 0);

      return JSON_NODE_HOLDS_VALUE (first) && json_node_get_value_type (first) == G_TYPE_STRING
               ? json_node_get_string (first)
               : NULL;
    }
  return get_text (object, name);
}

/* The MAC address among the connections; NULL: none. */
static const char *
find_mac (JsonObject *device)
{
  JsonNode  *node = device != NULL ? json_object_get_member (device, "connections") : NULL;
  JsonArray *list =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (unsigned i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode  *pair_node = json_array_get_element (list, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (pair_node) ? json_node_get_array (pair_node) : NULL;

      if (pair == NULL || json_array_get_length (pair) != 2)
        continue;
      for (unsigned j = 0; j < 2; j++)
        {
          JsonNode *part = json_array_get_element (pair, j);

          if (!JSON_NODE_HOLDS_VALUE (part) || json_node_get_value_type (part) != G_TYPE_STRING)
            pair = NULL;
          if (pair == NULL)
            break;
        }
      if (pair != NULL && g_str_equal (json_array_get_string_element (pair, 0), "mac"))
        return json_array_get_string_element (pair, 1);
    }
  return NULL;
}

static const char *
get_capture (MusterFamilyScope *scope, const char *name)
{
  for (unsigned i = 0; scope->names != NULL && scope->names[i] != NULL; i++)
    if (g_str_equal (scope->names[i], name))
      return scope->captures[i];
  return NULL;
}

/* {identity, mac, device, origin, entities: [{platform, key, availability: […], …}]} of the
 * configuration of an entity, or of a device with all that it has; long names throughout. */
static JsonNode *
prepare_home_assistant (MusterFamilyScope *scope)
{
  const char *component = get_capture (scope, "component");
  const char *object_id = get_capture (scope, "object");
  const char *identity = NULL;
  const char *mac = NULL;
  const char *base = NULL;
  g_autoptr (JsonObject) whole = NULL;
  g_autoptr (JsonObject) device = NULL;
  g_autoptr (JsonObject) origin = NULL;
  g_autoptr (JsonArray) entities = json_array_new ();
  JsonObject *result = NULL;
  JsonObject *components = NULL;
  JsonNode   *node = NULL;

  if (scope->json == NULL || !JSON_NODE_HOLDS_OBJECT (scope->json) || component == NULL ||
      object_id == NULL)
    return NULL;
  base = get_text (json_node_get_object (scope->json), "~");
  whole = expand (json_node_get_object (scope->json), entity_names, base);
  device = get_object (whole, "device") != NULL
             ? expand (get_object (whole, "device"), device_names, NULL)
             : json_object_new ();
  origin = get_object (whole, "origin") != NULL
             ? expand (get_object (whole, "origin"), origin_names, NULL)
             : json_object_new ();
  components = get_object (whole, "components");
  if (g_str_equal (component, "device") && components != NULL)
    add_components (entities, whole, components, base);
  else
    add_entity (entities, json_object_ref (whole), component, object_id, base);
  mac = find_mac (device);
  identity = get_first (device, "identifiers");
  if (identity == NULL)
    identity = mac != NULL ? mac : get_text (whole, "unique_id");
  result = json_object_new ();
  json_object_set_string_member (result, "identity", identity != NULL ? identity : object_id);
  if (mac != NULL)
    json_object_set_string_member (result, "mac", mac);
  json_object_set_object_member (result, "device", g_steal_pointer (&device));
  json_object_set_object_member (result, "origin", g_steal_pointer (&origin));
  json_object_set_array_member (result, "entities", g_steal_pointer (&entities));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, result);
  return node;
}

JsonNode *
muster_family_hook_run (const char *name, MusterFamilyScope *scope)
{
  if (g_str_equal (name, "home-assistant"))
    return prepare_home_assistant (scope);
  g_debug ("there is no hook %s", name);
  return NULL;
}
