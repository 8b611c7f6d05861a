/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* Every entity that has a table, ended by NULL. */
extern const MusterEntityInfo *const muster_entities[];

G_END_DECLS
