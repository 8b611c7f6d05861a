/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-monitoring.h"
#include "muster-session.h"
#include "widgets/muster-series.h"

G_BEGIN_DECLS

/**
 * MusterMetricRow:
 *
 * A metric of a device: its value with unit, age and course, whether it stands on the chart, and,
 * where it can be written, a switch or a number to set. Signals: `charted-changed`, `write
 * (MusterMetric, JsonNode)`.
 */
#define MUSTER_TYPE_METRIC_ROW (muster_metric_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterMetricRow, muster_metric_row, MUSTER, METRIC_ROW, GtkListBoxRow)

GtkWidget    *muster_metric_row_new (MusterSession *session, MusterApiMetric *metric);
MusterMetric *muster_metric_row_get_metric (MusterMetricRow *self);
/* The same with what was told last when the row was made: borrowed. */
MusterApiMetric *muster_metric_row_get_api_metric (MusterMetricRow *self);
const char      *muster_metric_row_get_name (MusterMetricRow *self);
/* Whether it can be drawn. */
gboolean muster_metric_row_is_numeric (MusterMetricRow *self);
gboolean muster_metric_row_is_charted (MusterMetricRow *self);
void     muster_metric_row_set_charted (MusterMetricRow *self, gboolean charted);
/* A new sample: NAN shows as no value. */
void muster_metric_row_add (MusterMetricRow *self, gint64 time, double value);
/* The course of the last while, and when meanwhile the device was away (element-type gint64). */
void          muster_metric_row_set_course (MusterMetricRow       *self,
                                            const MusterApiSeries *series,
                                            GArray                *outages);
MusterSeries *muster_metric_row_get_course (MusterMetricRow *self);
/* Whether the device would tell now if the value were another one. FALSE at first. */
void muster_metric_row_set_current (MusterMetricRow *self, gboolean current);
/* How far a written value got; -1: nothing under way. */
void muster_metric_row_set_command (MusterMetricRow *self, int state);

G_END_DECLS
