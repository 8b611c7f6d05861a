/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_TRACKING_SERIAL,
  MUSTER_TRACKING_QUANTITY,
} MusterTracking;

extern const MusterEnum       muster_tracking_enum;
extern const MusterEntityInfo muster_product_info;

/* A model that the site buys, keeps, sells or runs. */
#define MUSTER_TYPE_PRODUCT (muster_product_get_type ())
G_DECLARE_FINAL_TYPE (MusterProduct, muster_product, MUSTER, PRODUCT, MusterEntity)

G_END_DECLS
