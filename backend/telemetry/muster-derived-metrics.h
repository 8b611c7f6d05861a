/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "muster-device-names.h"
#include "muster-exclusion-book.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/**
 * MusterDerivedMetrics:
 *
 * Reckons derived metrics as samples come in. What they are made of is kept in memory, and read
 * back from the store after a start. Main thread only.
 */
#define MUSTER_TYPE_DERIVED_METRICS (muster_derived_metrics_get_type ())
G_DECLARE_FINAL_TYPE (MusterDerivedMetrics,
                      muster_derived_metrics,
                      MUSTER,
                      DERIVED_METRICS,
                      MusterService)

MusterDerivedMetrics *muster_derived_metrics_new (MusterRepository    *repository,
                                                  MusterSampleStore   *store,
                                                  MusterDeviceNames   *names,
                                                  MusterExclusionBook *exclusions,
                                                  MusterBus           *bus);
/* BATCH itself where nothing follows from it, else a copy with what follows: (transfer full). */
MusterSampleBatch *muster_derived_metrics_apply (MusterDerivedMetrics *self,
                                                 MusterSampleBatch    *batch);
/* Whether anything follows from what the device sends. */
gboolean muster_derived_metrics_has_device (MusterDerivedMetrics *self, const char *device_id);

/* The most samples that are read for one recalculation. */
#define MUSTER_DERIVED_MAX_RECALCULATED 5000000

/**
 * muster_derived_metrics_recalculate:
 *
 * Reckons the derived metric ID anew from what is stored from FROM to TO (UTC microseconds), of
 * DEVICE_ID or (NULL) of every device it is of, without what is excluded, and stores the results.
 * An integral goes on from its value before FROM; when TO is not before its last sample, what comes
 * in later goes on from the result.
 *
 * Returns: (transfer full): a future that resolves to the number (int64) of samples stored, or
 * rejects with MUSTER_ERROR_NOT_FOUND, or MUSTER_ERROR_TOO_LARGE where it takes more than
 * MUSTER_DERIVED_MAX_RECALCULATED samples
 */
DexFuture *muster_derived_metrics_recalculate (MusterDerivedMetrics *self,
                                               const char           *id,
                                               const char           *device_id,
                                               gint64                from,
                                               gint64                to);

/* See muster_derived_preview(). */
DexFuture *muster_derived_metrics_preview (MusterDerivedMetrics *self,
                                           const char           *expression,
                                           const char           *device_id,
                                           const char           *product_id);

G_END_DECLS
