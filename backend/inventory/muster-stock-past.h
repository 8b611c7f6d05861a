/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Says how the stock was at any moment: the sum of the moves until then, as it is the sum of all
 * moves now. Before the database starts. */
void muster_stock_past_add (MusterDatabase *database);

G_END_DECLS
