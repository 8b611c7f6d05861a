/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ORDER_LINE_KIND_ITEM,
  MUSTER_ORDER_LINE_KIND_DISCOUNT,
  MUSTER_ORDER_LINE_KIND_TAX,
  MUSTER_ORDER_LINE_KIND_SHIPPING,
} MusterOrderLineKind;

extern const MusterEnum       muster_order_line_kind_enum;
extern const MusterEntityInfo muster_order_item_info;

/* A line of an order: goods, or a discount, tax or shipping charge. */
#define MUSTER_TYPE_ORDER_ITEM (muster_order_item_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderItem, muster_order_item, MUSTER, ORDER_ITEM, MusterEntity)

G_END_DECLS
