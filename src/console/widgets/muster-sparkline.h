/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-series.h"

G_BEGIN_DECLS

/**
 * MusterSparkline:
 *
 * The last while of a series as a small line without axes, in the colour of its CSS node
 * `sparkline`. Says its last value and range to a screen reader.
 */
#define MUSTER_TYPE_SPARKLINE (muster_sparkline_get_type ())
G_DECLARE_FINAL_TYPE (MusterSparkline, muster_sparkline, MUSTER, SPARKLINE, GtkWidget)

GtkWidget    *muster_sparkline_new (void);
MusterSeries *muster_sparkline_get_series (MusterSparkline *self);
void muster_sparkline_set_series (MusterSparkline *self, MusterSeries *series); /* (nullable) */
/* How much time it shows at most, in microseconds; the newest point, or now where that still
 * stands, is at its right end. */
void muster_sparkline_set_span (MusterSparkline *self, gint64 span);

G_END_DECLS
