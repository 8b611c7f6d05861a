/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-store.h"

G_BEGIN_DECLS

/**
 * MusterSampleModel:
 *
 * A sample store so plain that it can be seen to be right: every sample in an array, in order of
 * time, and every answer by going over all of them. It tells what a real store must answer, and
 * fails the test, naming the sample, where another answer came.
 */
typedef struct _MusterSampleModel MusterSampleModel;

MusterSampleModel *muster_sample_model_new (void);
void               muster_sample_model_free (MusterSampleModel *self);

/* Takes BATCH as a store whose clock shows NOW does. Returns how many it refuses. */
gint64 muster_sample_model_append (MusterSampleModel *self, MusterSampleBatch *batch, gint64 now);
void   muster_sample_model_forget (MusterSampleModel *self, const char *device_id);
/* What was only shown is forgotten. */
void   muster_sample_model_restart (MusterSampleModel *self);
gint64 muster_sample_model_count_samples (MusterSampleModel *self);
gint64 muster_sample_model_count_series (MusterSampleModel *self);
/* One of the samples stored of this series, by a number that the caller draws; NULL where there is
 * none. */
const MusterSample *muster_sample_model_pick (MusterSampleModel *self,
                                              const char        *device_id,
                                              const char        *metric,
                                              guint32            drawn);

/* Asserts that ANSWER (nullable) with ERROR is what QUERY must be answered by. An answer by M4 may
 * be of any of several samples that are as small or as great in a column; sums may differ by what
 * another order of summing makes. */
void muster_sample_model_check_range (MusterSampleModel       *self,
                                      const MusterSampleQuery *query,
                                      MusterSampleBatch       *answer,
                                      const GError            *error);
/* The same of many devices, grouped or not: ANSWER (nullable) (element-type MusterSampleBatch). */
void muster_sample_model_check_series (MusterSampleModel       *self,
                                       const MusterSeriesQuery *query,
                                       GPtrArray               *answer,
                                       const GError            *error);
/* Asserts that TEXT is what an export must give: device after device, in order of time. */
void muster_sample_model_check_export (MusterSampleModel       *self,
                                       const MusterSeriesQuery *query,
                                       MusterSampleFormat       format,
                                       const char              *text);
/* Asserts that ANSWER (element-type MusterSampleBatch) is the newest of DEVICE_IDS (nullable). */
void muster_sample_model_check_latest (MusterSampleModel *self,
                                       const char *const *device_ids,
                                       GPtrArray         *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleModel, muster_sample_model_free)

G_END_DECLS
