/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What exclusions, annotations, derived metrics and the limits of metrics must be. */
void muster_telemetry_rules_add (MusterDatabase *database);

G_END_DECLS
