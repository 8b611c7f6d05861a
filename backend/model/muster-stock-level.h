/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_stock_level_info;

/* How many of a product lie in a place. Kept by the database itself, as the sum of the stock moves.
 */
#define MUSTER_TYPE_STOCK_LEVEL (muster_stock_level_get_type ())
G_DECLARE_FINAL_TYPE (MusterStockLevel, muster_stock_level, MUSTER, STOCK_LEVEL, MusterEntity)

G_END_DECLS
