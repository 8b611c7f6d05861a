/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-steps"

#include "config.h"

#include "model/muster-order.h"
#include "muster-order-edit.h"
#include "muster-order-steps.h"

gboolean
muster_order_set_status (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) order = muster_order_load (transaction, call, error);

  if (order == NULL)
    return FALSE;
  muster_entity_set_string (order, "status", muster_orders_call_get_string (call, "status"));
  return muster_transaction_update (transaction, order, 0, error) &&
         muster_order_answer (transaction, call, call->id, error);
}

gboolean
muster_order_allocate (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  return muster_order_set_status (transaction, call, error);
}

gboolean
muster_order_ship (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  return muster_order_set_status (transaction, call, error);
}
