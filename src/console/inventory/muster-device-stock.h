/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-device.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterDeviceStock:
 *
 * What the inventory knows of a device: its product, place, batch, owner, orders, warranty, what it
 * replaces, whether it is lent, and where it was moved; and what to do about it.
 */
#define MUSTER_TYPE_DEVICE_STOCK (muster_device_stock_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceStock, muster_device_stock, MUSTER, DEVICE_STOCK, AdwBin)

/* DEVICE as it is now; reads loans and moves anew. */
void muster_device_stock_show (MusterDeviceStock *self,
                               MusterSession     *session,
                               MusterDevice      *device);

G_END_DECLS
