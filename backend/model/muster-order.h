/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ORDER_KIND_SALES,
  MUSTER_ORDER_KIND_PURCHASE,
  MUSTER_ORDER_KIND_RETURN,
} MusterOrderKind;

typedef enum
{
  MUSTER_ORDER_STATUS_PENDING,
  MUSTER_ORDER_STATUS_CONFIRMED,
  MUSTER_ORDER_STATUS_PROCESSING,
  MUSTER_ORDER_STATUS_SHIPPED,
  MUSTER_ORDER_STATUS_DELIVERED,
  MUSTER_ORDER_STATUS_CANCELLED,
} MusterOrderStatus;

extern const MusterEnum         muster_order_kind_enum;
extern const MusterEnum         muster_order_status_enum;
extern const MusterStateMachine muster_order_status_machine;
extern const MusterEntityInfo   muster_order_info;

/* What somebody ordered from the site, the site ordered from somebody, or somebody sends back. */
#define MUSTER_TYPE_ORDER (muster_order_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrder, muster_order, MUSTER, ORDER, MusterEntity)

G_END_DECLS
