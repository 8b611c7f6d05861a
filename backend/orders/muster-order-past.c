/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-past"

#include "config.h"

#include "model/muster-delivery-item.h"
#include "model/muster-order-item.h"
#include "muster-order-past.h"

/* Units are counted by their records, goods by their moves. */
static const char reserved[] =
  "(SELECT count (*) FROM device WHERE order_item_id = this.id AND status = 'reserved') + "
  "(SELECT coalesce (sum (quantity * ((reason = 'reserve') - (reason = 'pick'))), 0) "
  "FROM stock_move WHERE order_item_id = this.id AND device_id IS NULL)";

static const char adopted[] =
  "(SELECT count (*) FROM device WHERE order_item_id = this.id AND adoption = 'adopted') + "
  "(SELECT count (*) FROM device WHERE purchase_item_id = this.id AND adoption = 'adopted')";

static const char shipped[] =
  "SELECT coalesce (sum (item.quantity), 0) FROM delivery_item AS item "
  "JOIN delivery AS box ON box.id = item.delivery_id WHERE item.order_item_id = this.id AND "
  "box.status <> 'returned' AND CASE box.direction WHEN 'inbound' THEN box.status <> 'failed' "
  "ELSE box.shipped_at IS NOT NULL END";

static const char delivered[] =
  "SELECT coalesce (sum (CASE box.direction WHEN 'inbound' THEN item.received "
  "ELSE item.quantity * (box.status = 'delivered') END), 0) FROM delivery_item AS item "
  "JOIN delivery AS box ON box.id = item.delivery_id WHERE item.order_item_id = this.id AND "
  "box.status <> 'returned'";

static const char expected[] =
  "(this.serial IS NOT NULL OR this.mac IS NOT NULL) AND EXISTS (SELECT 1 FROM delivery AS box "
  "JOIN site_order AS purchase ON purchase.id = box.order_id WHERE box.id = this.delivery_id AND "
  "box.direction = 'inbound' AND box.status NOT IN ('failed', 'returned') AND "
  "purchase.kind = 'purchase') AND CASE WHEN this.device_id IS NULL THEN this.received = 0 "
  "ELSE EXISTS (SELECT 1 FROM device WHERE id = this.device_id AND adoption <> 'adopted' AND "
  "status <> 'retired') END";

void
muster_order_past_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_past (database, &muster_order_item_info, "reserved", reserved);
  muster_database_add_past (database, &muster_order_item_info, "adopted", adopted);
  muster_database_add_past (database, &muster_order_item_info, "shipped", shipped);
  muster_database_add_past (database, &muster_order_item_info, "delivered", delivered);
  muster_database_add_past (database, &muster_delivery_item_info, "expected", expected);
}
