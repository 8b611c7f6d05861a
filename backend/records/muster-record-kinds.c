/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-kinds"

#include "config.h"

#include "model/muster-batch.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device-event.h"
#include "model/muster-device-group.h"
#include "model/muster-device.h"
#include "model/muster-loan.h"
#include "model/muster-location.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake.h"
#include "muster-record-kinds.h"

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* clang-format off */
const MusterRecordKind muster_record_kinds[] = {
  { { &muster_device_info, NAMES ("serial", "mac", "node_id"), NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("serial", "manufacturer", "model", "location"), .status = "status",
    .keys = NAMES ("serial", "mac", "name"), .list = "listDevices", .create = "createDevice", .is_searched = TRUE },
  { { &muster_order_info, NAMES ("order_number"), NAMES ("customer"), "customer_id" },
    .title = NAMES ("order_number", "customer"), .subtitle = NAMES ("customer", "reference"), .status = "status",
    .keys = NAMES ("order_number"), .list = "listOrders", .create = "createOrder", .is_searched = TRUE },
  { { &muster_delivery_info, NAMES ("delivery_number", "tracking_number"), NULL, "order_id", &muster_order_info },
    .title = NAMES ("delivery_number", "tracking_number"), .subtitle = NAMES ("carrier", "tracking_number", "recipient"), .status = "status",
    .keys = NAMES ("delivery_number", "tracking_number"), .list = "listDeliveries", .is_searched = TRUE },
  { { &muster_product_info, NAMES ("sku", "gtin"), NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("sku", "manufacturer", "model"), .status = "kind",
    .keys = NAMES ("sku", "gtin", "name"), .list = "listProducts", .create = "createProduct", .is_searched = TRUE, .is_public = TRUE },
  { { &muster_location_info, NAMES ("code"), NAMES ("name", "path") },
    .title = NAMES ("name"), .subtitle = NAMES ("path", "code"), .status = "kind",
    .keys = NAMES ("code", "path", "name"), .list = "listLocations", .create = "createLocation", .is_searched = TRUE },
  { { &muster_batch_info, NULL, NAMES ("number") },
    .title = NAMES ("number"), .subtitle = NAMES ("supplier"),
    .keys = NAMES ("number"), .list = "listBatches", .create = "createBatch", .is_searched = TRUE },
  { { &muster_device_group_info, NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("description"),
    .keys = NAMES ("name"), .list = "listDeviceGroups", .create = "createDeviceGroup", .is_searched = TRUE },
  { { &muster_person_info, NAMES ("email", "local_user"), NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("email", "phone"), .status = "role",
    .keys = NAMES ("email", "name"), .list = "listUsers", .is_searched = TRUE },
  { { &muster_order_item_info, .owner = "order_id", .owner_of = &muster_order_info },
    .title = NAMES ("description"), .list = "listOrderItems" },
  { { &muster_delivery_item_info }, .title = NAMES ("serial"), .list = "listDeliveryItems" },
  { { &muster_delivery_issue_info }, .title = NAMES ("description"), .status = "status", .list = "listDeliveryIssues" },
  { { &muster_stock_move_info }, .list = "listStockMoves" },
  { { &muster_stock_level_info }, .list = "listStockLevels" },
  { { &muster_stocktake_info }, .title = NAMES ("name"), .status = "status", .list = "listStocktakes" },
  { { &muster_stocktake_line_info }, .title = NAMES ("code"), .list = "listStocktakeLines" },
  { { &muster_loan_info }, .title = NAMES ("borrower"), .list = "listLoans" },
  { { &muster_device_event_info }, .title = NAMES ("message"), .list = "listDeviceEvents" },
};
/* clang-format on */
const unsigned muster_n_record_kinds = G_N_ELEMENTS (muster_record_kinds);

gboolean
muster_record_kind_may_list (const MusterRecordKind *self, MusterRole role)
{
  const MusterRight *right = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  right = muster_rights_find (self->list);
  if (role == MUSTER_ROLE_CUSTOMER && !self->is_public && self->scope.owner == NULL)
    return FALSE;
  return right != NULL && (right->roles & MUSTER_ROLES_OF (role)) != 0;
}

gboolean
muster_record_kind_is_owned (const MusterRecordKind *self, MusterRole role)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return role == MUSTER_ROLE_CUSTOMER && !self->is_public;
}

const MusterRecordKind *
muster_record_kind_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (unsigned i = 0; i < muster_n_record_kinds; i++)
    {
      const MusterEntityInfo *info = muster_record_kinds[i].scope.info;

      if (strcmp (info->path, name) == 0 || strcmp (info->name, name) == 0)
        return &muster_record_kinds[i];
    }
  return NULL;
}
