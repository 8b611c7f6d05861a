/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_DELIVERY_STATUS_PENDING,
  MUSTER_DELIVERY_STATUS_SHIPPED,
  MUSTER_DELIVERY_STATUS_IN_TRANSIT,
  MUSTER_DELIVERY_STATUS_DELIVERED,
  MUSTER_DELIVERY_STATUS_FAILED,
  MUSTER_DELIVERY_STATUS_RETURNED,
} MusterDeliveryStatus;

typedef enum
{
  MUSTER_DELIVERY_DIRECTION_OUTBOUND,
  MUSTER_DELIVERY_DIRECTION_INBOUND,
} MusterDeliveryDirection;

extern const MusterEnum         muster_delivery_status_enum;
extern const MusterEnum         muster_delivery_direction_enum;
extern const MusterStateMachine muster_delivery_status_machine;
extern const MusterEntityInfo   muster_delivery_info;

/* Goods on their way, to a customer or from a supplier. */
#define MUSTER_TYPE_DELIVERY (muster_delivery_get_type ())
G_DECLARE_FINAL_TYPE (MusterDelivery, muster_delivery, MUSTER, DELIVERY, MusterEntity)

G_END_DECLS
