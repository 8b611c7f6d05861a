/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-room"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "devices/muster-device-page.h"
#include "devices/muster-devices-page.h"
#include "discovery/muster-discovery-page.h"
#include "history/muster-history-page.h"
#include "inventory/muster-inventory-page.h"
#include "inventory/muster-product-page.h"
#include "inventory/muster-stocktake-page.h"
#include "muster-room.h"
#include "orders/muster-order-page.h"
#include "orders/muster-orders-page.h"
#include "overview/muster-overview-page.h"
#include "settings/muster-settings-page.h"

/* clang-format off */
static const MusterRoom rooms[] = {
  { "overview", N_("Overview"), "muster-overview-symbolic", FALSE, muster_overview_page_get_type, NULL },
  { "discover", N_("Discover"), "muster-discover-symbolic", FALSE, muster_discovery_page_get_type, "listCandidates" },
  { "devices", N_("Devices"), "muster-devices-symbolic", FALSE, muster_devices_page_get_type, "listDevices" },
  { "inventory", N_("Inventory"), "muster-inventory-symbolic", FALSE, muster_inventory_page_get_type, "listProducts" },
  { "orders", N_("Orders"), "muster-orders-symbolic", FALSE, muster_orders_page_get_type, "listOrders" },
  { "history", N_("History"), "document-open-recent-symbolic", TRUE, muster_history_page_get_type, "listJournal" },
  { "settings", N_("Settings"), "preferences-system-symbolic", TRUE, muster_settings_page_get_type, NULL },
};

static const MusterRoomKind kinds[] = {
  { "device", "devices", muster_device_page_new },
  { "order", "orders", muster_order_page_new },
  { "product", "inventory", muster_product_page_new },
  { "stocktake", "inventory", muster_stocktake_page_new },
};
/* clang-format on */

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
