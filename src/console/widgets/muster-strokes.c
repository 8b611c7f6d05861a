/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-strokes"

#include "config.h"

#include <math.h>

#include "muster-strokes.h"

/* Nearer than this, in parts of the surface, a point adds nothing to be seen. */
#define NEAR 0.003
#define DECIMALS 1000

struct _MusterStrokes
{
  GPtrArray *strokes; /* (owned) (element-type GArray of MusterStrokePoint) */
  unsigned   n_points;
};

MusterStrokes *
muster_strokes_new (void)
{
  MusterStrokes *self = g_new0 (MusterStrokes, 1);

  self->strokes = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  return self;
}

void
muster_strokes_free (MusterStrokes *self)
{
  g_ptr_array_unref (self->strokes);
  g_free (self);
}

static double
normalize (double value, double size)
{
  return round (CLAMP (value / size, 0, 1) * DECIMALS) / DECIMALS;
}

static void
add_point (MusterStrokes *self, double x, double y)
{
  MusterStrokePoint point = { x, y };

  g_array_append_val ((GArray *)self->strokes->pdata[self->strokes->len - 1], point);
  self->n_points++;
}

static void
add_stroke (MusterStrokes *self)
{
  g_ptr_array_add (self->strokes, g_array_new (FALSE, FALSE, sizeof (MusterStrokePoint)));
}

void
muster_strokes_begin (MusterStrokes *self, double x, double y, double width, double height)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (width > 0 && height > 0);

  if (self->n_points >= MUSTER_STROKES_MAXIMUM)
    return;
  add_stroke (self);
  add_point (self, normalize (x, width), normalize (y, height));
}

gboolean
muster_strokes_extend (MusterStrokes *self, double x, double y, double width, double height)
{
  GArray            *stroke;
  MusterStrokePoint *last;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (width > 0 && height > 0, FALSE);

  if (self->strokes->len == 0 || self->n_points >= MUSTER_STROKES_MAXIMUM)
    return FALSE;
  stroke = self->strokes->pdata[self->strokes->len - 1];
  last = &g_array_index (stroke, MusterStrokePoint, stroke->len - 1);
  x = normalize (x, width);
  y = normalize (y, height);
  if (fabs (x - last->x) < NEAR && fabs (y - last->y) < NEAR)
    return FALSE;
  add_point (self, x, y);
  return TRUE;
}

void
muster_strokes_clear (MusterStrokes *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_set_size (self->strokes, 0);
  self->n_points = 0;
}

gboolean
muster_strokes_is_empty (MusterStrokes *self)
{
  return self->n_points == 0;
}

unsigned
muster_strokes_get_length (MusterStrokes *self)
{
  return self->strokes->len;
}

const MusterStrokePoint *
muster_strokes_peek (MusterStrokes *self, unsigned index, unsigned *n_points)
{
  GArray *stroke;

  g_return_val_if_fail (index < self->strokes->len, NULL);

  stroke = self->strokes->pdata[index];
  *n_points = stroke->len;
  return (gconstpointer)stroke->data;
}

JsonNode *
muster_strokes_to_json (MusterStrokes *self)
{
  JsonNode  *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *strokes = json_array_new ();

  for (unsigned i = 0; i < self->strokes->len; i++)
    {
      unsigned                 n_points;
      const MusterStrokePoint *points = muster_strokes_peek (self, i, &n_points);
      JsonArray               *stroke = json_array_sized_new (n_points);

      for (unsigned j = 0; j < n_points; j++)
        {
          JsonArray *point = json_array_sized_new (2);

          json_array_add_double_element (point, points[j].x);
          json_array_add_double_element (point, points[j].y);
          json_array_add_array_element (stroke, point);
        }
      json_array_add_array_element (strokes, stroke);
    }
  json_node_take_array (node, strokes);
  return node;
}

/* Reads the coordinate INDEX of POINT. */
static gboolean
read_coordinate (JsonArray *point, unsigned index, double *value)
{
  JsonNode *node = json_array_get_element (point, index);

  if (!JSON_NODE_HOLDS_VALUE (node) || (json_node_get_value_type (node) != G_TYPE_DOUBLE &&
                                        json_node_get_value_type (node) != G_TYPE_INT64))
    return FALSE;
  *value = json_node_get_double (node);
  return *value >= 0 && *value <= 1;
}

static gboolean
read_stroke (MusterStrokes *self, JsonNode *node)
{
  JsonArray *stroke;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  stroke = json_node_get_array (node);
  add_stroke (self);
  for (unsigned i = 0; i < json_array_get_length (stroke); i++)
    {
      JsonNode *point = json_array_get_element (stroke, i);
      double    x, y;

      if (self->n_points >= MUSTER_STROKES_MAXIMUM || !JSON_NODE_HOLDS_ARRAY (point) ||
          json_array_get_length (json_node_get_array (point)) != 2 ||
          !read_coordinate (json_node_get_array (point), 0, &x) ||
          !read_coordinate (json_node_get_array (point), 1, &y))
        return FALSE;
      add_point (self, x, y);
    }
  return TRUE;
}

gboolean
muster_strokes_read_json (MusterStrokes *self, JsonNode *node)
{
  g_autoptr (MusterStrokes) read = muster_strokes_new ();
  JsonArray *strokes;

  g_return_val_if_fail (self != NULL, FALSE);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  strokes = json_node_get_array (node);
  for (unsigned i = 0; i < json_array_get_length (strokes); i++)
    if (!read_stroke (read, json_array_get_element (strokes, i)))
      return FALSE;
  g_ptr_array_unref (self->strokes);
  self->strokes = g_steal_pointer (&read->strokes);
  self->n_points = read->n_points;
  read->strokes = g_ptr_array_new ();
  return TRUE;
}
