/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-sample.h"
#include "muster-derived-plan.h"

G_BEGIN_DECLS

/* A gap longer than this counts nothing in an integral: nobody knows what was in it. */
#define MUSTER_DERIVED_MAX_GAP (G_TIME_SPAN_DAY)

/* What a device's derived metrics are reckoned from: the last value of each metric they are made
 * of, and the sums so far. One thread at a time. */
typedef struct _MusterDerivedState MusterDerivedState;

MusterDerivedState *muster_derived_state_new (MusterDerivedPlan *plan);
void                muster_derived_state_free (MusterDerivedState *self);
MusterDerivedPlan  *muster_derived_state_get_plan (MusterDerivedState *self);

/* Goes on from what is stored: LATEST (nullable) has the newest sample of each metric of the
 * device. Until this is called no integral is reckoned, as its sum is not known. */
void muster_derived_state_resume (MusterDerivedState *self, MusterSampleBatch *latest);

/**
 * muster_derived_state_feed:
 *
 * Reckons what follows from BATCH, moment by moment, and adds it to OUT (may be BATCH itself).
 *
 * Values that come with an earlier moment than those known are not mixed with those: a derived
 * value follows from them when all that it is made of came with that moment, and an integral or
 * rate does not. Bad samples and texts are as if they had not come; null makes unknown what is made
 * of it, which is stored once as a null.
 */
void muster_derived_state_feed (MusterDerivedState *self,
                                MusterSampleBatch  *batch,
                                MusterSampleBatch  *out);

/* METRIC's sum goes on from that of RECALCULATED, which has read up to now. */
void muster_derived_state_take_sum (MusterDerivedState *self,
                                    MusterDerivedState *recalculated,
                                    const char         *metric);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDerivedState, muster_derived_state_free)

G_END_DECLS
