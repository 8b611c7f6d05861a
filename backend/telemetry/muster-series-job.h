/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-engine.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/* Answers a question about many devices on several threads at once: QUERY is copied. Resolves to a
 * GPtrArray (boxed) of MusterSampleBatch. */
DexFuture *muster_series_job_run (MusterSampleEngine *engine, const MusterSeriesQuery *query);

G_END_DECLS
