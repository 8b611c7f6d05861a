/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Says what was set aside, shipped, delivered and expected at any moment: the counters that
 * muster_order_rules_add() keeps, added up of the records of that time. Before the database starts.
 */
void muster_order_past_add (MusterDatabase *database);

G_END_DECLS
