/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stocktake-line"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-stocktake-line.h"

/* clang-format off */
static const MusterEnumValue count_result_values[] = {
  { "expected", N_("As expected") }, { "missing", N_("Missing") }, { "extra", N_("Extra") },
  { "moved", N_("Moved here") }, { "unknown", N_("Unknown code") }, { NULL, NULL },
};
const MusterEnum muster_count_result_enum = { "CountResult", count_result_values };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "stocktake_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "stocktake", .label = N_("Stocktake"), .doc = "Of which count." },
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE | MUSTER_FIELD_SEARCHABLE, 1, 200, .label = N_("Code"), .doc = "What was scanned or typed: serial number, MAC address, GTIN or SKU." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_CASCADE, .references = "location", .label = N_("Place"), .doc = "Where exactly it was found." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_CASCADE, .references = "device", .label = N_("Device"), .doc = "The unit that it is." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_CASCADE, .references = "product", .label = N_("Product"), .doc = "The product that it is." },
  { "counted", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 1000000000, .label = N_("Counted"), .doc = "How many were found." },
  { "expected", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, 0, 1000000000, .label = N_("Expected"), .doc = "How many the records say." },
  { "result", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_count_result_enum, .label = N_("Result"), .doc = "What the count says of it." },
};
/* clang-format on */

const MusterEntityInfo muster_stocktake_line_info = {
  .name = "stocktake_line",
  .table = "stocktake_line",
  .path = "stocktake-lines",
  .schema = "StocktakeLine",
  .doc = "One thing counted or expected in a stocktake.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "code",
  .get_type = muster_stocktake_line_get_type,
};

struct _MusterStocktakeLine
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterStocktakeLine, muster_stocktake_line, MUSTER_TYPE_ENTITY)

static void
muster_stocktake_line_class_init (MusterStocktakeLineClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_stocktake_line_info);
}

static void
muster_stocktake_line_init (MusterStocktakeLine *self)
{
}
