/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What follows from changes of devices, stock moves, places and products, whoever makes them: a
 * device's change of status, place, product or batch is written down as the stock moves that it
 * means; places keep their paths and make no circles. Before the database starts. */
void muster_stock_rules_add (MusterDatabase *database);

G_END_DECLS
