/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterFirmwarePage:
 *
 * The room Firmware: what devices can be given, the rollouts that give it to them, every update of
 * a device, the keys that sign, and the devices that ask for updates by themselves.
 */
#define MUSTER_TYPE_FIRMWARE_PAGE (muster_firmware_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwarePage, muster_firmware_page, MUSTER, FIRMWARE_PAGE, MusterPage)

/* Shows the key ID alone, or the set, or the update client: kinds that have no page of their own.
 */
void muster_firmware_page_show_key (MusterFirmwarePage *self, const char *id);
void muster_firmware_page_show_set (MusterFirmwarePage *self, const char *id);
void muster_firmware_page_show_target (MusterFirmwarePage *self, const char *id);

G_END_DECLS
