/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Before the database starts: no rule is written that cannot be evaluated, and no silence that
 * never is. */
void muster_alert_checks_add (MusterDatabase *database);

G_END_DECLS
