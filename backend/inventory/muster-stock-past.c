/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-past"

#include "config.h"

#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "muster-stock-past.h"

/* The same sums that the triggers of the database keep (migration 0004). */

static const char on_hand[] =
  "SELECT coalesce (sum (quantity * (reason <> 'reserve') * (outside_from - outside_to)), 0) "
  "FROM stock_move WHERE product_id = this.id";

static const char reserved[] =
  "SELECT coalesce (sum (quantity * ((reason = 'reserve') - (reason = 'pick'))), 0) "
  "FROM stock_move WHERE product_id = this.id";

/* A level that is there no more gets an id out of what it is a level of: the same each time. */
static const char levels[] =
  "SELECT NULL AS row, "
  "coalesce ((SELECT id FROM main.stock_level AS now WHERE now.product_id = change.product_id AND "
  "ifnull (now.location_id, '') = ifnull (change.location_id, '') AND "
  "ifnull (now.batch_id, '') = ifnull (change.batch_id, '')), "
  "substr (product_id, 25, 8) || '-' || substr (product_id, 33, 4) || '-8' || "
  "substr (ifnull (batch_id, product_id), 25, 3) || '-8' || "
  "substr (ifnull (batch_id, product_id), 28, 3) || '-' || "
  "substr (ifnull (location_id, product_id), 25, 12)) AS id, "
  "min (at) AS created_at, max (at) AS updated_at, count (*) AS revision, product_id, location_id, "
  "batch_id, sum (quantity) AS quantity, sum (reserved) AS reserved FROM ("
  "SELECT created_at AS at, product_id, from_location_id AS location_id, batch_id, "
  "-quantity * (reason <> 'reserve') AS quantity, "
  "quantity * ((reason = 'reserve') - (reason = 'pick')) AS reserved "
  "FROM stock_move WHERE NOT outside_from UNION ALL "
  "SELECT created_at, product_id, to_location_id, batch_id, quantity, 0 "
  "FROM stock_move WHERE NOT outside_to AND reason <> 'reserve') AS change "
  "GROUP BY product_id, location_id, batch_id HAVING sum (quantity) > 0";

void
muster_stock_past_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_past (database, &muster_product_info, "on_hand", on_hand);
  muster_database_add_past (database, &muster_product_info, "reserved", reserved);
  muster_database_add_past (database, &muster_stock_level_info, NULL, levels);
}
