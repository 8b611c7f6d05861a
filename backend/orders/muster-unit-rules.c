/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-unit-rules"

#include "config.h"

#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-orders-call.h"
#include "muster-shipping.h"
#include "muster-unit-rules.h"

/* Whether DELIVERY (nullable) has left the house and neither arrived nor come back. */
static gboolean
is_away (MusterEntity *delivery)
{
  int status = delivery != NULL ? muster_entity_get_enum (delivery, "status") : -1;

  return delivery != NULL &&
         muster_entity_get_enum (delivery, "direction") == MUSTER_DELIVERY_DIRECTION_OUTBOUND &&
         !muster_entity_is_null (delivery, "shipped_at") &&
         status != MUSTER_DELIVERY_STATUS_DELIVERED && status != MUSTER_DELIVERY_STATUS_RETURNED;
}

/* Whether DELIVERY is still to be worked on. One that failed in the house holds nothing. */
static gboolean
is_open (MusterEntity *delivery)
{
  int status = muster_entity_get_enum (delivery, "status");

  return is_away (delivery) ||
         (status != MUSTER_DELIVERY_STATUS_DELIVERED && status != MUSTER_DELIVERY_STATUS_RETURNED &&
          status != MUSTER_DELIVERY_STATUS_FAILED);
}

/* *DELIVERY: the first with DEVICE in it that is HELD and is not OTHER_THAN (nullable: the id of
 * one), or NULL: (transfer full). */
static gboolean
find_delivery (MusterTransaction *transaction,
               MusterEntity      *device,
               gboolean (*held) (MusterEntity *),
               const char    *other_than,
               MusterEntity **delivery,
               GError       **error)
{
  g_autoptr (GPtrArray) items =
              muster_orders_select (transaction, &muster_delivery_item_info, "device_id",
                                    muster_entity_get_id (device), "id", error);

  *delivery = NULL;
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      g_autoptr (MusterEntity) found = NULL;

      if (g_strcmp0 (muster_entity_get_string (items->pdata[i], "delivery_id"), other_than) == 0)
        continue;
      if (!muster_orders_follow (transaction, items->pdata[i], "delivery_id", &muster_delivery_info,
                                 &found, error))
        return FALSE;
      if (!held (found))
        continue;
      *delivery = g_steal_pointer (&found);
      break;
    }
  return items != NULL;
}

/* The statuses that end it, of those that the state machine allows. */
static const char *
get_ways_out (MusterEntity *delivery)
{
  switch (muster_entity_get_enum (delivery, "status"))
    {
    case MUSTER_DELIVERY_STATUS_FAILED:
      return "returned";
    case MUSTER_DELIVERY_STATUS_PENDING:
      return "delivered or failed";
    default:
      return "delivered or returned";
    }
}

static gboolean
refuse (MusterEntity *device, const char *what, MusterEntity *delivery, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%s %s %s (%s): set that delivery to %s first",
               muster_entity_get_string (device, "name"), what,
               muster_entity_get_string (delivery, "delivery_number"),
               muster_entity_get_string (delivery, "status"), get_ways_out (delivery));
  return FALSE;
}

/* --- on its way --- */

static gboolean
is_in_stock (MusterEntity *device)
{
  int status = muster_entity_get_enum (device, "status");

  return status == MUSTER_DEVICE_STATUS_IN_STOCK || status == MUSTER_DEVICE_STATUS_RESERVED;
}

/* Before a unit comes into the stock. */
static gboolean
check_coming_in (MusterTransaction *transaction,
                 MusterEntity      *before,
                 MusterEntity      *after,
                 gpointer           data,
                 GError           **error)
{
  g_autoptr (MusterEntity) delivery = NULL;

  if (before == NULL || after == NULL || is_in_stock (before) || !is_in_stock (after))
    return TRUE;
  return find_delivery (transaction, after, is_away, NULL, &delivery, error) &&
         (delivery == NULL || refuse (after, "is with delivery", delivery, error));
}

/* Whether the unit of ITEM (of none: TRUE) may be with DELIVERY, which is away. */
static gboolean
check_taken_along (MusterTransaction *transaction,
                   MusterEntity      *item,
                   MusterEntity      *delivery,
                   GError           **error)
{
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterEntity) other = NULL;

  if (!muster_orders_follow (transaction, item, "device_id", &muster_device_info, &device, error))
    return FALSE;
  if (device == NULL)
    return TRUE;
  if (is_in_stock (device))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s cannot be with delivery %s: it is %s meanwhile",
                   muster_entity_get_string (device, "name"),
                   muster_entity_get_string (delivery, "delivery_number"),
                   muster_entity_get_string (device, "status"));
      return FALSE;
    }
  return find_delivery (transaction, device, is_away, muster_entity_get_id (delivery), &other,
                        error) &&
         (other == NULL || refuse (device, "is with delivery", other, error));
}

/* A delivery leaves, or is on its way again because somebody undoes that it arrived. */
static gboolean
check_leaving (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  g_autoptr (GPtrArray) items = NULL;

  if (is_away (before) || !is_away (after))
    return TRUE;
  items = muster_delivery_load_items (transaction, muster_entity_get_id (after), error);
  for (guint i = 0; items != NULL && i < items->len; i++)
    if (!check_taken_along (transaction, items->pdata[i], after, error))
      return FALSE;
  return items != NULL;
}

/* Something of a delivery that is away is put into it: only undoing does that. */
static gboolean
check_putting_in (MusterTransaction *transaction,
                  MusterEntity      *before,
                  MusterEntity      *after,
                  gpointer           data,
                  GError           **error)
{
  g_autoptr (MusterEntity) delivery = NULL;

  if (after == NULL || muster_entity_is_null (after, "device_id") ||
      (before != NULL && g_strcmp0 (muster_entity_get_string (before, "device_id"),
                                    muster_entity_get_string (after, "device_id")) == 0))
    return TRUE;
  return muster_orders_follow (transaction, after, "delivery_id", &muster_delivery_info, &delivery,
                               error) &&
         (!is_away (delivery) || check_taken_along (transaction, after, delivery, error));
}

/* --- being deleted --- */

/* *ORDER: that of LINE where it is open, or NULL: (transfer full). */
static gboolean
find_open_order (MusterTransaction *transaction,
                 MusterEntity      *line,
                 MusterEntity     **order,
                 GError           **error)
{
  g_autoptr (MusterEntity) found = NULL;
  int status;

  *order = NULL;
  if (!muster_orders_follow (transaction, line, "order_id", &muster_order_info, &found, error))
    return FALSE;
  status = muster_entity_get_enum (found, "status");
  if (status != MUSTER_ORDER_STATUS_DELIVERED && status != MUSTER_ORDER_STATUS_CANCELLED)
    *order = g_steal_pointer (&found);
  return TRUE;
}

/* *ORDER: the open one that DEVICE is reserved for or sold on, or whose line names it, or NULL:
 * (transfer full). */
static gboolean
find_order (MusterTransaction *transaction,
            MusterEntity      *device,
            MusterEntity     **order,
            GError           **error)
{
  g_autoptr (MusterEntity) line = NULL;
  g_autoptr (GPtrArray) naming = NULL;

  *order = NULL;
  if (!muster_orders_follow (transaction, device, "order_item_id", &muster_order_item_info, &line,
                             error) ||
      (line != NULL && !find_open_order (transaction, line, order, error)))
    return FALSE;
  if (*order != NULL)
    return TRUE;
  naming = muster_orders_select (transaction, &muster_order_item_info, "device_id",
                                 muster_entity_get_id (device), "id", error);
  for (guint i = 0; naming != NULL && i < naming->len && *order == NULL; i++)
    if (!find_open_order (transaction, naming->pdata[i], order, error))
      return FALSE;
  return naming != NULL;
}

static gboolean
refuse_for_order (MusterEntity *device, MusterEntity *order, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "%s cannot be deleted: it is on order %s (%s); take it off there, or cancel that "
               "order",
               muster_entity_get_string (device, "name"),
               muster_entity_get_string (order, "order_number"),
               muster_entity_get_string (order, "status"));
  return FALSE;
}

static gboolean
check_deleting (MusterTransaction *transaction,
                MusterEntity      *before,
                MusterEntity      *after,
                gpointer           data,
                GError           **error)
{
  g_autoptr (MusterEntity) order = NULL;
  g_autoptr (MusterEntity) delivery = NULL;

  if (after != NULL)
    return TRUE;
  if (!find_order (transaction, before, &order, error))
    return FALSE;
  if (order != NULL)
    return refuse_for_order (before, order, error);
  return find_delivery (transaction, before, is_open, NULL, &delivery, error) &&
         (delivery == NULL ||
          refuse (before, "cannot be deleted: it is in delivery", delivery, error));
}

void
muster_unit_rules_add (MusterDatabase *database)
{
  const MusterRuleFlags before_always = MUSTER_RULE_BEFORE | MUSTER_RULE_ON_UNDO;

  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_device_info, before_always, check_coming_in, NULL);
  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_BEFORE, check_deleting,
                            NULL);
  muster_database_add_rule (database, &muster_delivery_info, before_always, check_leaving, NULL);
  muster_database_add_rule (database, &muster_delivery_item_info, before_always, check_putting_in,
                            NULL);
}
