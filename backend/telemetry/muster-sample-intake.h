/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "model/muster-sample.h"

G_BEGIN_DECLS

/**
 * MusterSampleIntake:
 *
 * What any store does with samples before it keeps them, and what it knows of them besides: refuses
 * impossible ones, remembers those that are only shown, and counts. Main thread only.
 */
typedef struct _MusterSampleIntake MusterSampleIntake;

MusterSampleIntake *muster_sample_intake_new (MusterClock *clock);
void                muster_sample_intake_free (MusterSampleIntake *self);
/* BATCH itself when all of it is acceptable, else a copy of what is: (transfer full). REFUSED: how
 * many are not. */
MusterSampleBatch *muster_sample_intake_sift (MusterSampleIntake *self,
                                              MusterSampleBatch  *batch,
                                              gint64             *refused);
/* BATCH, sifted, is stored. */
void muster_sample_intake_note (MusterSampleIntake *self, MusterSampleBatch *batch);
/* So many samples of other forms are. */
void   muster_sample_intake_count (MusterSampleIntake *self, unsigned n);
void   muster_sample_intake_forget (MusterSampleIntake *self, const char *device_id);
gint64 muster_sample_intake_get_refused (MusterSampleIntake *self);
/* Samples a second, of the last whole seconds. */
double muster_sample_intake_get_rate (MusterSampleIntake *self);
/* STORED (transfer full) (element-type MusterSampleBatch), the newest of DEVICE_IDS (nullable),
 * with what is only shown and newer. */
GPtrArray *muster_sample_intake_add_shown (MusterSampleIntake *self,
                                           GPtrArray          *stored,
                                           const char *const  *device_ids);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleIntake, muster_sample_intake_free)

G_END_DECLS
