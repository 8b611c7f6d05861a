/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "model/muster-sample.h"

G_BEGIN_DECLS

/**
 * MusterMetricUnits:
 *
 * In which unit each metric is kept, as its record says, for whoever sends a value in another one.
 * Loaded at the start, and kept by the journal. Main thread only.
 */
#define MUSTER_TYPE_METRIC_UNITS (muster_metric_units_get_type ())
G_DECLARE_FINAL_TYPE (MusterMetricUnits, muster_metric_units, MUSTER, METRIC_UNITS, MusterService)

MusterMetricUnits *muster_metric_units_new (MusterRepository *repository, MusterBus *bus);
/* The unit that METRIC of the device is kept in, or NULL: not known. Stays. */
const char *muster_metric_units_get (MusterMetricUnits *self,
                                     const char        *device_id,
                                     const char        *metric);
/* Turns SAMPLE, a number of the device's that was told in UNIT, into the metric's own unit. One
 * that cannot be turned keeps its value and becomes a bad one: FALSE with MUSTER_ERROR_INVALID that
 * says why. Where no unit is known any will do. */
gboolean muster_metric_units_convert (MusterMetricUnits *self,
                                      const char        *device_id,
                                      const char        *unit,
                                      MusterSample      *sample,
                                      GError           **error);

G_END_DECLS
