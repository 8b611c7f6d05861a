/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-kinds"

#include "config.h"

#include "model/muster-alert-rule.h"
#include "model/muster-alert-silence.h"
#include "model/muster-alert.h"
#include "model/muster-batch.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "model/muster-device-event.h"
#include "model/muster-device-group.h"
#include "model/muster-device.h"
#include "model/muster-duty-calendar.h"
#include "model/muster-escalation.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-component.h"
#include "model/muster-firmware-update.h"
#include "model/muster-loan.h"
#include "model/muster-location.h"
#include "model/muster-notification-channel.h"
#include "model/muster-notification.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "model/muster-rollout.h"
#include "model/muster-signing-key.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake.h"
#include "model/muster-update-target.h"
#include "muster-record-kinds.h"

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* clang-format off */
const MusterRecordKind muster_record_kinds[] = {
  { { &muster_device_info, NAMES ("serial", "mac", "node_id"), NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("serial", "manufacturer", "model", "location"), .status = "status",
    .keys = NAMES ("serial", "mac", "name"), .list = "listDevices", .export = "exportDevices", .create = "createDevice", .is_searched = TRUE },
  { { &muster_order_info, NAMES ("order_number"), NAMES ("customer"), "customer_id" },
    .title = NAMES ("order_number", "customer"), .subtitle = NAMES ("customer", "reference"), .status = "status",
    .keys = NAMES ("order_number"), .list = "listOrders", .export = "exportOrders", .is_searched = TRUE },
  { { &muster_delivery_info, NAMES ("delivery_number", "tracking_number"), NULL, "order_id", &muster_order_info },
    .title = NAMES ("delivery_number", "tracking_number"), .subtitle = NAMES ("carrier", "tracking_number", "recipient"), .status = "status",
    .keys = NAMES ("delivery_number", "tracking_number"), .list = "listDeliveries", .export = "exportDeliveries", .is_searched = TRUE },
  { { &muster_product_info, NAMES ("sku", "gtin"), NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("sku", "manufacturer", "model"), .status = "kind",
    .keys = NAMES ("sku", "gtin", "name"), .list = "listProducts", .export = "exportProducts", .create = "createProduct", .is_searched = TRUE, .is_public = TRUE },
  { { &muster_location_info, NAMES ("code"), NAMES ("name", "path") },
    .title = NAMES ("name"), .subtitle = NAMES ("path", "code"), .status = "kind",
    .keys = NAMES ("code", "path", "name"), .list = "listLocations", .export = "exportLocations", .create = "createLocation", .is_searched = TRUE },
  { { &muster_batch_info, NULL, NAMES ("number") },
    .title = NAMES ("number"), .subtitle = NAMES ("supplier"),
    .keys = NAMES ("number"), .list = "listBatches", .export = "exportBatches", .create = "createBatch", .is_searched = TRUE },
  { { &muster_device_group_info, NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("description"),
    .keys = NAMES ("name"), .list = "listDeviceGroups", .export = "exportDeviceGroups", .create = "createDeviceGroup", .is_searched = TRUE },
  /* Everybody may add themselves and change their own record; a list of people with their roles is the
   * administrators' business. It sets no passwords: people get them one by one. */
  { { &muster_person_info, NAMES ("email", "local_user"), NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("email", "phone"), .status = "role",
    .keys = NAMES ("email", "name"), .list = "listUsers", .export = "exportUsers", .create = "deleteUser", .is_searched = TRUE },
  { { &muster_alert_info },
    .title = NAMES ("title"), .subtitle = NAMES ("metric", "explanation", "comment"), .status = "status",
    .list = "listAlerts", .export = "exportAlerts", .is_searched = TRUE },
  { { &muster_alert_rule_info, NULL, NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("metric", "expression", "description"), .status = "kind",
    .list = "listAlertRules", .export = "exportAlertRules", .is_searched = TRUE },
  { { &muster_alert_silence_info },
    .title = NAMES ("reason"), .subtitle = NAMES ("author", "metric"), .status = "scope_kind",
    .list = "listAlertSilences", .export = "exportAlertSilences", .is_searched = TRUE },
  { { &muster_firmware_artifact_info, NULL, NAMES ("name", "version") },
    .title = NAMES ("name"), .subtitle = NAMES ("version", "vendor", "file_name"), .status = "status",
    .list = "listFirmware", .export = "exportFirmware", .is_searched = TRUE },
  { { &muster_rollout_info, NULL, NAMES ("name") },
    .title = NAMES ("name"), .subtitle = NAMES ("description", "reason"), .status = "status",
    .list = "listRollouts", .export = "exportRollouts", .is_searched = TRUE },
  { { &muster_firmware_component_info }, .title = NAMES ("name"), .list = "listFirmwareComponents", .export = "exportFirmwareComponents" },
  { { &muster_firmware_update_info }, .title = NAMES ("to_version"), .status = "status", .list = "listUpdates", .export = "exportUpdates" },
  { { &muster_signing_key_info }, .title = NAMES ("name"), .status = "status", .list = "listSigningKeys", .export = "exportSigningKeys" },
  { { &muster_update_target_info }, .title = NAMES ("controller_id"), .list = "listUpdateTargets", .export = "exportUpdateTargets" },
  { { &muster_notification_info }, .title = NAMES ("subject"), .status = "status", .list = "listNotifications", .export = "exportNotifications" },
  { { &muster_notification_channel_info }, .title = NAMES ("name"), .status = "kind", .list = "listNotificationChannels", .export = "exportNotificationChannels" },
  { { &muster_escalation_info }, .title = NAMES ("name"), .list = "listEscalations", .export = "exportEscalations" },
  { { &muster_duty_calendar_info }, .title = NAMES ("name"), .list = "listDutyCalendars", .export = "exportDutyCalendars" },
  { { &muster_order_item_info, .owner = "order_id", .owner_of = &muster_order_info },
    .title = NAMES ("description"), .list = "listOrderItems", .export = "exportOrderItems" },
  { { &muster_delivery_item_info }, .title = NAMES ("serial"), .list = "listDeliveryItems", .export = "exportDeliveryItems" },
  { { &muster_delivery_issue_info }, .title = NAMES ("description"), .status = "status", .list = "listDeliveryIssues", .export = "exportDeliveryIssues" },
  { { &muster_stock_move_info }, .list = "listStockMoves", .export = "exportStockMoves" },
  { { &muster_stock_level_info }, .list = "listStockLevels", .export = "exportStockLevels" },
  { { &muster_stocktake_info }, .title = NAMES ("name"), .status = "status", .list = "listStocktakes", .export = "exportStocktakes" },
  { { &muster_stocktake_line_info }, .title = NAMES ("code"), .list = "listStocktakeLines", .export = "exportStocktakeLines" },
  { { &muster_loan_info }, .title = NAMES ("borrower"), .list = "listLoans", .export = "exportLoans" },
  { { &muster_device_event_info }, .title = NAMES ("message"), .list = "listDeviceEvents", .export = "exportDeviceEvents" },
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
