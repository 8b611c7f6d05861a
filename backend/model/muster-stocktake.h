/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_STOCKTAKE_STATUS_COUNTING,
  MUSTER_STOCKTAKE_STATUS_APPLIED,
  MUSTER_STOCKTAKE_STATUS_CANCELLED,
} MusterStocktakeStatus;

extern const MusterEnum         muster_stocktake_status_enum;
extern const MusterStateMachine muster_stocktake_status_machine;
extern const MusterEntityInfo   muster_stocktake_info;

/* A count of what lies in a place. */
#define MUSTER_TYPE_STOCKTAKE (muster_stocktake_get_type ())
G_DECLARE_FINAL_TYPE (MusterStocktake, muster_stocktake, MUSTER, STOCKTAKE, MusterEntity)

G_END_DECLS
