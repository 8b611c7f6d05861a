/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_MOVE_REASON_RECEIVE,
  MUSTER_MOVE_REASON_PUT_AWAY,
  MUSTER_MOVE_REASON_MOVE,
  MUSTER_MOVE_REASON_RESERVE,
  MUSTER_MOVE_REASON_PICK,
  MUSTER_MOVE_REASON_SHIP,
  MUSTER_MOVE_REASON_RETURN,
  MUSTER_MOVE_REASON_ADJUST,
  MUSTER_MOVE_REASON_SCRAP,
} MusterMoveReason;

extern const MusterEnum       muster_move_reason_enum;
extern const MusterEntityInfo muster_stock_move_info;

/* A physical change of the stock: quantities and places are the sum of them. */
#define MUSTER_TYPE_STOCK_MOVE (muster_stock_move_get_type ())
G_DECLARE_FINAL_TYPE (MusterStockMove, muster_stock_move, MUSTER, STOCK_MOVE, MusterEntity)

G_END_DECLS
