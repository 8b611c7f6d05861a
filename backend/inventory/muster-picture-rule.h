/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* The first picture that is attached to a product stands for it, until another is chosen. Before
 * the database starts. */
void muster_picture_rule_add (MusterDatabase *database);

G_END_DECLS
