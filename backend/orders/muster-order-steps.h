/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* The steps of an order's life: calls of the writer. They answer the order with its lines, shipping
 * the delivery with its items. */
gboolean muster_order_set_status (MusterTransaction *transaction,
                                  MusterOrdersCall  *call,
                                  GError           **error);
gboolean muster_order_allocate (MusterTransaction *transaction,
                                MusterOrdersCall  *call,
                                GError           **error);
gboolean muster_order_ship (MusterTransaction *transaction, MusterOrdersCall *call, GError **error);

/* Brings the order's status up to what its lines say: processing when some of it has left, shipped
 * when all has, delivered when all has arrived; back to processing when something came back. */
gboolean muster_order_follow_lines (MusterTransaction *transaction,
                                    const char        *order_id,
                                    GError           **error);

G_END_DECLS
