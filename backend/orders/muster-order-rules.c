/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-rules"

#include "config.h"

#include "inventory/muster-unit.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-product.h"
#include "model/muster-stock-move.h"
#include "muster-order-rules.h"
#include "muster-orders-call.h"
#include "muster-shipping.h"

/* --- counters --- */

/* Adds AMOUNT to the counter FIELD of the line LINE_ID (nullable). */
static gboolean
count (MusterTransaction *transaction,
       const char        *line_id,
       const char        *field,
       gint64             amount,
       GError           **error)
{
  g_autoptr (MusterEntity) line = NULL;
  g_autoptr (GError) cause = NULL;

  if (line_id == NULL || amount == 0)
    return TRUE;
  line = muster_transaction_get (transaction, &muster_order_item_info, line_id, &cause);
  if (line == NULL)
    {
      /* It goes in the same operation. */
      if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  muster_entity_set_integer (line, field, muster_entity_get_integer (line, field) + amount);
  return muster_transaction_touch (transaction, line, error);
}

/* --- what a device counts for --- */

static gboolean
is_reserved (MusterEntity *device)
{
  return muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_RESERVED;
}

static gboolean
is_adopted (MusterEntity *device)
{
  return muster_entity_get_enum (device, "adoption") == MUSTER_ADOPTION_ADOPTED;
}

/* SIGN: 1 for what DEVICE (nullable) is now, -1 for what it was. */
static gboolean
count_device (MusterTransaction *transaction, MusterEntity *device, int sign, GError **error)
{
  const char *line_id, *purchase_id;

  if (device == NULL)
    return TRUE;
  line_id = muster_entity_get_string (device, "order_item_id");
  purchase_id = muster_entity_get_string (device, "purchase_item_id");
  return (!is_reserved (device) || count (transaction, line_id, "reserved", sign, error)) &&
         (!is_adopted (device) || (count (transaction, line_id, "adopted", sign, error) &&
                                   count (transaction, purchase_id, "adopted", sign, error)));
}

/* Whether the two count for the same. */
static gboolean
counts_alike (MusterEntity *before, MusterEntity *after)
{
  return before != NULL && after != NULL && is_reserved (before) == is_reserved (after) &&
         is_adopted (before) == is_adopted (after) &&
         g_strcmp0 (muster_entity_get_string (before, "order_item_id"),
                    muster_entity_get_string (after, "order_item_id")) == 0 &&
         g_strcmp0 (muster_entity_get_string (before, "purchase_item_id"),
                    muster_entity_get_string (after, "purchase_item_id")) == 0;
}

static gboolean
has_line (MusterEntity *device)
{
  return device != NULL && (!muster_entity_is_null (device, "order_item_id") ||
                            !muster_entity_is_null (device, "purchase_item_id"));
}

/* --- what is expected on the network --- */

/* Whether ITEM of DELIVERY (nullable: as it is) is to be seen on the network. */
static gboolean
is_expected (MusterTransaction *transaction, MusterEntity *item, MusterEntity *delivery)
{
  const char *device_id = muster_entity_get_string (item, "device_id");
  g_autoptr (MusterEntity) order = NULL;
  g_autoptr (MusterEntity) device = NULL;
  int status = muster_entity_get_enum (delivery, "status");

  if (muster_entity_get_enum (delivery, "direction") != MUSTER_DELIVERY_DIRECTION_INBOUND ||
      status == MUSTER_DELIVERY_STATUS_FAILED || status == MUSTER_DELIVERY_STATUS_RETURNED ||
      (muster_entity_is_null (item, "serial") && muster_entity_is_null (item, "mac")))
    return FALSE;
  order = muster_transaction_get (transaction, &muster_order_info,
                                  muster_entity_get_string (delivery, "order_id"), NULL);
  if (order == NULL || muster_entity_get_enum (order, "kind") != MUSTER_ORDER_KIND_PURCHASE)
    return FALSE;
  if (device_id == NULL)
    return muster_entity_get_integer (item, "received") == 0;
  device = muster_transaction_get (transaction, &muster_device_info, device_id, NULL);
  return device != NULL && !is_adopted (device) &&
         muster_entity_get_enum (device, "status") != MUSTER_DEVICE_STATUS_RETIRED;
}

static gboolean
refresh_expected (MusterTransaction *transaction,
                  MusterEntity      *item,
                  MusterEntity      *delivery,
                  GError           **error)
{
  g_autoptr (MusterEntity) stored = NULL;
  gboolean expected = is_expected (transaction, item, delivery);

  if (expected == muster_entity_get_boolean (item, "expected"))
    return TRUE;
  stored = muster_transaction_get (transaction, &muster_delivery_item_info,
                                   muster_entity_get_id (item), error);
  if (stored == NULL)
    return FALSE;
  muster_entity_set_boolean (stored, "expected", expected);
  return muster_transaction_touch (transaction, stored, error);
}

/* The unit was adopted, released or scrapped. */
static gboolean
refresh_expected_of_device (MusterTransaction *transaction, MusterEntity *device, GError **error)
{
  g_autoptr (GPtrArray) items =
              muster_orders_select (transaction, &muster_delivery_item_info, "device_id",
                                    muster_entity_get_id (device), "id", error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_autoptr (MusterEntity) delivery = NULL;

      if (!muster_orders_follow (transaction, items->pdata[i], "delivery_id", &muster_delivery_info,
                                 &delivery, error) ||
          !refresh_expected (transaction, items->pdata[i], delivery, error))
        return FALSE;
    }
  return items != NULL;
}

static gboolean
follow_device (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  gboolean changes;

  if (!has_line (before) && !has_line (after))
    return TRUE;
  if (!counts_alike (before, after) && (!count_device (transaction, before, -1, error) ||
                                        !count_device (transaction, after, 1, error)))
    return FALSE;
  changes = after != NULL && before != NULL &&
            (is_adopted (before) != is_adopted (after) ||
             muster_entity_get_enum (before, "status") != muster_entity_get_enum (after, "status"));
  return !changes || muster_entity_is_null (after, "purchase_item_id") ||
         refresh_expected_of_device (transaction, after, error);
}

/* --- what a move counts for --- */

/* Units are counted by their records. */
static gint64
weigh_move (MusterEntity *move)
{
  int reason;

  if (move == NULL || !muster_entity_is_null (move, "device_id"))
    return 0;
  reason = muster_entity_get_enum (move, "reason");
  if (reason == MUSTER_MOVE_REASON_RESERVE)
    return muster_entity_get_integer (move, "quantity");
  return reason == MUSTER_MOVE_REASON_PICK ? -muster_entity_get_integer (move, "quantity") : 0;
}

static gboolean
follow_move (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  return (before == NULL || count (transaction, muster_entity_get_string (before, "order_item_id"),
                                   "reserved", -weigh_move (before), error)) &&
         (after == NULL || count (transaction, muster_entity_get_string (after, "order_item_id"),
                                  "reserved", weigh_move (after), error));
}

/* --- what a delivery counts for --- */

/* Of ITEM, as long as DELIVERY is as it is. */
static void
weigh_item (MusterEntity *item, MusterEntity *delivery, gint64 *shipped, gint64 *delivered)
{
  int    status = muster_entity_get_enum (delivery, "status");
  gint64 quantity = muster_entity_get_integer (item, "quantity");

  *shipped = *delivered = 0;
  if (status == MUSTER_DELIVERY_STATUS_RETURNED)
    return;
  if (muster_entity_get_enum (delivery, "direction") == MUSTER_DELIVERY_DIRECTION_INBOUND)
    {
      *shipped = status == MUSTER_DELIVERY_STATUS_FAILED ? 0 : quantity;
      *delivered = muster_entity_get_integer (item, "received");
      return;
    }
  *shipped = muster_entity_is_null (delivery, "shipped_at") ? 0 : quantity;
  *delivered = status == MUSTER_DELIVERY_STATUS_DELIVERED ? quantity : 0;
}

static gboolean
count_item (MusterTransaction *transaction,
            MusterEntity      *item,
            MusterEntity      *delivery,
            int                sign,
            GError           **error)
{
  const char *line_id = muster_entity_get_string (item, "order_item_id");
  gint64      shipped, delivered;

  weigh_item (item, delivery, &shipped, &delivered);
  return count (transaction, line_id, "shipped", sign * shipped, error) &&
         count (transaction, line_id, "delivered", sign * delivered, error);
}

static gboolean
follow_item (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  MusterEntity *item = after != NULL ? after : before;
  g_autoptr (MusterEntity) delivery = NULL;

  if (!muster_orders_follow (transaction, item, "delivery_id", &muster_delivery_info, &delivery,
                             error))
    return FALSE;
  if ((before != NULL && !count_item (transaction, before, delivery, -1, error)) ||
      (after != NULL && !count_item (transaction, after, delivery, 1, error)))
    return FALSE;
  return after == NULL || refresh_expected (transaction, after, delivery, error);
}

static gboolean
follow_delivery (MusterTransaction *transaction,
                 MusterEntity      *before,
                 MusterEntity      *after,
                 gpointer           data,
                 GError           **error)
{
  g_autoptr (GPtrArray) items = NULL;
  gboolean done = TRUE;

  if (before == NULL || after == NULL ||
      (muster_entity_get_enum (before, "status") == muster_entity_get_enum (after, "status") &&
       muster_entity_is_null (before, "shipped_at") == muster_entity_is_null (after, "shipped_at")))
    return TRUE;
  items = muster_delivery_load_items (transaction, muster_entity_get_id (after), error);
  for (guint i = 0; items != NULL && done && i < items->len; i++)
    done = count_item (transaction, items->pdata[i], before, -1, error) &&
           count_item (transaction, items->pdata[i], after, 1, error) &&
           refresh_expected (transaction, items->pdata[i], after, error);
  return items != NULL && done;
}

/* --- what a supplier announced --- */

/* Whether anything is announced at all: most sites add devices that nobody announced, by the
 * thousand. On the writer's thread. */
typedef enum
{
  ANNOUNCED_UNKNOWN,
  ANNOUNCED_NONE,
  ANNOUNCED_SOME,
} Announced;

/* *ITEM: the announced unit with the serial number or, without one, the address of DEVICE; NULL
 * without ERROR where there is none. */
static gboolean
find_announced (MusterTransaction *transaction,
                MusterEntity      *device,
                Announced         *announced,
                MusterEntity     **item,
                GError           **error)
{
  static const char *const fields[] = { "serial", "mac" };
  g_autoptr (GError) cause = NULL;

  *item = NULL;
  if (*announced == ANNOUNCED_UNKNOWN)
    {
      g_autoptr (MusterEntity) any = muster_orders_find (transaction, &muster_delivery_item_info,
                                                        "expected", "true", &cause);

      *announced = any != NULL ? ANNOUNCED_SOME : ANNOUNCED_NONE;
    }
  if (*announced == ANNOUNCED_NONE)
    return TRUE;
  for (unsigned i = 0; i < G_N_ELEMENTS (fields) && *item == NULL && cause == NULL; i++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_delivery_item_info);
      const char *value = muster_entity_get_string (device, fields[i]);

      if (value == NULL)
        continue;
      muster_query_where (query, fields[i], value);
      muster_query_where (query, "device_id", NULL);
      muster_query_where (query, "expected", "true");
      *item = muster_transaction_find (transaction, query, &cause);
    }
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static void
set_missing (MusterEntity *device, const char *field, const char *value)
{
  if (muster_entity_is_null (device, field))
    muster_entity_set_string (device, field, value);
}

static gboolean
fill_in (MusterTransaction *transaction, MusterEntity *device, MusterEntity *item, GError **error)
{
  g_autoptr (MusterEntity) product = NULL;
  gint64 now = muster_transaction_get_now (transaction);

  if (!muster_orders_follow (transaction, item, "product_id", &muster_product_info, &product,
                             error))
    return FALSE;
  muster_entity_set_string (device, "purchase_item_id",
                            muster_entity_get_string (item, "order_item_id"));
  set_missing (device, "product_id", muster_entity_get_string (item, "product_id"));
  set_missing (device, "secret", muster_entity_get_string (item, "secret"));
  set_missing (device, "serial", muster_entity_get_string (item, "serial"));
  set_missing (device, "mac", muster_entity_get_string (item, "mac"));
  if (muster_entity_is_null (device, "received_at"))
    muster_entity_set_integer (device, "received_at", now);
  if (product == NULL)
    return TRUE;
  set_missing (device, "manufacturer", muster_entity_get_string (product, "manufacturer"));
  set_missing (device, "model", muster_entity_get_string (product, "model"));
  if (muster_entity_is_null (device, "warranty_until") &&
      !muster_entity_is_null (product, "warranty_months"))
    muster_entity_set_integer (
      device, "warranty_until",
      muster_unit_add_months (now, muster_entity_get_integer (product, "warranty_months")));
  return TRUE;
}

/* Before a device is added, or gets its serial number. */
static gboolean
recognise (MusterTransaction *transaction,
           MusterEntity      *before,
           MusterEntity      *after,
           gpointer           data,
           GError           **error)
{
  g_autoptr (MusterEntity) item = NULL;

  if (after == NULL || !muster_entity_is_null (after, "purchase_item_id") ||
      (before != NULL && g_strcmp0 (muster_entity_get_string (before, "serial"),
                                    muster_entity_get_string (after, "serial")) == 0))
    return TRUE;
  if (!find_announced (transaction, after, data, &item, error))
    return FALSE;
  return item == NULL || fill_in (transaction, after, item, error);
}

/* It is there now: what announced it knows it. */
static gboolean
mark_arrived (MusterTransaction *transaction,
              MusterEntity      *before,
              MusterEntity      *after,
              gpointer           data,
              GError           **error)
{
  g_autoptr (MusterEntity) item = NULL;

  if (after == NULL || muster_entity_is_null (after, "purchase_item_id") ||
      (before != NULL && !muster_entity_is_null (before, "purchase_item_id")))
    return TRUE;
  if (!find_announced (transaction, after, data, &item, error))
    return FALSE;
  if (item == NULL || g_strcmp0 (muster_entity_get_string (item, "order_item_id"),
                                 muster_entity_get_string (after, "purchase_item_id")) != 0)
    return TRUE;
  muster_entity_set_string (item, "device_id", muster_entity_get_id (after));
  muster_entity_set_integer (item, "received", muster_entity_get_integer (item, "quantity"));
  return muster_transaction_update (transaction, item, 0, error);
}

static gboolean
note_announcement (MusterTransaction *transaction,
                   MusterEntity      *before,
                   MusterEntity      *after,
                   gpointer           data,
                   GError           **error)
{
  *(Announced *)data = ANNOUNCED_UNKNOWN;
  return TRUE;
}

void
muster_order_rules_add (MusterDatabase *database)
{
  Announced *announced = NULL;

  g_return_if_fail (MUSTER_IS_DATABASE (database));

  announced = g_new0 (Announced, 1);
  g_object_set_data_full (G_OBJECT (database), "muster-announced", announced, g_free);
  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_BEFORE, recognise,
                            announced);
  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_ON_UNDO, follow_device,
                            NULL);
  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_PLAIN, mark_arrived,
                            announced);
  muster_database_add_rule (database, &muster_stock_move_info, MUSTER_RULE_ON_UNDO, follow_move,
                            NULL);
  muster_database_add_rule (database, &muster_delivery_item_info, MUSTER_RULE_ON_UNDO, follow_item,
                            NULL);
  muster_database_add_rule (database, &muster_delivery_item_info, MUSTER_RULE_ON_UNDO,
                            note_announcement, announced);
  muster_database_add_rule (database, &muster_delivery_info, MUSTER_RULE_ON_UNDO, follow_delivery,
                            NULL);
  muster_database_add_rule (database, &muster_delivery_info, MUSTER_RULE_ON_UNDO, note_announcement,
                            announced);
}
