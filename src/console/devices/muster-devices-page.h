/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* Every device in the records, however many. */
#define MUSTER_TYPE_DEVICES_PAGE (muster_devices_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterDevicesPage, muster_devices_page, MUSTER, DEVICES_PAGE, MusterPage)

/* Shows the devices of the group ID. */
void muster_devices_page_show_group (MusterDevicesPage *self, const char *id);

G_END_DECLS
