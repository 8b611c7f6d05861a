/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-lines"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-money.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "model/muster-uuid.h"
#include "muster-order-lines.h"
#include "muster-orders-call.h"

void
muster_order_line_free (gpointer data)
{
  MusterOrderLine *self = data;

  g_object_unref (self->item);
  g_free (self);
}

MusterOrderLine *
muster_order_line_new_stored (MusterEntity *item)
{
  MusterOrderLine *self = g_new0 (MusterOrderLine, 1);

  g_return_val_if_fail (MUSTER_IS_ORDER_ITEM (item), self);

  self->item = g_object_ref (item);
  self->is_stored = TRUE;
  return self;
}

/* --- reading --- */

static void
line_take_member (MusterOrderLine   *self,
                  const char        *prefix,
                  const char        *name,
                  JsonNode          *node,
                  MusterFieldErrors *errors)
{
  g_autofree char   *pointer = muster_json_pointer_append (prefix, name);
  int                index = muster_entity_info_find (&muster_order_item_info, name);
  const MusterField *field = index >= 0 ? &muster_order_item_info.fields[index] : NULL;
  gboolean           is_subtotal = g_str_equal (name, "subtotal");
  MusterValue        value = { 0 };

  if (field == NULL)
    {
      muster_field_errors_add (errors, pointer, "is not a field of OrderItem");
      return;
    }
  /* What is answered for a line may be sent back with it. */
  if (g_str_equal (name, "order_id") ||
      ((field->flags & MUSTER_FIELD_READ_ONLY) && !is_subtotal && index != MUSTER_ENTITY_FIELD_ID))
    return;
  if (!muster_field_decode_value (field, node, pointer, &value, errors))
    return;
  self->has_price = self->has_price || g_str_equal (name, "unit_price");
  if (is_subtotal)
    {
      self->has_subtotal = TRUE;
      self->subtotal = value.integer;
    }
  else
    muster_entity_take (self->item, index, &value);
}

static MusterOrderLine *
line_new (JsonObject *object, const char *prefix, MusterFieldErrors *errors)
{
  MusterOrderLine *self = g_new0 (MusterOrderLine, 1);
  JsonObjectIter   iter;
  const char      *name = NULL;
  JsonNode        *node = NULL;

  self->item = muster_entity_new (&muster_order_item_info);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    line_take_member (self, prefix, name, node, errors);
  /* What is sent back may have another quantity by now. */
  if (muster_entity_get_id (self->item) != NULL)
    self->has_subtotal = FALSE;
  return self;
}

GPtrArray *
muster_order_lines_parse (JsonNode *node, MusterFieldErrors *errors)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (muster_order_line_free);
  JsonArray *array = NULL;

  g_return_val_if_fail (errors != NULL, lines);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      muster_field_errors_add (errors, "/items",
                               node == NULL ? "is required" : "must be an array of lines");
      return lines;
    }
  array = json_node_get_array (node);
  if (json_array_get_length (array) > MUSTER_ORDER_MAX_LINES)
    {
      muster_field_errors_add (errors, "/items", "must be at most %u lines",
                               MUSTER_ORDER_MAX_LINES);
      return lines;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      g_autofree char *prefix = g_strdup_printf ("/items/%u", i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        g_ptr_array_add (lines, line_new (json_node_get_object (element), prefix, errors));
      else
        muster_field_errors_add (errors, prefix, "must be an object");
    }
  return lines;
}

/* --- completing --- */

/* A line that is being completed. */
typedef struct
{
  MusterTransaction *transaction;
  MusterEntity      *order;
  GPtrArray         *origin; /* (nullable): the lines of the order that is sent back */
  MusterFieldErrors *errors;
  MusterOrderLine   *line;
  guint              index;
  MusterEntity      *device;  /* (owned) (nullable) */
  MusterEntity      *product; /* (owned) (nullable) */
} Completion;

static void refuse (Completion *self, const char *member, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static void
refuse (Completion *self, const char *member, const char *format, ...)
{
  g_autofree char *pointer = g_strdup_printf ("/items/%u/%s", self->index, member);
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  muster_field_errors_add (self->errors, pointer, "%s", detail);
}

/* *RECORD: what FIELD points at, or NULL; one that is not there is a row. */
static gboolean
look_up (Completion             *self,
         const char             *field,
         const MusterEntityInfo *info,
         MusterEntity          **record,
         GError                **error)
{
  g_autoptr (GError) cause = NULL;

  if (muster_orders_follow (self->transaction, self->line->item, field, info, record, &cause))
    return TRUE;
  if (!g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  refuse (self, field, "%s", cause->message);
  return TRUE;
}

static gboolean
find_goods (Completion *self, GError **error)
{
  MusterEntity *item = self->line->item;
  const char   *product_id;

  if (!look_up (self, "device_id", &muster_device_info, &self->device, error))
    return FALSE;
  if (self->device != NULL)
    {
      product_id = muster_entity_get_string (self->device, "product_id");
      if (muster_entity_is_null (item, "product_id"))
        muster_entity_set_string (item, "product_id", product_id);
      else if (g_strcmp0 (muster_entity_get_string (item, "product_id"), product_id) != 0)
        refuse (self, "product_id", "is not the product of %s: leave it out",
                muster_entity_get_string (self->device, "name"));
      if (muster_entity_get_integer (item, "quantity") != 1)
        refuse (self, "quantity", "must be 1 for a line that names the very unit");
    }
  return look_up (self, "product_id", &muster_product_info, &self->product, error);
}

/* What a returned line was sold for. */
static gboolean
take_origin_price (Completion *self)
{
  MusterEntity *item = self->line->item;

  for (guint i = 0; self->origin != NULL && i < self->origin->len; i++)
    {
      MusterEntity *sold = self->origin->pdata[i];

      if (g_strcmp0 (muster_entity_get_string (sold, "product_id"),
                     muster_entity_get_string (item, "product_id")) != 0 ||
          muster_entity_is_null (sold, "product_id"))
        continue;
      muster_entity_set_integer (item, "unit_price",
                                 muster_entity_get_integer (sold, "unit_price"));
      return TRUE;
    }
  return FALSE;
}

static void
take_catalogue_price (Completion *self)
{
  const char *currency = muster_entity_get_string (self->order, "currency");

  if (self->product == NULL || muster_entity_is_null (self->product, "unit_price"))
    refuse (self, "unit_price", "must be given: the catalogue has no price of it");
  else if (g_strcmp0 (muster_entity_get_string (self->product, "currency"), currency) != 0)
    refuse (self, "unit_price", "must be given: the catalogue's price is in %s, the order in %s",
            muster_entity_get_string (self->product, "currency"), currency);
  else
    muster_entity_set_integer (self->line->item, "unit_price",
                               muster_entity_get_integer (self->product, "unit_price"));
}

static void
complete_price (Completion *self)
{
  int kind = muster_entity_get_enum (self->order, "kind");

  /* What a supplier asks may not be known before the invoice. */
  if (self->line->has_price || kind == MUSTER_ORDER_KIND_PURCHASE)
    return;
  if (kind != MUSTER_ORDER_KIND_RETURN || !take_origin_price (self))
    take_catalogue_price (self);
}

static void
complete_description (Completion *self)
{
  MusterEntity *item = self->line->item;
  MusterEntity *source = self->device != NULL ? self->device : self->product;

  if (muster_entity_is_null (item, "description") && source != NULL)
    muster_entity_set_string (item, "description", muster_entity_get_string (source, "name"));
}

/* Customers order goods at the price of the catalogue, nothing else. */
static void
check_customer (Completion *self)
{
  gint64 price = muster_entity_get_integer (self->line->item, "unit_price");

  if (!muster_entity_is_null (self->line->item, "device_id"))
    refuse (self, "device_id", "must be left out: order a product");
  else if (self->product == NULL || muster_entity_get_boolean (self->product, "discontinued"))
    refuse (self, "product_id", "must be a product of the catalogue");
  else if (self->line->has_price)
    {
      take_catalogue_price (self);
      if (price != muster_entity_get_integer (self->line->item, "unit_price"))
        refuse (self, "unit_price", "is not the price of the catalogue: leave it out");
    }
}

static gboolean
complete_goods (Completion *self, GError **error)
{
  MusterEntity *item = self->line->item;

  if (muster_entity_is_null (item, "product_id") && muster_entity_is_null (item, "device_id"))
    {
      refuse (self, "product_id", "must be given, or device_id: which goods");
      return TRUE;
    }
  if (!muster_entity_is_null (item, "rate"))
    refuse (self, "rate", "belongs to discounts and taxes: leave it out");
  if (!muster_entity_is_null (item, "device_id") &&
      muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_PURCHASE)
    refuse (self, "device_id", "must be left out: a purchase brings units that are not there yet");
  if (!find_goods (self, error))
    return FALSE;
  if (muster_field_errors_get_count (self->errors) > 0)
    return TRUE;
  if (muster_orders_are_own_only (muster_transaction_get_actor (self->transaction)))
    check_customer (self);
  complete_price (self);
  complete_description (self);
  return TRUE;
}

static void
complete_charge (Completion *self)
{
  MusterEntity *item = self->line->item;
  int           kind = muster_entity_get_enum (item, "kind");

  if (muster_orders_are_own_only (muster_transaction_get_actor (self->transaction)))
    refuse (self, "kind", "must be item");
  if (!muster_entity_is_null (item, "product_id") || !muster_entity_is_null (item, "device_id"))
    refuse (self, muster_entity_is_null (item, "product_id") ? "device_id" : "product_id",
            "must be left out: the line is no goods");
  if (muster_entity_is_null (item, "rate") && !self->line->has_price)
    refuse (self, "unit_price", "must be given, or rate: how much");
  if (!muster_entity_is_null (item, "rate") && self->line->has_price &&
      muster_entity_get_integer (item, "unit_price") != 0)
    refuse (self, "unit_price", "must be left out where a rate is given");
  if (!muster_entity_is_null (item, "rate") && kind != MUSTER_ORDER_LINE_KIND_DISCOUNT &&
      muster_entity_get_integer (item, "rate") < 0)
    refuse (self, "rate", "must not be negative");
}

gboolean
muster_order_lines_complete (MusterTransaction *transaction,
                             MusterEntity      *order,
                             GPtrArray         *lines,
                             MusterFieldErrors *errors,
                             GError           **error)
{
  const char *origin_id;
  g_autoptr (GPtrArray) origin = NULL;
  gboolean done = TRUE;

  g_return_val_if_fail (transaction != NULL && order != NULL, FALSE);
  g_return_val_if_fail (lines != NULL && errors != NULL, FALSE);

  origin_id = muster_entity_get_string (order, "origin_order_id");
  if (origin_id != NULL)
    {
      origin = muster_orders_select (transaction, &muster_order_item_info, "order_id", origin_id,
                                     "position", error);
      if (origin == NULL)
        return FALSE;
    }
  for (guint i = 0; done && i < lines->len; i++)
    {
      Completion completion = { transaction, order, origin, errors, lines->pdata[i], i };

      if (completion.line->is_stored)
        continue;
      if (muster_entity_get_enum (completion.line->item, "kind") == MUSTER_ORDER_LINE_KIND_ITEM)
        done = complete_goods (&completion, error);
      else
        complete_charge (&completion);
      g_clear_object (&completion.device);
      g_clear_object (&completion.product);
    }
  return done;
}

void
muster_order_lines_check_subtotals (GPtrArray *lines, MusterFieldErrors *errors)
{
  g_return_if_fail (lines != NULL && errors != NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const MusterOrderLine *line = lines->pdata[i];
      gint64                 subtotal = muster_entity_get_integer (line->item, "subtotal");

      if (line->has_subtotal && line->subtotal != subtotal)
        {
          g_autofree char *pointer = g_strdup_printf ("/items/%u/subtotal", i);
          g_autofree char *amount = muster_money_format (subtotal);

          muster_field_errors_add (errors, pointer, "is %s by quantity and price: leave it out",
                                   amount);
        }
    }
}

GPtrArray *
muster_order_lines_list_items (GPtrArray *lines)
{
  GPtrArray *items = g_ptr_array_new ();

  g_return_val_if_fail (lines != NULL, items);

  for (guint i = 0; i < lines->len; i++)
    g_ptr_array_add (items, ((MusterOrderLine *)lines->pdata[i])->item);
  return items;
}
