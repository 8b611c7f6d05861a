/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-paper"

#include "config.h"

#include <math.h>

#include "muster-chart-private.h"
#include "muster-paper.h"

static void
set_on_paper (MusterChart *self, gboolean on_paper)
{
  self->on_paper = on_paper;
  /* The style sheet has light colours for paper. */
  if (on_paper)
    gtk_widget_add_css_class (GTK_WIDGET (self), "paper");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "paper");
  muster_trace_layer_set_on_paper (MUSTER_TRACE_LAYER (self->layer), on_paper);
  muster_lane_layer_set_on_paper (MUSTER_LANE_LAYER (self->lanes), on_paper);
}

static void
append_empty (MusterChart *self, GtkSnapshot *snapshot)
{
  const char *text = gtk_label_get_text (GTK_LABEL (self->empty));
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->empty, text);
  GdkRGBA colour;
  int     width, height;

  muster_pen_get (self->axis_pen, &colour);
  pango_layout_get_pixel_size (layout, &width, &height);
  muster_paper_append_text (snapshot, layout, &colour,
                            self->plot.origin.x + (self->plot.size.width - width) / 2,
                            (self->plot.origin.y + self->bottom - height) / 2, TRUE);
}

GskRenderNode *
muster_chart_draw_on_paper (MusterChart *self)
{
  GtkWidget   *widget = GTK_WIDGET (self);
  GtkSnapshot *snapshot = NULL;

  g_return_val_if_fail (MUSTER_IS_CHART (self), NULL);

  snapshot = gtk_snapshot_new ();
  set_on_paper (self, TRUE);
  muster_chart_snapshot_grid (self, snapshot);
  muster_chart_snapshot_excluded (self, snapshot);
  muster_chart_legend_append (self, snapshot);
  gtk_widget_snapshot_child (widget, self->layer, snapshot);
  gtk_widget_snapshot_child (widget, self->lanes, snapshot);
  muster_chart_snapshot_marks (self, snapshot);
  if (gtk_widget_get_child_visible (self->empty))
    append_empty (self, snapshot);
  set_on_paper (self, FALSE);
  return gtk_snapshot_free_to_node (snapshot);
}
