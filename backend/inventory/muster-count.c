/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-count"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "muster-count-private.h"
#include "muster-location-rules.h"

/* What one person can count before it has changed. */
#define MAX_LINES 50000

const char *
muster_count_get_device_code (MusterEntity *device)
{
  const char *serial = muster_entity_get_string (device, "serial");
  const char *mac = muster_entity_get_string (device, "mac");

  return serial != NULL ? serial : mac != NULL ? mac : muster_entity_get_id (device);
}

const char *
muster_count_get_product_code (MusterEntity *product)
{
  const char *sku = muster_entity_get_string (product, "sku");
  const char *gtin = muster_entity_get_string (product, "gtin");

  return sku != NULL ? sku : gtin != NULL ? gtin : muster_entity_get_id (product);
}

/* --- what is expected --- */

/* A stocktake that begins. */
typedef struct
{
  MusterTransaction *transaction;
  MusterEntity      *stocktake;
  GStrv              places;
  unsigned           n_lines;
} Start;

static gboolean
start_add_line (Start *self, MusterEntity *line, GError **error)
{
  if (++self->n_lines > MAX_LINES)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "more than %d things lie there: count the places within it one by one",
                   MAX_LINES);
      return FALSE;
    }
  muster_entity_set_string (line, "stocktake_id", muster_entity_get_id (self->stocktake));
  muster_entity_set_enum (line, "result", MUSTER_COUNT_RESULT_MISSING);
  return muster_transaction_insert (self->transaction, line, error);
}

static gboolean
start_add_units (Start *self, GError **error)
{
  static const char *const in_stock[] = { "in_stock", "reserved", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) devices = NULL;

  muster_query_where_any (query, "location_id", (const char *const *)self->places);
  muster_query_where_any (query, "status", in_stock);
  muster_query_set_sort (query, "location_id,serial");
  muster_query_set_limit (query, MAX_LINES + 1);
  devices = muster_transaction_select (self->transaction, query, error);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      MusterEntity *device = devices->pdata[i];
      g_autoptr (MusterEntity) line = muster_entity_new (&muster_stocktake_line_info);

      muster_entity_set_string (line, "code", muster_count_get_device_code (device));
      muster_entity_set_string (line, "location_id",
                                muster_entity_get_string (device, "location_id"));
      muster_entity_set_string (line, "device_id", muster_entity_get_id (device));
      muster_entity_set_string (line, "product_id",
                                muster_entity_get_string (device, "product_id"));
      muster_entity_set_integer (line, "expected", 1);
      if (!start_add_line (self, line, error))
        return FALSE;
    }
  return devices != NULL;
}

/* One line a product and place, whatever batches lie there. */
static gboolean
start_add_goods (Start *self, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stock_level_info);
  g_autoptr (GPtrArray) levels = NULL;
  g_autoptr (MusterEntity) line = NULL;

  muster_query_where_any (query, "location_id", (const char *const *)self->places);
  muster_query_set_sort (query, "location_id,product_id");
  muster_query_set_limit (query, 0);
  levels = muster_transaction_select (self->transaction, query, error);
  for (guint i = 0; levels != NULL && i < levels->len; i++)
    {
      MusterEntity *level = levels->pdata[i];
      const char   *product_id = muster_entity_get_string (level, "product_id");
      const char   *location_id = muster_entity_get_string (level, "location_id");
      gint64        quantity = muster_entity_get_integer (level, "quantity");
      g_autoptr (MusterEntity) product = NULL;

      if (line != NULL &&
          g_strcmp0 (muster_entity_get_string (line, "product_id"), product_id) == 0 &&
          g_strcmp0 (muster_entity_get_string (line, "location_id"), location_id) == 0)
        {
          muster_entity_set_integer (line, "expected",
                                     muster_entity_get_integer (line, "expected") + quantity);
          continue;
        }
      if (line != NULL && !start_add_line (self, line, error))
        return FALSE;
      g_clear_object (&line);
      product = muster_transaction_get (self->transaction, &muster_product_info, product_id, error);
      if (product == NULL)
        return FALSE;
      if (muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_SERIAL)
        continue;
      line = muster_entity_new (&muster_stocktake_line_info);
      muster_entity_set_string (line, "code", muster_count_get_product_code (product));
      muster_entity_set_string (line, "location_id", location_id);
      muster_entity_set_string (line, "product_id", product_id);
      muster_entity_set_integer (line, "expected", quantity);
    }
  return levels != NULL && (line == NULL || start_add_line (self, line, error));
}

static gboolean
start_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity *stocktake = data;
  g_auto (GStrv) places = NULL;
  Start            start = { transaction, stocktake };
  g_autofree char *summary = NULL;

  if (!muster_transaction_insert (transaction, stocktake, error))
    return FALSE;
  places = muster_location_list_within (transaction,
                                        muster_entity_get_string (stocktake, "location_id"), error);
  if (places == NULL)
    return FALSE;
  start.places = places;
  summary = g_strdup_printf ("Begin to count %s", muster_entity_get_string (stocktake, "name"));
  muster_transaction_set_summary (transaction, summary);
  if (!start_add_units (&start, error) || !start_add_goods (&start, error))
    return FALSE;
  muster_inventory_take_entity (result, g_object_ref (stocktake));
  return TRUE;
}

DexFuture *
muster_inventory_service_start_count (MusterInventoryService *self,
                                      MusterActor            *actor,
                                      MusterEntity           *stocktake)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_ENTITY (stocktake), NULL);

  return muster_inventory_service_write (self, actor, "Begin to count", start_job,
                                         muster_entity_copy (stocktake), g_object_unref);
}

/* --- how far it is --- */

MusterEntity *
muster_count_get_open (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterEntity) stocktake =
              muster_transaction_get (transaction, &muster_stocktake_info, id, error);
  int status;

  if (stocktake == NULL)
    return NULL;
  status = muster_entity_get_enum (stocktake, "status");
  if (status == MUSTER_STOCKTAKE_STATUS_COUNTING)
    return g_steal_pointer (&stocktake);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is %s: %s",
               muster_entity_get_string (stocktake, "name"),
               muster_entity_get_string (stocktake, "status"),
               status == MUSTER_STOCKTAKE_STATUS_CANCELLED ? "resume it first"
                                                           : "begin another one");
  return NULL;
}

gboolean
muster_count_append_results (MusterTransaction *transaction,
                             const char        *id,
                             GString           *json,
                             GError           **error)
{
  const MusterEnumValue *results = muster_count_result_enum.values;

  g_string_append_c (json, '{');
  for (unsigned i = 0; results[i].nick != NULL; i++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_stocktake_line_info);
      gint64 count = 0;

      muster_query_where (query, "stocktake_id", id);
      muster_query_where (query, "result", results[i].nick);
      count = muster_transaction_count (transaction, query, error);
      if (count < 0)
        return FALSE;
      g_string_append_printf (json, "%s\"%s\":%" G_GINT64_FORMAT, i > 0 ? "," : "", results[i].nick,
                              count);
    }
  g_string_append_c (json, '}');
  return TRUE;
}

static gboolean
get_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) stocktake =
              muster_transaction_get (transaction, &muster_stocktake_info, data, error);
  g_autoptr (GString) json = g_string_new (NULL);

  if (stocktake == NULL)
    return FALSE;
  muster_entity_encode (stocktake, json);
  g_string_truncate (json, json->len - 1);
  g_string_append (json, ",\"counts\":");
  if (!muster_count_append_results (transaction, data, json, error))
    return FALSE;
  g_string_append_c (json, '}');
  muster_inventory_take_json (result, g_steal_pointer (&json));
  return TRUE;
}

DexFuture *
muster_inventory_service_get_count (MusterInventoryService *self, const char *id, gint64 as_of)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return muster_inventory_service_read (self, as_of, get_job, g_strdup (id), g_free);
}

/* --- giving it up, and taking it up again --- */

typedef struct
{
  char *id;
  int   status;
} Step;

static void
step_free (gpointer data)
{
  g_free (((Step *)data)->id);
  g_free (data);
}

static gboolean
step_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Step *self = data;
  g_autoptr (MusterEntity) stocktake =
              muster_transaction_get (transaction, &muster_stocktake_info, self->id, error);
  g_autofree char *summary = NULL;

  if (stocktake == NULL)
    return FALSE;
  summary =
    g_strdup_printf ("%s %s",
                     self->status == MUSTER_STOCKTAKE_STATUS_CANCELLED ? "Cancel" : "Resume",
                     muster_entity_get_string (stocktake, "name"));
  muster_transaction_set_summary (transaction, summary);
  muster_entity_set_enum (stocktake, "status", self->status);
  if (!muster_transaction_update (transaction, stocktake, 0, error))
    return FALSE;
  muster_inventory_take_entity (result, g_steal_pointer (&stocktake));
  return TRUE;
}

DexFuture *
muster_inventory_service_set_count_status (MusterInventoryService *self,
                                           MusterActor            *actor,
                                           const char             *id,
                                           int                     status)
{
  Step *step = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL, NULL);
  g_return_val_if_fail (status != MUSTER_STOCKTAKE_STATUS_APPLIED, NULL);

  step = g_new0 (Step, 1);
  step->id = g_strdup (id);
  step->status = status;
  return muster_inventory_service_write (self, actor, "Count", step_job, step, step_free);
}
