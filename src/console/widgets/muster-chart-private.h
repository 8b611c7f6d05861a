/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-chart.h"
#include "muster-lane-layer.h"
#include "muster-pen.h"
#include "muster-trace-layer.h"

G_BEGIN_DECLS

/* Values of one unit with their axis: the first at the left of the plot, the others at its right.
 */
typedef struct
{
  char       *unit;   /* (owned) (nullable) */
  MusterAxis *axis;   /* (owned) */
  GArray     *ticks;  /* (owned) (nullable) (element-type MusterTick) */
  int         gutter; /* width of its labels */
  gboolean    taken;  /* the unit is that of a series */
} MusterScale;

struct _MusterChart
{
  GtkWidget parent_instance;

  /* State */
  MusterAxis *x_axis; /* (owned) */
  MusterAxis *y_axis; /* (owned) that of the first scale */
  GPtrArray  *scales; /* (owned) (element-type MusterScale), one at the least */
  GListStore *series; /* (owned) (element-type MusterSeries) */
  GArray     *kept;   /* (owned) (element-type double) in sight of the y axis */
  GListModel *marks;  /* (owned) (nullable) (element-type MusterMark) */
  gint64      home_span;
  int         plot_height; /* the least */
  gint64      cursor_time;
  gint64      brush_from; /* where a range began that is brushed by the keyboard; 0: none */

  /* Children */
  GtkWidget *layer;
  GtkWidget *lanes;
  GtkWidget *legend;
  GtkWidget *readout;
  GtkWidget *readout_label;
  GtkWidget *empty;
  GtkWidget *grid_pen;
  GtkWidget *axis_pen;
  GtkWidget *crosshair_pen;
  GtkWidget *zoom_pen;
  GtkWidget *mark_pens[MUSTER_N_MARKS];

  /* Caches */
  graphene_rect_t plot;       /* of the values: without height where there are only lanes */
  float           bottom;     /* of the plot with its lanes */
  GArray         *x_ticks;    /* (owned) (nullable) (element-type MusterTick) */
  int             gutter;     /* width of the labels at the left */
  int             end_gutter; /* and at the right */
  int             lanes_height;

  /* Pending work */
  unsigned update_id; /* tick callback */
  unsigned follow_id; /* timeout to the next pixel of movement */
  gint64   described_at;

  /* Pointer */
  double pointer_x;
  double drag_from; /* fraction of the plot */
  double drag_to;
  double drag_lower; /* range at the start of a pan or pinch */
  double drag_upper;

  guint has_plot : 1; /* a series stands on an axis of values */
  guint zooming : 1;  /* a stretch is being marked */
  guint brushing : 1;
  guint panning : 1;
  guint following : 1;
  guint on_paper : 1; /* drawn for a file or a printer, not for the screen */
  guint announce : 1; /* the crosshair was moved by the keyboard */
  guint spoken : 1;   /* and what it shows is the description */
};

/* Asks for one pass over ranges, ticks and labels before the next frame. */
void muster_chart_queue_update (MusterChart *self);
/* 0 at the left end of the plot, 1 at its right end. */
double muster_chart_get_fraction (MusterChart *self, double x);

/* muster-chart-scales.c */
void         muster_chart_init_scales (MusterChart *self);
void         muster_chart_assign_scales (MusterChart *self);
MusterScale *muster_chart_get_scale (MusterChart *self, unsigned i);
MusterScale *muster_chart_find_scale (MusterChart *self, MusterSeries *series);
MusterAxis  *muster_chart_find_axis (MusterChart *self, MusterSeries *series);
/* Fits every scale to what is in sight; whether anything is. */
gboolean muster_chart_fit_scales (MusterChart *self);

/* muster-chart-grid.c */
void muster_chart_update_ticks (MusterChart *self);
int  muster_chart_measure_tick_height (MusterChart *self);
void muster_chart_snapshot_grid (MusterChart *self, GtkSnapshot *snapshot);

/* muster-chart-cursor.c */
void muster_chart_snapshot_cursor (MusterChart *self, GtkSnapshot *snapshot);
void muster_chart_update_readout (MusterChart *self);
void muster_chart_allocate_readout (MusterChart *self);
void muster_chart_step_cursor (MusterChart *self, int direction);

/* muster-chart-marks.c */
void muster_chart_init_marks (MusterChart *self);
/* Below the traces, and above them. */
void muster_chart_snapshot_excluded (MusterChart *self, GtkSnapshot *snapshot);
void muster_chart_snapshot_marks (MusterChart *self, GtkSnapshot *snapshot);
/* Words what is marked at the crosshair; whether anything is. */
gboolean muster_chart_append_marks (MusterChart *self, GString *markup, GString *plain);

/* Tells that a range was brushed. */
void muster_chart_brushed (MusterChart *self, gint64 from, gint64 to);

/* muster-chart-context.c */
void muster_chart_init_context (MusterChart *self);
/* Asks for the menu at the crosshair. */
void muster_chart_ask_context (MusterChart *self);
/* Tells that a menu is asked for. */
void muster_chart_context (MusterChart        *self,
                           MusterSeries       *series,
                           gint64              time,
                           double              value,
                           const GdkRectangle *place);
/* The point of SERIES that the crosshair shows at TIME; FALSE: none. */
gboolean muster_chart_find_at (MusterChart  *self,
                               MusterSeries *series,
                               gint64        time,
                               MusterPoint  *found);

/* muster-chart-input.c */
void muster_chart_class_install_input (GtkWidgetClass *klass);
void muster_chart_init_input (MusterChart *self);

/* muster-chart-legend.c */
GtkWidget *muster_chart_legend_new (MusterChart *chart);
/* In the next free colour when COLOUR is negative. */
MusterPen *muster_chart_legend_add (MusterChart *chart, MusterSeries *series, int colour);
void       muster_chart_legend_remove (MusterChart *chart, MusterSeries *series);
MusterPen *muster_chart_legend_get_pen (MusterChart *chart, MusterSeries *series);
void       muster_chart_legend_set_shown (MusterChart *chart, MusterSeries *series, gboolean shown);
/* Draws it on paper: what is hidden is left out. */
void muster_chart_legend_append (MusterChart *chart, GtkSnapshot *snapshot);
void muster_chart_legend_update (MusterChart *chart);

G_END_DECLS
