/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-rules"

#include "config.h"

#include "accounts/muster-accounts-resource.h"
#include "alerts/muster-alert-checks.h"
#include "alerts/muster-notify-rules.h"
#include "ddi/muster-ddi-resource.h"
#include "devices/muster-device-past.h"
#include "factory/muster-factory-rules.h"
#include "flash/muster-flash-rules.h"
#include "inventory/muster-stock-past.h"
#include "inventory/muster-stock-rules.h"
#include "muster-daemon-rules.h"
#include "orders/muster-order-past.h"
#include "orders/muster-order-rules.h"
#include "orders/muster-unit-rules.h"
#include "ota/muster-rollout-store.h"
#include "telemetry/muster-telemetry-rules.h"

void
muster_daemon_rules_add (MusterDatabase *database, MusterDataDir *data_dir)
{
  g_autofree char *firmware = muster_data_dir_build (data_dir, "firmware");

  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_accounts_add_rules (database);
  muster_alert_checks_add (database);
  muster_stock_rules_add (database);
  muster_order_rules_add (database);
  muster_stock_past_add (database);
  muster_order_past_add (database);
  muster_device_past_add (database);
  muster_unit_rules_add (database);
  muster_notify_rules_add (database);
  muster_telemetry_rules_add (database);
  muster_firmware_rules_add (database, firmware);
  muster_ddi_rules_add (database);
  muster_rollout_rules_add (database);
  muster_flash_rules_add (database);
  muster_factory_rules_add (database);
}
