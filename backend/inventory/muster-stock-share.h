/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* A part of a quantity, of one batch. */
typedef struct
{
  char  *batch_id; /* (owned) (nullable) */
  gint64 quantity;
} MusterStockShare;

/* Parts QUANTITY of the product among the batches that lie free at the place (NULL: among those in
 * stock without one): what expires first goes first, then what came first, then what is of no
 * batch. BATCH_ID (nullable): of that batch alone. FREE_QUANTITY (out): how many lie free there,
 * which may be fewer. Returns: (transfer full) (element-type MusterStockShare), NULL with ERROR. */
GArray *muster_stock_share (MusterTransaction *transaction,
                            const char        *product_id,
                            const char        *location_id,
                            const char        *batch_id,
                            gint64             quantity,
                            gint64            *free_quantity,
                            GError           **error);

G_END_DECLS
