/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_delivery_item_info;

/* What a delivery holds of an order line. */
#define MUSTER_TYPE_DELIVERY_ITEM (muster_delivery_item_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeliveryItem, muster_delivery_item, MUSTER, DELIVERY_ITEM, MusterEntity)

G_END_DECLS
