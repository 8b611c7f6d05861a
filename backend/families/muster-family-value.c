/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-value"

#include "config.h"

#include <string.h>

#include "muster-family-profile-private.h"

struct _MusterFamilyValue
{
  MusterTemplate *template; /* (owned) (nullable) */
  JsonNode  *literal;       /* (owned) (nullable) */
  GPtrArray *names;         /* (owned) (nullable): of an object's members */
  GPtrArray *values;        /* (owned) (nullable): of an object or array */
};

static gboolean
holds_template (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
         (strstr (json_node_get_string (node), "{{") != NULL ||
          strstr (json_node_get_string (node), "{%") != NULL);
}

static gboolean
read_object (MusterFamilyValue *self, JsonObject *object, GError **error)
{
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *node = NULL;

  self->names = g_ptr_array_new_with_free_func (g_free);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      MusterFamilyValue *value = muster_family_value_new (node, error);

      if (value == NULL)
        {
          g_prefix_error (error, "%s: ", name);
          return FALSE;
        }
      g_ptr_array_add (self->names, g_strdup (name));
      g_ptr_array_add (self->values, value);
    }
  return TRUE;
}

static gboolean
read_array (MusterFamilyValue *self, JsonArray *array, GError **error)
{
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      MusterFamilyValue *value = muster_family_value_new (json_array_get_element (array, i), error);

      if (value == NULL)
        return FALSE;
      g_ptr_array_add (self->values, value);
    }
  return TRUE;
}

MusterFamilyValue *
muster_family_value_new (JsonNode *node, GError **error)
{
  g_autoptr (MusterFamilyValue) self = g_new0 (MusterFamilyValue, 1);

  if (JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node))
    {
      self->values = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_family_value_free);
      if (!(JSON_NODE_HOLDS_OBJECT (node) ? read_object (self, json_node_get_object (node), error)
                                          : read_array (self, json_node_get_array (node), error)))
        return NULL;
    }
  else if (holds_template (node))
    {
      self->template = muster_template_new (json_node_get_string (node), error);
      if (self->template == NULL)
        return NULL;
    }
  else
    self->literal = json_node_ref (node);
  return g_steal_pointer (&self);
}

gboolean
muster_family_value_is_literal (const MusterFamilyValue *self)
{
  return self->literal != NULL;
}

void
muster_family_value_free (MusterFamilyValue *self)
{
  if (self == NULL)
    return;
  muster_template_free (self->template);
  g_clear_pointer (&self->literal, json_node_unref);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_free (self);
}

static gboolean
evaluate_parts (const MusterFamilyValue *self,
                MusterTemplateLookup     lookup,
                gpointer                 user_data,
                JsonNode               **result,
                GError                 **error)
{
  g_autoptr (JsonObject) object = self->names != NULL ? json_object_new () : NULL;
  g_autoptr (JsonArray) array = self->names == NULL ? json_array_new () : NULL;

  for (guint i = 0; i < self->values->len; i++)
    {
      JsonNode *part = NULL;

      if (!muster_family_value_evaluate (self->values->pdata[i], lookup, user_data, &part, error))
        return FALSE;
      if (part == NULL)
        part = json_node_new (JSON_NODE_NULL);
      if (object != NULL)
        json_object_set_member (object, self->names->pdata[i], part);
      else
        json_array_add_element (array, part);
    }
  *result = json_node_alloc ();
  if (object != NULL)
    json_node_init_object (*result, object);
  else
    json_node_init_array (*result, array);
  return TRUE;
}

gboolean
muster_family_value_evaluate (const MusterFamilyValue *self,
                              MusterTemplateLookup     lookup,
                              gpointer                 user_data,
                              JsonNode               **result,
                              GError                 **error)
{
  g_return_val_if_fail (result != NULL, FALSE);

  *result = NULL;
  if (self == NULL)
    return TRUE;
  if (self->literal != NULL)
    {
      *result = json_node_ref (self->literal);
      return TRUE;
    }
  if (self->template != NULL)
    return muster_template_evaluate (self->template, lookup, user_data, result, error);
  return evaluate_parts (self, lookup, user_data, result, error);
}

char *
muster_family_value_to_text (const MusterFamilyValue *self,
                             MusterTemplateLookup     lookup,
                             gpointer                 user_data)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (!muster_family_value_evaluate (self, lookup, user_data, &node, NULL) || node == NULL ||
      JSON_NODE_HOLDS_NULL (node))
    return NULL;
  text = muster_template_value_to_text (node);
  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

gboolean
muster_family_value_holds (const MusterFamilyValue *self,
                           MusterTemplateLookup     lookup,
                           gpointer                 user_data)
{
  g_autoptr (JsonNode) node = NULL;

  return self == NULL || (muster_family_value_evaluate (self, lookup, user_data, &node, NULL) &&
                          muster_template_value_is_true (node));
}
