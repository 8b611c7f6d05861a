/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-grid"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-chart-private.h"
#include "muster-paper.h"

#define LABEL_GAP 6

static PangoLayout *
create_label (MusterChart *self, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (self->axis_pen, text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  /* Digits of one width keep the labels still while the numbers run. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}

static int
measure_width (MusterChart *self, GArray *ticks)
{
  int widest = 0;

  for (unsigned i = 0; i < ticks->len; i++)
    {
      g_autoptr (PangoLayout) layout =
                  create_label (self, g_array_index (ticks, MusterTick, i).label);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  return widest;
}

int
muster_chart_measure_tick_height (MusterChart *self)
{
  g_autoptr (PangoLayout) layout = create_label (self, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static void
replace_ticks (GArray **ticks, GArray *with)
{
  g_clear_pointer (ticks, g_array_unref);
  *ticks = with;
}

/* The uppermost label names the unit. */
static void
add_unit (MusterScale *scale)
{
  MusterTick *last;

  if (scale->unit == NULL || scale->ticks->len == 0)
    return;
  last = &g_array_index (scale->ticks, MusterTick, scale->ticks->len - 1);
  if (strlen (last->label) + strlen (scale->unit) + 2 <= sizeof last->label)
    {
      g_strlcat (last->label, " ", sizeof last->label);
      g_strlcat (last->label, scale->unit, sizeof last->label);
    }
}

/* Without a plot there is nothing for labels of values to stand beside. */
static void
update_scale (MusterChart *self, MusterScale *scale, int height)
{
  replace_ticks (&scale->ticks,
                 self->has_plot
                   ? muster_axis_list_ticks (scale->axis,
                                             CLAMP (self->plot.size.height / (height * 1.8), 3, 10))
                   : g_array_new (FALSE, FALSE, sizeof (MusterTick)));
  add_unit (scale);
  scale->gutter = measure_width (self, scale->ticks);
}

void
muster_chart_update_ticks (MusterChart *self)
{
  int height = muster_chart_measure_tick_height (self);
  int gutter, end_gutter, at_end = 0;

  for (unsigned i = 0; i < self->scales->len; i++)
    {
      update_scale (self, muster_chart_get_scale (self, i), height);
      if (i > 0)
        at_end += muster_chart_get_scale (self, i)->gutter + 2 * LABEL_GAP;
    }
  replace_ticks (&self->x_ticks,
                 muster_axis_list_ticks (self->x_axis,
                                         CLAMP (self->plot.size.width / (height * 6.0), 3, 12)));
  muster_axis_reserve_margin (self->x_axis, muster_chart_get_scale (self, 0)->gutter);
  muster_axis_reserve_end_margin (self->x_axis, at_end);
  gutter = muster_axis_get_margin (self->x_axis);
  end_gutter = muster_axis_get_end_margin (self->x_axis);
  if (gutter == self->gutter && end_gutter == self->end_gutter)
    return;
  self->gutter = gutter;
  self->end_gutter = end_gutter;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* The labels of a scale that a single line belongs to have the colour of that line. */
static void
get_scale_colour (MusterChart *self, MusterScale *scale, GdkRGBA *colour)
{
  MusterSeries *only = NULL;

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

      if (muster_series_is_lane (series) || muster_chart_find_scale (self, series) != scale)
        continue;
      if (only != NULL)
        return;
      only = series;
    }
  if (only != NULL)
    muster_pen_get (GTK_WIDGET (muster_chart_legend_get_pen (self, only)), colour);
}

/* The labels of SCALE with their right ends, or left ones where it stands at the END, at X. Only
 * the first scale has lines. */
static void
snapshot_scale (MusterChart   *self,
                GtkSnapshot   *snapshot,
                MusterScale   *scale,
                float          x,
                gboolean       end,
                const GdkRGBA *grid,
                const GdkRGBA *axis)
{
  const graphene_rect_t *plot = &self->plot;

  for (unsigned i = 0; i < scale->ticks->len; i++)
    {
      const MusterTick *tick = &g_array_index (scale->ticks, MusterTick, i);
      g_autoptr (PangoLayout) layout = create_label (self, tick->label);
      float y =
        plot->origin.y + plot->size.height * (1 - muster_axis_normalize (scale->axis, tick->value));
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      if (!end)
        gtk_snapshot_append_color (snapshot, grid,
                                   &GRAPHENE_RECT_INIT (plot->origin.x, roundf (y - 0.5f),
                                                        plot->size.width, 1));
      muster_paper_append_text (snapshot, layout, axis, end ? x : x - width, y - height / 2.0f,
                                self->on_paper);
    }
}

static void
snapshot_scales (MusterChart *self, GtkSnapshot *snapshot, const GdkRGBA *grid, const GdkRGBA *axis)
{
  float x = self->plot.origin.x + self->plot.size.width + LABEL_GAP;

  for (unsigned i = 0; i < self->scales->len; i++)
    {
      MusterScale *scale = muster_chart_get_scale (self, i);
      GdkRGBA      colour = *axis;

      if (scale->ticks == NULL)
        continue;
      if (self->scales->len > 1)
        get_scale_colour (self, scale, &colour);
      snapshot_scale (self, snapshot, scale, i == 0 ? self->plot.origin.x - LABEL_GAP : x, i > 0,
                      grid, &colour);
      if (i > 0)
        x += scale->gutter + 2 * LABEL_GAP;
    }
}

static void
snapshot_x_ticks (MusterChart   *self,
                  GtkSnapshot   *snapshot,
                  const GdkRGBA *grid,
                  const GdkRGBA *axis)
{
  const graphene_rect_t *plot = &self->plot;
  float                  free_from = 0;
  float                  right = gtk_widget_get_width (GTK_WIDGET (self));

  for (unsigned i = 0; i < self->x_ticks->len; i++)
    {
      const MusterTick *tick = &g_array_index (self->x_ticks, MusterTick, i);
      g_autoptr (PangoLayout) layout = create_label (self, tick->label);
      float x =
        plot->origin.x + plot->size.width * muster_axis_normalize (self->x_axis, tick->value);
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      gtk_snapshot_append_color (snapshot, grid,
                                 &GRAPHENE_RECT_INIT (roundf (x - 0.5f), plot->origin.y, 1,
                                                      self->bottom - plot->origin.y));
      if (x - width / 2.0f < free_from || x + width / 2.0f > right)
        continue;
      muster_paper_append_text (snapshot, layout, axis, x - width / 2.0f,
                                self->bottom + LABEL_GAP / 2.0f, self->on_paper);
      free_from = x + width / 2.0f + LABEL_GAP * 2;
    }
}

void
muster_chart_snapshot_grid (MusterChart *self, GtkSnapshot *snapshot)
{
  GdkRGBA grid, axis;

  if (self->x_ticks == NULL)
    return;
  muster_pen_get (self->grid_pen, &grid);
  muster_pen_get (self->axis_pen, &axis);
  snapshot_scales (self, snapshot, &grid, &axis);
  snapshot_x_ticks (self, snapshot, &grid, &axis);
}
