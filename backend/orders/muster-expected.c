/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-expected"

#include "config.h"

#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "muster-expected.h"

/* What stands beside one item. */
typedef struct
{
  MusterEntity *item;     /* (owned) */
  MusterEntity *delivery; /* (owned) */
  MusterEntity *order;    /* (owned) */
  MusterEntity *product;  /* (owned) (nullable) */
  MusterEntity *device;   /* (owned) (nullable) */
} Row;

static void
row_clear (Row *self)
{
  g_clear_object (&self->item);
  g_clear_object (&self->delivery);
  g_clear_object (&self->order);
  g_clear_object (&self->product);
  g_clear_object (&self->device);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static gboolean
row_load (Row *self, MusterTransaction *transaction, const char *id, GError **error)
{
  self->item = muster_transaction_get (transaction, &muster_delivery_item_info, id, error);
  return self->item != NULL &&
         muster_orders_follow (transaction, self->item, "delivery_id", &muster_delivery_info,
                               &self->delivery, error) &&
         muster_orders_follow (transaction, self->delivery, "order_id", &muster_order_info,
                               &self->order, error) &&
         muster_orders_follow (transaction, self->item, "product_id", &muster_product_info,
                               &self->product, error) &&
         muster_orders_follow (transaction, self->item, "device_id", &muster_device_info,
                               &self->device, error);
}

static void
append_text (GString *json, const char *member, MusterEntity *entity, const char *field)
{
  const char *text = entity != NULL ? muster_entity_get_string (entity, field) : NULL;

  g_string_append_printf (json, ",\"%s\":", member);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static void
row_encode (Row *self, GString *json)
{
  gboolean known = !muster_entity_is_null (self->item, "secret") ||
                   (self->device != NULL && !muster_entity_is_null (self->device, "secret"));

  muster_entity_encode (self->item, json);
  g_string_truncate (json, json->len - 1);
  append_text (json, "order_id", self->order, "id");
  append_text (json, "order_number", self->order, "order_number");
  append_text (json, "supplier", self->order, "customer");
  append_text (json, "delivery_number", self->delivery, "delivery_number");
  append_text (json, "delivery_status", self->delivery, "status");
  append_text (json, "product", self->product, "name");
  append_text (json, "name", self->device != NULL ? self->device : self->product, "name");
  g_string_append_printf (json, ",\"secret_known\":%s}", known ? "true" : "false");
}

gboolean
muster_expected_describe (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  JsonArray       *items = json_object_get_array_member (call->body, "items");
  g_autofree char *next = json_to_string (json_object_get_member (call->body, "next"), FALSE);
  guint            n_rows = 0;

  g_string_append (call->json, "{\"items\":[");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      g_auto (Row) row = { NULL };
      g_autoptr (GError) cause = NULL;
      const char *id =
        json_object_get_string_member (json_array_get_object_element (items, i), "id");

      if (row_load (&row, transaction, id, &cause))
        {
          g_string_append (call->json, n_rows++ > 0 ? "," : "");
          row_encode (&row, call->json);
        }
      else if (!g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
    }
  g_string_append_printf (call->json, "],\"total\":%" G_GINT64_FORMAT ",\"next\":%s}",
                          json_object_get_int_member (call->body, "total"), next);
  return TRUE;
}
