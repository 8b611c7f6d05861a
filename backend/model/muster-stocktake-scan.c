/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stocktake-scan"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-stocktake-scan.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "stocktake_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "stocktake", .label = N_("Stocktake"), .doc = "In which count." },
  { "line_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, .references = "stocktake_line", .label = N_("Line"), .doc = "What it counts for." },
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_IMMUTABLE, 1, 200, .label = N_("Code"), .doc = "What was scanned or typed." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_IMMUTABLE, -1000000000, 1000000000, .default_value = 1, .label = N_("Quantity"), .doc = "How many were found; less than nothing takes some back." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_CASCADE, .references = "location", .label = N_("Place"), .doc = "Where exactly." },
  { "scanned_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_IMMUTABLE, .label = N_("Scanned"), .doc = "When, by the scanning side's clock." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Who"), .doc = "Who scanned it." },
};
/* clang-format on */

const MusterEntityInfo muster_stocktake_scan_info = {
  .name = "stocktake_scan",
  .table = "stocktake_scan",
  .path = "stocktake-scans",
  .schema = "StocktakeScan",
  .doc = "What was scanned in a stocktake, as it came.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "code",
  .get_type = muster_stocktake_scan_get_type,
};

struct _MusterStocktakeScan
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterStocktakeScan, muster_stocktake_scan, MUSTER_TYPE_ENTITY)

static void
muster_stocktake_scan_class_init (MusterStocktakeScanClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_stocktake_scan_info);
}

static void
muster_stocktake_scan_init (MusterStocktakeScan *self)
{
}
