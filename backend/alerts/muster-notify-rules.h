/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Before the database starts: what channels, escalations and duty calendars may say, who may set
 * secrets, that one escalation at most is the default one, and that what is deleted is named by no
 * step and no shift any more. */
void muster_notify_rules_add (MusterDatabase *database);

G_END_DECLS
