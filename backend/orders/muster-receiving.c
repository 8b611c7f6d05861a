/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-receiving"

#include "config.h"

#include "inventory/muster-stock-moves.h"
#include "inventory/muster-unit.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "muster-orders-call.h"
#include "muster-receiving.h"
#include "muster-shipping.h"

/* What arrives, on its way into the house. */
typedef struct
{
  MusterTransaction   *transaction;
  MusterEntity        *order;
  MusterEntity        *delivery;
  const MusterReceipt *receipt;
  MusterStockContext   context;
} Receiving;

static void
receiving_begin (Receiving *self)
{
  self->context = (MusterStockContext){
    .reason = -1,
    .order_id = muster_entity_get_id (self->order),
    .delivery_id = muster_entity_get_id (self->delivery),
  };
  muster_transaction_set_context (self->transaction, MUSTER_STOCK_CONTEXT, &self->context);
}

static gboolean
receiving_end (Receiving *self, gboolean done)
{
  muster_transaction_set_context (self->transaction, MUSTER_STOCK_CONTEXT, NULL);
  return done;
}

static gboolean
note_arrival (Receiving *self, MusterEntity *item, gint64 quantity, GError **error)
{
  muster_entity_set_integer (item, "received",
                             muster_entity_get_integer (item, "received") + quantity);
  return muster_transaction_update (self->transaction, item, 0, error);
}

/* --- units --- */

/* A new record. That the line and the delivery know of it follows by the rules for devices. */
static gboolean
take_new_unit (Receiving *self, MusterEntity *item, MusterEntity *product, GError **error)
{
  const char *serial = muster_entity_get_string (item, "serial");
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) stored = NULL;

  if (serial == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s is kept by serial number: scan or announce the serial numbers",
                   muster_entity_get_string (product, "name"));
      return FALSE;
    }
  device = muster_unit_new (product, serial, muster_transaction_get_now (self->transaction));
  muster_entity_set_string (device, "mac", muster_entity_get_string (item, "mac"));
  muster_entity_set_string (device, "secret", muster_entity_get_string (item, "secret"));
  muster_entity_set_string (device, "location_id", self->receipt->location_id);
  muster_entity_set_string (device, "purchase_item_id",
                            muster_entity_get_string (item, "order_item_id"));
  if (!muster_transaction_insert (self->transaction, device, error))
    return FALSE;
  stored = muster_transaction_get (self->transaction, &muster_delivery_item_info,
                                   muster_entity_get_id (item), error);
  if (stored == NULL)
    return FALSE;
  muster_entity_set_string (item, "device_id", muster_entity_get_string (stored, "device_id"));
  muster_entity_set_integer (item, "received", muster_entity_get_integer (stored, "received"));
  return TRUE;
}

/* What a customer sends back is in stock again, or on the bench. */
static gboolean
take_returned_unit (Receiving *self, MusterEntity *item, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;

  if (!muster_orders_follow (self->transaction, item, "device_id", &muster_device_info, &device,
                             error))
    return FALSE;
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_IN_STOCK);
  muster_entity_set_string (device, "location_id", self->receipt->location_id);
  muster_entity_set_null (device, "order_item_id");
  muster_entity_set_null (device, "customer_id");
  if (!muster_transaction_update (self->transaction, device, 0, error))
    return FALSE;
  if (self->receipt->to_maintenance)
    {
      muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_MAINTENANCE);
      if (!muster_transaction_update (self->transaction, device, 0, error))
        return FALSE;
    }
  return note_arrival (self, item, 1, error);
}

/* --- bulk goods --- */

static gboolean
take_bulk (Receiving *self, MusterEntity *item, gint64 quantity, GError **error)
{
  gboolean is_return = muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_RETURN;
  const MusterStockMoveDraft draft = {
    .reason = is_return ? MUSTER_MOVE_REASON_RETURN : MUSTER_MOVE_REASON_RECEIVE,
    .product_id = muster_entity_get_string (item, "product_id"),
    .quantity = quantity,
    .to_location_id = self->receipt->location_id,
    .outside_from = TRUE,
    .order_item_id = muster_entity_get_string (item, "order_item_id"),
  };
  g_autoptr (MusterEntity) move = muster_stock_move_write (self->transaction, &draft, error);

  return move != NULL && note_arrival (self, item, quantity, error);
}

static gboolean
take_item (Receiving *self, MusterEntity *item, gint64 quantity, GError **error)
{
  g_autoptr (MusterEntity) product = NULL;

  if (quantity <= 0)
    return TRUE;
  if (!muster_orders_follow (self->transaction, item, "product_id", &muster_product_info, &product,
                             error))
    return FALSE;
  if (!muster_entity_is_null (item, "device_id"))
    return take_returned_unit (self, item, error);
  if (product == NULL)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "what the delivery holds is no longer in the catalogue");
      return FALSE;
    }
  if (muster_entity_get_enum (product, "tracking") != MUSTER_TRACKING_SERIAL)
    return take_bulk (self, item, quantity, error);
  if (muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_PURCHASE)
    return take_new_unit (self, item, product, error);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%s is kept by serial number: scan which units came back",
               muster_entity_get_string (product, "name"));
  return FALSE;
}

gboolean
muster_receiving_take (MusterTransaction   *transaction,
                       MusterEntity        *order,
                       MusterEntity        *delivery,
                       MusterEntity        *item,
                       gint64               quantity,
                       const MusterReceipt *receipt,
                       GError             **error)
{
  Receiving self = { transaction, order, delivery, receipt, { .reason = -1 } };

  receiving_begin (&self);
  return receiving_end (&self, take_item (&self, item, quantity, error));
}

gboolean
muster_receiving_take_all (MusterTransaction   *transaction,
                           MusterEntity        *order,
                           MusterEntity        *delivery,
                           const MusterReceipt *receipt,
                           GError             **error)
{
  Receiving self = { transaction, order, delivery, receipt, { .reason = -1 } };
  g_autoptr (GPtrArray) items =
              muster_delivery_load_items (transaction, muster_entity_get_id (delivery), error);
  gboolean done = items != NULL;

  receiving_begin (&self);
  for (guint i = 0; done && i < items->len; i++)
    {
      MusterEntity *item = items->pdata[i];

      done = take_item (&self, item,
                        muster_entity_get_integer (item, "quantity") -
                          muster_entity_get_integer (item, "received"),
                        error);
    }
  return receiving_end (&self, done);
}

/* --- back to the supplier --- */

static gboolean
send_unit_back (Receiving *self, MusterEntity *item, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;

  if (!muster_orders_follow (self->transaction, item, "device_id", &muster_device_info, &device,
                             error))
    return FALSE;
  if (muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_RETIRED)
    return TRUE;
  if (muster_entity_get_enum (device, "status") != MUSTER_DEVICE_STATUS_IN_STOCK)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s cannot go back to the supplier: it is %s",
                   muster_entity_get_string (device, "name"),
                   muster_entity_get_string (device, "status"));
      return FALSE;
    }
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_RETIRED);
  return muster_transaction_update (self->transaction, device, 0, error);
}

static gboolean
send_bulk_back (Receiving *self, MusterEntity *move, GError **error)
{
  const MusterStockMoveDraft draft = {
    .reason = MUSTER_MOVE_REASON_RETURN,
    .product_id = muster_entity_get_string (move, "product_id"),
    .batch_id = muster_entity_get_string (move, "batch_id"),
    .quantity = muster_entity_get_integer (move, "quantity"),
    .from_location_id = muster_entity_get_string (move, "to_location_id"),
    .outside_to = TRUE,
    .order_item_id = muster_entity_get_string (move, "order_item_id"),
  };
  g_autoptr (MusterEntity) sent = muster_stock_move_write (self->transaction, &draft, error);

  return sent != NULL;
}

gboolean
muster_receiving_send_back (MusterTransaction *transaction,
                            MusterEntity      *order,
                            MusterEntity      *delivery,
                            GError           **error)
{
  Receiving   self = { transaction, order, delivery, NULL, { .reason = -1 } };
  const char *id = muster_entity_get_id (delivery);
  g_autoptr (GPtrArray) items = muster_delivery_load_items (transaction, id, error);
  g_autoptr (GPtrArray) moves = NULL;
  gboolean done = FALSE;

  if (items != NULL)
    moves =
      muster_orders_select (transaction, &muster_stock_move_info, "delivery_id", id, "id", error);
  done = moves != NULL;
  receiving_begin (&self);
  self.context.reason = MUSTER_MOVE_REASON_RETURN;
  for (guint i = 0; done && i < items->len; i++)
    done = muster_entity_is_null (items->pdata[i], "device_id") ||
           send_unit_back (&self, items->pdata[i], error);
  for (guint i = 0; done && i < moves->len; i++)
    done = !muster_entity_is_null (moves->pdata[i], "device_id") ||
           muster_entity_get_enum (moves->pdata[i], "reason") != MUSTER_MOVE_REASON_RECEIVE ||
           send_bulk_back (&self, moves->pdata[i], error);
  return receiving_end (&self, done);
}
