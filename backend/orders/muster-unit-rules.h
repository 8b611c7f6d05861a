/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What orders and deliveries forbid a unit that they hold, whoever changes it:
 * MUSTER_ERROR_CONFLICT names the order or the delivery and what to do there. Before the database
 * starts.
 *
 * - A unit that left with a delivery which has neither arrived nor come back is with that delivery:
 *   it is in no stock, and no other delivery takes it along. This holds while something is undone,
 *   too.
 * - A unit of an open order or in an open delivery is not deleted. */
void muster_unit_rules_add (MusterDatabase *database);

G_END_DECLS
