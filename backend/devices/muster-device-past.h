/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Says whether a device was there at any moment, by the events that the registry notes when it
 * comes and goes. Before the database starts. */
void muster_device_past_add (MusterDatabase *database);

G_END_DECLS
