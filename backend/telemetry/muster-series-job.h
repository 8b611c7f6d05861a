/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-engine.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/* A question about many devices with all that it points at. Reference counted, from any thread. */
typedef struct _MusterSeriesJob MusterSeriesJob;

MusterSeriesJob         *muster_series_job_new (const MusterSeriesQuery *query);
void                     muster_series_job_unref (MusterSeriesJob *self);
const MusterSeriesQuery *muster_series_job_get_query (MusterSeriesJob *self);

/* Answers a question about many devices on several threads at once: QUERY is copied. Resolves to a
 * GPtrArray (boxed) of MusterSampleBatch. */
DexFuture *muster_series_job_run (MusterSampleEngine *engine, const MusterSeriesQuery *query);

G_END_DECLS
