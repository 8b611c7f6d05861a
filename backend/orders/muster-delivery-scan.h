/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-orders-call.h"

G_BEGIN_DECLS

/* A call of the writer: `code` was scanned at what arrives with the delivery of the call. Answers
 * what it was: {"result","detail","code","delivery_item_id","order_item_id","device_id","issue_id",
 * "received","quantity"}, where `result` is
 *
 * - `received`: it was announced, and has arrived; `counted`: it was ordered, and has arrived;
 * - `again`: it was scanned before; `product`: its serial number is wanted;
 * - `unexpected`: nobody announced or ordered it, which is now an issue of the delivery.
 *
 * `received` and `quantity` are those of the order's line. */
gboolean muster_delivery_scan (MusterTransaction *transaction,
                               MusterOrdersCall  *call,
                               GError           **error);

G_END_DECLS
