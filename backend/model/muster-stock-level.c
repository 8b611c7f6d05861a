/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-level"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-stock-level.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_READ_ONLY, .references = "product", .label = N_("Product"), .doc = "What lies there." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_READ_ONLY, .references = "location", .label = N_("Place"), .doc = "Where; none: in stock without a place." },
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_READ_ONLY, .references = "batch", .label = N_("Batch"), .doc = "Of which batch." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Quantity"), .doc = "How many." },
  { "reserved", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Reserved"), .doc = "How many of those are promised to orders." },
};
/* clang-format on */

const MusterEntityInfo muster_stock_level_info = {
  .name = "stock_level",
  .table = "stock_level",
  .path = "stock-levels",
  .schema = "StockLevel",
  .doc =
    "How many of a product lie in a place. Kept by the database itself, as the sum of the stock moves.",
  .flags = MUSTER_ENTITY_UNJOURNALLED,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "product_id",
  .get_type = muster_stock_level_get_type,
};

struct _MusterStockLevel
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterStockLevel, muster_stock_level, MUSTER_TYPE_ENTITY)

static void
muster_stock_level_class_init (MusterStockLevelClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_stock_level_info);
}

static void
muster_stock_level_init (MusterStockLevel *self)
{
}
