/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-axis.h"
#include "muster-mark.h"
#include "muster-series.h"

G_BEGIN_DECLS

/**
 * MusterChart:
 *
 * Series over time, moving. Drag across to zoom into a stretch, double click to go back, Ctrl and
 * the wheel or two fingers to zoom, Shift and drag or a sideways scroll to pan; with the keyboard
 * the arrows pan, `+` and `-` zoom, Home goes back, End follows the present, Shift and the arrows
 * move the crosshair from point to point and read it out, `B` at either end of a range brushes it,
 * Menu asks for what can be done at the crosshair.
 *
 * ## CSS nodes
 *
 * ```
 * chart
 * ├── traces
 * ├── lanes                        MusterLaneLayer
 * ├── grid, axis, crosshair, zoom      colours only
 * ├── mark.excluded, .note, .info, .warning, .critical
 * ├── label.chart-empty
 * ├── box.chart-readout
 * ╰── flowbox.chart-legend
 *     ╰── … ╰── trace.series-1         the colour of a series
 * ```
 *
 * ## Signals
 *
 * `context (MusterSeries *series, gint64 time, double value, GdkRectangle *place)`: a menu is asked
 * for, by the secondary button, a long press or the menu key. SERIES (nullable) is drawn nearest to
 * there; VALUE is what its axis has there, rounded to what a pixel tells apart, NAN where it has
 * states. PLACE is in the coordinates of the chart.
 *
 * ## Accessibility
 *
 * Role `img`. The description tells each series with its last, least and greatest value in sight;
 * while the crosshair is moved by the keyboard, the time and the values there.
 */
#define MUSTER_TYPE_CHART (muster_chart_get_type ())
G_DECLARE_FINAL_TYPE (MusterChart, muster_chart, MUSTER, CHART, GtkWidget)

/* X_AXIS may be shared with other charts, which then move together; NULL: an axis of its own. */
GtkWidget  *muster_chart_new (MusterAxis *x_axis);
MusterAxis *muster_chart_get_x_axis (MusterChart *self);
MusterAxis *muster_chart_get_y_axis (MusterChart *self);

/* Takes eight colours in turn, then the same dashed, then dotted. Values of other units get an axis
 * of their own at the right. */
void muster_chart_add_series (MusterChart *self, MusterSeries *series);
/* In the look of that number, from 0 to 23: the page sees to it that its charts differ. */
void muster_chart_add_series_in_colour (MusterChart *self, MusterSeries *series, int colour);
void muster_chart_remove_series (MusterChart *self, MusterSeries *series);
void muster_chart_remove_all (MusterChart *self);
/* (transfer none) (element-type MusterSeries) */
GListModel *muster_chart_get_series (MusterChart *self);
void muster_chart_set_series_visible (MusterChart *self, MusterSeries *series, gboolean visible);
gboolean muster_chart_is_series_visible (MusterChart *self, MusterSeries *series);

/* Follows the present with SPAN microseconds in sight; the range that a double click goes back to.
 */
void muster_chart_follow (MusterChart *self, gint64 span);
/* The span that a double click goes back to, without moving now. */
void muster_chart_set_home_span (MusterChart *self, gint64 span);
/* Stands still at a range. */
void muster_chart_show_range (MusterChart *self, gint64 from, gint64 to);
/* Back to the range of the last muster_chart_follow(). */
void muster_chart_reset (MusterChart *self);

gboolean muster_chart_get_following (MusterChart *self);
void     muster_chart_set_following (MusterChart *self, gboolean following);

/* Where the crosshair stands (UTC microseconds), 0: nowhere. A property, to be bound between
 * charts. */
gint64 muster_chart_get_cursor_time (MusterChart *self);
void   muster_chart_set_cursor_time (MusterChart *self, gint64 time);

/* Values that the y axis has in sight whatever the series do: a threshold, say. VALUES are copied.
 */
void muster_chart_keep_in_sight (MusterChart *self, const double *values, unsigned n_values);
/* Where the series are drawn, in the coordinates of the chart: for what others draw over it. */
void muster_chart_get_plot (MusterChart *self, graphene_rect_t *plot);

/* What is marked, in order of time: (element-type MusterMark) (nullable). May be shared. */
void muster_chart_set_marks (MusterChart *self, GListModel *marks);
/* While it brushes, dragging across emits `brushed (gint64 from, gint64 to)` (UTC microseconds)
 * instead of zooming. The keyboard always can. */
void muster_chart_set_brushing (MusterChart *self, gboolean brushing);

/* Of the lines, in logical pixels. */
void muster_chart_set_line_width (MusterChart *self, double width);
/* The least height of the plot without legend, lanes and labels, in logical pixels. */
void muster_chart_set_plot_height (MusterChart *self, int height);
/* What stands in the middle while there is nothing to draw. */
void muster_chart_set_empty_text (MusterChart *self, const char *text);

/* The chart as it stands, in the light colours of paper, without crosshair and free of pictures:
 * muster_paper_to_svg() keeps its lines and words. (transfer full) (nullable): NULL when it was
 * never shown. */
GskRenderNode *muster_chart_draw_on_paper (MusterChart *self);

/* VALUE of SERIES as the chart words it, with its unit: (transfer full). */
char *muster_chart_format_value (MusterChart *self, MusterSeries *series, double value);

/* The points in sight as rows for a table, newest first: (transfer full) (element-type
 * MusterChartRow). */
GListModel *muster_chart_list_rows (MusterChart *self);
/* The same of any SERIES (element-type MusterSeries) within [FROM, TO] (UTC microseconds). */
GListModel *muster_chart_rows_new (GListModel *series, gint64 from, gint64 to);

/* One moment in the table of a chart. */
#define MUSTER_TYPE_CHART_ROW (muster_chart_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterChartRow, muster_chart_row, MUSTER, CHART_ROW, GObject)

gint64 muster_chart_row_get_time (MusterChartRow *self);
/* NAN where series COLUMN has no point at that moment. */
double muster_chart_row_get_value (MusterChartRow *self, unsigned column);

G_END_DECLS
