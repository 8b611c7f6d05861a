/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-steps"

#include "config.h"

#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-location.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-delivery-edit.h"
#include "muster-delivery-steps.h"
#include "muster-order-steps.h"
#include "muster-receiving.h"
#include "muster-shipping.h"
#include "muster-signature.h"

/* A delivery on its way to another status. */
typedef struct
{
  MusterTransaction *transaction;
  MusterOrdersCall  *call;
  MusterEntity      *order;    /* (unowned) */
  MusterEntity      *delivery; /* (unowned) */
  gboolean           is_outgoing;
} Step;

/* --- arriving --- */

/* *ID: where the call puts what arrives, or NULL. */
static gboolean
read_place (Step *self, const char **id, GError **error)
{
  g_autoptr (MusterEntity) place = NULL;

  *id = muster_orders_call_get_string (self->call, "location_id");
  if (*id == NULL)
    return TRUE;
  place = muster_transaction_get_named (self->transaction, &muster_location_info, *id,
                                        "/location_id", error);
  return place != NULL;
}

static gboolean
read_receipt (Step *self, MusterReceipt *receipt, GError **error)
{
  const char *condition = muster_orders_call_get_string (self->call, "condition");

  if (!read_place (self, &receipt->location_id, error))
    return FALSE;
  receipt->to_maintenance = g_strcmp0 (condition, "maintenance") == 0;
  if (!receipt->to_maintenance ||
      muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_RETURN)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "condition: only what a customer sends back goes to maintenance");
  return FALSE;
}

/* What was announced and did not come, as an issue that somebody follows up. */
static gboolean
report_missing (Step *self, MusterEntity *item, gint64 quantity, GError **error)
{
  g_autoptr (MusterEntity) issue = muster_entity_new (&muster_delivery_issue_info);
  const char      *serial = muster_entity_get_string (item, "serial");
  g_autofree char *description = NULL;

  description = serial != NULL ? g_strdup_printf ("%s did not arrive", serial)
                               : g_strdup_printf ("%" G_GINT64_FORMAT " did not arrive", quantity);
  muster_entity_set_string (issue, "delivery_id", muster_entity_get_id (self->delivery));
  muster_entity_set_string (issue, "delivery_item_id", muster_entity_get_id (item));
  muster_entity_set_enum (issue, "kind", MUSTER_ISSUE_KIND_MISSING);
  muster_entity_set_integer (issue, "quantity", quantity);
  muster_entity_set_string (issue, "description", description);
  return muster_transaction_insert (self->transaction, issue, error);
}

static gboolean
report_all_missing (Step *self, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      gint64 missing = muster_entity_get_integer (items->pdata[i], "quantity") -
                       muster_entity_get_integer (items->pdata[i], "received");

      if (missing > 0 && !report_missing (self, items->pdata[i], missing, error))
        return FALSE;
    }
  return TRUE;
}

/* Where somebody has scanned, what was scanned has arrived; else all of it. */
static gboolean
receive (Step *self, GError **error)
{
  MusterReceipt receipt = { NULL, FALSE };
  g_autoptr (GPtrArray) items =
              muster_delivery_load_items (self->transaction, muster_entity_get_id (self->delivery),
                                          error);
  gboolean is_scanned = FALSE;

  if (items == NULL || !read_receipt (self, &receipt, error))
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    is_scanned = is_scanned || muster_entity_get_integer (items->pdata[i], "received") > 0;
  if (muster_orders_call_get_boolean (self->call, "complete", !is_scanned))
    return muster_receiving_take_all (self->transaction, self->order, self->delivery, &receipt,
                                      error);
  return report_all_missing (self, items, error);
}

/* --- steps --- */

static gboolean
leave (Step *self, GError **error)
{
  if (!muster_entity_is_null (self->delivery, "shipped_at"))
    return TRUE;
  muster_entity_set_integer (self->delivery, "shipped_at",
                             muster_transaction_get_now (self->transaction));
  return !self->is_outgoing ||
         muster_shipping_leave (self->transaction, self->order, self->delivery, error);
}

static gboolean
arrive (Step *self, GError **error)
{
  if (!leave (self, error))
    return FALSE;
  muster_entity_set_integer (self->delivery, "delivered_at",
                             muster_transaction_get_now (self->transaction));
  return self->is_outgoing || receive (self, error);
}

static gboolean
come_back (Step *self, int from, GError **error)
{
  const char *place_id = NULL;

  if (self->is_outgoing)
    return muster_entity_is_null (self->delivery, "shipped_at") ||
           (read_place (self, &place_id, error) &&
            muster_shipping_take_back (self->transaction, self->order, self->delivery, place_id,
                                       error));
  if (from != MUSTER_DELIVERY_STATUS_DELIVERED)
    return TRUE;
  if (muster_entity_get_enum (self->order, "kind") == MUSTER_ORDER_KIND_PURCHASE)
    return muster_receiving_send_back (self->transaction, self->order, self->delivery, error);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "what a customer sent back and the site has taken goes to them by an order");
  return FALSE;
}

static gboolean
do_work (Step *self, int from, MusterDeliveryStatus to, GError **error)
{
  switch (to)
    {
    case MUSTER_DELIVERY_STATUS_SHIPPED:
    case MUSTER_DELIVERY_STATUS_IN_TRANSIT:
      return leave (self, error);
    case MUSTER_DELIVERY_STATUS_DELIVERED:
      return arrive (self, error);
    case MUSTER_DELIVERY_STATUS_RETURNED:
      return come_back (self, from, error);
    case MUSTER_DELIVERY_STATUS_PENDING:
    case MUSTER_DELIVERY_STATUS_FAILED:
    default:
      return TRUE;
    }
}

/* No unit is in the stock while it is on its way, not even within the operation: what leaves does
 * so before the delivery has left, and what comes back after the delivery has. */
static gboolean
walk (Step *self, int from, MusterDeliveryStatus to, GError **error)
{
  gboolean returns = to == MUSTER_DELIVERY_STATUS_RETURNED;

  if (!returns && from != (int)to && !do_work (self, from, to, error))
    return FALSE;
  muster_entity_set_enum (self->delivery, "status", to);
  return muster_transaction_update (self->transaction, self->delivery, 0, error) &&
         (!returns || from == (int)to || do_work (self, from, to, error));
}

gboolean
muster_delivery_go (MusterTransaction   *transaction,
                    MusterOrdersCall    *call,
                    MusterEntity        *delivery,
                    MusterDeliveryStatus status,
                    GError             **error)
{
  g_autoptr (MusterEntity) order = NULL;
  int  from = muster_entity_get_enum (delivery, "status");
  Step step;

  if (!muster_state_machine_check (&muster_delivery_status_machine, from, status, error) ||
      !muster_orders_follow (transaction, delivery, "order_id", &muster_order_info, &order, error))
    return FALSE;
  step =
    (Step){ transaction, call, order, delivery,
            muster_entity_get_enum (delivery, "direction") == MUSTER_DELIVERY_DIRECTION_OUTBOUND };
  return walk (&step, from, status, error) &&
         muster_order_follow_lines (transaction, muster_entity_get_id (order), error);
}

static void
take_members (MusterOrdersCall *call, MusterEntity *delivery, const char *const *members)
{
  for (unsigned i = 0; members[i] != NULL; i++)
    {
      const char *text = muster_orders_call_get_string (call, members[i]);

      if (text != NULL)
        muster_entity_set_string (delivery, members[i], text);
    }
}

gboolean
muster_delivery_set_status (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  static const char *const members[] = { "carrier", "tracking_number", "delivery_notes", NULL };
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);
  const char *status = muster_orders_call_get_string (call, "status");

  if (delivery == NULL)
    return FALSE;
  muster_delivery_name_operation (transaction, "Set the status of", delivery);
  take_members (call, delivery, members);
  return muster_delivery_go (transaction, call, delivery,
                             muster_enum_parse (&muster_delivery_status_enum, status), error) &&
         muster_delivery_answer (transaction, call, call->id, error);
}

gboolean
muster_delivery_confirm (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  static const char *const members[] = { "recipient", "delivery_notes", NULL };
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  JsonNode        *node = muster_orders_call_get_node (call, "signature");
  g_autofree char *signature = NULL;

  if (delivery == NULL)
    return FALSE;
  if (node != NULL)
    signature = muster_signature_read (node, errors);
  if (!muster_field_errors_check (errors, error))
    return FALSE;
  muster_delivery_name_operation (transaction, "Confirm", delivery);
  take_members (call, delivery, members);
  if (signature != NULL)
    muster_entity_set_string (delivery, "signature", signature);
  return muster_delivery_go (transaction, call, delivery, MUSTER_DELIVERY_STATUS_DELIVERED,
                             error) &&
         muster_delivery_answer (transaction, call, call->id, error);
}
