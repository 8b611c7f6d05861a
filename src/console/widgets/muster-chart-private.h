/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-chart.h"
#include "muster-pen.h"
#include "muster-trace-layer.h"

G_BEGIN_DECLS

struct _MusterChart
{
  GtkWidget parent_instance;

  /* State */
  MusterAxis *x_axis; /* (owned) */
  MusterAxis *y_axis; /* (owned) */
  GListStore *series; /* (owned) (element-type MusterSeries) */
  GArray     *kept;   /* (owned) (element-type double) in sight of the y axis */
  gint64      home_span;
  gint64      cursor_time;

  /* Children */
  GtkWidget *layer;
  GtkWidget *legend;
  GtkWidget *readout;
  GtkWidget *readout_label;
  GtkWidget *empty;
  GtkWidget *grid_pen;
  GtkWidget *axis_pen;
  GtkWidget *crosshair_pen;
  GtkWidget *zoom_pen;

  /* Caches */
  graphene_rect_t plot;
  GArray         *x_ticks; /* (owned) (nullable) (element-type MusterTick) */
  GArray         *y_ticks; /* (owned) (nullable) (element-type MusterTick) */
  int             gutter;  /* width of the labels of the y axis */

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

  guint zooming : 1; /* a stretch is being marked */
  guint panning : 1;
  guint following : 1;
  guint announce : 1; /* the crosshair was moved by the keyboard */
};

/* Asks for one pass over ranges, ticks and labels before the next frame. */
void muster_chart_queue_update (MusterChart *self);
/* 0 at the left end of the plot, 1 at its right end. */
double muster_chart_get_fraction (MusterChart *self, double x);

/* muster-chart-grid.c */
void muster_chart_update_ticks (MusterChart *self);
int  muster_chart_measure_tick_height (MusterChart *self);
void muster_chart_snapshot_grid (MusterChart *self, GtkSnapshot *snapshot);

/* muster-chart-cursor.c */
void muster_chart_snapshot_cursor (MusterChart *self, GtkSnapshot *snapshot);
void muster_chart_update_readout (MusterChart *self);
void muster_chart_allocate_readout (MusterChart *self);
void muster_chart_step_cursor (MusterChart *self, int direction);

/* muster-chart-input.c */
void muster_chart_class_install_input (GtkWidgetClass *klass);
void muster_chart_init_input (MusterChart *self);

/* muster-chart-legend.c */
GtkWidget *muster_chart_legend_new (MusterChart *chart);
/* In the next free colour when COLOUR is negative. */
MusterPen *muster_chart_legend_add (MusterChart *chart, MusterSeries *series, int colour);
void       muster_chart_legend_remove (MusterChart *chart, MusterSeries *series);
MusterPen *muster_chart_legend_get_pen (MusterChart *chart, MusterSeries *series);
void       muster_chart_legend_update (MusterChart *chart);

G_END_DECLS
