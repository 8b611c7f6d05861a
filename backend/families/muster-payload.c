/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-payload"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-payload.h"
#include "muster-template-private.h"

#define PATH_MAX_BYTES 400

char *
muster_payload_to_text (const guint8 *data, gsize size)
{
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  if (size == 0)
    return g_strdup ("");
  if (size > MUSTER_PAYLOAD_MAX || memchr (data, '\0', size) != NULL ||
      !g_utf8_validate_len ((const char *)data, size, NULL))
    return NULL;
  return g_strndup ((const char *)data, size);
}

/* Before the parser recurses into it. */
static gboolean
is_flat_enough (const char *text, gsize size)
{
  unsigned depth = 0;
  gboolean in_text = FALSE;

  for (gsize i = 0; i < size; i++)
    if (in_text && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      in_text = !in_text;
    else if (!in_text && (text[i] == '{' || text[i] == '['))
      {
        if (++depth > MUSTER_PAYLOAD_MAX_DEPTH)
          return FALSE;
      }
    else if (!in_text && (text[i] == '}' || text[i] == ']') && depth > 0)
      depth--;
  return TRUE;
}

JsonNode *
muster_payload_to_json (const guint8 *data, gsize size)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root = NULL;

  if (size == 0 || size > MUSTER_PAYLOAD_MAX || data == NULL ||
      !g_utf8_validate_len ((const char *)data, size, NULL) ||
      !is_flat_enough ((const char *)data, size))
    return NULL;
  parser = json_parser_new_immutable ();
  json_parser_set_strict (parser, TRUE);
  if (!json_parser_load_from_data (parser, (const char *)data, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL ? json_node_ref (root) : NULL;
}

/* --- flattening --- */

typedef struct
{
  GString          *path;
  MusterPayloadLeaf leaf;
  gpointer          user_data;
  unsigned          n_leaves;
  unsigned          depth;
} Flattening;

static gboolean flatten (Flattening *self, JsonNode *node);

static gboolean
flatten_member (Flattening *self, const char *name, JsonNode *node)
{
  gsize    length = self->path->len;
  gboolean whole = TRUE;

  if (length + strlen (name) + 1 > PATH_MAX_BYTES)
    return FALSE;
  g_string_append (self->path, length > 0 ? "/" : "");
  g_string_append (self->path, name);
  whole = flatten (self, node);
  g_string_truncate (self->path, length);
  return whole;
}

static gboolean
flatten_object (Flattening *self, JsonObject *object)
{
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *node = NULL;
  gboolean       whole = TRUE;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    whole = flatten_member (self, name, node) && whole;
  return whole;
}

static gboolean
flatten_array (Flattening *self, JsonArray *array)
{
  gboolean whole = TRUE;

  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      whole = flatten_member (self, name, json_array_get_element (array, i)) && whole;
    }
  return whole;
}

static gboolean
flatten (Flattening *self, JsonNode *node)
{
  gboolean whole = FALSE;

  if (self->n_leaves >= MUSTER_PAYLOAD_MAX_LEAVES || self->depth > MUSTER_PAYLOAD_MAX_DEPTH)
    return FALSE;
  self->depth++;
  if (JSON_NODE_HOLDS_OBJECT (node))
    whole = flatten_object (self, json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    whole = flatten_array (self, json_node_get_array (node));
  else
    {
      whole = TRUE;
      self->n_leaves++;
      if (self->path->len > 0)
        self->leaf (self->path->str, node, self->user_data);
    }
  self->depth--;
  return whole;
}

gboolean
muster_payload_flatten (JsonNode         *node,
                        const char       *prefix,
                        MusterPayloadLeaf leaf,
                        gpointer          user_data)
{
  g_autoptr (GString) path = NULL;
  Flattening flattening;

  g_return_val_if_fail (node != NULL && leaf != NULL, FALSE);

  path = g_string_new (prefix);
  flattening = (Flattening){ path, leaf, user_data, 0, 0 };
  return flatten (&flattening, node);
}

/* --- values --- */

static gboolean
is_one_of (const char *text, const char *const *list)
{
  for (unsigned i = 0; list[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, list[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_boolean (JsonNode *node, const char *on, const char *off, MusterSample *sample)
{
  static const char *const truths[] = { "on",     "true",     "yes",    "1",       "open",
                                        "online", "detected", "locked", "pressed", NULL };
  static const char *const lies[] = { "off",     "false", "no",       "0",        "closed",
                                      "offline", "clear", "unlocked", "released", NULL };
  g_autofree char         *text = g_strstrip (muster_template_value_to_text (node));
  double                   number = 0;

  sample->type = MUSTER_SAMPLE_BOOLEAN;
  sample->boolean = TRUE;
  if (on != NULL && g_ascii_strcasecmp (text, on) == 0)
    return TRUE;
  if (off != NULL && g_ascii_strcasecmp (text, off) == 0)
    sample->boolean = FALSE;
  else if (is_one_of (text, lies))
    sample->boolean = FALSE;
  else if (!is_one_of (text, truths))
    {
      if (!muster_template_read_number (node, TRUE, &number))
        return FALSE;
      sample->boolean = number != 0;
    }
  return TRUE;
}

static gboolean
read_number (JsonNode *node, gboolean whole, MusterSample *sample)
{
  double number = 0;

  if (whole && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
    {
      sample->type = MUSTER_SAMPLE_INTEGER;
      sample->integer = json_node_get_int (node);
      return TRUE;
    }
  if (!muster_template_read_number (node, TRUE, &number))
    return FALSE;
  if (whole && (number != trunc (number) || fabs (number) >= 0x1p63))
    return FALSE;
  sample->type = whole ? MUSTER_SAMPLE_INTEGER : MUSTER_SAMPLE_DOUBLE;
  if (whole)
    sample->integer = (gint64)number;
  else
    sample->number = number;
  return TRUE;
}

gboolean
muster_payload_read_value (JsonNode      *node,
                           MusterDatatype datatype,
                           const char    *on,
                           const char    *off,
                           MusterSample  *sample)
{
  g_return_val_if_fail (sample != NULL, FALSE);

  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_NULL (node))
    {
      sample->type = MUSTER_SAMPLE_NULL;
      return TRUE;
    }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (datatype == MUSTER_DATATYPE_BOOLEAN)
    return read_boolean (node, on, off, sample);
  if (datatype <= MUSTER_DATATYPE_UINT64)
    return read_number (node, TRUE, sample);
  if (datatype == MUSTER_DATATYPE_FLOAT || datatype == MUSTER_DATATYPE_DOUBLE)
    return read_number (node, FALSE, sample);
  if (json_node_get_value_type (node) != G_TYPE_STRING ||
      g_utf8_strlen (json_node_get_string (node), -1) > MUSTER_PAYLOAD_MAX_TEXT)
    return FALSE;
  sample->type = MUSTER_SAMPLE_STRING;
  sample->text = json_node_get_string (node);
  return TRUE;
}

MusterDatatype
muster_payload_guess_datatype (JsonNode *node, gboolean is_text)
{
  double number = 0;
  GType  type =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_BOOLEAN)
    return MUSTER_DATATYPE_BOOLEAN;
  if (is_text && muster_template_read_number (node, TRUE, &number))
    return MUSTER_DATATYPE_DOUBLE;
  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? MUSTER_DATATYPE_DOUBLE
                                                       : MUSTER_DATATYPE_STRING;
}
