/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-loan-service"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-loan.h"
#include "model/muster-time.h"
#include "muster-inventory-service-private.h"
#include "muster-stock-moves.h"

/* --- out --- */

static gboolean
check_device (MusterTransaction *transaction, MusterEntity *device, GError **error)
{
  const char *loan_id = muster_entity_get_string (device, "loan_id");
  const char *name = muster_entity_get_string (device, "name");
  int         status = muster_entity_get_enum (device, "status");
  char        due[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autoptr (MusterEntity) loan = NULL;

  if (loan_id != NULL)
    loan = muster_transaction_get (transaction, &muster_loan_info, loan_id, NULL);
  if (loan != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s is lent to %s until %s: take it back first", name,
                 muster_entity_get_string (loan, "borrower"),
                 muster_time_format (muster_entity_get_integer (loan, "due_at"), due));
  else if (status != MUSTER_DEVICE_STATUS_IN_STOCK && status != MUSTER_DEVICE_STATUS_DEPLOYED)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s is %s: only what is in stock or deployed can be lent", name,
                 muster_entity_get_string (device, "status"));
  else
    return TRUE;
  return FALSE;
}

static char *
set_summary (MusterTransaction *transaction, const char *format, const char *a, const char *b)
{
  char *summary = b != NULL ? g_strdup_printf ("%s %s to %s", format, a, b)
                            : g_strdup_printf ("%s %s", format, a);

  muster_transaction_set_summary (transaction, summary);
  return summary;
}

static gboolean
lend_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity      *loan = data;
  MusterStockContext context = { .reason = -1 };
  g_autoptr (MusterEntity) device = NULL;
  g_autofree char *summary = NULL;
  gboolean         from_stock;

  device = muster_transaction_get (transaction, &muster_device_info,
                                   muster_entity_get_string (loan, "device_id"), NULL);
  if (device == NULL)
    return muster_inventory_refuse ("/device_id", error, "there is no such device");
  if (muster_entity_get_integer (loan, "due_at") <= muster_transaction_get_now (transaction))
    return muster_inventory_refuse ("/due_at", error, "must lie ahead");
  if (!check_device (transaction, device, error))
    return FALSE;
  summary = set_summary (transaction, "Lend", muster_entity_get_string (device, "name"),
                         muster_entity_get_string (loan, "borrower"));
  from_stock = muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_IN_STOCK;
  muster_entity_set_boolean (loan, "from_stock", from_stock);
  muster_entity_set_string (loan, "location_id", muster_entity_get_string (device, "location_id"));
  if (!muster_transaction_insert (transaction, loan, error))
    return FALSE;
  context.note = summary;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &context);
  muster_entity_set_string (device, "loan_id", muster_entity_get_id (loan));
  muster_entity_set_null (device, "location_id");
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_DEPLOYED);
  if (!muster_transaction_update (transaction, device, 0, error))
    return FALSE;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  muster_inventory_take_entity (result, g_object_ref (loan));
  return TRUE;
}

DexFuture *
muster_inventory_service_lend (MusterInventoryService *self, MusterActor *actor, MusterEntity *loan)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_ENTITY (loan), NULL);

  return muster_inventory_service_write (self, actor, "Lend", lend_job, muster_entity_copy (loan),
                                         g_object_unref);
}

/* --- and back --- */

typedef struct
{
  char *loan_id;
  char *location_id; /* (nullable) */
} Return;

static void
return_free (gpointer data)
{
  Return *self = data;

  g_free (self->loan_id);
  g_free (self->location_id);
  g_free (self);
}

static gboolean
return_device (Return            *self,
               MusterTransaction *transaction,
               MusterEntity      *device,
               MusterEntity      *loan,
               GError           **error)
{
  MusterStockContext context = { .reason = -1 };
  g_autofree char   *summary =
    set_summary (transaction, "Take back", muster_entity_get_string (device, "name"), NULL);

  context.note = summary;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &context);
  if (!muster_transaction_update (transaction, loan, 0, error))
    return FALSE;
  muster_entity_set_null (device, "loan_id");
  muster_entity_set_string (device, "location_id",
                            self->location_id != NULL
                              ? self->location_id
                              : muster_entity_get_string (loan, "location_id"));
  /* Whoever has sent it to repair meanwhile decides about its status. */
  if (muster_entity_get_boolean (loan, "from_stock") &&
      muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_DEPLOYED)
    muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_IN_STOCK);
  if (!muster_transaction_update (transaction, device, 0, error))
    return FALSE;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  return TRUE;
}

static gboolean
return_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Return *self = data;
  g_autoptr (MusterEntity) loan =
              muster_transaction_get (transaction, &muster_loan_info, self->loan_id, error);
  g_autoptr (MusterEntity) device = NULL;

  if (loan == NULL)
    return FALSE;
  if (!muster_entity_is_null (loan, "returned_at"))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "it has come back already");
      return FALSE;
    }
  device = muster_transaction_get (transaction, &muster_device_info,
                                   muster_entity_get_string (loan, "device_id"), error);
  if (device == NULL)
    return FALSE;
  muster_entity_set_integer (loan, "returned_at", muster_transaction_get_now (transaction));
  if (!return_device (self, transaction, device, loan, error))
    return FALSE;
  muster_inventory_take_entity (result, g_steal_pointer (&loan));
  return TRUE;
}

DexFuture *
muster_inventory_service_take_back (MusterInventoryService *self,
                                    MusterActor            *actor,
                                    const char             *loan_id,
                                    const char             *location_id)
{
  Return *job = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && loan_id != NULL, NULL);

  job = g_new0 (Return, 1);
  job->loan_id = g_strdup (loan_id);
  job->location_id = g_strdup (location_id);
  return muster_inventory_service_write (self, actor, "Take back", return_job, job, return_free);
}
