/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-axis.h"
#include "muster-pen.h"
#include "muster-series.h"

G_BEGIN_DECLS

/**
 * MusterTraceLayer:
 *
 * The lines, bands and bars of a chart: any number of series, rasterised together into one texture
 * that is made anew only when points, range, size, scale or colours changed. Series that stand in
 * lanes are left out: MusterLaneLayer has them.
 */
#define MUSTER_TYPE_TRACE_LAYER (muster_trace_layer_get_type ())
G_DECLARE_FINAL_TYPE (MusterTraceLayer, muster_trace_layer, MUSTER, TRACE_LAYER, GtkWidget)

GtkWidget *muster_trace_layer_new (MusterAxis *x_axis, MusterAxis *y_axis);

/* PEN gives the colour and lives elsewhere in the widget tree. */
void muster_trace_layer_add (MusterTraceLayer *self, MusterSeries *series, MusterPen *pen);
void muster_trace_layer_remove (MusterTraceLayer *self, MusterSeries *series);
void muster_trace_layer_set_visible (MusterTraceLayer *self,
                                     MusterSeries     *series,
                                     gboolean          visible);
/* The axis of its values, another than that of the others. */
void muster_trace_layer_set_axis (MusterTraceLayer *self, MusterSeries *series, MusterAxis *y_axis);
gboolean muster_trace_layer_get_visible (MusterTraceLayer *self, MusterSeries *series);

/* Opacity of the area below the lines, from 0 (none) to 1. */
void muster_trace_layer_set_fill (MusterTraceLayer *self, double fill);

/* Of the lines, in logical pixels. */
void muster_trace_layer_set_line_width (MusterTraceLayer *self, double width);

/* How often the traces were rasterised: tells whether drawing again was for free. */
unsigned muster_trace_layer_get_generation (MusterTraceLayer *self);
/* Draws lines and areas as paths instead of a picture of the screen's resolution. */
void muster_trace_layer_set_on_paper (MusterTraceLayer *self, gboolean on_paper);

G_END_DECLS
