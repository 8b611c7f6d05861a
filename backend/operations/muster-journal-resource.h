/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-database.h"

G_BEGIN_DECLS

/* Adds /journal and what is below. */
void muster_journal_resource_add (MusterRouter *router, MusterDatabase *database);

G_END_DECLS
