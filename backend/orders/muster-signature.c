/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-signature"

#include "config.h"

#include "muster-signature.h"

static gboolean
read_number (JsonNode *node, double *number)
{
  GType type =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *number = json_node_get_double (node);
  return *number >= 0 && *number <= 1;
}

static gboolean
append_point (JsonNode *node, GString *json)
{
  JsonArray *pair =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  char   text[2][G_ASCII_DTOSTR_BUF_SIZE];
  double number;

  if (pair == NULL || json_array_get_length (pair) != 2)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      if (!read_number (json_array_get_element (pair, i), &number))
        return FALSE;
      g_ascii_formatd (text[i], sizeof text[i], "%.4f", number);
    }
  g_string_append_printf (json, "[%s,%s]", text[0], text[1]);
  return TRUE;
}

static gboolean
append_stroke (JsonNode *node, guint *n_points, GString *json)
{
  JsonArray *points =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (points == NULL || json_array_get_length (points) == 0 ||
      json_array_get_length (points) > MUSTER_SIGNATURE_MAX_POINTS - *n_points)
    return FALSE;
  *n_points += json_array_get_length (points);
  g_string_append_c (json, '[');
  for (guint i = 0; i < json_array_get_length (points); i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      if (!append_point (json_array_get_element (points, i), json))
        return FALSE;
    }
  g_string_append_c (json, ']');
  return TRUE;
}

char *
muster_signature_read (JsonNode *node, MusterFieldErrors *errors)
{
  g_autoptr (GString) json = g_string_new ("[");
  JsonArray *strokes =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint    n_points = 0;
  gboolean good = strokes != NULL && json_array_get_length (strokes) > 0 &&
                  json_array_get_length (strokes) <= MUSTER_SIGNATURE_MAX_STROKES;

  g_return_val_if_fail (errors != NULL, NULL);

  for (guint i = 0; good && i < json_array_get_length (strokes); i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      good = append_stroke (json_array_get_element (strokes, i), &n_points, json);
    }
  if (!good)
    {
      muster_field_errors_add (
        errors, "/signature",
        "must be an array of strokes, each an array of [x, y] from 0 to 1: at "
        "most %d points in %d strokes",
        MUSTER_SIGNATURE_MAX_POINTS, MUSTER_SIGNATURE_MAX_STROKES);
      return NULL;
    }
  g_string_append_c (json, ']');
  return g_string_free_and_steal (g_steal_pointer (&json));
}
