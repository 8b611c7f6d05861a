/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-moves"

#include "config.h"

#include "muster-stock-moves.h"

#define ACTOR_MAX 200

static void
set_actor (MusterEntity *move, MusterTransaction *transaction)
{
  const char      *actor = muster_actor_to_string (muster_transaction_get_actor (transaction));
  g_autofree char *cut = g_utf8_substring (actor, 0, MIN (g_utf8_strlen (actor, -1), ACTOR_MAX));

  muster_entity_set_string (move, "actor", cut);
}

static const char *
either (const char *first, const char *second)
{
  return first != NULL ? first : second;
}

MusterEntity *
muster_stock_move_write (MusterTransaction          *transaction,
                         const MusterStockMoveDraft *draft,
                         GError                    **error)
{
  static const MusterStockContext nothing = { .reason = -1 };
  const MusterStockContext       *context = NULL;
  g_autoptr (MusterEntity) move = NULL;

  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (draft != NULL && draft->product_id != NULL, NULL);

  context = muster_transaction_get_context (transaction, MUSTER_STOCK_CONTEXT);
  context = context != NULL ? context : &nothing;
  move = muster_entity_new (&muster_stock_move_info);
  muster_entity_set_enum (move, "reason", draft->reason);
  muster_entity_set_string (move, "product_id", draft->product_id);
  muster_entity_set_string (move, "device_id", draft->device_id);
  muster_entity_set_string (move, "batch_id", draft->batch_id);
  muster_entity_set_integer (move, "quantity", draft->quantity);
  muster_entity_set_string (move, "from_location_id", draft->from_location_id);
  muster_entity_set_string (move, "to_location_id", draft->to_location_id);
  muster_entity_set_boolean (move, "outside_from", draft->outside_from);
  muster_entity_set_boolean (move, "outside_to", draft->outside_to);
  muster_entity_set_string (move, "order_id", either (draft->order_id, context->order_id));
  muster_entity_set_string (move, "order_item_id", draft->order_item_id);
  muster_entity_set_string (move, "delivery_id", either (draft->delivery_id, context->delivery_id));
  muster_entity_set_string (move, "stocktake_id",
                            either (draft->stocktake_id, context->stocktake_id));
  muster_entity_set_string (move, "note", either (draft->note, context->note));
  set_actor (move, transaction);
  if (!muster_transaction_insert (transaction, move, error))
    return NULL;
  return g_steal_pointer (&move);
}
