/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "muster-data-dir.h"

G_BEGIN_DECLS

/* The rules of all rooms, and how what they keep was at an earlier time. After the entities, before
 * DATABASE starts. */
void muster_daemon_rules_add (MusterDatabase *database, MusterDataDir *data_dir);

G_END_DECLS
