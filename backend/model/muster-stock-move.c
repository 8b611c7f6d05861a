/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-move"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-stock-move.h"

/* clang-format off */
static const MusterEnumValue move_reason_values[] = {
  { "receive", N_("Received") }, { "put_away", N_("Put away") }, { "move", N_("Moved") },
  { "reserve", N_("Reserved") }, { "pick", N_("Picked") }, { "ship", N_("Shipped") },
  { "return", N_("Returned") }, { "adjust", N_("Adjusted") }, { "scrap", N_("Scrapped") }, { NULL, NULL },
};
const MusterEnum muster_move_reason_enum = { "MoveReason", move_reason_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "reason", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .enumeration = &muster_move_reason_enum, .label = N_("Reason"), .doc = "Why it was moved." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "product", .label = N_("Product"), .doc = "What was moved." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_CASCADE, .references = "device", .label = N_("Device"), .doc = "The very unit, where units have records of their own." },
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "batch", .label = N_("Batch"), .doc = "Of which batch." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_IMMUTABLE, -1000000000, 1000000000, .default_value = 1, .label = N_("Quantity"), .doc = "How many; less than nothing takes a reservation back." },
  { "from_location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "location", .label = N_("From"), .doc = "Where they were; none: outside of the stock." },
  { "to_location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_RESTRICT, .references = "location", .label = N_("To"), .doc = "Where they went; none: outside of the stock." },
  { "outside_from", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE, .label = N_("From outside"), .doc = "Whether they were outside of the stock rather than in it without a place." },
  { "outside_to", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_IMMUTABLE, .label = N_("To outside"), .doc = "Whether they left the stock rather than having no place in it." },
  { "order_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_READ_ONLY, .references = "order", .label = N_("Order"), .doc = "For which order." },
  { "order_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_READ_ONLY, .references = "order_item", .label = N_("Order line"), .doc = "For which line of it." },
  { "delivery_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_READ_ONLY, .references = "delivery", .label = N_("Delivery"), .doc = "With which delivery." },
  { "stocktake_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_READ_ONLY, .references = "stocktake", .label = N_("Stocktake"), .doc = "Found by which count." },
  { "note", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 400, .label = N_("Note"), .doc = "Anything worth knowing about it." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Who"), .doc = "Who moved it." },
};
/* clang-format on */

const MusterEntityInfo muster_stock_move_info = {
  .name = "stock_move",
  .table = "stock_move",
  .path = "stock-moves",
  .schema = "StockMove",
  .doc = "A physical change of the stock: quantities and places are the sum of them.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "reason",
  .get_type = muster_stock_move_get_type,
};

struct _MusterStockMove
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterStockMove, muster_stock_move, MUSTER_TYPE_ENTITY)

static void
muster_stock_move_class_init (MusterStockMoveClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_stock_move_info);
}

static void
muster_stock_move_init (MusterStockMove *self)
{
}
