/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What follows for orders from changes of devices, stock moves and deliveries, whoever makes them.
 * Before the database starts, behind muster_stock_rules_add().
 *
 * - The counters of an order's line are true at any moment, also while something is undone:
 *   `reserved` is how many units are set aside for it, `shipped` and `delivered` what its
 * deliveries hold, `adopted` how many of its units are adopted.
 * - A device that is added with a serial number that a supplier has announced is what was
 *   announced: it gets its product, its purchase line and its label secret, and has arrived.
 * - `expected` of what a delivery holds. */
void muster_order_rules_add (MusterDatabase *database);

G_END_DECLS
