/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-scope"

#include "config.h"

#include <math.h>

#include "muster-family-scope.h"
#include "muster-template-private.h"

#define EACH_MAX 5000 /* found by one path */

static JsonNode *
make_text (const char *text)
{
  return text != NULL ? muster_template_make_string (text) : NULL;
}

static JsonNode *
borrow (JsonNode *node)
{
  return node != NULL ? json_node_ref (node) : NULL;
}

static JsonNode *
make_keys (const MusterFamilyScope *self)
{
  g_autoptr (JsonArray) array = json_array_new ();
  JsonNode *node = json_node_alloc ();

  for (guint i = 0; self->keys != NULL && i < self->keys->len; i++)
    json_array_add_string_element (array, self->keys->pdata[i]);
  json_node_init_array (node, array);
  return node;
}

static JsonNode *
look_up_own (const MusterFamilyScope *self, const char *name)
{
  if (g_str_equal (name, "value"))
    return self->value != NULL ? json_node_ref (self->value) : make_text (self->text);
  if (g_str_equal (name, "value_json"))
    return borrow (self->json);
  if (g_str_equal (name, "item"))
    return borrow (self->item != NULL ? self->item : self->json);
  if (g_str_equal (name, "up"))
    return borrow (self->up);
  if (g_str_equal (name, "keys"))
    return make_keys (self);
  if (g_str_equal (name, "key") && self->keys != NULL && self->keys->len > 0)
    return make_text (self->keys->pdata[self->keys->len - 1]);
  if (g_str_equal (name, "topic"))
    return make_text (self->topic);
  if (g_str_equal (name, "host"))
    return make_text (self->host);
  if (g_str_equal (name, "request") && self->request != 0)
    return muster_template_make_integer (self->request);
  return NULL;
}

JsonNode *
muster_family_scope_look_up (const char *name, gpointer scope)
{
  MusterFamilyScope *self = scope;
  JsonNode          *node = look_up_own (self, name);

  for (unsigned i = 0; node == NULL && self->names != NULL && self->names[i] != NULL; i++)
    if (g_str_equal (self->names[i], name))
      node = make_text (self->captures[i]);
  if (node == NULL && self->unit != NULL)
    node = make_text (muster_family_unit_get_variable (self->unit, name));
  self->n_undefined += node == NULL;
  return node;
}

char *
muster_family_scope_get_text (MusterFamilyScope *self, const MusterFamilyValue *value)
{
  return muster_family_value_to_text (value, muster_family_scope_look_up, self);
}

gboolean
muster_family_scope_holds (MusterFamilyScope *self, const MusterFamilyValue *value)
{
  return muster_family_value_holds (value, muster_family_scope_look_up, self);
}

JsonNode *
muster_family_scope_get_node (MusterFamilyScope *self, const MusterFamilyValue *value)
{
  JsonNode *node = NULL;

  return muster_family_value_evaluate (value, muster_family_scope_look_up, self, &node, NULL)
           ? node
           : NULL;
}

double
muster_family_scope_get_number (MusterFamilyScope *self, const MusterFamilyValue *value)
{
  g_autoptr (JsonNode) node = muster_family_scope_get_node (self, value);
  double number = NAN;

  return muster_template_read_number (node, TRUE, &number) ? number : NAN;
}

char **
muster_family_scope_get_texts (MusterFamilyScope *self, const MusterFamilyValue *value)
{
  g_autoptr (JsonNode) node = muster_family_scope_get_node (self, value);
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  JsonArray *array = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_strv_builder_take (texts, muster_template_value_to_text (node));
      return g_strv_builder_end (texts);
    }
  array = json_node_get_array (node);
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_take (texts, muster_template_value_to_text (json_array_get_element (array, i)));
  return g_strv_builder_end (texts);
}

/* --- each --- */

typedef struct
{
  MusterFamilyScope    *scope;
  char                **parts;
  MusterFamilyScopeFunc func;
  gpointer              user_data;
  unsigned              n_found;
} Walk;

static void walk (Walk *self, JsonNode *node, unsigned depth, JsonNode *found, JsonNode *around);

static void
walk_into (Walk *self, JsonNode *node, const char *key, unsigned depth, JsonNode *found)
{
  g_ptr_array_add (self->scope->keys, (char *)key);
  walk (self, node, depth + 1, node, found);
  g_ptr_array_set_size (self->scope->keys, self->scope->keys->len - 1);
}

static void
walk_all (Walk *self, JsonNode *node, unsigned depth, JsonNode *found)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      const char    *name = NULL;
      JsonNode      *member = NULL;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        walk_into (self, member, name, depth, found);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (unsigned i = 0; i < json_array_get_length (array); i++)
        {
          g_autofree char *name = g_strdup_printf ("%u", i);

          walk_into (self, json_array_get_element (array, i), name, depth, found);
        }
    }
}

static void
walk (Walk *self, JsonNode *node, unsigned depth, JsonNode *found, JsonNode *around)
{
  const char *part = self->parts[depth];
  JsonNode   *next = NULL;

  if (self->n_found >= EACH_MAX)
    return;
  if (part == NULL)
    {
      self->n_found++;
      self->scope->item = node;
      self->scope->up = around;
      self->func (self->scope, self->user_data);
      return;
    }
  if (g_str_equal (part, "*"))
    {
      walk_all (self, node, depth, found);
      return;
    }
  if (JSON_NODE_HOLDS_OBJECT (node))
    next = json_object_get_member (json_node_get_object (node), part);
  if (next != NULL)
    walk (self, next, depth + 1, found, around);
}

void
muster_family_scope_each (MusterFamilyScope    *self,
                          const char           *path,
                          MusterFamilyScopeFunc func,
                          gpointer              user_data)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GPtrArray) keys = NULL;
  GPtrArray *keys_before = self->keys;
  JsonNode  *item = self->item;
  JsonNode  *up = self->up;
  JsonNode  *base = item != NULL ? item : self->json;
  Walk       walking = { self, NULL, func, user_data, 0 };

  if (path == NULL)
    {
      func (self, user_data);
      return;
    }
  if (base == NULL)
    return;
  parts = walking.parts = g_strsplit (path, "/", 20);
  self->keys = keys = g_ptr_array_new ();
  walk (&walking, base, 0, base, base);
  self->keys = keys_before;
  self->item = item;
  self->up = up;
}
