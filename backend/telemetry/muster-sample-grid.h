/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-scan.h"

G_BEGIN_DECLS

/* Steps times groups times metrics of one answer. */
#define MUSTER_SAMPLE_GRID_MAX_CELLS 2000000

/**
 * MusterSampleGrid:
 *
 * Aggregates of many devices' samples, a row a group and metric, a column a step. One thread; what
 * several threads have gathered is merged.
 */
typedef struct _MusterSampleGrid MusterSampleGrid;

/* NULL with MUSTER_ERROR_TOO_LARGE where the answer would be. QUERY must outlive it. */
MusterSampleGrid *muster_sample_grid_new (const MusterSeriesQuery *query, GError **error);
void              muster_sample_grid_free (MusterSampleGrid *self);
/* Takes the samples of QUERY's devices from number FROM to TO (excluded). */
gboolean muster_sample_grid_gather (MusterSampleGrid  *self,
                                    MusterSampleTable *table,
                                    MusterSampleFile  *file,
                                    unsigned           from,
                                    unsigned           to,
                                    GError           **error);
/* Adds what OTHER, of the same query, has gathered. */
void muster_sample_grid_merge (MusterSampleGrid *self, MusterSampleGrid *other);
/* The answer: (element-type MusterSampleBatch) (transfer full), one a group, in their order. */
GPtrArray *muster_sample_grid_finish (MusterSampleGrid *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleGrid, muster_sample_grid_free)

G_END_DECLS
