/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_COUNT_RESULT_EXPECTED,
  MUSTER_COUNT_RESULT_MISSING,
  MUSTER_COUNT_RESULT_EXTRA,
  MUSTER_COUNT_RESULT_MOVED,
  MUSTER_COUNT_RESULT_UNKNOWN,
} MusterCountResult;

extern const MusterEnum       muster_count_result_enum;
extern const MusterEntityInfo muster_stocktake_line_info;

/* One thing counted or expected in a stocktake. */
#define MUSTER_TYPE_STOCKTAKE_LINE (muster_stocktake_line_get_type ())
G_DECLARE_FINAL_TYPE (MusterStocktakeLine,
                      muster_stocktake_line,
                      MUSTER,
                      STOCKTAKE_LINE,
                      MusterEntity)

G_END_DECLS
