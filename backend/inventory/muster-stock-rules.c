/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-rules"

#include "config.h"

#include "model/muster-batch.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-order-item.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "muster-location-rules.h"
#include "muster-picture-rule.h"
#include "muster-stock-moves.h"
#include "muster-stock-rules.h"

/* --- what a device means to the stock --- */

/* Where a unit stands as the stock sees it. Strings are the record's. */
typedef struct
{
  const char *product_id;
  const char *location_id;
  const char *batch_id;
  const char *order_item_id;
  int         status;
  gboolean    in_stock;
  gboolean    reserved;
} Standing;

static Standing
standing_of (MusterEntity *device)
{
  Standing self = { .status = -1 };

  if (device == NULL)
    return self;
  self.product_id = muster_entity_get_string (device, "product_id");
  self.location_id = muster_entity_get_string (device, "location_id");
  self.batch_id = muster_entity_get_string (device, "batch_id");
  self.order_item_id = muster_entity_get_string (device, "order_item_id");
  self.status = muster_entity_get_enum (device, "status");
  self.reserved = self.product_id != NULL && self.status == MUSTER_DEVICE_STATUS_RESERVED;
  self.in_stock =
    self.reserved || (self.product_id != NULL && self.status == MUSTER_DEVICE_STATUS_IN_STOCK);
  return self;
}

static gboolean
same_goods (const Standing *before, const Standing *after)
{
  return g_strcmp0 (before->product_id, after->product_id) == 0 &&
         g_strcmp0 (before->batch_id, after->batch_id) == 0;
}

/* A change of one unit, on its way to the moves that it means. */
typedef struct
{
  MusterTransaction *transaction;
  const char        *device_id;
  Standing           before;
  Standing           after;
  char              *order_item_id; /* (owned) (nullable): for which line */
  char              *order_id;      /* (owned) (nullable) */
  int                told;          /* the reason that the job tells, or -1 */
} Change;

static void
change_clear (Change *self)
{
  g_free (self->order_item_id);
  g_free (self->order_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

/* The order that the unit was or is now meant for. */
static gboolean
change_find_order (Change *self, GError **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (MusterEntity) item = NULL;
  g_autoptr (GError) cause = NULL;

  self->order_item_id =
    g_strdup (self->after.order_item_id ? self->after.order_item_id : self->before.order_item_id);
  if (self->order_item_id == NULL)
    return TRUE;
  query = muster_query_new (&muster_order_item_info);
  muster_query_where (query, "id", self->order_item_id);
  item = muster_transaction_find (self->transaction, query, &cause);
  if (item != NULL)
    self->order_id = g_strdup (muster_entity_get_string (item, "order_id"));
  else
    g_clear_pointer (&self->order_item_id, g_free);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
change_write (Change *self, MusterStockMoveDraft draft, GError **error)
{
  g_autoptr (MusterEntity) move = NULL;

  draft.device_id = self->device_id;
  draft.order_id = self->order_id;
  draft.order_item_id = self->order_item_id;
  if (draft.quantity == 0)
    draft.quantity = 1;
  if (draft.reason != MUSTER_MOVE_REASON_RESERVE && self->told >= 0)
    draft.reason = self->told;
  move = muster_stock_move_write (self->transaction, &draft, error);
  return move != NULL;
}

/* QUANTITY: 1 reserves it where it stands, -1 frees it. */
static gboolean
change_reserve (Change *self, const Standing *where, int quantity, GError **error)
{
  return change_write (self,
                       (MusterStockMoveDraft){
                         .reason = MUSTER_MOVE_REASON_RESERVE,
                         .product_id = where->product_id,
                         .batch_id = where->batch_id,
                         .quantity = quantity,
                         .from_location_id = where->location_id,
                       },
                       error);
}

/* Out of the stock, to where the unit is now. */
static gboolean
change_take_out (Change *self, MusterMoveReason reason, GError **error)
{
  return change_write (self,
                       (MusterStockMoveDraft){
                         .reason = reason,
                         .product_id = self->before.product_id,
                         .batch_id = self->before.batch_id,
                         .from_location_id = self->before.location_id,
                         .to_location_id = self->after.location_id,
                         .outside_to = TRUE,
                       },
                       error);
}

static gboolean
change_bring_in (Change *self, MusterMoveReason reason, GError **error)
{
  return change_write (self,
                       (MusterStockMoveDraft){
                         .reason = reason,
                         .product_id = self->after.product_id,
                         .batch_id = self->after.batch_id,
                         .from_location_id =
                           self->before.in_stock ? NULL : self->before.location_id,
                         .to_location_id = self->after.location_id,
                         .outside_from = TRUE,
                       },
                       error) &&
         (!self->after.reserved || change_reserve (self, &self->after, 1, error));
}

/* Within the stock: another place, a reservation made or given back. */
static gboolean
change_within (Change *self, GError **error)
{
  const Standing *before = &self->before, *after = &self->after;
  gboolean        moved = g_strcmp0 (before->location_id, after->location_id) != 0;

  if (before->reserved && (moved || !after->reserved) && !change_reserve (self, before, -1, error))
    return FALSE;
  if (moved && !change_write (self,
                              (MusterStockMoveDraft){
                                .reason = before->location_id == NULL ? MUSTER_MOVE_REASON_PUT_AWAY
                                                                      : MUSTER_MOVE_REASON_MOVE,
                                .product_id = after->product_id,
                                .batch_id = after->batch_id,
                                .from_location_id = before->location_id,
                                .to_location_id = after->location_id,
                              },
                              error))
    return FALSE;
  return !after->reserved || (before->reserved && !moved) || change_reserve (self, after, 1, error);
}

/* Another product or batch: one leaves, the other comes. */
static gboolean
change_goods (Change *self, GError **error)
{
  return (!self->before.reserved || change_reserve (self, &self->before, -1, error)) &&
         change_take_out (self, MUSTER_MOVE_REASON_ADJUST, error) &&
         change_bring_in (self, MUSTER_MOVE_REASON_ADJUST, error);
}

/* Sold: picked from what is reserved, and gone. */
static gboolean
change_sell (Change *self, GError **error)
{
  return (self->before.reserved || change_reserve (self, &self->before, 1, error)) &&
         change_take_out (self, MUSTER_MOVE_REASON_PICK, error) &&
         change_write (self,
                       (MusterStockMoveDraft){
                         .reason = MUSTER_MOVE_REASON_SHIP,
                         .product_id = self->before.product_id,
                         .batch_id = self->before.batch_id,
                         .to_location_id = self->after.location_id,
                         .outside_from = TRUE,
                         .outside_to = TRUE,
                       },
                       error);
}

static gboolean
change_leave (Change *self, GError **error)
{
  if (self->after.product_id == NULL)
    return (!self->before.reserved || change_reserve (self, &self->before, -1, error)) &&
           change_take_out (self, MUSTER_MOVE_REASON_ADJUST, error);
  if (self->after.status == MUSTER_DEVICE_STATUS_SOLD)
    return change_sell (self, error);
  if (self->after.status == MUSTER_DEVICE_STATUS_DEPLOYED && self->before.reserved)
    return change_take_out (self, MUSTER_MOVE_REASON_PICK, error);
  return (!self->before.reserved || change_reserve (self, &self->before, -1, error)) &&
         change_take_out (self,
                          self->after.status == MUSTER_DEVICE_STATUS_RETIRED
                            ? MUSTER_MOVE_REASON_SCRAP
                            : MUSTER_MOVE_REASON_MOVE,
                          error);
}

static gboolean
change_enter (Change *self, GError **error)
{
  gboolean is_new = self->before.status < 0;
  gboolean was_away = !is_new && self->before.product_id != NULL;

  return change_bring_in (self,
                          is_new     ? MUSTER_MOVE_REASON_RECEIVE
                          : was_away ? MUSTER_MOVE_REASON_RETURN
                                     : MUSTER_MOVE_REASON_ADJUST,
                          error);
}

/* Outside of the stock: the record of where it went, for its history. */
static gboolean
change_outside (Change *self, GError **error)
{
  gboolean moved = g_strcmp0 (self->before.location_id, self->after.location_id) != 0;
  gboolean scrapped = self->after.status == MUSTER_DEVICE_STATUS_RETIRED &&
                      self->before.status != MUSTER_DEVICE_STATUS_RETIRED;

  if (self->before.status < 0 || self->after.product_id == NULL || (!moved && !scrapped))
    return TRUE;
  return change_write (self,
                       (MusterStockMoveDraft){
                         .reason = scrapped ? MUSTER_MOVE_REASON_SCRAP : MUSTER_MOVE_REASON_MOVE,
                         .product_id = self->after.product_id,
                         .batch_id = self->after.batch_id,
                         .from_location_id = self->before.location_id,
                         .to_location_id = self->after.location_id,
                         .outside_from = TRUE,
                         .outside_to = TRUE,
                       },
                       error);
}

static gboolean
change_apply (Change *self, GError **error)
{
  if (self->before.in_stock && self->after.in_stock)
    return same_goods (&self->before, &self->after) ? change_within (self, error)
                                                    : change_goods (self, error);
  if (self->before.in_stock)
    return change_leave (self, error);
  if (self->after.in_stock)
    return change_enter (self, error);
  return change_outside (self, error);
}

static gboolean
standing_equal (const Standing *a, const Standing *b)
{
  return a->status == b->status && same_goods (a, b) &&
         g_strcmp0 (a->location_id, b->location_id) == 0;
}

/* A device was added or changed. One that was deleted has taken its moves along. */
static gboolean
write_moves (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  const MusterStockContext *context = NULL;
  g_auto (Change) change = { .transaction = transaction, .told = -1 };
  GError *cause = NULL;

  if (after == NULL)
    return TRUE;
  change.before = standing_of (before);
  change.after = standing_of (after);
  if ((change.before.product_id == NULL && change.after.product_id == NULL) ||
      standing_equal (&change.before, &change.after))
    return TRUE;
  context = muster_transaction_get_context (transaction, MUSTER_STOCK_CONTEXT);
  if (context != NULL)
    change.told = context->reason;
  change.device_id = muster_entity_get_id (after);
  if (change_find_order (&change, &cause) && change_apply (&change, &cause))
    return TRUE;
  g_propagate_error (error, cause);
  return FALSE;
}

/* --- what a device may be --- */

/* The record that FIELD of DEVICE points at where that is new; NULL where it is not, or where there
 * is none, which the check of references tells. */
static MusterEntity *
find_new_target (MusterTransaction      *transaction,
                 MusterEntity           *before,
                 MusterEntity           *device,
                 const char             *field,
                 const MusterEntityInfo *info)
{
  const char *id = muster_entity_get_string (device, field);

  if (id == NULL ||
      (before != NULL && g_strcmp0 (id, muster_entity_get_string (before, field)) == 0))
    return NULL;
  return muster_transaction_get (transaction, info, id, NULL);
}

static gboolean
check_goods (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *device,
             GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) product =
              find_new_target (transaction, before, device, "product_id", &muster_product_info);
  g_autoptr (MusterEntity) batch =
              find_new_target (transaction, before, device, "batch_id", &muster_batch_info);

  if (product != NULL && muster_entity_get_enum (product, "tracking") != MUSTER_TRACKING_SERIAL)
    muster_field_errors_add (errors, "/product_id",
                             "%s is kept by quantity: its units have no records of their own",
                             muster_entity_get_string (product, "name"));
  if (batch != NULL && g_strcmp0 (muster_entity_get_string (batch, "product_id"),
                                  muster_entity_get_string (device, "product_id")) != 0)
    muster_field_errors_add (errors, "/batch_id", "batch %s is one of another product",
                             muster_entity_get_string (batch, "number"));
  return muster_field_errors_check (errors, error);
}

static gboolean
is_unchanged (MusterEntity *before, MusterEntity *after, const char *field)
{
  return g_strcmp0 (muster_entity_get_string (before, field),
                    muster_entity_get_string (after, field)) == 0;
}

/* What a status takes with it: what was sold or scrapped lies nowhere here, and what is free is
 * nobody's. */
static void
let_go (MusterEntity *before, MusterEntity *after)
{
  int status = muster_entity_get_enum (after, "status");

  if (before == NULL || muster_entity_get_enum (before, "status") == status)
    return;
  if ((status == MUSTER_DEVICE_STATUS_SOLD || status == MUSTER_DEVICE_STATUS_RETIRED) &&
      is_unchanged (before, after, "location_id"))
    muster_entity_set_null (after, "location_id");
  if (status == MUSTER_DEVICE_STATUS_IN_STOCK && is_unchanged (before, after, "order_item_id"))
    muster_entity_set_null (after, "order_item_id");
}

static gboolean
check_device (MusterTransaction *transaction,
              MusterEntity      *before,
              MusterEntity      *after,
              gpointer           data,
              GError           **error)
{
  if (after == NULL)
    return TRUE;
  let_go (before, after);
  if (muster_entity_is_null (after, "product_id") && muster_entity_is_null (after, "batch_id"))
    return TRUE;
  return check_goods (transaction, before, after, error);
}

/* --- products --- */

/* The database has changed the product's quantities and the levels by itself. Nobody keeps single
 * levels: it is enough that there are others now. */
static gboolean
note_levels (MusterTransaction *transaction,
             MusterEntity      *before,
             MusterEntity      *after,
             gpointer           data,
             GError           **error)
{
  const char *product_id = muster_entity_get_string (after != NULL ? after : before, "product_id");

  muster_transaction_note_change (transaction, &muster_product_info, product_id);
  muster_transaction_note_change (transaction, &muster_stock_level_info, product_id);
  return TRUE;
}

static gboolean
check_product (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  const char *text = after != NULL ? muster_entity_get_string (after, "specifications") : NULL;
  g_autoptr (MusterFieldErrors) errors = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (text == NULL || (before != NULL && is_unchanged (before, after, "specifications")))
    return TRUE;
  node = json_from_string (text, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return TRUE;
  errors = muster_field_errors_new ();
  muster_field_errors_add (errors, "/specifications",
                           "must be an object, for instance {\"range\":\"-40 to 85 °C\"}");
  return muster_field_errors_check (errors, error);
}

void
muster_stock_rules_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_BEFORE, check_device, NULL);
  muster_database_add_rule (database, &muster_device_info, MUSTER_RULE_PLAIN, write_moves, NULL);
  muster_database_add_rule (database, &muster_stock_move_info, MUSTER_RULE_ON_UNDO, note_levels,
                            NULL);
  muster_database_add_rule (database, &muster_product_info, MUSTER_RULE_BEFORE, check_product,
                            NULL);
  muster_location_rules_add (database);
  muster_picture_rule_add (database);
}
