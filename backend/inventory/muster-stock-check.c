/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-check"

#include "config.h"

#include "model/muster-device.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"
#include "muster-inventory-service-private.h"
#include "muster-stock-check.h"

/* A difference more than these tells nobody anything. */
#define MAX_DIFFERENCES 100

typedef struct
{
  gint64 quantity;
  gint64 reserved;
} Sum;

/* Keys are "PRODUCT", or "PRODUCT at LOCATION of batch BATCH". */
typedef struct
{
  MusterStockReport *report;
  GHashTable        *moves;  /* (element-type utf8 Sum): by place */
  GHashTable        *totals; /* (element-type utf8 Sum): by product */
  GHashTable        *units;  /* (element-type utf8 Sum): by place, of records */
  GHashTable        *serial; /* (element-type utf8): products whose units have records */
} Check;

static GHashTable *
sums_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
check_clear (Check *self)
{
  g_clear_pointer (&self->report, muster_stock_report_free);
  g_hash_table_unref (self->moves);
  g_hash_table_unref (self->totals);
  g_hash_table_unref (self->units);
  g_hash_table_unref (self->serial);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Check, check_clear)

/* Takes KEY. */
static void
sums_add (GHashTable *sums, char *key, gint64 quantity, gint64 reserved)
{
  Sum *sum = g_hash_table_lookup (sums, key);

  if (sum == NULL)
    g_hash_table_insert (sums, g_strdup (key), sum = g_new0 (Sum, 1));
  sum->quantity += quantity;
  sum->reserved += reserved;
  g_free (key);
}

static char *
make_key (MusterEntity *record, const char *location_id)
{
  const char *batch_id = muster_entity_get_string (record, "batch_id");

  return g_strdup_printf ("%s at %s of %s", muster_entity_get_string (record, "product_id"),
                          location_id != NULL ? location_id : "no place",
                          batch_id != NULL ? batch_id : "no batch");
}

static void
check_add_difference (Check *self, const char *what, const Sum *is, const Sum *should)
{
  static const Sum nothing = { 0, 0 };

  is = is != NULL ? is : &nothing;
  should = should != NULL ? should : &nothing;
  if ((is->quantity == should->quantity && is->reserved == should->reserved) ||
      self->report->differences->len >= MAX_DIFFERENCES)
    return;
  g_ptr_array_add (self->report->differences,
                   g_strdup_printf ("%s: %" G_GINT64_FORMAT " (%" G_GINT64_FORMAT
                                    " reserved), not %" G_GINT64_FORMAT " (%" G_GINT64_FORMAT
                                    " reserved) as the moves say",
                                    what, is->quantity, is->reserved, should->quantity,
                                    should->reserved));
}

static gboolean
add_move (MusterEntity *move, gpointer data, GError **error)
{
  Check      *self = data;
  int         reason = muster_entity_get_enum (move, "reason");
  gint64      quantity = muster_entity_get_integer (move, "quantity");
  gint64      moved = reason == MUSTER_MOVE_REASON_RESERVE ? 0 : quantity;
  gint64      reserved = reason == MUSTER_MOVE_REASON_RESERVE ? quantity
                         : reason == MUSTER_MOVE_REASON_PICK  ? -quantity
                                                              : 0;
  gboolean    leaves = !muster_entity_get_boolean (move, "outside_from");
  gboolean    comes = !muster_entity_get_boolean (move, "outside_to");
  const char *product_id = muster_entity_get_string (move, "product_id");

  self->report->n_moves++;
  if (leaves)
    sums_add (self->moves, make_key (move, muster_entity_get_string (move, "from_location_id")),
              -moved, reserved);
  if (comes && moved != 0)
    sums_add (self->moves, make_key (move, muster_entity_get_string (move, "to_location_id")),
              moved, 0);
  sums_add (self->totals, g_strdup (product_id), moved * (comes - leaves), reserved);
  return TRUE;
}

static gboolean
compare_level (MusterEntity *level, gpointer data, GError **error)
{
  Check           *self = data;
  g_autofree char *key = make_key (level, muster_entity_get_string (level, "location_id"));
  g_autofree char *what = g_strconcat ("the level of ", key, NULL);
  const Sum        is = { muster_entity_get_integer (level, "quantity"),
                          muster_entity_get_integer (level, "reserved") };
  Sum             *should = g_hash_table_lookup (self->moves, key);

  self->report->n_levels++;
  check_add_difference (self, what, &is, should);
  /* What is left at the end has no level. */
  if (should != NULL &&
      g_hash_table_contains (self->serial, muster_entity_get_string (level, "product_id")))
    {
      check_add_difference (self, key, g_hash_table_lookup (self->units, key), should);
      g_hash_table_remove (self->units, key);
    }
  g_hash_table_remove (self->moves, key);
  return TRUE;
}

static gboolean
compare_product (MusterEntity *product, gpointer data, GError **error)
{
  Check           *self = data;
  const char      *id = muster_entity_get_id (product);
  g_autofree char *what = g_strconcat ("the product ", id, NULL);
  const Sum        is = { muster_entity_get_integer (product, "on_hand"),
                          muster_entity_get_integer (product, "reserved") };

  self->report->n_products++;
  check_add_difference (self, what, &is, g_hash_table_lookup (self->totals, id));
  if (muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_SERIAL)
    g_hash_table_add (self->serial, g_strdup (id));
  return TRUE;
}

static gboolean
add_unit (MusterEntity *device, gpointer data, GError **error)
{
  Check *self = data;

  if (muster_entity_is_null (device, "product_id"))
    return TRUE;
  self->report->n_units++;
  sums_add (self->units, make_key (device, muster_entity_get_string (device, "location_id")), 1,
            muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_RESERVED);
  return TRUE;
}

/* What the moves, or the records, have and no level. */
static void
check_compare_rest (Check *self)
{
  GHashTableIter iter;
  gpointer       key = NULL, sum = NULL;

  g_hash_table_iter_init (&iter, self->moves);
  while (g_hash_table_iter_next (&iter, &key, &sum))
    check_add_difference (self, key, NULL, sum);
  g_hash_table_iter_init (&iter, self->units);
  while (g_hash_table_iter_next (&iter, &key, &sum))
    check_add_difference (self, key, sum, NULL);
}

static gboolean
check_each (MusterTransaction      *transaction,
            const MusterEntityInfo *info,
            const char *const      *statuses,
            MusterRecordFunc        func,
            Check                  *self,
            GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  if (statuses != NULL)
    muster_query_where_any (query, "status", statuses);
  return muster_transaction_for_each (transaction, query, func, self, error);
}

MusterStockReport *
muster_stock_check (MusterTransaction *transaction, GError **error)
{
  static const char *const in_stock[] = { "in_stock", "reserved", NULL };
  g_auto (Check) check = {
    .report = g_new0 (MusterStockReport, 1),
    .moves = sums_new (),
    .totals = sums_new (),
    .units = sums_new (),
    .serial = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };

  g_return_val_if_fail (transaction != NULL, NULL);

  check.report->differences = g_ptr_array_new_with_free_func (g_free);
  if (!check_each (transaction, &muster_stock_move_info, NULL, add_move, &check, error) ||
      !check_each (transaction, &muster_product_info, NULL, compare_product, &check, error) ||
      !check_each (transaction, &muster_device_info, in_stock, add_unit, &check, error) ||
      !check_each (transaction, &muster_stock_level_info, NULL, compare_level, &check, error))
    return NULL;
  check_compare_rest (&check);
  return g_steal_pointer (&check.report);
}

void
muster_stock_report_free (MusterStockReport *self)
{
  g_clear_pointer (&self->differences, g_ptr_array_unref);
  g_free (self);
}

static gboolean
check_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterStockReport) report = muster_stock_check (transaction, error);
  GString *json = NULL;

  if (report == NULL)
    return FALSE;
  json = g_string_new (NULL);
  g_string_append_printf (
    json, "{\"moves\":%u,\"levels\":%u,\"products\":%u,\"units\":%u,\"differences\":[",
    report->n_moves, report->n_levels, report->n_products, report->n_units);
  for (guint i = 0; i < report->differences->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      muster_json_append_string (json, report->differences->pdata[i], -1);
    }
  g_string_append (json, "]}");
  muster_inventory_take_json (result, json);
  return TRUE;
}

DexFuture *
muster_inventory_service_check (MusterInventoryService *self)
{
  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);

  return muster_inventory_service_read (self, 0, check_job, NULL, NULL);
}
