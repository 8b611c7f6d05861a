/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-reorder"

#include "config.h"

#include "model/muster-money.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "muster-inventory-service-private.h"

/* How many of each product are on their way: (element-type utf8 gint64). */
typedef struct
{
  MusterTransaction *transaction;
  GHashTable        *quantities;
} Incoming;

static gboolean
add_item (MusterEntity *item, gpointer data, GError **error)
{
  Incoming   *self = data;
  const char *product_id = muster_entity_get_string (item, "product_id");
  gint64      open =
    muster_entity_get_integer (item, "quantity") - muster_entity_get_integer (item, "delivered");
  gint64 *sum = NULL;

  if (product_id == NULL || open <= 0)
    return TRUE;
  sum = g_hash_table_lookup (self->quantities, product_id);
  if (sum == NULL)
    {
      sum = g_new0 (gint64, 1);
      g_hash_table_insert (self->quantities, g_strdup (product_id), sum);
    }
  *sum += open;
  return TRUE;
}

static gboolean
add_order (MusterEntity *order, gpointer data, GError **error)
{
  Incoming *self = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_order_item_info);

  muster_query_where (query, "order_id", muster_entity_get_id (order));
  return muster_transaction_for_each (self->transaction, query, add_item, self, error);
}

/* Open purchases. */
static gboolean
incoming_load (Incoming *self, GError **error)
{
  static const char *const open[] = { "confirmed", "processing", "shipped", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_order_info);

  muster_query_where (query, "kind", "purchase");
  muster_query_where_any (query, "status", open);
  return muster_transaction_for_each (self->transaction, query, add_order, self, error);
}

typedef struct
{
  Incoming *incoming;
  GString  *json;
  unsigned  n_items;
} List;

static void
append_money (GString *json, MusterEntity *product)
{
  int         index = muster_entity_info_find (&muster_product_info, "unit_price");
  const char *name = "unit_price";

  g_string_append_printf (json, ",\"%s\":", name);
  muster_field_encode_value (&muster_product_info.fields[index],
                             muster_entity_peek (product, index), json);
}

static gboolean
add_product (MusterEntity *product, gpointer data, GError **error)
{
  List         *self = data;
  gint64        point = muster_entity_get_integer (product, "reorder_point");
  gint64        quantity = muster_entity_get_integer (product, "reorder_quantity");
  gint64        on_hand = muster_entity_get_integer (product, "on_hand");
  gint64        reserved = muster_entity_get_integer (product, "reserved");
  const gint64 *incoming =
    g_hash_table_lookup (self->incoming->quantities, muster_entity_get_id (product));
  gint64   on_order = incoming != NULL ? *incoming : 0;
  gint64   expected = on_hand - reserved + on_order;
  GString *json = self->json;

  if (expected >= point)
    return TRUE;
  g_string_append (json, self->n_items++ > 0 ? ",{" : "{");
  muster_inventory_append_member (json, "product_id", muster_entity_get_id (product));
  muster_inventory_append_member (json, "name", muster_entity_get_string (product, "name"));
  muster_inventory_append_member (json, "sku", muster_entity_get_string (product, "sku"));
  muster_inventory_append_member (json, "supplier", muster_entity_get_string (product, "supplier"));
  muster_inventory_append_member (json, "currency", muster_entity_get_string (product, "currency"));
  append_money (json, product);
  g_string_append_printf (json,
                          ",\"on_hand\":%" G_GINT64_FORMAT ",\"reserved\":%" G_GINT64_FORMAT
                          ",\"available\":%" G_GINT64_FORMAT ",\"on_order\":%" G_GINT64_FORMAT
                          ",\"reorder_point\":%" G_GINT64_FORMAT ",\"suggested\":%" G_GINT64_FORMAT
                          "}",
                          on_hand, reserved, on_hand - reserved, on_order, point,
                          MAX (quantity, point - expected));
  return TRUE;
}

static gboolean
reorder_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_product_info);
  g_autoptr (GHashTable) quantities =
              g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GString) json = g_string_new ("{\"items\":[");
  Incoming incoming = { transaction, quantities };
  List     list = { &incoming, json, 0 };

  muster_query_where (query, "reorder_point.min", "0");
  muster_query_where (query, "discontinued", "false");
  muster_query_set_sort (query, "supplier,name");
  if (!incoming_load (&incoming, error) ||
      !muster_transaction_for_each (transaction, query, add_product, &list, error))
    return FALSE;
  g_string_append_printf (json, "],\"total\":%u}", list.n_items);
  muster_inventory_take_json (result, g_steal_pointer (&json));
  return TRUE;
}

DexFuture *
muster_inventory_service_list_reorders (MusterInventoryService *self, gint64 as_of)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);

  return muster_inventory_service_read (self, as_of, reorder_job, NULL, NULL);
}
