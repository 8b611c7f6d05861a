/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-shipment-lines"

#include "config.h"

#include "model/muster-entity.h"
#include "model/muster-uuid.h"
#include "muster-order-lines.h"
#include "muster-shipment-lines.h"

#define MAX_UNITS 10000

static void
shipment_line_free (gpointer data)
{
  MusterShipmentLine *self = data;

  g_free (self->order_item_id);
  g_strfreev (self->device_ids);
  g_free (self);
}

static const char *
read_id (JsonNode *node)
{
  const char *text =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
      ? json_node_get_string (node)
      : NULL;

  return text != NULL && muster_uuid_is_valid (text) ? text : NULL;
}

static GStrv
read_ids (JsonNode *node, const char *prefix, MusterFieldErrors *errors)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autofree char *pointer = g_strconcat (prefix, "/device_ids", NULL);
  JsonArray       *array = NULL;
  guint            n_ids = 0;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return g_strv_builder_end (ids);
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      array = json_node_get_array (node);
      n_ids = json_array_get_length (array);
    }
  if (array == NULL || n_ids > MAX_UNITS)
    {
      muster_field_errors_add (errors, pointer, "must be an array of at most %d ids of devices",
                               MAX_UNITS);
      return g_strv_builder_end (ids);
    }
  for (guint i = 0; i < n_ids; i++)
    {
      const char *id = read_id (json_array_get_element (array, i));

      if (id != NULL)
        g_strv_builder_add (ids, id);
      else
        muster_field_errors_add (errors, pointer, "must hold ids of devices alone (element %u)", i);
    }
  return g_strv_builder_end (ids);
}

static gint64
read_quantity (JsonObject *object, const char *prefix, MusterFieldErrors *errors)
{
  static const MusterField field = { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1,
                                     1000000000 };
  g_autofree char         *pointer = g_strconcat (prefix, "/quantity", NULL);
  JsonNode                *node = json_object_get_member (object, "quantity");
  MusterValue              value = { 0 };

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return 0;
  return muster_field_decode_value (&field, node, pointer, &value, errors) ? value.integer : 0;
}

static MusterShipmentLine *
shipment_line_new (JsonObject *object, const char *prefix, MusterFieldErrors *errors)
{
  static const char *const known[] = { "order_item_id", "quantity", "device_ids", NULL };
  MusterShipmentLine      *self = g_new0 (MusterShipmentLine, 1);
  JsonObjectIter           iter;
  const char              *name = NULL;

  self->order_item_id = g_strdup (read_id (json_object_get_member (object, "order_item_id")));
  self->quantity = read_quantity (object, prefix, errors);
  self->device_ids = read_ids (json_object_get_member (object, "device_ids"), prefix, errors);
  if (self->order_item_id == NULL)
    {
      g_autofree char *pointer = g_strconcat (prefix, "/order_item_id", NULL);

      muster_field_errors_add (errors, pointer, "must be the id of a line of the order");
    }
  if (self->quantity > 0 && g_strv_length (self->device_ids) > (guint64)self->quantity)
    {
      g_autofree char *pointer = g_strconcat (prefix, "/quantity", NULL);

      muster_field_errors_add (errors, pointer, "is less than the units named");
    }
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    if (!g_strv_contains (known, name))
      {
        g_autofree char *pointer = muster_json_pointer_append (prefix, name);

        muster_field_errors_add (errors, pointer,
                                 "is not known: order_item_id, quantity, device_ids are");
      }
  return self;
}

GPtrArray *
muster_shipment_lines_parse (JsonNode *node, const char *pointer, MusterFieldErrors *errors)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (shipment_line_free);
  JsonArray *array = NULL;

  g_return_val_if_fail (pointer != NULL && errors != NULL, lines);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) > MUSTER_ORDER_MAX_LINES)
    {
      muster_field_errors_add (errors, pointer, "must be an array of at most %d lines",
                               MUSTER_ORDER_MAX_LINES);
      return lines;
    }
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *prefix = g_strdup_printf ("%s/%u", pointer, i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        g_ptr_array_add (lines, shipment_line_new (json_node_get_object (element), prefix, errors));
      else
        muster_field_errors_add (errors, prefix, "must be an object");
    }
  return lines;
}

const MusterShipmentLine *
muster_shipment_lines_find (GPtrArray *lines, const char *order_item_id, guint *index)
{
  g_return_val_if_fail (order_item_id != NULL, NULL);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      const MusterShipmentLine *line = lines->pdata[i];

      if (g_strcmp0 (line->order_item_id, order_item_id) != 0)
        continue;
      if (index != NULL)
        *index = i;
      return line;
    }
  return NULL;
}
