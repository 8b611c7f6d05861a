/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-steps"

#include "config.h"

#include "model/muster-delivery.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-allocation.h"
#include "muster-announcement.h"
#include "muster-delivery-edit.h"
#include "muster-delivery-steps.h"
#include "muster-order-edit.h"
#include "muster-order-steps.h"
#include "muster-shipment-lines.h"
#include "muster-shipping.h"

static gboolean
is_sale (MusterEntity *order)
{
  return muster_entity_get_enum (order, "kind") == MUSTER_ORDER_KIND_SALES;
}

/* "VERB order SO-2026-000012": how the operation stands in History. */
static void
name_operation (MusterTransaction *transaction, const char *verb, MusterEntity *order)
{
  g_autofree char *summary =
    g_strdup_printf ("%s order %s", verb, muster_entity_get_string (order, "order_number"));

  muster_transaction_set_summary (transaction, summary);
}

/* Writes that ORDER is at STATUS now, and since when. */
static gboolean
write_status (MusterTransaction *transaction,
              MusterEntity      *order,
              MusterOrderStatus  status,
              GError           **error)
{
  static const char *const times[] = {
    [MUSTER_ORDER_STATUS_CONFIRMED] = "confirmed_at",
    [MUSTER_ORDER_STATUS_SHIPPED] = "shipped_at",
    [MUSTER_ORDER_STATUS_DELIVERED] = "delivered_at",
    [MUSTER_ORDER_STATUS_CANCELLED] = "cancelled_at",
  };

  muster_entity_set_enum (order, "status", status);
  if (status == MUSTER_ORDER_STATUS_PENDING)
    muster_entity_set_null (order, "confirmed_at");
  else if (status == MUSTER_ORDER_STATUS_PROCESSING)
    {
      muster_entity_set_null (order, "shipped_at");
      muster_entity_set_null (order, "delivered_at");
    }
  else
    muster_entity_set_integer (order, times[status], muster_transaction_get_now (transaction));
  return muster_transaction_update (transaction, order, 0, error);
}

/* --- following the lines --- */

/* Where an order stands by its lines. */
static int
judge_lines (GPtrArray *lines)
{
  gboolean some = FALSE, all = TRUE, there = TRUE;

  for (guint i = 0; i < lines->len; i++)
    {
      MusterEntity *line = lines->pdata[i];
      gint64        quantity = muster_entity_get_integer (line, "quantity");
      gint64        shipped = muster_entity_get_integer (line, "shipped");

      if (muster_entity_get_enum (line, "kind") != MUSTER_ORDER_LINE_KIND_ITEM)
        continue;
      some = some || shipped > 0;
      all = all && shipped >= quantity;
      there = there && muster_entity_get_integer (line, "delivered") >= quantity;
    }
  if (there)
    return MUSTER_ORDER_STATUS_DELIVERED;
  return all    ? MUSTER_ORDER_STATUS_SHIPPED
         : some ? MUSTER_ORDER_STATUS_PROCESSING
                : MUSTER_ORDER_STATUS_CONFIRMED;
}

gboolean
muster_order_follow_lines (MusterTransaction *transaction, const char *order_id, GError **error)
{
  g_autoptr (MusterEntity) order =
              muster_transaction_get (transaction, &muster_order_info, order_id, error);
  g_autoptr (GPtrArray) lines =
              order != NULL ? muster_order_load_lines (transaction, order_id, error) : NULL;
  int status, wanted;

  if (lines == NULL)
    return FALSE;
  status = muster_entity_get_enum (order, "status");
  wanted = judge_lines (lines);
  /* What came back is open again: it is sent once more, or the order is cancelled. */
  if ((status == MUSTER_ORDER_STATUS_SHIPPED || status == MUSTER_ORDER_STATUS_DELIVERED) &&
      wanted < MUSTER_ORDER_STATUS_SHIPPED)
    return write_status (transaction, order, MUSTER_ORDER_STATUS_PROCESSING, error);
  if (status != MUSTER_ORDER_STATUS_CONFIRMED && status != MUSTER_ORDER_STATUS_PROCESSING &&
      status != MUSTER_ORDER_STATUS_SHIPPED)
    return TRUE;
  if (wanted == MUSTER_ORDER_STATUS_DELIVERED && status != MUSTER_ORDER_STATUS_SHIPPED &&
      !write_status (transaction, order, MUSTER_ORDER_STATUS_SHIPPED, error))
    return FALSE;
  return wanted <= status || write_status (transaction, order, wanted, error);
}

/* --- steps --- */

/* An order on its way to another status. */
typedef struct
{
  MusterTransaction *transaction;
  MusterOrdersCall  *call;
  MusterEntity      *order; /* (unowned) */
  GPtrArray         *lines; /* (unowned) */
} Step;

static gboolean
confirm (Step *self, GPtrArray *named, gboolean partial, GError **error)
{
  return !is_sale (self->order) || muster_allocation_reserve (self->transaction, self->order,
                                                              self->lines, named, partial, error);
}

/* All deliveries of the order that are at one of the states in the set STATES. */
static GPtrArray *
list_deliveries (Step *self, unsigned states, GError **error)
{
  g_autoptr (GPtrArray) all =
              muster_orders_select (self->transaction, &muster_delivery_info, "order_id",
                                    muster_entity_get_id (self->order), "id", error);
  g_autoptr (GPtrArray) list = NULL;

  if (all == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < all->len; i++)
    if (states & (1u << muster_entity_get_enum (all->pdata[i], "status")))
      g_ptr_array_add (list, g_object_ref (all->pdata[i]));
  return g_steal_pointer (&list);
}

static gboolean
move_deliveries (Step *self, unsigned states, MusterDeliveryStatus status, GError **error)
{
  g_autoptr (GPtrArray) list = list_deliveries (self, states, error);
  gboolean done = list != NULL;

  for (guint i = 0; done && i < list->len; i++)
    done = muster_delivery_go (self->transaction, self->call, list->pdata[i], status, error);
  return done;
}

static gboolean
cancel (Step *self, GError **error)
{
  g_autofree char *detail = NULL;

  for (guint i = 0; i < self->lines->len; i++)
    if (muster_entity_get_integer (self->lines->pdata[i], "delivered") > 0 ||
        (is_sale (self->order) && muster_entity_get_integer (self->lines->pdata[i], "shipped") > 0))
      {
        g_autoptr (GError) conflict =
                    g_error_new (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                 "part of %s has left: take its deliveries back first",
                                 muster_entity_get_string (self->order, "order_number"));
        const char *const allowed[] = { "shipped", NULL };

        muster_error_set_allowed (conflict, allowed);
        g_propagate_error (error, g_steal_pointer (&conflict));
        return FALSE;
      }
  return move_deliveries (self,
                          1u << MUSTER_DELIVERY_STATUS_PENDING |
                            1u << MUSTER_DELIVERY_STATUS_SHIPPED |
                            1u << MUSTER_DELIVERY_STATUS_IN_TRANSIT,
                          MUSTER_DELIVERY_STATUS_FAILED, error) &&
         (!is_sale (self->order) ||
          muster_allocation_free (self->transaction, self->order, self->lines, error));
}

/* *DELIVERY (transfer full): with WANTED of the order, or all that is left; it leaves at once. */
static gboolean
send (Step *self, GPtrArray *wanted, MusterEntity **delivery, GError **error)
{
  *delivery = muster_delivery_insert (self->transaction, self->call, self->order, NULL, error);
  return *delivery != NULL &&
         muster_shipping_fill (self->transaction, self->order, self->lines, *delivery, wanted,
                               "/lines", error) &&
         muster_delivery_go (self->transaction, self->call, *delivery,
                             MUSTER_DELIVERY_STATUS_SHIPPED, error);
}

/* What is planned already leaves, then what nobody has planned. */
static gboolean
ship_all (Step *self, GError **error)
{
  g_autoptr (MusterEntity) delivery = NULL;
  gint64 left;

  if (!move_deliveries (self, 1u << MUSTER_DELIVERY_STATUS_PENDING, MUSTER_DELIVERY_STATUS_SHIPPED,
                        error))
    return FALSE;
  left = muster_shipping_count_left (self->transaction, self->order, self->lines, error);
  if (left <= 0)
    return left == 0;
  if (is_sale (self->order))
    return send (self, NULL, &delivery, error);
  delivery = muster_delivery_insert (self->transaction, self->call, self->order, NULL, error);
  return delivery != NULL &&
         muster_announcement_add_rest (self->transaction, self->order, delivery, error) &&
         muster_delivery_go (self->transaction, self->call, delivery,
                             MUSTER_DELIVERY_STATUS_SHIPPED, error);
}

static gboolean
deliver_all (Step *self, GError **error)
{
  return move_deliveries (self,
                          1u << MUSTER_DELIVERY_STATUS_PENDING |
                            1u << MUSTER_DELIVERY_STATUS_SHIPPED |
                            1u << MUSTER_DELIVERY_STATUS_IN_TRANSIT,
                          MUSTER_DELIVERY_STATUS_DELIVERED, error);
}

static gboolean
do_work (Step *self, MusterOrderStatus status, GError **error)
{
  switch (status)
    {
    case MUSTER_ORDER_STATUS_PENDING:
      return muster_allocation_free (self->transaction, self->order, self->lines, error);
    case MUSTER_ORDER_STATUS_CONFIRMED:
      return confirm (self, NULL, FALSE, error);
    case MUSTER_ORDER_STATUS_SHIPPED:
      return ship_all (self, error);
    case MUSTER_ORDER_STATUS_DELIVERED:
      return deliver_all (self, error);
    case MUSTER_ORDER_STATUS_CANCELLED:
      return cancel (self, error);
    case MUSTER_ORDER_STATUS_PROCESSING:
    default:
      return TRUE;
    }
}

/* An order that was delivered opens again when something of it comes back, not because somebody
 * says so. */
static gboolean
check_delivered (MusterEntity *order, int status, GError **error)
{
  if (muster_entity_get_enum (order, "status") != MUSTER_ORDER_STATUS_DELIVERED ||
      status == MUSTER_ORDER_STATUS_DELIVERED)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%s is delivered: set the delivery that came back to returned",
               muster_entity_get_string (order, "order_number"));
  return FALSE;
}

/* Customers take back what nobody has begun to work on. */
static gboolean
check_own (MusterOrdersCall *call, MusterEntity *order, int status, GError **error)
{
  if (!muster_orders_are_own_only (call->actor) ||
      (status == MUSTER_ORDER_STATUS_CANCELLED &&
       muster_entity_get_enum (order, "status") == MUSTER_ORDER_STATUS_PENDING))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
               "a customer may cancel an order as long as it is pending");
  return FALSE;
}

gboolean
muster_order_set_status (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) order = muster_order_load (transaction, call, error);
  g_autoptr (MusterEntity) stored = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  int status =
    muster_enum_parse (&muster_order_status_enum, muster_orders_call_get_string (call, "status"));

  if (order == NULL || !check_own (call, order, status, error) ||
      !muster_state_machine_check (&muster_order_status_machine,
                                   muster_entity_get_enum (order, "status"), status, error) ||
      !check_delivered (order, status, error))
    return FALSE;
  lines = muster_order_load_lines (transaction, call->id, error);
  if (lines == NULL)
    return FALSE;
  name_operation (transaction, "Set the status of", order);
  if (muster_entity_get_enum (order, "status") != status)
    {
      Step step = { transaction, call, order, lines };

      if (!do_work (&step, status, error))
        return FALSE;
    }
  /* The work may have brought it there. */
  stored = muster_transaction_get (transaction, &muster_order_info, call->id, error);
  if (stored == NULL ||
      (muster_entity_get_enum (stored, "status") != status &&
       muster_entity_get_enum (stored, "status") != MUSTER_ORDER_STATUS_DELIVERED &&
       !write_status (transaction, stored, status, error)))
    return FALSE;
  return muster_order_answer (transaction, call, call->id, error);
}

/* The lines that the body names, which are the order's, with units that are there: (transfer full)
 * (element-type MusterShipmentLine), in *NAMED, NULL for none. */
static gboolean
read_lines (MusterTransaction *transaction,
            MusterOrdersCall  *call,
            MusterEntity      *order,
            GPtrArray         *lines,
            GPtrArray        **named,
            GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  JsonNode *node = muster_orders_call_get_node (call, "lines");

  *named = NULL;
  if (node == NULL)
    return TRUE;
  *named = muster_shipment_lines_parse (node, "/lines", errors);
  return muster_field_errors_check (errors, error) &&
         muster_shipping_check_lines (transaction, order, lines, *named, "/lines", error);
}

gboolean
muster_order_allocate (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) order = muster_order_load (transaction, call, error);
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) named = NULL;
  Step step;
  int  status;

  if (order == NULL)
    return FALSE;
  status = muster_entity_get_enum (order, "status");
  if (status != MUSTER_ORDER_STATUS_PROCESSING && status != MUSTER_ORDER_STATUS_CONFIRMED &&
      !muster_state_machine_check (&muster_order_status_machine, status,
                                   MUSTER_ORDER_STATUS_CONFIRMED, error))
    return FALSE;
  lines = muster_order_load_lines (transaction, call->id, error);
  if (lines == NULL || !read_lines (transaction, call, order, lines, &named, error))
    return FALSE;
  name_operation (transaction, "Reserve for", order);
  step = (Step){ transaction, call, order, lines };
  return confirm (&step, named, muster_orders_call_get_boolean (call, "partial", FALSE), error) &&
         (status != MUSTER_ORDER_STATUS_PENDING ||
          write_status (transaction, order, MUSTER_ORDER_STATUS_CONFIRMED, error)) &&
         muster_order_answer (transaction, call, call->id, error);
}

static gboolean
check_shippable (MusterEntity *order, GError **error)
{
  int status = muster_entity_get_enum (order, "status");

  if (!is_sale (order))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s is not sent by the site: add a delivery to it",
                   muster_entity_get_string (order, "order_number"));
      return FALSE;
    }
  return status == MUSTER_ORDER_STATUS_PROCESSING ||
         muster_state_machine_check (&muster_order_status_machine, status,
                                     status == MUSTER_ORDER_STATUS_SHIPPED
                                       ? MUSTER_ORDER_STATUS_PENDING
                                       : MUSTER_ORDER_STATUS_SHIPPED,
                                     error);
}

gboolean
muster_order_ship (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) order = muster_order_load (transaction, call, error);
  g_autoptr (MusterEntity) delivery = NULL;
  g_autoptr (GPtrArray) lines = NULL;
  g_autoptr (GPtrArray) wanted = NULL;
  gint64 left = -1;
  Step   step;

  if (order == NULL || !check_shippable (order, error))
    return FALSE;
  lines = muster_order_load_lines (transaction, call->id, error);
  if (lines != NULL && read_lines (transaction, call, order, lines, &wanted, error))
    left = muster_shipping_count_left (transaction, order, lines, error);
  if (left < 0)
    return FALSE;
  if (left == 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "nothing of %s is left to ship",
                   muster_entity_get_string (order, "order_number"));
      return FALSE;
    }
  name_operation (transaction, "Ship", order);
  step = (Step){ transaction, call, order, lines };
  if (!send (&step, wanted, &delivery, error))
    return FALSE;
  return muster_delivery_answer (transaction, call, muster_entity_get_id (delivery), error);
}
