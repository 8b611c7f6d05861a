/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-room"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "devices/muster-devices-page.h"
#include "discovery/muster-discovery-page.h"
#include "muster-room.h"
#include "overview/muster-overview-page.h"
#include "settings/muster-settings-page.h"

static const MusterRoom rooms[] = {
  { "overview", N_ ("Overview"), "muster-overview-symbolic", FALSE, muster_overview_page_get_type },
  { "discover", N_ ("Discover"), "muster-discover-symbolic", FALSE,
    muster_discovery_page_get_type },
  { "devices", N_ ("Devices"), "muster-devices-symbolic", FALSE, muster_devices_page_get_type },
  { "settings", N_ ("Settings"), "preferences-system-symbolic", TRUE,
    muster_settings_page_get_type },
};

const MusterRoom *
muster_rooms_list (unsigned *n_rooms)
{
  *n_rooms = G_N_ELEMENTS (rooms);
  return rooms;
}
