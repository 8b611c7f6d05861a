/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-cursor"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "muster-chart-private.h"

#define DOT_SIZE 9
#define READOUT_GAP 12
/* A point that is further from the crosshair than this part of the range is not what the crosshair
 * shows. */
#define REACH 0.05

/* The point of SERIES beside TIME. */
static gboolean
find_near (MusterChart *self, MusterSeries *series, gint64 time, MusterPoint *found)
{
  const MusterPoint *point = muster_series_find_nearest (series, time);

  if (point == NULL || isnan (point->value) ||
      fabs ((double)(point->time - time)) > muster_axis_get_span (self->x_axis) * REACH)
    return FALSE;
  *found = *point;
  return TRUE;
}

/* What the crosshair shows of SERIES: the point beside it, or what stands there. A state is what it
 * was at that very moment, and a step is what it belongs to. */
gboolean
muster_chart_find_at (MusterChart *self, MusterSeries *series, gint64 time, MusterPoint *found)
{
  const MusterPoint *point;

  if (!muster_chart_is_series_visible (self, series))
    return FALSE;
  if (!muster_series_is_lane (series) && find_near (self, series, time, found))
    return TRUE;
  point = muster_series_find_held (series, time);
  if (point == NULL || time > g_get_real_time ())
    return muster_series_get_step (series) > 0 && find_near (self, series, time, found);
  *found = (MusterPoint){ time, point->value };
  return TRUE;
}

static gboolean
find_at_cursor (MusterChart *self, MusterSeries *series, MusterPoint *found)
{
  return muster_chart_find_at (self, series, self->cursor_time, found);
}

static gboolean
cursor_is_shown (MusterChart *self)
{
  return self->cursor_time > 0 && !self->zooming && !muster_axis_is_degenerate (self->x_axis) &&
         self->cursor_time >= muster_axis_get_lower (self->x_axis) &&
         self->cursor_time <= muster_axis_get_upper (self->x_axis);
}

static void
append_dot (GtkSnapshot *snapshot, const GdkRGBA *colour, float x, float y)
{
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline,
                                   &GRAPHENE_RECT_INIT (x - DOT_SIZE / 2.0f, y - DOT_SIZE / 2.0f,
                                                        DOT_SIZE, DOT_SIZE),
                                   DOT_SIZE / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, colour, &outline.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
snapshot_crosshair (MusterChart *self, GtkSnapshot *snapshot)
{
  const graphene_rect_t *plot = &self->plot;
  float                  x =
    plot->origin.x + plot->size.width * muster_axis_normalize (self->x_axis, self->cursor_time);
  GdkRGBA colour;

  muster_pen_get (self->crosshair_pen, &colour);
  gtk_snapshot_append_color (snapshot, &colour,
                             &GRAPHENE_RECT_INIT (roundf (x - 0.5f), plot->origin.y, 1,
                                                  self->bottom - plot->origin.y));
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);
      MusterPoint point;

      if (muster_series_is_lane (series) || !find_at_cursor (self, series, &point))
        continue;
      muster_pen_get (GTK_WIDGET (muster_chart_legend_get_pen (self, series)), &colour);
      append_dot (
        snapshot, &colour,
        plot->origin.x + plot->size.width * muster_axis_normalize (self->x_axis, point.time),
        plot->origin.y +
          plot->size.height *
            (1 - muster_axis_normalize (muster_chart_find_axis (self, series), point.value)));
    }
}

static void
snapshot_zoom (MusterChart *self, GtkSnapshot *snapshot)
{
  float   left = CLAMP (MIN (self->drag_from, self->drag_to), 0, 1);
  float   right = CLAMP (MAX (self->drag_from, self->drag_to), 0, 1);
  GdkRGBA colour;

  muster_pen_get (self->zoom_pen, &colour);
  gtk_snapshot_append_color (snapshot, &colour,
                             &GRAPHENE_RECT_INIT (self->plot.origin.x +
                                                    left * self->plot.size.width,
                                                  self->plot.origin.y,
                                                  (right - left) * self->plot.size.width,
                                                  self->bottom - self->plot.origin.y));
}

void
muster_chart_snapshot_cursor (MusterChart *self, GtkSnapshot *snapshot)
{
  if (self->zooming)
    snapshot_zoom (self, snapshot);
  else if (cursor_is_shown (self))
    snapshot_crosshair (self, snapshot);
}

/* Appends "● name  value unit", the dot in the colour of SERIES: the value at POINT of what is
 * called NAME. */
static void
append_point (MusterChart       *self,
              MusterSeries      *series,
              const char        *name,
              const MusterPoint *point,
              const char        *mark,
              GString           *markup,
              GString           *plain)
{
  g_autofree char *value = muster_chart_format_value (self, series, point->value);
  g_autofree char *name_text = g_markup_escape_text (name, -1);
  g_autofree char *value_text = g_markup_escape_text (value, -1);
  GdkRGBA          colour;

  muster_pen_get (GTK_WIDGET (muster_chart_legend_get_pen (self, series)), &colour);
  g_string_append_printf (markup, "\n<span color=\"#%02x%02x%02x\">%s</span> %s  <b>%s</b>",
                          (int)(colour.red * 255), (int)(colour.green * 255),
                          (int)(colour.blue * 255), mark, name_text, value_text);
  g_string_append_printf (plain, ", %s %s", name, value);
}

static gboolean
append_value (MusterChart *self, MusterSeries *series, GString *markup, GString *plain)
{
  MusterSeries *ghost = muster_series_get_ghost (series);
  MusterPoint   point;

  if (!find_at_cursor (self, series, &point))
    return FALSE;
  append_point (self, series, muster_series_get_name (series), &point, "●", markup, plain);
  if (ghost != NULL && find_near (self, ghost, self->cursor_time, &point))
    append_point (self, series, muster_series_get_name (ghost), &point, "○", markup, plain);
  return TRUE;
}

void
muster_chart_update_readout (MusterChart *self)
{
  g_autofree char *time = NULL;
  g_autoptr (GString) markup = NULL;
  g_autoptr (GString) plain = NULL;
  gboolean any = FALSE;

  if (cursor_is_shown (self))
    {
      time = muster_axis_format (self->x_axis, self->cursor_time);
      markup = g_string_new (time);
      plain = g_string_new (time);
      for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
        {
          g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

          any |= append_value (self, series, markup, plain);
        }
      any |= muster_chart_append_marks (self, markup, plain);
      gtk_label_set_markup (GTK_LABEL (self->readout_label), markup->str);
    }
  gtk_widget_set_child_visible (self->readout, any);
  if (any)
    gtk_widget_queue_allocate (GTK_WIDGET (self));
  if (any && self->spoken)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    plain->str, -1);
  /* Only who works with this chart by the keyboard wants to hear it. */
  if (any && self->announce && gtk_widget_has_focus (GTK_WIDGET (self)))
    gtk_accessible_announce (GTK_ACCESSIBLE (self), plain->str,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  self->announce = FALSE;
}

/* Beside the crosshair, on the side with more room. */
void
muster_chart_allocate_readout (MusterChart *self)
{
  float x = self->plot.origin.x +
            self->plot.size.width * muster_axis_normalize (self->x_axis, self->cursor_time);
  int width, height;

  gtk_widget_measure (self->readout, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  gtk_widget_measure (self->readout, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  if (x > self->plot.origin.x + self->plot.size.width / 2)
    x -= READOUT_GAP + width;
  else
    x += READOUT_GAP;
  gtk_widget_size_allocate (
    self->readout, &(GtkAllocation){ x, self->plot.origin.y + READOUT_GAP / 2, width, height }, -1);
}

/* The nearest moment before or after the crosshair at which any series has a point. */
void
muster_chart_step_cursor (MusterChart *self, int direction)
{
  gint64 best = 0;
  gint64 from =
    self->cursor_time > 0 ? self->cursor_time : (gint64)muster_axis_get_upper (self->x_axis) + 1;

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);
      unsigned           n_points;
      const MusterPoint *points = muster_series_peek (series, &n_points);
      unsigned           position = muster_series_find (series, direction > 0 ? from + 1 : from);
      gint64             time;

      if (direction > 0 ? position >= n_points : position == 0)
        continue;
      time = points[direction > 0 ? position : position - 1].time;
      if (best == 0 || (direction > 0 ? time < best : time > best))
        best = time;
    }
  if (best == 0)
    return;
  muster_chart_set_following (self, FALSE);
  if (best < muster_axis_get_lower (self->x_axis) || best > muster_axis_get_upper (self->x_axis))
    muster_axis_pan (self->x_axis, direction * 0.5);
  self->announce = TRUE;
  muster_chart_set_cursor_time (self, best);
}
