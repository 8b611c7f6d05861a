/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "model/muster-sample.h"

G_BEGIN_DECLS

/**
 * MusterMetricChecks:
 *
 * What is known to be possible of each metric: its range, and how fast it can change, as its record
 * says. A value beyond keeps its place, and is marked as bad. Loaded at the start, and kept by the
 * journal. Main thread only.
 */
#define MUSTER_TYPE_METRIC_CHECKS (muster_metric_checks_get_type ())
G_DECLARE_FINAL_TYPE (MusterMetricChecks,
                      muster_metric_checks,
                      MUSTER,
                      METRIC_CHECKS,
                      MusterService)

MusterMetricChecks *muster_metric_checks_new (MusterRepository *repository, MusterBus *bus);
/* BATCH itself where nothing of it is beyond what is possible, else a copy that says so: (transfer
 * full). The rate is that from the last good value of the metric; what comes late has none. */
MusterSampleBatch *muster_metric_checks_apply (MusterMetricChecks *self, MusterSampleBatch *batch);
/* Whether anything of the device is checked. */
gboolean muster_metric_checks_has_device (MusterMetricChecks *self, const char *device_id);
/* Samples marked as bad since the start. */
gint64 muster_metric_checks_get_bad (MusterMetricChecks *self);

G_END_DECLS
