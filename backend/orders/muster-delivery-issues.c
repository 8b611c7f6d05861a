/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-issues"

#include "config.h"

#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-announcement.h"
#include "muster-delivery-edit.h"
#include "muster-delivery-issues.h"
#include "muster-order-edit.h"
#include "muster-order-pricing.h"

/* --- following up --- */

/* The goods that ISSUE is about: *ITEM of the delivery where it names one, and *LINE. */
static gboolean
find_goods (MusterTransaction *transaction,
            MusterEntity      *issue,
            MusterEntity      *order,
            MusterEntity     **item,
            MusterEntity     **line,
            GError           **error)
{
  g_autoptr (GPtrArray) lines = NULL;
  MusterEntity *only = NULL;

  *line = NULL;
  if (!muster_orders_follow (transaction, issue, "delivery_item_id", &muster_delivery_item_info,
                             item, error))
    return FALSE;
  if (*item != NULL)
    return muster_orders_follow (transaction, *item, "order_item_id", &muster_order_item_info, line,
                                 error);
  lines = muster_order_load_lines (transaction, muster_entity_get_id (order), error);
  if (lines == NULL)
    return FALSE;
  only = muster_announcement_guess_line (lines);
  if (only == NULL)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

      muster_field_errors_add (errors, "/delivery_item_id", "must be given: which goods");
      return muster_field_errors_check (errors, error);
    }
  *line = g_object_ref (only);
  return TRUE;
}

static MusterEntity *
make_order (MusterEntity *origin, gboolean is_return)
{
  static const char *const members[] = { "customer", "customer_id", "customer_email",
                                         "shipping_address", "currency" };
  MusterEntity            *order = muster_entity_new (&muster_order_info);

  for (unsigned i = 0; i < G_N_ELEMENTS (members); i++)
    muster_entity_set_string (order, members[i], muster_entity_get_string (origin, members[i]));
  muster_entity_set_enum (order, "kind",
                          is_return ? MUSTER_ORDER_KIND_RETURN
                                    : muster_entity_get_enum (origin, "kind"));
  muster_entity_set_string (order, "origin_order_id", muster_entity_get_id (origin));
  return order;
}

static MusterEntity *
make_line (MusterEntity *issue, MusterEntity *item, MusterEntity *sold, gboolean is_return)
{
  MusterEntity *line = muster_entity_new (&muster_order_item_info);

  muster_entity_set_string (line, "product_id", muster_entity_get_string (sold, "product_id"));
  muster_entity_set_string (line, "description", muster_entity_get_string (sold, "description"));
  muster_entity_set_integer (line, "quantity", muster_entity_get_integer (issue, "quantity"));
  if (!is_return)
    return line;
  muster_entity_set_integer (line, "unit_price", muster_entity_get_integer (sold, "unit_price"));
  if (item != NULL && muster_entity_get_integer (issue, "quantity") == 1)
    muster_entity_set_string (line, "device_id", muster_entity_get_string (item, "device_id"));
  return line;
}

static gboolean
insert_follow_up (MusterTransaction *transaction,
                  MusterEntity      *issue,
                  MusterEntity      *order,
                  MusterEntity      *line,
                  GError           **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  MusterOrderTotals totals;

  g_ptr_array_add (lines, line);
  if (!muster_order_price (lines, muster_entity_get_string (order, "currency"), &totals, error))
    return FALSE;
  muster_entity_set_integer (order, "subtotal", totals.subtotal);
  muster_entity_set_integer (order, "total_amount", totals.total);
  if (!muster_order_insert (transaction, order, lines, NULL, error))
    return FALSE;
  muster_entity_set_string (issue, "follow_up_order_id", muster_entity_get_id (order));
  return TRUE;
}

/* The order that ISSUE's follow-up means, where it means one and there is none yet. */
static gboolean
follow_up (MusterTransaction *transaction, MusterEntity *issue, GError **error)
{
  int      what = muster_entity_get_enum (issue, "follow_up");
  gboolean is_return = what == MUSTER_FOLLOW_UP_RETURN;
  g_autoptr (MusterEntity) delivery = NULL;
  g_autoptr (MusterEntity) origin = NULL;
  g_autoptr (MusterEntity) item = NULL;
  g_autoptr (MusterEntity) sold = NULL;
  g_autoptr (MusterEntity) order = NULL;
  g_autoptr (MusterEntity) line = NULL;

  if ((what != MUSTER_FOLLOW_UP_REPLACE && !is_return) ||
      !muster_entity_is_null (issue, "follow_up_order_id"))
    return TRUE;
  if (!muster_orders_follow (transaction, issue, "delivery_id", &muster_delivery_info, &delivery,
                             error) ||
      !muster_orders_follow (transaction, delivery, "order_id", &muster_order_info, &origin,
                             error) ||
      !find_goods (transaction, issue, origin, &item, &sold, error))
    return FALSE;
  if (is_return && muster_entity_get_enum (origin, "kind") != MUSTER_ORDER_KIND_SALES)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "follow_up: what a supplier sent goes back by the delivery's status returned");
      return FALSE;
    }
  order = make_order (origin, is_return);
  line = make_line (issue, item, sold, is_return);
  return insert_follow_up (transaction, issue, order, line, error);
}

/* --- calls --- */

static gboolean
answer (MusterOrdersCall *call, MusterEntity *issue)
{
  call->revision = muster_entity_get_revision (issue);
  muster_entity_encode (issue, call->json);
  return TRUE;
}

/* What is done about it is the site's to say. */
static gboolean
check_own (MusterOrdersCall *call, MusterEntity *issue, GError **error)
{
  if (!muster_orders_are_own_only (call->actor) ||
      muster_entity_get_enum (issue, "follow_up") == MUSTER_FOLLOW_UP_NONE)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
               "follow_up: the site says what is done about it");
  return FALSE;
}

static gboolean
check_item (MusterTransaction *transaction, MusterEntity *issue, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *id = muster_entity_get_string (issue, "delivery_item_id");
  g_autoptr (MusterEntity) item = NULL;
  g_autoptr (GError) cause = NULL;

  if (id == NULL)
    return TRUE;
  item = muster_orders_find (transaction, &muster_delivery_item_info, "id", id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (item == NULL || g_strcmp0 (muster_entity_get_string (item, "delivery_id"),
                                 muster_entity_get_string (issue, "delivery_id")) != 0)
    muster_field_errors_add (errors, "/delivery_item_id", "is no item of the delivery");
  else if (muster_entity_get_integer (issue, "quantity") >
           muster_entity_get_integer (item, "quantity"))
    muster_field_errors_add (errors, "/quantity", "is more than the delivery holds of it");
  return muster_field_errors_check (errors, error);
}

/* That is the path's. */
static const char *const apart[] = { "delivery_id", NULL };

static gboolean
check_path (MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *id = muster_orders_call_get_string (call, "delivery_id");

  if (id != NULL && g_ascii_strcasecmp (id, call->id) != 0)
    muster_field_errors_add (errors, "/delivery_id",
                             "is not the delivery of the path: leave it out");
  return muster_field_errors_check (errors, error);
}

gboolean
muster_delivery_issue_add (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);
  g_autoptr (MusterEntity) issue = muster_entity_new (&muster_delivery_issue_info);
  g_autoptr (JsonObject) members = muster_orders_copy_members (call->body, apart);

  if (delivery == NULL || !check_path (call, error))
    return FALSE;
  json_object_set_string_member (members, "delivery_id", call->id);
  muster_delivery_name_operation (transaction, "Report an issue with", delivery);
  if (!muster_entity_decode (issue, members, MUSTER_DECODE_CREATE, "", error) ||
      !check_own (call, issue, error) || !check_item (transaction, issue, error) ||
      !follow_up (transaction, issue, error) ||
      !muster_transaction_insert (transaction, issue, error))
    return FALSE;
  return answer (call, issue);
}

gboolean
muster_delivery_issue_change (MusterTransaction *transaction,
                              MusterOrdersCall  *call,
                              GError           **error)
{
  g_autoptr (MusterEntity) issue =
              muster_transaction_get (transaction, &muster_delivery_issue_info, call->id, error);

  if (issue == NULL || !muster_orders_check_revision (call, issue, error) ||
      !muster_entity_decode (issue, call->body, MUSTER_DECODE_REPLACE, "", error) ||
      !check_item (transaction, issue, error) || !follow_up (transaction, issue, error) ||
      !muster_transaction_update (transaction, issue, 0, error))
    return FALSE;
  return answer (call, issue);
}
