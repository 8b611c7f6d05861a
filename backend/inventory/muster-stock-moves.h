/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-stock-move.h"

G_BEGIN_DECLS

/**
 * MusterStockContext:
 *
 * What a job tells the rules about the moves that its changes of devices mean. Set under
 * MUSTER_STOCK_CONTEXT; strings are borrowed until the job ends.
 */
typedef struct
{
  int         reason; /* a MusterMoveReason, or -1: the one that the change means */
  const char *order_id;
  const char *delivery_id;
  const char *stocktake_id;
  const char *note;
} MusterStockContext;

#define MUSTER_STOCK_CONTEXT "stock"

/* A move to be written. NULL places that are not outside: in stock without a place. */
typedef struct
{
  MusterMoveReason reason;
  const char      *product_id;
  const char      *device_id; /* (nullable) */
  const char      *batch_id;  /* (nullable) */
  gint64           quantity;
  const char      *from_location_id; /* (nullable) */
  const char      *to_location_id;   /* (nullable) */
  gboolean         outside_from;
  gboolean         outside_to;
  const char      *order_id;      /* (nullable) */
  const char      *order_item_id; /* (nullable) */
  const char      *delivery_id;   /* (nullable) */
  const char      *stocktake_id;  /* (nullable) */
  const char      *note;          /* (nullable) */
} MusterStockMoveDraft;

/* Writes the move, with the actor of the transaction and what its context says where DRAFT says
 * nothing. The levels follow by triggers. MUSTER_ERROR_CONFLICT when there is not enough. Returns
 * the record: (transfer full). */
MusterEntity *muster_stock_move_write (MusterTransaction          *transaction,
                                       const MusterStockMoveDraft *draft,
                                       GError                    **error);

G_END_DECLS
