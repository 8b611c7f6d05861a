/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-manual-move"

#include "config.h"

#include "model/muster-batch.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "muster-inventory-service-private.h"
#include "muster-stock-moves.h"
#include "muster-stock-share.h"

/* --- words --- */

/* "Hall 1 › Rack 2", or "no place": (transfer full). */
static char *
describe_place (MusterTransaction *transaction, const char *location_id)
{
  g_autoptr (MusterEntity) location = NULL;

  if (location_id != NULL)
    location = muster_transaction_get (transaction, &muster_location_info, location_id, NULL);
  return location != NULL ? g_strdup (muster_entity_get_string (location, "path"))
                          : g_strdup ("no place");
}

static void
describe_move (MusterTransaction *transaction, MusterEntity *move, const char *what)
{
  static const char *const verbs[] = { "Receive", "Put away", "Move",   "Reserve", "Pick",
                                       "Ship",    "Return",   "Adjust", "Scrap" };
  g_autofree char         *summary =
    g_strdup_printf ("%s %s", verbs[muster_entity_get_enum (move, "reason")], what);

  muster_transaction_set_summary (transaction, summary);
}

/* --- one unit --- */

static gboolean
set_place (MusterTransaction *transaction, MusterEntity *device, MusterEntity *move, GError **error)
{
  const char      *to = muster_entity_get_string (move, "to_location_id");
  g_autofree char *place = NULL;

  if (to == NULL)
    return muster_inventory_refuse ("/to_location_id", error, "must be given: where it goes");
  if (g_strcmp0 (to, muster_entity_get_string (device, "location_id")) != 0)
    {
      muster_entity_set_string (device, "location_id", to);
      return TRUE;
    }
  place = describe_place (transaction, to);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is at %s already",
               muster_entity_get_string (device, "name"), place);
  return FALSE;
}

/* What the move makes of the unit's record; the rules write the move itself. */
static gboolean
apply_to_device (MusterTransaction *transaction,
                 MusterEntity      *device,
                 MusterEntity      *move,
                 GError           **error)
{
  const char *to = muster_entity_get_string (move, "to_location_id");
  int         reason = muster_entity_get_enum (move, "reason");
  gboolean    comes =
    reason == MUSTER_MOVE_REASON_RETURN ||
    (reason == MUSTER_MOVE_REASON_ADJUST && muster_entity_get_integer (move, "quantity") > 0);
  int status = comes ? MUSTER_DEVICE_STATUS_IN_STOCK : MUSTER_DEVICE_STATUS_RETIRED;

  if (reason == MUSTER_MOVE_REASON_MOVE || reason == MUSTER_MOVE_REASON_PUT_AWAY)
    return set_place (transaction, device, move, error);
  if (muster_entity_get_enum (device, "status") == status)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "%s is %s already",
                   muster_entity_get_string (device, "name"), comes ? "in stock" : "retired");
      return FALSE;
    }
  muster_entity_set_enum (device, "status", status);
  if (comes && to != NULL)
    muster_entity_set_string (device, "location_id", to);
  return TRUE;
}

static gboolean
check_unit (MusterEntity *device, MusterEntity *move, GError **error)
{
  gint64 quantity = muster_entity_get_integer (move, "quantity");

  if (muster_entity_is_null (device, "product_id"))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s is a unit of no product: set its product first",
                   muster_entity_get_string (device, "name"));
      return FALSE;
    }
  if (!muster_entity_is_null (move, "product_id") &&
      g_strcmp0 (muster_entity_get_string (move, "product_id"),
                 muster_entity_get_string (device, "product_id")) != 0)
    return muster_inventory_refuse ("/product_id", error, "is not the product of %s",
                                    muster_entity_get_string (device, "name"));
  if (quantity != 1 &&
      (quantity != -1 || muster_entity_get_enum (move, "reason") != MUSTER_MOVE_REASON_ADJUST))
    return muster_inventory_refuse ("/quantity", error, "must be 1 for a single unit");
  return TRUE;
}

/* The move that the rules wrote. */
static MusterEntity *
find_last_move (MusterTransaction *transaction, MusterEntity *device, int reason, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_stock_move_info);

  muster_query_where (query, "device_id", muster_entity_get_id (device));
  muster_query_where (query, "reason", muster_enum_get_nick (&muster_move_reason_enum, reason));
  return muster_transaction_find (transaction, query, error);
}

static MusterEntity *
move_device (MusterTransaction *transaction, MusterEntity *move, GError **error)
{
  MusterStockContext context = { .reason = muster_entity_get_enum (move, "reason"),
                                 .note = muster_entity_get_string (move, "note") };
  g_autoptr (MusterEntity) device = NULL;

  device = muster_transaction_get_named (transaction, &muster_device_info,
                                         muster_entity_get_string (move, "device_id"), "/device_id",
                                         error);
  if (device == NULL || !check_unit (device, move, error) ||
      !apply_to_device (transaction, device, move, error))
    return NULL;
  describe_move (transaction, move, muster_entity_get_string (device, "name"));
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, &context);
  if (!muster_transaction_update (transaction, device, 0, error))
    return NULL;
  muster_transaction_set_context (transaction, MUSTER_STOCK_CONTEXT, NULL);
  return find_last_move (transaction, device, context.reason, error);
}

/* --- goods kept by quantity --- */

/* The move's two ends by its reason. An adjustment is at one place, wherever that is told. */
static gboolean
set_ends (MusterEntity *move, MusterStockMoveDraft *draft, GError **error)
{
  const char *from = muster_entity_get_string (move, "from_location_id");
  const char *to = muster_entity_get_string (move, "to_location_id");

  draft->from_location_id = from;
  draft->to_location_id = to;
  switch (draft->reason)
    {
    case MUSTER_MOVE_REASON_ADJUST:
      if (from != NULL && to != NULL)
        return muster_inventory_refuse ("/from_location_id", error,
                                        "must be left out: an adjustment is at one place");
      draft->from_location_id = draft->to_location_id = NULL;
      draft->outside_from = draft->quantity > 0;
      draft->outside_to = !draft->outside_from;
      *(draft->outside_from ? &draft->to_location_id : &draft->from_location_id) =
        from != NULL ? from : to;
      draft->quantity = ABS (draft->quantity);
      return TRUE;
    case MUSTER_MOVE_REASON_RETURN:
      draft->outside_from = TRUE;
      return TRUE;
    case MUSTER_MOVE_REASON_SCRAP:
      draft->outside_to = TRUE;
      return TRUE;
    case MUSTER_MOVE_REASON_RECEIVE:
    case MUSTER_MOVE_REASON_PUT_AWAY:
    case MUSTER_MOVE_REASON_MOVE:
    case MUSTER_MOVE_REASON_RESERVE:
    case MUSTER_MOVE_REASON_PICK:
    case MUSTER_MOVE_REASON_SHIP:
    default:
      if (g_strcmp0 (from, to) == 0)
        return muster_inventory_refuse ("/to_location_id", error,
                                        "must be another place than where it comes from");
      return TRUE;
    }
}

/* What leaves a place, of the batches that lie there, those that expire first first. */
static MusterEntity *
move_shares (MusterTransaction          *transaction,
             const MusterStockMoveDraft *draft,
             MusterEntity               *product,
             GError                    **error)
{
  g_autoptr (GArray) shares = NULL;
  g_autoptr (MusterEntity) move = NULL;
  g_autofree char *place = NULL;
  gint64           free_quantity = 0;

  shares = muster_stock_share (transaction, draft->product_id, draft->from_location_id,
                               draft->batch_id, draft->quantity, &free_quantity, error);
  if (shares == NULL)
    return NULL;
  if (free_quantity < draft->quantity)
    {
      place = describe_place (transaction, draft->from_location_id);
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "only %" G_GINT64_FORMAT " of %s are free at %s, not %" G_GINT64_FORMAT,
                   free_quantity, muster_entity_get_string (product, "name"), place,
                   draft->quantity);
      return NULL;
    }
  for (guint i = 0; i < shares->len; i++)
    {
      const MusterStockShare *share = &g_array_index (shares, MusterStockShare, i);
      MusterStockMoveDraft    part = *draft;

      part.batch_id = share->batch_id;
      part.quantity = share->quantity;
      g_clear_object (&move);
      move = muster_stock_move_write (transaction, &part, error);
      if (move == NULL)
        return NULL;
    }
  return g_steal_pointer (&move);
}

static gboolean
check_batch (MusterTransaction *transaction, const MusterStockMoveDraft *draft, GError **error)
{
  g_autoptr (MusterEntity) batch = NULL;

  if (draft->batch_id == NULL)
    return TRUE;
  batch = muster_transaction_get (transaction, &muster_batch_info, draft->batch_id, NULL);
  if (batch != NULL &&
      g_strcmp0 (muster_entity_get_string (batch, "product_id"), draft->product_id) == 0)
    return TRUE;
  return muster_inventory_refuse ("/batch_id", error, "must be a batch of the product");
}

static gboolean
check_places (MusterTransaction *transaction, MusterEntity *move, GError **error)
{
  static const char *const ends[] = { "from_location_id", "to_location_id" };

  for (unsigned i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      const char      *id = muster_entity_get_string (move, ends[i]);
      g_autofree char *pointer = g_strconcat ("/", ends[i], NULL);
      g_autoptr (MusterEntity) place = NULL;

      if (id == NULL)
        continue;
      place = muster_transaction_get_named (transaction, &muster_location_info, id, pointer, error);
      if (place == NULL)
        return FALSE;
    }
  return TRUE;
}

static MusterEntity *
move_goods (MusterTransaction *transaction, MusterEntity *move, GError **error)
{
  MusterStockMoveDraft draft = {
    .reason = muster_entity_get_enum (move, "reason"),
    .product_id = muster_entity_get_string (move, "product_id"),
    .batch_id = muster_entity_get_string (move, "batch_id"),
    .quantity = muster_entity_get_integer (move, "quantity"),
    .note = muster_entity_get_string (move, "note"),
  };
  g_autoptr (MusterEntity) product = NULL;
  g_autofree char *what = NULL;

  product = muster_transaction_get_named (transaction, &muster_product_info, draft.product_id,
                                          "/product_id", error);
  if (product == NULL || !check_places (transaction, move, error) ||
      !check_batch (transaction, &draft, error))
    return NULL;
  if (muster_entity_get_enum (product, "tracking") == MUSTER_TRACKING_SERIAL)
    {
      muster_inventory_refuse ("/device_id", error,
                               "must be given: the units of %s have records of their own",
                               muster_entity_get_string (product, "name"));
      return NULL;
    }
  if (draft.quantity == 0 || (draft.quantity < 0 && draft.reason != MUSTER_MOVE_REASON_ADJUST))
    {
      muster_inventory_refuse ("/quantity", error, "must be at least 1");
      return NULL;
    }
  if (!set_ends (move, &draft, error))
    return NULL;
  what = g_strdup_printf ("%" G_GINT64_FORMAT " × %s", draft.quantity,
                          muster_entity_get_string (product, "name"));
  describe_move (transaction, move, what);
  return draft.outside_from ? muster_stock_move_write (transaction, &draft, error)
                            : move_shares (transaction, &draft, product, error);
}

/* --- the call --- */

static gboolean
move_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity *move = data;
  MusterEntity *written = NULL;

  written = muster_entity_is_null (move, "device_id") ? move_goods (transaction, move, error)
                                                      : move_device (transaction, move, error);
  if (written == NULL)
    return FALSE;
  muster_inventory_take_entity (result, written);
  return TRUE;
}

static gboolean
check_reason (MusterEntity *move, GError **error)
{
  switch ((MusterMoveReason)muster_entity_get_enum (move, "reason"))
    {
    case MUSTER_MOVE_REASON_PUT_AWAY:
    case MUSTER_MOVE_REASON_MOVE:
    case MUSTER_MOVE_REASON_RETURN:
    case MUSTER_MOVE_REASON_ADJUST:
    case MUSTER_MOVE_REASON_SCRAP:
      return TRUE;
    case MUSTER_MOVE_REASON_RECEIVE:
      return muster_inventory_refuse ("/reason", error,
                                      "cannot be receive: POST /products/{id}/receive does that");
    case MUSTER_MOVE_REASON_RESERVE:
    case MUSTER_MOVE_REASON_PICK:
    case MUSTER_MOVE_REASON_SHIP:
    default:
      return muster_inventory_refuse ("/reason", error,
                                      "cannot be %s: orders and deliveries do that",
                                      muster_entity_get_string (move, "reason"));
    }
}

static gboolean
check_subject (MusterEntity *move, GError **error)
{
  return !muster_entity_is_null (move, "device_id") ||
         !muster_entity_is_null (move, "product_id") ||
         muster_inventory_refuse ("/product_id", error, "or device_id must be given: what moves");
}

DexFuture *
muster_inventory_service_move (MusterInventoryService *self, MusterActor *actor, MusterEntity *move)
{
  GError *error = NULL;

  g_return_val_if_fail (MUSTER_IS_INVENTORY_SERVICE (self), NULL);
  g_return_val_if_fail (actor != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_ENTITY (move), NULL);

  if (!check_reason (move, &error) || !check_subject (move, &error))
    return dex_future_new_for_error (error);
  return muster_inventory_service_write (self, actor, "Move", move_job, muster_entity_copy (move),
                                         g_object_unref);
}
