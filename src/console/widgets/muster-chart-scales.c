/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-scales"

#include "config.h"

#include <math.h>

#include "muster-chart-private.h"

/* More than that leave no room for the plot; units beyond them share the last. */
#define MOST_SCALES 4

static void
scale_free (gpointer data)
{
  MusterScale *scale = data;

  g_free (scale->unit);
  g_object_unref (scale->axis);
  g_clear_pointer (&scale->ticks, g_array_unref);
  g_free (scale);
}

static MusterScale *
add_scale (MusterChart *self, MusterAxis *axis)
{
  MusterScale *scale = g_new0 (MusterScale, 1);

  scale->axis = axis;
  g_ptr_array_add (self->scales, scale);
  return scale;
}

void
muster_chart_init_scales (MusterChart *self)
{
  self->scales = g_ptr_array_new_with_free_func (scale_free);
  add_scale (self, g_object_ref (self->y_axis));
}

MusterScale *
muster_chart_get_scale (MusterChart *self, unsigned i)
{
  return self->scales->pdata[i];
}

/* The scale of UNIT, a new one where there is none and room for it. */
static MusterScale *
find_scale (MusterChart *self, const char *unit)
{
  MusterScale *first = muster_chart_get_scale (self, 0);
  MusterScale *scale;

  if (!first->taken)
    {
      first->taken = TRUE;
      g_set_str (&first->unit, unit);
    }
  for (unsigned i = 0; i < self->scales->len; i++)
    if (g_strcmp0 (muster_chart_get_scale (self, i)->unit, unit) == 0)
      return muster_chart_get_scale (self, i);
  if (self->scales->len == MOST_SCALES)
    return muster_chart_get_scale (self, MOST_SCALES - 1);
  scale = add_scale (self, muster_axis_new (MUSTER_AXIS_NUMBER));
  scale->taken = TRUE;
  scale->unit = g_strdup (unit);
  return scale;
}

/* The first unit stands at the left, every other one at the right. */
void
muster_chart_assign_scales (MusterChart *self)
{
  unsigned     before = self->scales->len;
  MusterScale *first = muster_chart_get_scale (self, 0);

  first->taken = FALSE;
  g_clear_pointer (&first->unit, g_free);
  g_ptr_array_set_size (self->scales, 1);
  self->has_plot = FALSE;
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

      if (muster_series_is_lane (series))
        continue;
      self->has_plot = TRUE;
      muster_trace_layer_set_axis (MUSTER_TRACE_LAYER (self->layer), series,
                                   find_scale (self, muster_series_get_unit (series))->axis);
    }
  if (self->scales->len < before)
    muster_axis_release_margins (self->x_axis);
}

MusterScale *
muster_chart_find_scale (MusterChart *self, MusterSeries *series)
{
  const char *unit = muster_series_get_unit (series);

  for (unsigned i = 0; i < self->scales->len; i++)
    if (g_strcmp0 (muster_chart_get_scale (self, i)->unit, unit) == 0)
      return muster_chart_get_scale (self, i);
  return muster_chart_get_scale (self, self->scales->len - 1);
}

MusterAxis *
muster_chart_find_axis (MusterChart *self, MusterSeries *series)
{
  return muster_chart_find_scale (self, series)->axis;
}

char *
muster_chart_format_value (MusterChart *self, MusterSeries *series, double value)
{
  const char      *state = muster_series_get_state (series, value);
  const char      *unit = muster_series_get_unit (series);
  g_autofree char *number = NULL;

  if (state != NULL)
    return g_strdup (state);
  /* What counts does not come in parts. */
  if (muster_series_get_form (series) == MUSTER_FORM_STEP && value == floor (value) &&
      fabs (value) < 1e15)
    number = g_strdup_printf ("%.0f", value);
  else
    number = muster_axis_format (muster_chart_find_axis (self, series), value);
  return unit != NULL ? g_strdup_printf ("%s %s", number, unit) : g_steal_pointer (&number);
}

/* --- what is in sight --- */

static gboolean
include (gboolean any, double low, double high, double *minimum, double *maximum)
{
  *minimum = any ? MIN (*minimum, low) : low;
  *maximum = any ? MAX (*maximum, high) : high;
  return TRUE;
}

/* Widens the extent by SERIES, which may be NULL. */
static gboolean
include_series (MusterChart  *self,
                MusterSeries *series,
                gboolean      any,
                double       *minimum,
                double       *maximum)
{
  double low, high;

  if (series == NULL ||
      !muster_series_get_extent (series, muster_axis_get_lower (self->x_axis),
                                 muster_axis_get_upper (self->x_axis), &low, &high))
    return any;
  return include (any, low, high, minimum, maximum);
}

static gboolean
include_all_of (MusterChart  *self,
                MusterSeries *series,
                gboolean      any,
                double       *minimum,
                double       *maximum)
{
  any = include_series (self, series, any, minimum, maximum);
  any = include_series (self, muster_series_get_ghost (series), any, minimum, maximum);
  if (muster_series_get_form (series) == MUSTER_FORM_BAND)
    {
      any = include_series (self, muster_series_get_low (series), any, minimum, maximum);
      any = include_series (self, muster_series_get_high (series), any, minimum, maximum);
    }
  /* A bar says nothing without the zero that it stands on. */
  if (any && muster_series_get_form (series) == MUSTER_FORM_BARS)
    include (TRUE, 0, 0, minimum, maximum);
  return any;
}

static gboolean
get_extent (MusterChart *self, MusterScale *scale, double *minimum, double *maximum)
{
  gboolean any = FALSE;

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

      if (!muster_series_is_lane (series) && muster_chart_is_series_visible (self, series) &&
          muster_chart_find_scale (self, series) == scale)
        any = include_all_of (self, series, any, minimum, maximum);
    }
  return any;
}

static gboolean
has_bars (MusterChart *self, MusterScale *scale)
{
  gboolean bars = FALSE;

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

      bars |= muster_series_get_form (series) == MUSTER_FORM_BARS &&
              muster_chart_find_scale (self, series) == scale;
    }
  return bars;
}

/* What is to be kept in sight belongs to the scale at the left. */
static gboolean
include_kept (MusterChart *self, gboolean any, double *minimum, double *maximum)
{
  for (unsigned i = 0; i < self->kept->len; i++)
    {
      double value = g_array_index (self->kept, double, i);

      any = include (any, value, value, minimum, maximum);
    }
  return any;
}

/* Whether a lane has anything between the ends of the x axis. */
static gboolean
is_lane_filled (MusterChart *self, MusterSeries *series)
{
  double low, high;

  return muster_series_is_lane (series) && muster_chart_is_series_visible (self, series) &&
         (muster_series_find_held (series, muster_axis_get_lower (self->x_axis)) != NULL ||
          muster_series_get_extent (series, muster_axis_get_lower (self->x_axis),
                                    muster_axis_get_upper (self->x_axis), &low, &high));
}

gboolean
muster_chart_fit_scales (MusterChart *self)
{
  gboolean found = FALSE;

  for (unsigned i = 0; i < self->scales->len; i++)
    {
      MusterScale *scale = muster_chart_get_scale (self, i);
      double       low = 0, high = 0;
      gboolean     any = get_extent (self, scale, &low, &high);

      found |= any;
      if (i == 0)
        any = include_kept (self, any, &low, &high);
      if (any)
        muster_axis_fit (scale->axis, low, high);
      /* What cannot be less than nothing is not shown so. */
      if (any && low >= 0 && muster_axis_get_lower (scale->axis) < 0 &&
          (low > 0 || has_bars (self, scale)))
        muster_axis_set_range (scale->axis, 0, muster_axis_get_upper (scale->axis));
    }
  for (unsigned i = 0; !found && i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

      found = is_lane_filled (self, series);
    }
  return found;
}
