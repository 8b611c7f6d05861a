/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* Firmware that boards are still to be given is not deleted. Before the database starts. */
void muster_flash_rules_add (MusterDatabase *database);

G_END_DECLS
