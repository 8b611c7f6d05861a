/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-views-page.h"

G_BEGIN_DECLS

/**
 * MusterFirmwarePage:
 *
 * The room Firmware: what devices can be given, the rollouts that give it to them, every update of
 * a device, the keys that sign, and the devices that ask for updates by themselves.
 */
#define MUSTER_TYPE_FIRMWARE_PAGE (muster_firmware_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwarePage,
                      muster_firmware_page,
                      MUSTER,
                      FIRMWARE_PAGE,
                      MusterViewsPage)

G_END_DECLS
