/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_stocktake_scan_info;

/* What was scanned in a stocktake, as it came: its lines are the sum of the scans. */
#define MUSTER_TYPE_STOCKTAKE_SCAN (muster_stocktake_scan_get_type ())
G_DECLARE_FINAL_TYPE (MusterStocktakeScan,
                      muster_stocktake_scan,
                      MUSTER,
                      STOCKTAKE_SCAN,
                      MusterEntity)

G_END_DECLS
