/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "core/muster-repository.h"
#include "muster-derived-metrics.h"

G_BEGIN_DECLS

/* Adds metrics, exclusions, annotations and derived metrics as collections. */
void muster_telemetry_records_resource_add (MusterRouter         *router,
                                            MusterRepository     *repository,
                                            MusterDerivedMetrics *derived);

G_END_DECLS
