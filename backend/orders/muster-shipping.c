/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-shipping"

#include "config.h"

#include "inventory/muster-stock-moves.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-allocation.h"
#include "muster-order-edit.h"
#include "muster-orders-call.h"
#include "muster-shipment-lines.h"
#include "muster-shipping.h"

GPtrArray *
muster_delivery_load_items (MusterTransaction *transaction, const char *delivery_id, GError **error)
{
  return muster_orders_select (transaction, &muster_delivery_item_info, "delivery_id", delivery_id,
                               "id", error);
}

/* --- what other deliveries of the order hold --- */

typedef struct
{
  GHashTable *quantities; /* order_item id → gint64 */
  GHashTable *units;      /* set of device ids */
} Plan;

static void
plan_clear (Plan *self)
{
  g_clear_pointer (&self->quantities, g_hash_table_unref);
  g_clear_pointer (&self->units, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

static gint64
plan_get (Plan *self, const char *line_id)
{
  const gint64 *quantity = g_hash_table_lookup (self->quantities, line_id);

  return quantity != NULL ? *quantity : 0;
}

static void
plan_add (Plan *self, MusterEntity *item)
{
  const char *line_id = muster_entity_get_string (item, "order_item_id");
  const char *device_id = muster_entity_get_string (item, "device_id");
  gint64      quantity = plan_get (self, line_id) + muster_entity_get_integer (item, "quantity");

  g_hash_table_replace (self->quantities, g_strdup (line_id),
                        g_memdup2 (&quantity, sizeof quantity));
  if (device_id != NULL)
    g_hash_table_add (self->units, g_strdup (device_id));
}

/* One that came back, or failed before it left, holds nothing any more. */
static gboolean
is_live (MusterEntity *delivery)
{
  int status = muster_entity_get_enum (delivery, "status");

  return status != MUSTER_DELIVERY_STATUS_RETURNED &&
         (status != MUSTER_DELIVERY_STATUS_FAILED ||
          !muster_entity_is_null (delivery, "shipped_at"));
}

static gboolean
plan_load (Plan *self, MusterTransaction *transaction, MusterEntity *order, GError **error)
{
  g_autoptr (GPtrArray) deliveries =
              muster_orders_select (transaction, &muster_delivery_info, "order_id",
                                    muster_entity_get_id (order), "id", error);

  self->quantities = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; deliveries != NULL && i < deliveries->len; i++)
    {
      g_autoptr (GPtrArray) items = NULL;

      if (!is_live (deliveries->pdata[i]))
        continue;
      items = muster_delivery_load_items (transaction, muster_entity_get_id (deliveries->pdata[i]),
                                          error);
      if (items == NULL)
        return FALSE;
      for (guint k = 0; k < items->len; k++)
        plan_add (self, items->pdata[k]);
    }
  return deliveries != NULL;
}

static gboolean
is_goods (MusterEntity *line)
{
  return muster_entity_get_enum (line, "kind") == MUSTER_ORDER_LINE_KIND_ITEM;
}

gint64
muster_shipping_count_left (MusterTransaction *transaction,
                            MusterEntity      *order,
                            GPtrArray         *lines,
                            GError           **error)
{
  g_auto (Plan) plan = { NULL, NULL };
  gint64 left = 0;

  if (!plan_load (&plan, transaction, order, error))
    return -1;
  for (guint i = 0; i < lines->len; i++)
    if (is_goods (lines->pdata[i]))
      left += MAX (0, muster_entity_get_integer (lines->pdata[i], "quantity") -
                        plan_get (&plan, muster_entity_get_id (lines->pdata[i])));
  return left;
}

/* --- filling --- */

/* A delivery that is being filled. */
typedef struct
{
  MusterTransaction *transaction;
  MusterEntity      *order;
  MusterEntity      *delivery;
  const char        *pointer;
  Plan               plan;
  MusterFieldErrors *errors;
} Filling;

static gboolean
add_item (Filling *self, MusterEntity *line, MusterEntity *device, gint64 quantity, GError **error)
{
  g_autoptr (MusterEntity) item = muster_entity_new (&muster_delivery_item_info);

  muster_entity_set_string (item, "delivery_id", muster_entity_get_id (self->delivery));
  muster_entity_set_string (item, "order_item_id", muster_entity_get_id (line));
  muster_entity_set_string (item, "product_id", muster_entity_get_string (line, "product_id"));
  muster_entity_set_integer (item, "quantity", quantity);
  if (device != NULL)
    {
      muster_entity_set_string (item, "device_id", muster_entity_get_id (device));
      muster_entity_set_string (item, "serial", muster_entity_get_string (device, "serial"));
    }
  return muster_transaction_insert (self->transaction, item, error);
}

/* Whether a unit of the line may go with this delivery. */
static gboolean
is_ready (Filling *self, MusterEntity *device)
{
  int status = muster_entity_get_enum (device, "status");

  return (status == MUSTER_DEVICE_STATUS_RESERVED || status == MUSTER_DEVICE_STATUS_SOLD ||
          status == MUSTER_DEVICE_STATUS_DEPLOYED) &&
         !g_hash_table_contains (self->plan.units, muster_entity_get_id (device));
}

/* The units of the line that are ready, those that WANTED names first. */
static GPtrArray *
list_ready (Filling *self, MusterEntity *line, const MusterShipmentLine *wanted, GError **error)
{
  g_autoptr (GPtrArray) units = muster_allocation_list_units (self->transaction, line, error);
  g_autoptr (GPtrArray) ready = NULL;

  if (units == NULL)
    return NULL;
  ready = g_ptr_array_new_with_free_func (g_object_unref);
  for (unsigned pass = 0; pass < 2; pass++)
    for (guint i = 0; i < units->len; i++)
      {
        gboolean named = wanted != NULL && g_strv_contains ((const char *const *)wanted->device_ids,
                                                            muster_entity_get_id (units->pdata[i]));

        if (named == (pass == 0) && is_ready (self, units->pdata[i]))
          g_ptr_array_add (ready, g_object_ref (units->pdata[i]));
      }
  return g_steal_pointer (&ready);
}

/* More is set aside than the line needs when other units were named: the rest is given back. */
static gboolean
free_surplus (Filling *self, MusterEntity *line, GPtrArray *ready, gint64 taken, GError **error)
{
  gint64 needed = muster_entity_get_integer (line, "quantity") -
                  plan_get (&self->plan, muster_entity_get_id (line));

  for (gint64 i = ready->len; i > MAX (needed, taken); i--)
    if (muster_entity_get_enum (ready->pdata[i - 1], "status") == MUSTER_DEVICE_STATUS_RESERVED &&
        !muster_allocation_free_unit (self->transaction, ready->pdata[i - 1], error))
      return FALSE;
  return TRUE;
}

static gboolean
fill_with_units (Filling                  *self,
                 MusterEntity             *line,
                 const MusterShipmentLine *wanted,
                 gint64                    quantity,
                 gint64                   *got,
                 GError                  **error)
{
  g_autoptr (GPtrArray) ready = list_ready (self, line, wanted, error);
  gint64 lacking, reserved = 0;

  if (ready == NULL)
    return FALSE;
  lacking = quantity - ready->len;
  if (lacking > 0 || (wanted != NULL && wanted->device_ids[0] != NULL))
    {
      if (!muster_allocation_reserve_line (self->transaction, self->order, line, MAX (0, lacking),
                                           wanted != NULL ? (const char *const *)wanted->device_ids
                                                          : NULL,
                                           &reserved, error))
        return FALSE;
      g_clear_pointer (&ready, g_ptr_array_unref);
      ready = list_ready (self, line, wanted, error);
      if (ready == NULL)
        return FALSE;
    }
  *got = MIN (quantity, (gint64)ready->len);
  for (gint64 i = 0; i < *got; i++)
    if (!add_item (self, line, ready->pdata[i], 1, error))
      return FALSE;
  return free_surplus (self, line, ready, *got, error);
}

/* Bulk goods that are set aside and that no delivery which has not left yet holds. */
static gboolean
count_held (Filling *self, MusterEntity *line, gint64 *result, GError **error)
{
  g_autoptr (GPtrArray) holdings = muster_allocation_list_holdings (self->transaction, line, error);
  gint64 held = 0;

  if (holdings == NULL)
    return FALSE;
  for (guint i = 0; i < holdings->len; i++)
    held += ((MusterHolding *)holdings->pdata[i])->quantity;
  *result = MAX (0, held - (plan_get (&self->plan, muster_entity_get_id (line)) -
                            muster_entity_get_integer (line, "shipped")));
  return TRUE;
}

static gboolean
fill_in_bulk (Filling *self, MusterEntity *line, gint64 quantity, gint64 *got, GError **error)
{
  gint64 held = 0, reserved = 0;

  if (!count_held (self, line, &held, error))
    return FALSE;
  if (held < quantity && !muster_allocation_reserve_line (self->transaction, self->order, line,
                                                          quantity - held, NULL, &reserved, error))
    return FALSE;
  *got = MIN (quantity, held + reserved);
  return *got == 0 || add_item (self, line, NULL, *got, error);
}

static gboolean
fill_line (Filling                  *self,
           MusterEntity             *line,
           const MusterShipmentLine *wanted,
           guint                     index,
           GError                  **error)
{
  gint64 left = muster_entity_get_integer (line, "quantity") -
                plan_get (&self->plan, muster_entity_get_id (line));
  gint64           quantity = left, got = 0;
  g_autofree char *pointer = g_strdup_printf ("%s/%u", self->pointer, index);
  gboolean         serialised;

  if (wanted != NULL && wanted->device_ids[0] != NULL)
    quantity = MAX (wanted->quantity, g_strv_length (wanted->device_ids));
  else if (wanted != NULL && wanted->quantity > 0)
    quantity = wanted->quantity;
  if (quantity > left)
    muster_field_errors_add (self->errors, pointer,
                             "%" G_GINT64_FORMAT " of it are left, not %" G_GINT64_FORMAT,
                             MAX (0, left), quantity);
  if (quantity <= 0 || quantity > left)
    return TRUE;
  if (!muster_allocation_is_serialised (self->transaction, line, &serialised, error) ||
      !(serialised ? fill_with_units (self, line, wanted, quantity, &got, error)
                   : fill_in_bulk (self, line, quantity, &got, error)))
    return FALSE;
  if (got < quantity)
    muster_field_errors_add (self->errors, pointer,
                             "wanted %" G_GINT64_FORMAT ", available %" G_GINT64_FORMAT ": %s",
                             quantity, got, muster_entity_get_string (line, "description"));
  return TRUE;
}

/* The units that LINE, at PREFIX, names must be there. */
static gboolean
check_units (MusterTransaction        *transaction,
             const MusterShipmentLine *line,
             const char               *prefix,
             MusterFieldErrors        *errors,
             GError                  **error)
{
  for (unsigned i = 0; line->device_ids[i] != NULL; i++)
    {
      g_autofree char *pointer = g_strdup_printf ("%s/device_ids/%u", prefix, i);
      gboolean         there = FALSE;

      if (!muster_transaction_has (transaction, muster_device_info.name, line->device_ids[i],
                                   &there, error))
        return FALSE;
      if (!there)
        muster_field_errors_add (errors, pointer, "there is no device %s", line->device_ids[i]);
    }
  return TRUE;
}

gboolean
muster_shipping_check_lines (MusterTransaction *transaction,
                             MusterEntity      *order,
                             GPtrArray         *lines,
                             GPtrArray         *wanted,
                             const char        *pointer,
                             GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  g_return_val_if_fail (transaction != NULL && order != NULL && lines != NULL, FALSE);

  for (guint i = 0; wanted != NULL && i < wanted->len; i++)
    {
      const MusterShipmentLine *line = wanted->pdata[i];
      MusterEntity             *ordered = muster_order_find_line (lines, line->order_item_id);
      g_autofree char          *prefix = g_strdup_printf ("%s/%u", pointer, i);
      g_autofree char          *member = g_strconcat (prefix, "/order_item_id", NULL);

      if (ordered == NULL || !is_goods (ordered))
        muster_field_errors_add (errors, member, "is no line of goods of %s",
                                 muster_entity_get_string (order, "order_number"));
      if (!check_units (transaction, line, prefix, errors, error))
        return FALSE;
    }
  return muster_field_errors_check (errors, error);
}

gboolean
muster_shipping_fill (MusterTransaction *transaction,
                      MusterEntity      *order,
                      GPtrArray         *lines,
                      MusterEntity      *delivery,
                      GPtrArray         *wanted,
                      const char        *pointer,
                      GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_auto (Plan) plan = { NULL, NULL };
  Filling filling = { transaction, order, delivery, pointer };

  if (!plan_load (&plan, transaction, order, error))
    return FALSE;
  filling.plan = plan;
  filling.errors = errors;
  for (guint i = 0; i < lines->len; i++)
    {
      guint                     index = i;
      const MusterShipmentLine *line =
        muster_shipment_lines_find (wanted, muster_entity_get_id (lines->pdata[i]), &index);

      if (is_goods (lines->pdata[i]) && (wanted == NULL || line != NULL) &&
          !fill_line (&filling, lines->pdata[i], line, index, error))
        return FALSE;
    }
  return muster_field_errors_check_as (errors, MUSTER_ERROR_CONFLICT, error);
}

/* --- leaving --- */

static gboolean
refuse_unit (MusterEntity *device, const char *whose, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%s cannot leave: it is %s%s; take it out of the delivery",
               muster_entity_get_string (device, "name"),
               muster_entity_get_string (device, "status"), whose);
  return FALSE;
}

/* Meanwhile the unit of ITEM may have been promised or sold to somebody else. */
static gboolean
is_anothers (MusterEntity *device, MusterEntity *item)
{
  const char *line_id = muster_entity_get_string (device, "order_item_id");

  return line_id == NULL
           ? muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_RESERVED
           : g_strcmp0 (line_id, muster_entity_get_string (item, "order_item_id")) != 0;
}

static gboolean
send_unit (MusterTransaction *transaction, MusterEntity *order, MusterEntity *item, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;
  int status;

  if (!muster_orders_follow (transaction, item, "device_id", &muster_device_info, &device, error))
    return FALSE;
  status = muster_entity_get_enum (device, "status");
  if (status != MUSTER_DEVICE_STATUS_RESERVED && status != MUSTER_DEVICE_STATUS_IN_STOCK &&
      status != MUSTER_DEVICE_STATUS_SOLD && status != MUSTER_DEVICE_STATUS_DEPLOYED)
    return refuse_unit (device, "", error);
  if (is_anothers (device, item))
    return refuse_unit (device, " for somebody else", error);
  if (status != MUSTER_DEVICE_STATUS_DEPLOYED)
    muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_SOLD);
  muster_entity_set_string (device, "order_item_id",
                            muster_entity_get_string (item, "order_item_id"));
  if (!muster_entity_is_null (order, "customer_id"))
    muster_entity_set_string (device, "customer_id",
                              muster_entity_get_string (order, "customer_id"));
  return muster_transaction_update (transaction, device, 0, error);
}

/* From where it is set aside, and out of the house. */
static gboolean
pick (MusterTransaction   *transaction,
      MusterEntity        *item,
      const MusterHolding *holding,
      gint64               quantity,
      GError             **error)
{
  MusterStockMoveDraft draft = {
    .reason = MUSTER_MOVE_REASON_PICK,
    .product_id = muster_entity_get_string (item, "product_id"),
    .batch_id = holding->batch_id,
    .quantity = quantity,
    .from_location_id = holding->location_id,
    .outside_to = TRUE,
    .order_item_id = muster_entity_get_string (item, "order_item_id"),
  };
  g_autoptr (MusterEntity) picked = muster_stock_move_write (transaction, &draft, error);
  g_autoptr (MusterEntity) shipped = NULL;

  if (picked == NULL)
    return FALSE;
  draft.reason = MUSTER_MOVE_REASON_SHIP;
  draft.from_location_id = NULL;
  draft.outside_from = TRUE;
  shipped = muster_stock_move_write (transaction, &draft, error);
  return shipped != NULL;
}

static gboolean
send_bulk (MusterTransaction *transaction, MusterEntity *item, GError **error)
{
  g_autoptr (MusterEntity) line = NULL;
  g_autoptr (GPtrArray) holdings = NULL;
  gint64 left = muster_entity_get_integer (item, "quantity");

  if (muster_entity_is_null (item, "product_id"))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "a unit of the delivery is no longer there: take the line out");
      return FALSE;
    }
  if (!muster_orders_follow (transaction, item, "order_item_id", &muster_order_item_info, &line,
                             error) ||
      (holdings = muster_allocation_list_holdings (transaction, line, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < holdings->len && left > 0; i++)
    {
      const MusterHolding *holding = holdings->pdata[i];
      gint64               quantity = MIN (left, holding->quantity);

      if (!pick (transaction, item, holding, quantity, error))
        return FALSE;
      left -= quantity;
    }
  if (left == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%" G_GINT64_FORMAT " of %s are no longer set aside: allocate the order again", left,
               muster_entity_get_string (line, "description"));
  return FALSE;
}

/* Tells the moves that follow what they are for. */
static void
begin_moves (MusterTransaction  *transaction,
             MusterStockContext *context,
             MusterEntity       *order,
             MusterEntity       *delivery)
{
  *context = (MusterStockContext){
    .reason = -1,
    .order_id = muster_entity_get_id (order),
    .delivery_id = muster_entity_get_id (delivery),
  };
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, context);
}

static gboolean
is_unit (MusterTransaction *transaction, MusterEntity *item, gboolean *unit, GError **error)
{
  g_autoptr (MusterEntity) line = NULL;

  *unit = !muster_entity_is_null (item, "device_id");
  if (*unit)
    return TRUE;
  if (!muster_orders_follow (transaction, item, "order_item_id", &muster_order_item_info, &line,
                             error) ||
      !muster_allocation_is_serialised (transaction, line, unit, error))
    return FALSE;
  if (!*unit)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "the record of the unit %s is gone: make another delivery",
               muster_entity_is_null (item, "serial") ? ""
                                                      : muster_entity_get_string (item, "serial"));
  return FALSE;
}

gboolean
muster_shipping_leave (MusterTransaction *transaction,
                       MusterEntity      *order,
                       MusterEntity      *delivery,
                       GError           **error)
{
  MusterStockContext context;
  g_autoptr (GPtrArray) items =
              muster_delivery_load_items (transaction, muster_entity_get_id (delivery), error);
  gboolean done = items != NULL;

  begin_moves (transaction, &context, order, delivery);
  for (guint i = 0; done && i < items->len; i++)
    {
      gboolean unit;

      done = is_unit (transaction, items->pdata[i], &unit, error) &&
             (unit ? send_unit (transaction, order, items->pdata[i], error)
                   : send_bulk (transaction, items->pdata[i], error));
    }
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  return done;
}

/* --- coming back --- */

static gboolean
take_back_unit (MusterTransaction *transaction,
                MusterEntity      *order,
                MusterEntity      *item,
                const char        *place_id,
                GError           **error)
{
  g_autoptr (MusterEntity) device = NULL;
  int status;

  if (!muster_orders_follow (transaction, item, "device_id", &muster_device_info, &device, error))
    return FALSE;
  if (device == NULL || g_strcmp0 (muster_entity_get_string (device, "order_item_id"),
                                   muster_entity_get_string (item, "order_item_id")) != 0)
    return TRUE;
  status = muster_entity_get_enum (device, "status");
  if (status == MUSTER_DEVICE_STATUS_SOLD || status == MUSTER_DEVICE_STATUS_DEPLOYED)
    {
      muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_IN_STOCK);
      if (place_id != NULL)
        muster_entity_set_string (device, "location_id", place_id);
    }
  muster_entity_set_null (device, "order_item_id");
  if (g_strcmp0 (muster_entity_get_string (device, "customer_id"),
                 muster_entity_get_string (order, "customer_id")) == 0)
    muster_entity_set_null (device, "customer_id");
  return muster_transaction_update (transaction, device, 0, error);
}

/* To PLACE_ID or, without it, where it was picked. */
static gboolean
put_back (MusterTransaction *transaction, MusterEntity *move, const char *place_id, GError **error)
{
  const MusterStockMoveDraft draft = {
    .reason = MUSTER_MOVE_REASON_RETURN,
    .product_id = muster_entity_get_string (move, "product_id"),
    .batch_id = muster_entity_get_string (move, "batch_id"),
    .quantity = muster_entity_get_integer (move, "quantity"),
    .to_location_id =
      place_id != NULL ? place_id : muster_entity_get_string (move, "from_location_id"),
    .outside_from = TRUE,
    .order_item_id = muster_entity_get_string (move, "order_item_id"),
  };
  g_autoptr (MusterEntity) returned = muster_stock_move_write (transaction, &draft, error);

  return returned != NULL;
}

/* Where the unit of ITEM was picked for the delivery whose MOVES these are, or NULL. */
static const char *
find_picked_from (GPtrArray *moves, MusterEntity *item)
{
  for (guint i = moves->len; i > 0; i--)
    if (muster_entity_get_enum (moves->pdata[i - 1], "reason") == MUSTER_MOVE_REASON_PICK &&
        g_strcmp0 (muster_entity_get_string (moves->pdata[i - 1], "device_id"),
                   muster_entity_get_string (item, "device_id")) == 0)
      return muster_entity_get_string (moves->pdata[i - 1], "from_location_id");
  return NULL;
}

gboolean
muster_shipping_take_back (MusterTransaction *transaction,
                           MusterEntity      *order,
                           MusterEntity      *delivery,
                           const char        *place_id,
                           GError           **error)
{
  MusterStockContext context;
  const char        *id = muster_entity_get_id (delivery);
  g_autoptr (GPtrArray) items = muster_delivery_load_items (transaction, id, error);
  g_autoptr (GPtrArray) moves = NULL;
  gboolean done = items != NULL;

  if (done)
    moves =
      muster_orders_select (transaction, &muster_stock_move_info, "delivery_id", id, "id", error);
  done = moves != NULL;
  begin_moves (transaction, &context, order, delivery);
  for (guint i = 0; done && i < items->len; i++)
    done = muster_entity_is_null (items->pdata[i], "device_id") ||
           take_back_unit (transaction, order, items->pdata[i],
                           place_id != NULL ? place_id : find_picked_from (moves, items->pdata[i]),
                           error);
  for (guint i = 0; done && i < moves->len; i++)
    done = !muster_entity_is_null (moves->pdata[i], "device_id") ||
           muster_entity_get_enum (moves->pdata[i], "reason") != MUSTER_MOVE_REASON_PICK ||
           put_back (transaction, moves->pdata[i], place_id, error);
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  return done;
}
