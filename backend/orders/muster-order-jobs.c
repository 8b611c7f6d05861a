/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-jobs"

#include "config.h"

#include "model/muster-delivery.h"
#include "model/muster-order.h"
#include "muster-delivery-steps.h"
#include "muster-order-jobs.h"
#include "muster-order-steps.h"

static gboolean
step (MusterTransaction      *transaction,
      const MusterEntityInfo *info,
      MusterOrdersFunc        func,
      const char             *id,
      JsonObject             *changes,
      gboolean               *changed,
      GError                **error)
{
  g_autoptr (GString) answer = g_string_new (NULL);
  MusterOrdersCall call = {
    .actor = muster_transaction_get_actor (transaction),
    .id = (char *)id,
    .body = changes,
    .json = answer,
  };
  g_autoptr (MusterEntity) before = muster_transaction_get (transaction, info, id, error);
  g_autoptr (MusterEntity) after = NULL;

  if (before == NULL || !func (transaction, &call, error))
    return FALSE;
  after = muster_transaction_get (transaction, info, id, error);
  *changed = after != NULL && muster_entity_get_enum (after, info->machine_field) !=
                                muster_entity_get_enum (before, info->machine_field);
  return after != NULL;
}

gboolean
muster_order_step_for_job (MusterTransaction *transaction,
                           const char        *id,
                           JsonObject        *changes,
                           gboolean          *changed,
                           GError           **error)
{
  return step (transaction, &muster_order_info, muster_order_set_status, id, changes, changed,
               error);
}

gboolean
muster_delivery_step_for_job (MusterTransaction *transaction,
                              const char        *id,
                              JsonObject        *changes,
                              gboolean          *changed,
                              GError           **error)
{
  return step (transaction, &muster_delivery_info, muster_delivery_set_status, id, changes, changed,
               error);
}
