/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Between the names in a path: " › ". */
#define MUSTER_LOCATION_SEPARATOR " › "

/* Every place knows its path, whichever place above it is renamed or moved; and no place lies
 * within itself (MUSTER_ERROR_INVALID at `/parent_id`). Before the database starts. */
void muster_location_rules_add (MusterDatabase *database);

/* The ids of the place and of every place within it, itself first: (transfer full). NULL with
 * MUSTER_ERROR_NOT_FOUND. */
GStrv muster_location_list_within (MusterTransaction *transaction, const char *id, GError **error);

G_END_DECLS
