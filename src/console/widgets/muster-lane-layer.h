/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-axis.h"
#include "muster-pen.h"
#include "muster-series.h"

G_BEGIN_DECLS

/**
 * MusterLaneLayer:
 *
 * What a chart shows in lanes below its plot: states over time, each with its word where there is
 * room for it, and heat strips. Series that stand on an axis of values are left out:
 * MusterTraceLayer has them.
 *
 * ## CSS nodes
 *
 * ```
 * lanes
 * ├── caption                 what a lane is called
 * ├── word                    a state in a patch
 * ╰── state.state-off, state.series-1 … state.series-8
 * ```
 */
#define MUSTER_TYPE_LANE_LAYER (muster_lane_layer_get_type ())
G_DECLARE_FINAL_TYPE (MusterLaneLayer, muster_lane_layer, MUSTER, LANE_LAYER, GtkWidget)

GtkWidget *muster_lane_layer_new (MusterAxis *x_axis);

/* PEN gives the colour of what is on, and of heat. */
void muster_lane_layer_add (MusterLaneLayer *self, MusterSeries *series, MusterPen *pen);
void muster_lane_layer_remove (MusterLaneLayer *self, MusterSeries *series);
void muster_lane_layer_set_visible (MusterLaneLayer *self, MusterSeries *series, gboolean visible);

/* How many lanes are shown, and how high they are together, in logical pixels. */
unsigned muster_lane_layer_count (MusterLaneLayer *self);
int      muster_lane_layer_get_height (MusterLaneLayer *self);
/* Where the strip of lane I lies, from the top of the layer. */
void muster_lane_layer_get_strip (MusterLaneLayer *self, unsigned i, float *top, float *bottom);

/* How often the lanes were rasterised. */
unsigned muster_lane_layer_get_generation (MusterLaneLayer *self);
/* As muster_trace_layer_set_on_paper() does. */
void muster_lane_layer_set_on_paper (MusterLaneLayer *self, gboolean on_paper);

G_END_DECLS
