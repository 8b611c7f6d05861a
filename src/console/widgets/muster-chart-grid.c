/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-grid"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-chart-private.h"

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

/* The uppermost label names the unit, when all values have the same. */
static void
add_unit (MusterChart *self)
{
  unsigned         n_series = g_list_model_get_n_items (G_LIST_MODEL (self->series));
  g_autofree char *unit = NULL;
  MusterTick      *last;

  for (unsigned i = 0; i < n_series; i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

      if (i > 0 && g_strcmp0 (unit, muster_series_get_unit (series)) != 0)
        return;
      g_set_str (&unit, muster_series_get_unit (series));
    }
  if (unit == NULL || self->y_ticks->len == 0)
    return;
  last = &g_array_index (self->y_ticks, MusterTick, self->y_ticks->len - 1);
  if (strlen (last->label) + strlen (unit) + 2 <= sizeof last->label)
    {
      g_strlcat (last->label, " ", sizeof last->label);
      g_strlcat (last->label, unit, sizeof last->label);
    }
}

void
muster_chart_update_ticks (MusterChart *self)
{
  int height = muster_chart_measure_tick_height (self);
  int gutter;

  replace_ticks (&self->y_ticks,
                 muster_axis_list_ticks (self->y_axis,
                                         CLAMP (self->plot.size.height / (height * 1.8), 3, 10)));
  replace_ticks (&self->x_ticks,
                 muster_axis_list_ticks (self->x_axis,
                                         CLAMP (self->plot.size.width / (height * 6.0), 3, 12)));
  add_unit (self);
  muster_axis_reserve_margin (self->x_axis, measure_width (self, self->y_ticks));
  gutter = muster_axis_get_margin (self->x_axis);
  if (gutter == self->gutter)
    return;
  self->gutter = gutter;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
append_label (GtkSnapshot *snapshot, PangoLayout *layout, const GdkRGBA *colour, float x, float y)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (roundf (x), roundf (y)));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_y_ticks (MusterChart   *self,
                  GtkSnapshot   *snapshot,
                  const GdkRGBA *grid,
                  const GdkRGBA *axis)
{
  const graphene_rect_t *plot = &self->plot;

  for (unsigned i = 0; i < self->y_ticks->len; i++)
    {
      const MusterTick *tick = &g_array_index (self->y_ticks, MusterTick, i);
      g_autoptr (PangoLayout) layout = create_label (self, tick->label);
      float y = plot->origin.y +
                plot->size.height * (1 - muster_axis_normalize (self->y_axis, tick->value));
      int width, height;

      pango_layout_get_pixel_size (layout, &width, &height);
      gtk_snapshot_append_color (snapshot, grid,
                                 &GRAPHENE_RECT_INIT (plot->origin.x, roundf (y - 0.5f),
                                                      plot->size.width, 1));
      append_label (snapshot, layout, axis, plot->origin.x - LABEL_GAP - width, y - height / 2.0f);
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
                                                      plot->size.height));
      if (x - width / 2.0f < free_from || x + width / 2.0f > right)
        continue;
      append_label (snapshot, layout, axis, x - width / 2.0f,
                    plot->origin.y + plot->size.height + LABEL_GAP / 2.0f);
      free_from = x + width / 2.0f + LABEL_GAP * 2;
    }
}

void
muster_chart_snapshot_grid (MusterChart *self, GtkSnapshot *snapshot)
{
  GdkRGBA grid, axis;

  if (self->x_ticks == NULL || self->y_ticks == NULL)
    return;
  muster_pen_get (self->grid_pen, &grid);
  muster_pen_get (self->axis_pen, &axis);
  snapshot_y_ticks (self, snapshot, &grid, &axis);
  snapshot_x_ticks (self, snapshot, &grid, &axis);
}
