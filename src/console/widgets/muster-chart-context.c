/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-context"

#include "config.h"

#include <math.h>

#include "muster-chart-private.h"

/* Where VALUE of SERIES stands, in pixels from the top of the chart. */
static double
get_y (MusterChart *self, MusterSeries *series, double value)
{
  return self->plot.origin.y +
         self->plot.size.height *
           (1 - muster_axis_normalize (muster_chart_find_axis (self, series), value));
}

/* How far from Y the lane of SERIES is, the POSITIONth of them. */
static double
get_lane_distance (MusterChart *self, unsigned position, double y)
{
  float top, bottom;

  muster_lane_layer_get_strip (MUSTER_LANE_LAYER (self->lanes), position, &top, &bottom);
  top += self->bottom - self->lanes_height;
  bottom += self->bottom - self->lanes_height;
  return y < top ? top - y : y > bottom ? y - bottom : 0;
}

/* Borrowed (nullable): what is drawn nearest to Y at TIME. */
static MusterSeries *
find_nearest (MusterChart *self, gint64 time, double y)
{
  MusterSeries *best = NULL;
  double        least = INFINITY;
  unsigned      lanes = 0;

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);
      double      distance = INFINITY;
      MusterPoint point;

      if (!muster_chart_is_series_visible (self, series))
        continue;
      if (muster_series_is_lane (series))
        distance = get_lane_distance (self, lanes++, y);
      else if (muster_chart_find_at (self, series, time, &point))
        distance = fabs (get_y (self, series, point.value) - y);
      if (distance < least)
        {
          least = distance;
          best = series;
        }
    }
  return best;
}

/* To the power of ten that a pixel of the axis is less than. */
static double
round_value (MusterChart *self, MusterSeries *series, double value)
{
  double pixel =
    muster_axis_get_span (muster_chart_find_axis (self, series)) / MAX (self->plot.size.height, 1);
  double digits = pow (10, ceil (log10 (pixel)));

  return digits > 0 && isfinite (digits) ? round (value / digits) * digits : value;
}

static double
get_value_at (MusterChart *self, MusterSeries *series, double y)
{
  double share = 1 - (y - self->plot.origin.y) / MAX (self->plot.size.height, 1);

  return round_value (self, series,
                      muster_axis_denormalize (muster_chart_find_axis (self, series),
                                               CLAMP (share, 0, 1)));
}

static void
ask_at (MusterChart *self, double x, double y)
{
  gint64        time = muster_axis_denormalize (self->x_axis, muster_chart_get_fraction (self, x));
  MusterSeries *series = find_nearest (self, time, y);
  GdkRectangle  place = { x, y, 1, 1 };

  muster_chart_context (self, series, time,
                        series != NULL && !muster_series_is_lane (series)
                          ? get_value_at (self, series, y)
                          : NAN,
                        &place);
}

/* By the keyboard: the first line at the crosshair, or the first at all. */
void
muster_chart_ask_context (MusterChart *self)
{
  gint64 time =
    self->cursor_time > 0 ? self->cursor_time : (gint64)muster_axis_get_upper (self->x_axis);
  double x = self->plot.origin.x +
             self->plot.size.width * CLAMP (muster_axis_normalize (self->x_axis, time), 0, 1);
  GdkRectangle place = { x, self->bottom, 1, 1 };

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);
      MusterPoint point;

      if (!muster_chart_find_at (self, series, time, &point))
        continue;
      if (muster_series_is_lane (series))
        {
          muster_chart_context (self, series, time, NAN, &place);
          return;
        }
      place.y = get_y (self, series, point.value);
      muster_chart_context (self, series, time, round_value (self, series, point.value), &place);
      return;
    }
  muster_chart_context (self, NULL, time, NAN, &place);
}

static void
muster_chart_secondary_cb (MusterChart     *self,
                           int              n_press,
                           double           x,
                           double           y,
                           GtkGestureClick *gesture)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  ask_at (self, x, y);
}

static void
muster_chart_long_press_cb (MusterChart *self, double x, double y, GtkGesture *gesture)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  ask_at (self, x, y);
}

void
muster_chart_init_context (MusterChart *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (muster_chart_secondary_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_object (press, "pressed", G_CALLBACK (muster_chart_long_press_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (press));
}
