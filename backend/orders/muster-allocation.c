/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-allocation"

#include "config.h"

#include "inventory/muster-stock-moves.h"
#include "model/muster-batch.h"
#include "model/muster-device.h"
#include "model/muster-order-item.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "muster-allocation.h"
#include "muster-orders-call.h"
#include "muster-shipment-lines.h"

static const char *const no_ids[] = { NULL };

gboolean
muster_allocation_is_serialised (MusterTransaction *transaction,
                                 MusterEntity      *line,
                                 gboolean          *serialised,
                                 GError           **error)
{
  g_autoptr (MusterEntity) product = NULL;

  *serialised = TRUE;
  if (!muster_entity_is_null (line, "device_id"))
    return TRUE;
  if (!muster_orders_follow (transaction, line, "product_id", &muster_product_info, &product,
                             error))
    return FALSE;
  *serialised =
    product == NULL || muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_SERIAL;
  return TRUE;
}

/* --- units --- */

static gboolean
reserve_unit (MusterTransaction *transaction,
              MusterEntity      *line,
              MusterEntity      *device,
              GError           **error)
{
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_RESERVED);
  muster_entity_set_string (device, "order_item_id", muster_entity_get_id (line));
  return muster_transaction_update (transaction, device, 0, error);
}

gboolean
muster_allocation_free_unit (MusterTransaction *transaction, MusterEntity *device, GError **error)
{
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_IN_STOCK);
  muster_entity_set_null (device, "order_item_id");
  return muster_transaction_update (transaction, device, 0, error);
}

/* Whether somebody may have the unit for LINE. */
static gboolean
check_named (MusterEntity *line, MusterEntity *device, GError **error)
{
  const char *product_id = muster_entity_get_string (line, "product_id");
  const char *name = muster_entity_get_string (device, "name");

  if (product_id != NULL &&
      g_strcmp0 (product_id, muster_entity_get_string (device, "product_id")) != 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s is no unit of what the line orders", name);
  else if (muster_entity_get_enum (device, "status") != MUSTER_DEVICE_STATUS_IN_STOCK)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is not free: it is %s", name,
                 muster_entity_get_string (device, "status"));
  else
    return TRUE;
  return FALSE;
}

static gboolean
reserve_named (MusterTransaction *transaction,
               MusterEntity      *line,
               const char        *device_id,
               gint64            *got,
               GError           **error)
{
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, device_id, error);

  if (device == NULL)
    return FALSE;
  if (muster_entity_get_enum (device, "status") == MUSTER_DEVICE_STATUS_RESERVED &&
      g_strcmp0 (muster_entity_get_string (device, "order_item_id"), muster_entity_get_id (line)) ==
        0)
    return TRUE;
  if (!check_named (line, device, error) || !reserve_unit (transaction, line, device, error))
    return FALSE;
  (*got)++;
  return TRUE;
}

/* Those that came first go first. */
static gboolean
reserve_oldest (MusterTransaction *transaction,
                MusterEntity      *line,
                gint64             wanted,
                gint64            *got,
                GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) devices = NULL;

  if (wanted <= 0 || muster_entity_is_null (line, "product_id"))
    return TRUE;
  muster_query_where (query, "product_id", muster_entity_get_string (line, "product_id"));
  muster_query_where (query, "status", "in_stock");
  muster_query_set_sort (query, "received_at,id");
  muster_query_set_limit (query, wanted);
  devices = muster_transaction_select (transaction, query, error);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      if (!reserve_unit (transaction, line, devices->pdata[i], error))
        return FALSE;
      (*got)++;
    }
  return devices != NULL;
}

/* The unit that the line itself names, where it is free. */
static gboolean
reserve_own (MusterTransaction *transaction, MusterEntity *line, gint64 *got, GError **error)
{
  g_autoptr (MusterEntity) device = NULL;

  if (!muster_orders_follow (transaction, line, "device_id", &muster_device_info, &device, error))
    return FALSE;
  if (muster_entity_get_enum (device, "status") != MUSTER_DEVICE_STATUS_IN_STOCK)
    return TRUE;
  *got = 1;
  return reserve_unit (transaction, line, device, error);
}

GPtrArray *
muster_allocation_list_units (MusterTransaction *transaction, MusterEntity *line, GError **error)
{
  return muster_orders_select (transaction, &muster_device_info, "order_item_id",
                               muster_entity_get_id (line), "received_at,id", error);
}

/* --- bulk goods --- */

static void
holding_free (gpointer data)
{
  MusterHolding *self = data;

  g_free (self->location_id);
  g_free (self->batch_id);
  g_free (self);
}

static MusterHolding *
find_holding (GPtrArray *holdings, MusterEntity *move)
{
  const char    *location_id = muster_entity_get_string (move, "from_location_id");
  const char    *batch_id = muster_entity_get_string (move, "batch_id");
  MusterHolding *holding = NULL;

  for (guint i = 0; i < holdings->len; i++)
    {
      holding = holdings->pdata[i];
      if (g_strcmp0 (holding->location_id, location_id) == 0 &&
          g_strcmp0 (holding->batch_id, batch_id) == 0)
        return holding;
    }
  holding = g_new0 (MusterHolding, 1);
  holding->location_id = g_strdup (location_id);
  holding->batch_id = g_strdup (batch_id);
  g_ptr_array_add (holdings, holding);
  return holding;
}

GPtrArray *
muster_allocation_list_holdings (MusterTransaction *transaction, MusterEntity *line, GError **error)
{
  g_autoptr (GPtrArray) holdings = g_ptr_array_new_with_free_func (holding_free);
  g_autoptr (GPtrArray) moves =
              muster_orders_select (transaction, &muster_stock_move_info, "order_item_id",
                                    muster_entity_get_id (line), "id", error);

  if (moves == NULL)
    return NULL;
  for (guint i = 0; i < moves->len; i++)
    {
      MusterEntity *move = moves->pdata[i];
      int           reason = muster_entity_get_enum (move, "reason");
      gint64        quantity = muster_entity_get_integer (move, "quantity");

      if (!muster_entity_is_null (move, "device_id"))
        continue;
      if (reason == MUSTER_MOVE_REASON_RESERVE)
        find_holding (holdings, move)->quantity += quantity;
      else if (reason == MUSTER_MOVE_REASON_PICK)
        find_holding (holdings, move)->quantity -= quantity;
    }
  for (guint i = holdings->len; i > 0; i--)
    if (((MusterHolding *)holdings->pdata[i - 1])->quantity <= 0)
      g_ptr_array_remove_index (holdings, i - 1);
  return g_steal_pointer (&holdings);
}

static gboolean
write_reservation (MusterTransaction *transaction,
                   MusterEntity      *order,
                   MusterEntity      *line,
                   const char        *location_id,
                   const char        *batch_id,
                   gint64             quantity,
                   GError           **error)
{
  const MusterStockMoveDraft draft = {
    .reason = MUSTER_MOVE_REASON_RESERVE,
    .product_id = muster_entity_get_string (line, "product_id"),
    .batch_id = batch_id,
    .quantity = quantity,
    .from_location_id = location_id,
    .order_id = muster_entity_get_id (order),
    .order_item_id = muster_entity_get_id (line),
  };
  g_autoptr (MusterEntity) move = muster_stock_move_write (transaction, &draft, error);

  return move != NULL;
}

/* A place with goods, and how old they are. */
typedef struct
{
  MusterEntity *level; /* (unowned) */
  gint64        received_at;
} Shelf;

static int
compare_shelves (gconstpointer a, gconstpointer b)
{
  const Shelf *one = a, *other = b;

  if (one->received_at != other->received_at)
    return one->received_at < other->received_at ? -1 : 1;
  return g_strcmp0 (muster_entity_get_id (one->level), muster_entity_get_id (other->level));
}

/* Those of the oldest batch first, those of none last. */
static GArray *
sort_shelves (MusterTransaction *transaction, GPtrArray *levels, GError **error)
{
  g_autoptr (GArray) shelves = g_array_new (FALSE, FALSE, sizeof (Shelf));

  for (guint i = 0; i < levels->len; i++)
    {
      g_autoptr (MusterEntity) batch = NULL;
      Shelf shelf = { levels->pdata[i], G_MAXINT64 };

      if (!muster_orders_follow (transaction, shelf.level, "batch_id", &muster_batch_info, &batch,
                                 error))
        return NULL;
      if (batch != NULL && !muster_entity_is_null (batch, "received_at"))
        shelf.received_at = muster_entity_get_integer (batch, "received_at");
      g_array_append_val (shelves, shelf);
    }
  g_array_sort (shelves, compare_shelves);
  return g_steal_pointer (&shelves);
}

static gboolean
reserve_bulk (MusterTransaction *transaction,
              MusterEntity      *order,
              MusterEntity      *line,
              gint64             wanted,
              gint64            *got,
              GError           **error)
{
  g_autoptr (GPtrArray) levels =
              muster_orders_select (transaction, &muster_stock_level_info, "product_id",
                                    muster_entity_get_string (line, "product_id"), "id", error);
  g_autoptr (GArray) shelves = NULL;

  if (levels == NULL || (shelves = sort_shelves (transaction, levels, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < shelves->len && *got < wanted; i++)
    {
      MusterEntity *level = g_array_index (shelves, Shelf, i).level;
      gint64        available = muster_entity_get_integer (level, "quantity") -
                         muster_entity_get_integer (level, "reserved");
      gint64 quantity = MIN (available, wanted - *got);

      if (quantity > 0 &&
          !write_reservation (transaction, order, line,
                              muster_entity_get_string (level, "location_id"),
                              muster_entity_get_string (level, "batch_id"), quantity, error))
        return FALSE;
      *got += MAX (0, quantity);
    }
  return TRUE;
}

/* --- lines --- */

gboolean
muster_allocation_reserve_line (MusterTransaction *transaction,
                                MusterEntity      *order,
                                MusterEntity      *line,
                                gint64             wanted,
                                const char *const *device_ids,
                                gint64            *got,
                                GError           **error)
{
  gboolean serialised;

  g_return_val_if_fail (transaction != NULL && order != NULL && line != NULL, FALSE);
  g_return_val_if_fail (got != NULL, FALSE);

  *got = 0;
  if (!muster_allocation_is_serialised (transaction, line, &serialised, error))
    return FALSE;
  if (device_ids == NULL)
    device_ids = no_ids;
  for (unsigned i = 0; device_ids[i] != NULL; i++)
    if (!reserve_named (transaction, line, device_ids[i], got, error))
      return FALSE;
  if (wanted <= *got)
    return TRUE;
  if (!muster_entity_is_null (line, "device_id"))
    return reserve_own (transaction, line, got, error);
  return serialised ? reserve_oldest (transaction, line, wanted - *got, got, error)
                    : reserve_bulk (transaction, order, line, wanted, got, error);
}

/* What a line still needs: neither set aside nor gone. */
static gint64
count_lacking (MusterEntity *line)
{
  if (muster_entity_get_enum (line, "kind") != MUSTER_ORDER_LINE_KIND_ITEM)
    return 0;
  return muster_entity_get_integer (line, "quantity") -
         muster_entity_get_integer (line, "reserved") - muster_entity_get_integer (line, "shipped");
}

gboolean
muster_allocation_reserve (MusterTransaction *transaction,
                           MusterEntity      *order,
                           GPtrArray         *lines,
                           GPtrArray         *named,
                           gboolean           partial,
                           GError           **error)
{
  g_autoptr (MusterFieldErrors) missing = muster_field_errors_new ();

  g_return_val_if_fail (lines != NULL, FALSE);

  for (guint i = 0; i < lines->len; i++)
    {
      MusterEntity             *line = lines->pdata[i];
      const MusterShipmentLine *units =
        muster_shipment_lines_find (named, muster_entity_get_id (line), NULL);
      gint64 wanted = count_lacking (line), got = 0;

      if (wanted <= 0 && units != NULL && units->device_ids[0] != NULL)
        {
          g_autofree char *pointer = g_strdup_printf ("/items/%u", i);

          muster_field_errors_add (missing, pointer,
                                   "is set aside or gone in full: name other units when it ships");
        }
      if (wanted <= 0)
        continue;
      if (!muster_allocation_reserve_line (transaction, order, line, wanted,
                                           units != NULL ? (const char *const *)units->device_ids
                                                         : NULL,
                                           &got, error))
        return FALSE;
      if (got < wanted && !partial)
        {
          g_autofree char *pointer = g_strdup_printf ("/items/%u", i);

          muster_field_errors_add (missing, pointer,
                                   "wanted %" G_GINT64_FORMAT ", available %" G_GINT64_FORMAT
                                   ": %s",
                                   wanted, got, muster_entity_get_string (line, "description"));
        }
    }
  return muster_field_errors_check_as (missing, MUSTER_ERROR_CONFLICT, error);
}

static gboolean
free_line (MusterTransaction *transaction, MusterEntity *order, MusterEntity *line, GError **error)
{
  g_autoptr (GPtrArray) units = muster_allocation_list_units (transaction, line, error);
  g_autoptr (GPtrArray) holdings = NULL;
  gboolean done = units != NULL;

  for (guint i = 0; done && i < units->len; i++)
    if (muster_entity_get_enum (units->pdata[i], "status") == MUSTER_DEVICE_STATUS_RESERVED)
      done = muster_allocation_free_unit (transaction, units->pdata[i], error);
  if (!done || (holdings = muster_allocation_list_holdings (transaction, line, error)) == NULL)
    return FALSE;
  for (guint i = 0; done && i < holdings->len; i++)
    {
      const MusterHolding *holding = holdings->pdata[i];

      done = write_reservation (transaction, order, line, holding->location_id, holding->batch_id,
                                -holding->quantity, error);
    }
  return done;
}

gboolean
muster_allocation_free (MusterTransaction *transaction,
                        MusterEntity      *order,
                        GPtrArray         *lines,
                        GError           **error)
{
  g_return_val_if_fail (lines != NULL, FALSE);

  for (guint i = 0; i < lines->len; i++)
    if (muster_entity_get_enum (lines->pdata[i], "kind") == MUSTER_ORDER_LINE_KIND_ITEM &&
        !free_line (transaction, order, lines->pdata[i], error))
      return FALSE;
  return TRUE;
}
