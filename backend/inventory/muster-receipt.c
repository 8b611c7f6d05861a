/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-receipt"

#include "config.h"

#include "model/muster-batch.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "muster-inventory-service-private.h"
#include "muster-serials.h"
#include "muster-stock-moves.h"
#include "muster-unit.h"

/* A receipt on its way into the stock. */
typedef struct
{
  char  *product_id;
  char  *text; /* (nullable) */
  gint64 quantity;
  char  *location_id; /* (nullable) */
  char  *batch;       /* (nullable) */
  gint64 expires_at;
  gint64 received_at;
  char  *notes; /* (nullable) */

  GStrv      serials; /* (nullable): expanded */
  char      *batch_id;
  GPtrArray *devices; /* (element-type MusterEntity) */
  char      *move_id; /* (nullable): of goods kept by quantity */
} Receipt;

static void
receipt_free (gpointer data)
{
  Receipt *self = data;

  g_free (self->product_id);
  g_free (self->text);
  g_free (self->location_id);
  g_free (self->batch);
  g_free (self->notes);
  g_strfreev (self->serials);
  g_free (self->batch_id);
  g_ptr_array_unref (self->devices);
  g_free (self->move_id);
  g_free (self);
}

static gboolean
receipt_expand (Receipt *self, MusterTransaction *transaction, GError **error)
{
  g_autofree char *highest = NULL;
  g_autoptr (GError) cause = NULL;

  if (self->text == NULL)
    return muster_inventory_refuse (
      "/serials", error,
      "must be given, since every unit has a record of its own; ~ stands for the next");
  if (self->quantity > MUSTER_SERIALS_MAX)
    return muster_inventory_refuse ("/quantity", error, "must be at most %d at a time",
                                    MUSTER_SERIALS_MAX);
  if (muster_serials_needs_highest (self->text))
    highest = muster_unit_find_highest (transaction, self->product_id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  self->serials = muster_serials_expand (self->text, highest, self->quantity, "/serials", error);
  return self->serials != NULL &&
         muster_unit_check_serials (transaction, (const char *const *)self->serials, "/serials",
                                    error);
}

/* What came, before anything is written. */
static gboolean
receipt_check (Receipt *self, MusterTransaction *transaction, gboolean by_serial, GError **error)
{
  g_autoptr (MusterEntity) place = NULL;

  if (self->location_id != NULL)
    {
      place = muster_transaction_get_named (transaction, &muster_location_info, self->location_id,
                                            "/location_id", error);
      if (place == NULL)
        return FALSE;
    }
  if (by_serial)
    {
      if (!receipt_expand (self, transaction, error))
        return FALSE;
      self->quantity = g_strv_length (self->serials);
      return TRUE;
    }
  if (self->text != NULL)
    return muster_inventory_refuse ("/serials", error,
                                    "cannot be: the product is kept by quantity");
  if (self->quantity == 0)
    return muster_inventory_refuse ("/quantity", error, "must be given: how many came");
  return TRUE;
}

/* The batch of that number, made where it is new. */
static gboolean
receipt_find_batch (Receipt *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (MusterEntity) batch = NULL;
  g_autoptr (GError) cause = NULL;

  if (self->batch == NULL)
    return TRUE;
  query = muster_query_new (&muster_batch_info);
  muster_query_where (query, "product_id", self->product_id);
  muster_query_where (query, "number", self->batch);
  batch = muster_transaction_find (transaction, query, &cause);
  if (batch == NULL && cause == NULL)
    {
      batch = muster_entity_new (&muster_batch_info);
      muster_entity_set_string (batch, "product_id", self->product_id);
      muster_entity_set_string (batch, "number", self->batch);
      muster_entity_set_integer (batch, "received_at", self->received_at);
      if (self->expires_at != 0)
        muster_entity_set_integer (batch, "expires_at", self->expires_at);
      muster_transaction_insert (transaction, batch, &cause);
    }
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  self->batch_id = g_strdup (muster_entity_get_id (batch));
  return TRUE;
}

static gboolean
receipt_add_units (Receipt           *self,
                   MusterTransaction *transaction,
                   MusterEntity      *product,
                   GError           **error)
{
  MusterStockContext context = { .reason = -1, .note = self->notes };

  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &context);
  for (char **serial = self->serials; *serial != NULL; serial++)
    {
      MusterEntity *device = muster_unit_new (product, *serial, self->received_at);

      g_ptr_array_add (self->devices, device);
      muster_entity_set_string (device, "location_id", self->location_id);
      muster_entity_set_string (device, "batch_id", self->batch_id);
      if (!muster_transaction_insert (transaction, device, error))
        return FALSE;
    }
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  return TRUE;
}

static gboolean
receipt_add_goods (Receipt *self, MusterTransaction *transaction, GError **error)
{
  g_autoptr (MusterEntity) move = NULL;

  move = muster_stock_move_write (transaction,
                                  &(MusterStockMoveDraft){
                                    .reason = MUSTER_MOVE_REASON_RECEIVE,
                                    .product_id = self->product_id,
                                    .batch_id = self->batch_id,
                                    .quantity = self->quantity,
                                    .to_location_id = self->location_id,
                                    .outside_from = TRUE,
                                    .note = self->notes,
                                  },
                                  error);
  if (move == NULL)
    return FALSE;
  self->move_id = g_strdup (muster_entity_get_id (move));
  return TRUE;
}

static void
receipt_encode (Receipt *self, GString *json)
{
  g_string_append_c (json, '{');
  muster_inventory_append_member (json, "product_id", self->product_id);
  muster_inventory_append_member (json, "batch_id", self->batch_id);
  muster_inventory_append_member (json, "move_id", self->move_id);
  g_string_append_printf (json, ",\"quantity\":%" G_GINT64_FORMAT ",\"devices\":[", self->quantity);
  for (guint i = 0; i < self->devices->len; i++)
    {
      g_string_append (json, i > 0 ? ",{" : "{");
      muster_inventory_append_member (json, "id", muster_entity_get_id (self->devices->pdata[i]));
      muster_inventory_append_member (json, "serial",
                                      muster_entity_get_string (self->devices->pdata[i], "serial"));
      g_string_append_c (json, '}');
    }
  g_string_append (json, "]}");
}

static void
receipt_describe (Receipt *self, MusterTransaction *transaction, MusterEntity *product)
{
  g_autofree char *summary = g_strdup_printf ("Receive %" G_GINT64_FORMAT " × %s", self->quantity,
                                              muster_entity_get_string (product, "name"));

  muster_transaction_set_summary (transaction, summary);
}

static gboolean
receive_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Receipt *self = data;
  g_autoptr (MusterEntity) product =
              muster_transaction_get (transaction, &muster_product_info, self->product_id, error);
  g_autoptr (GString) json = NULL;
  gboolean by_serial;

  if (product == NULL)
    return FALSE;
  by_serial = muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_SERIAL;
  if (self->received_at == 0)
    self->received_at = muster_transaction_get_now (transaction);
  if (!receipt_check (self, transaction, by_serial, error))
    return FALSE;
  receipt_describe (self, transaction, product);
  if (!receipt_find_batch (self, transaction, error) ||
      !(by_serial ? receipt_add_units (self, transaction, product, error)
                  : receipt_add_goods (self, transaction, error)))
    return FALSE;
  json = g_string_new (NULL);
  receipt_encode (self, json);
  muster_inventory_take_json (result, g_steal_pointer (&json));
  return TRUE;
}

DexFuture *
muster_inventory_service_receive (MusterInventoryService *self,
                                  MusterActor            *actor,
                                  const MusterReceipt    *receipt)
{
  Receipt *job = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (receipt != NULL && receipt->product_id != NULL, NULL);

  job = g_new0 (Receipt, 1);
  job->product_id = g_strdup (receipt->product_id);
  job->text = g_strdup (receipt->serials);
  job->quantity = receipt->quantity;
  job->location_id = g_strdup (receipt->location_id);
  job->batch = g_strdup (receipt->batch);
  job->expires_at = receipt->expires_at;
  job->received_at = receipt->received_at;
  job->notes = g_strdup (receipt->notes);
  job->devices = g_ptr_array_new_with_free_func (g_object_unref);
  return muster_inventory_service_write (self, actor, "Receive", receive_job, job, receipt_free);
}

/* --- what a text would give --- */

typedef struct
{
  char    *text;
  char    *after;      /* (nullable) */
  char    *product_id; /* (nullable) */
  unsigned quantity;
} Preview;

static void
preview_free (gpointer data)
{
  Preview *self = data;

  g_free (self->text);
  g_free (self->after);
  g_free (self->product_id);
  g_free (self);
}

static void
append_duplicate (GString *json, MusterTransaction *transaction, MusterEntity *device)
{
  g_autofree char *place = muster_unit_describe_place (transaction, device);

  g_string_append (json, json->str[json->len - 1] == '[' ? "{" : ",{");
  muster_inventory_append_member (json, "serial", muster_entity_get_string (device, "serial"));
  muster_inventory_append_member (json, "device_id", muster_entity_get_id (device));
  muster_inventory_append_member (json, "name", muster_entity_get_string (device, "name"));
  muster_inventory_append_member (json, "status", muster_entity_get_string (device, "status"));
  muster_inventory_append_member (json, "location", place);
  g_string_append_c (json, '}');
}

static GString *
encode_preview (MusterTransaction *transaction, GStrv serials, GPtrArray *duplicates)
{
  GString *json = g_string_new ("{\"serials\":[");

  for (char **serial = serials; *serial != NULL; serial++)
    {
      if (serial != serials)
        g_string_append_c (json, ',');
      muster_json_append_string (json, *serial, -1);
    }
  g_string_append_printf (json, "],\"total\":%u,\"duplicates\":[", g_strv_length (serials));
  for (guint i = 0; i < duplicates->len; i++)
    append_duplicate (json, transaction, duplicates->pdata[i]);
  g_string_append (json, "]}");
  return json;
}

static gboolean
expand_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Preview *self = data;
  g_auto (GStrv) serials = NULL;
  g_autoptr (GPtrArray) duplicates = NULL;
  g_autoptr (GError) cause = NULL;

  if (self->after == NULL && self->product_id != NULL && muster_serials_needs_highest (self->text))
    self->after = muster_unit_find_highest (transaction, self->product_id, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  serials = muster_serials_expand (self->text, self->after, self->quantity, "/text", error);
  if (serials == NULL)
    return FALSE;
  duplicates = muster_unit_find_by_serials (transaction, (const char *const *)serials, error);
  if (duplicates == NULL)
    return FALSE;
  muster_inventory_take_json (result, encode_preview (transaction, serials, duplicates));
  return TRUE;
}

DexFuture *
muster_inventory_service_expand (MusterInventoryService *self,
                                 const char             *text,
                                 const char             *after,
                                 const char             *product_id,
                                 unsigned                quantity)
{
  Preview *preview = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  preview = g_new0 (Preview, 1);
  preview->text = g_strdup (text);
  preview->after = g_strdup (after);
  preview->product_id = g_strdup (product_id);
  preview->quantity = quantity;
  return muster_inventory_service_read (self, 0, expand_job, preview, preview_free);
}
