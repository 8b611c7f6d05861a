/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-room"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-alert-page.h"
#include "alerts/muster-alerts-page.h"
#include "alerts/muster-rule-editor.h"
#include "deliveries/muster-deliveries-page.h"
#include "deliveries/muster-delivery-page.h"
#include "devices/muster-device-page.h"
#include "devices/muster-devices-page.h"
#include "discovery/muster-discovery-page.h"
#include "factory/muster-factory-batch-page.h"
#include "factory/muster-factory-page.h"
#include "factory/muster-flash-page.h"
#include "factory/muster-report-page.h"
#include "firmware/muster-artifact-page.h"
#include "firmware/muster-firmware-page.h"
#include "firmware/muster-rollout-page.h"
#include "history/muster-history-page.h"
#include "inventory/muster-inventory-page.h"
#include "inventory/muster-product-page.h"
#include "inventory/muster-stocktake-page.h"
#include "muster-room.h"
#include "orders/muster-order-page.h"
#include "orders/muster-orders-page.h"
#include "orders/muster-shop-page.h"
#include "overview/muster-overview-page.h"
#include "people/muster-people-page.h"
#include "people/muster-person-page.h"
#include "settings/muster-settings-page.h"
#include "settings/muster-settings-section-page.h"
#include "telemetry/muster-telemetry-page.h"

/* clang-format off */
static const MusterRoom rooms[] = {
  { "overview", N_("Overview"), "muster-overview-symbolic", FALSE, muster_overview_page_get_type, NULL },
  { "discover", N_("Discover"), "muster-discover-symbolic", FALSE, muster_discovery_page_get_type, "listCandidates" },
  { "devices", N_("Devices"), "muster-devices-symbolic", FALSE, muster_devices_page_get_type, "listDevices" },
  { "inventory", N_("Inventory"), "muster-inventory-symbolic", FALSE, muster_inventory_page_get_type, "listProducts" },
  { "orders", N_("Orders"), "muster-orders-symbolic", FALSE, muster_orders_page_get_type, "listOrders" },
  { "deliveries", N_("Deliveries"), "muster-deliveries-symbolic", FALSE, muster_deliveries_page_get_type, "listDeliveries" },
  { "telemetry", N_("Telemetry"), "muster-telemetry-symbolic", FALSE, muster_telemetry_page_get_type, "getSamples" },
  { "alerts", N_("Alerts"), "muster-alert-symbolic", FALSE, muster_alerts_page_get_type, "listAlerts" },
  { "firmware", N_("Firmware"), "muster-firmware-symbolic", FALSE, muster_firmware_page_get_type, "listFirmware" },
  { "factory", N_("Factory"), "muster-factory-symbolic", FALSE, muster_factory_page_get_type, "listFlashBatches" },
  { "shop", N_("Shop"), "muster-shop-symbolic", FALSE, muster_shop_page_get_type, "listProducts", MUSTER_ROOM_FOR_CUSTOMERS },
  { "my-orders", N_("My Orders"), "muster-orders-symbolic", FALSE, muster_orders_page_get_type, "listOrders", MUSTER_ROOM_FOR_CUSTOMERS },
  { "people", N_("People"), "system-users-symbolic", TRUE, muster_people_page_get_type, "listUsers" },
  { "history", N_("History"), "document-open-recent-symbolic", TRUE, muster_history_page_get_type, "listJournal" },
  { "settings", N_("Settings"), "preferences-system-symbolic", TRUE, muster_settings_page_get_type, NULL, MUSTER_ROOM_FOR_ALL },
};

static void
show_place (MusterPage *page, const char *id)
{
  muster_inventory_page_show_place (MUSTER_INVENTORY_PAGE (page), id);
}

static void
show_batch (MusterPage *page, const char *id)
{
  muster_inventory_page_show_units (MUSTER_INVENTORY_PAGE (page), "batch_id", id, _ ("One batch"));
}

static void
show_group (MusterPage *page, const char *id)
{
  muster_devices_page_show_group (MUSTER_DEVICES_PAGE (page), id);
}

static void
show_silence (MusterPage *page, const char *id)
{
  muster_views_page_show_record (MUSTER_VIEWS_PAGE (page), "silences", id, _ ("One silence"));
}

static void
show_key (MusterPage *page, const char *id)
{
  muster_views_page_show_record (MUSTER_VIEWS_PAGE (page), "keys", id, _ ("One key"));
}

static void
show_set (MusterPage *page, const char *id)
{
  muster_views_page_show_record (MUSTER_VIEWS_PAGE (page), "sets", id, _ ("One set"));
}

static void
show_target (MusterPage *page, const char *id)
{
  muster_views_page_show_record (MUSTER_VIEWS_PAGE (page), "targets", id, _ ("One client"));
}

static void
show_dashboard (MusterPage *page, const char *id)
{
  muster_telemetry_page_show_dashboard (MUSTER_TELEMETRY_PAGE (page), id);
}

static const MusterRoomKind kinds[] = {
  { "alert", "alerts", muster_alert_page_new },
  { "alert_rule", "alerts", muster_rule_editor_new },
  { "alert_silence", "alerts", NULL, show_silence },
  { "delivery", "deliveries", muster_delivery_page_new },
  { "person", "people", muster_person_page_new },
  { "device", "devices", muster_device_page_new },
  { "factory_batch", "factory", muster_factory_batch_page_new },
  { "factory_unit", "factory", muster_report_page_new_for_unit },
  { "test_run", "factory", muster_report_page_new_for_run },
  { "flash_batch", "factory", muster_flash_page_new },
  { "firmware_artifact", "firmware", muster_artifact_page_new },
  { "firmware_set", "firmware", NULL, show_set },
  { "rollout", "firmware", muster_rollout_page_new },
  { "signing_key", "firmware", NULL, show_key },
  { "update_target", "firmware", NULL, show_target },
  { "order", "orders", muster_order_page_new },
  { "product", "inventory", muster_product_page_new },
  { "stocktake", "inventory", muster_stocktake_page_new },
  { MUSTER_SETTINGS_SECTION_KIND, "settings", muster_settings_section_page_new },
  { "location", "inventory", NULL, show_place },
  { "batch", "inventory", NULL, show_batch },
  { "device_group", "devices", NULL, show_group },
  { "product_dashboard", "telemetry", NULL, show_dashboard },
};
/* clang-format on */

gboolean
muster_room_is_there (const MusterRoom *self, MusterSession *session)
{
  gboolean customer =
    muster_access_get_role (muster_session_get_access (session)) == MUSTER_ROLE_CUSTOMER;

  if (self->audience != MUSTER_ROOM_FOR_ALL &&
      (self->audience == MUSTER_ROOM_FOR_CUSTOMERS) != customer)
    return FALSE;
  return self->operation == NULL || muster_session_may (session, self->operation);
}

const MusterRoom *
muster_rooms_list (unsigned *n_rooms)
{
  *n_rooms = G_N_ELEMENTS (rooms);
  return rooms;
}

const MusterRoomKind *
muster_rooms_find_kind (const char *kind)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].kind, kind) == 0)
      return &kinds[i];
  return NULL;
}
