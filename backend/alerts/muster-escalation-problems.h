/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What keeps an escalation from telling whom it names: kept in its field `problems`, a line each,
 * so that it is seen before the alert that nobody hears of. */

/* Before the database starts: keeps the field right whatever changes, and refuses to delete whoever
 * is the last that a step tells. */
void muster_escalation_problems_add_rules (MusterDatabase *database);

/* Once it runs: for what is stored already. Resolves to TRUE. */
DexFuture *muster_escalation_problems_refresh (MusterDatabase *database);

G_END_DECLS
