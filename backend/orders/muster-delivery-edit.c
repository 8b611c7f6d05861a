/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-edit"

#include "config.h"

#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-order.h"
#include "muster-delivery-edit.h"
#include "muster-numbering.h"

MusterEntity *
muster_delivery_load (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery =
              muster_orders_load (transaction, call->actor, &muster_delivery_info, call->id, error);

  if (delivery == NULL || !muster_orders_check_revision (call, delivery, error))
    return NULL;
  return g_steal_pointer (&delivery);
}

gboolean
muster_delivery_answer (MusterTransaction *transaction,
                        MusterOrdersCall  *call,
                        const char        *id,
                        GError           **error)
{
  g_autoptr (MusterEntity) delivery =
              muster_transaction_get (transaction, &muster_delivery_info, id, error);
  g_autoptr (GPtrArray) items = NULL;

  if (delivery != NULL)
    items = muster_orders_select (transaction, &muster_delivery_item_info, "delivery_id", id, "id",
                                  error);
  if (items == NULL)
    return FALSE;
  call->revision = muster_entity_get_revision (delivery);
  muster_orders_encode_with (delivery, "items", items, call->json);
  return TRUE;
}

gboolean
muster_delivery_create (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery = muster_entity_new (&muster_delivery_info);
  g_autoptr (MusterEntity) order = NULL;
  g_autofree char *number = NULL;

  order = muster_transaction_get (transaction, &muster_order_info,
                                  muster_orders_call_get_string (call, "order_id"), error);
  if (order == NULL || (number = muster_number_series_take (transaction, "DN", error)) == NULL)
    return FALSE;
  muster_entity_set_string (delivery, "delivery_number", number);
  muster_entity_set_string (delivery, "order_id", muster_entity_get_id (order));
  muster_entity_set_string (delivery, "tracking_number",
                            muster_orders_call_get_string (call, "tracking_number"));
  return muster_transaction_insert (transaction, delivery, error) &&
         muster_delivery_answer (transaction, call, muster_entity_get_id (delivery), error);
}

gboolean
muster_delivery_edit (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);

  return delivery != NULL &&
         muster_entity_decode (delivery, call->body, MUSTER_DECODE_REPLACE, "", error) &&
         muster_transaction_update (transaction, delivery, 0, error) &&
         muster_delivery_answer (transaction, call, call->id, error);
}

gboolean
muster_delivery_set_status (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);

  if (delivery == NULL)
    return FALSE;
  muster_entity_set_string (delivery, "status", muster_orders_call_get_string (call, "status"));
  return muster_transaction_update (transaction, delivery, 0, error) &&
         muster_delivery_answer (transaction, call, call->id, error);
}

gboolean
muster_delivery_confirm (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);

  if (delivery == NULL)
    return FALSE;
  muster_entity_set_enum (delivery, "status", MUSTER_DELIVERY_STATUS_DELIVERED);
  return muster_transaction_update (transaction, delivery, 0, error) &&
         muster_delivery_answer (transaction, call, call->id, error);
}
