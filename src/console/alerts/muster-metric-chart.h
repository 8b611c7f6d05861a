/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"
#include "muster-threshold-layer.h"

G_BEGIN_DECLS

/**
 * MusterMetricChart:
 *
 * One metric of one device, as it was and as it goes on, under a layer with thresholds.
 *
 * Signal `shown`: its points are there.
 */
#define MUSTER_TYPE_METRIC_CHART (muster_metric_chart_get_type ())
G_DECLARE_FINAL_TYPE (MusterMetricChart, muster_metric_chart, MUSTER, METRIC_CHART, AdwBin)

/* To be called once. */
void muster_metric_chart_open (MusterMetricChart *self, MusterSession *session);
/* Shows METRIC of the device; either NULL: nothing. UNIT is nullable. */
void muster_metric_chart_show (MusterMetricChart *self,
                               const char        *device_id,
                               const char        *metric,
                               const char        *unit);
/* Follows the present with SPAN microseconds in sight. */
void muster_metric_chart_set_span (MusterMetricChart *self, gint64 span);
/* What stands in the middle while there is nothing to draw. */
void muster_metric_chart_set_empty_text (MusterMetricChart *self, const char *text);

MusterThresholdLayer *muster_metric_chart_get_layer (MusterMetricChart *self);
/* The newest point (nullable), and where the values lie: FALSE while there are none. */
const MusterPoint *muster_metric_chart_peek_last (MusterMetricChart *self);
gboolean muster_metric_chart_get_extent (MusterMetricChart *self, double *least, double *greatest);

G_END_DECLS
