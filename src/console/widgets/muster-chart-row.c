/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-row"

#include "config.h"

#include <math.h>

#include "muster-chart.h"

/* A table of more rows than this is a file, not something to read. */
#define MAX_ROWS 2000

struct _MusterChartRow
{
  GObject parent_instance;

  gint64  time;
  GArray *values; /* (owned) (element-type double) one a series */
};

G_DEFINE_FINAL_TYPE (MusterChartRow, muster_chart_row, G_TYPE_OBJECT)

static void
muster_chart_row_finalize (GObject *object)
{
  g_array_unref (MUSTER_CHART_ROW (object)->values);
  G_OBJECT_CLASS (muster_chart_row_parent_class)->finalize (object);
}

static void
muster_chart_row_class_init (MusterChartRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_chart_row_finalize;
}

static void
muster_chart_row_init (MusterChartRow *self)
{
  self->values = g_array_new (FALSE, FALSE, sizeof (double));
}

gint64
muster_chart_row_get_time (MusterChartRow *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_ROW (self), 0);

  return self->time;
}

double
muster_chart_row_get_value (MusterChartRow *self, unsigned column)
{
  g_return_val_if_fail (MUSTER_IS_CHART_ROW (self), NAN);

  return column < self->values->len ? g_array_index (self->values, double, column) : NAN;
}

/* The greatest time before BEFORE at which a series has a point within the range; 0 when there is
 * none. */
static gint64
find_previous (GListModel *model, gint64 before, gint64 lower)
{
  gint64 best = 0;

  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (model, i);
      unsigned           n_points;
      const MusterPoint *points = muster_series_peek (series, &n_points);
      unsigned           position = muster_series_find (series, before);

      if (position > 0 && points[position - 1].time >= lower)
        best = MAX (best, points[position - 1].time);
    }
  return best;
}

static MusterChartRow *
create_row (GListModel *model, gint64 time)
{
  MusterChartRow *self = g_object_new (MUSTER_TYPE_CHART_ROW, NULL);

  self->time = time;
  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (model, i);
      const MusterPoint *point = muster_series_find_nearest (series, time);
      double             value = point != NULL && point->time == time ? point->value : NAN;

      g_array_append_val (self->values, value);
    }
  return self;
}

GListModel *
muster_chart_rows_new (GListModel *series, gint64 from, gint64 to)
{
  GListStore *store = g_list_store_new (MUSTER_TYPE_CHART_ROW);
  gint64      time;

  g_return_val_if_fail (G_IS_LIST_MODEL (series), G_LIST_MODEL (store));

  time = find_previous (series, to + 1, from);
  while (time > 0 && g_list_model_get_n_items (G_LIST_MODEL (store)) < MAX_ROWS)
    {
      g_autoptr (MusterChartRow) row = create_row (series, time);

      g_list_store_append (store, row);
      time = find_previous (series, time, from);
    }
  return G_LIST_MODEL (store);
}

GListModel *
muster_chart_list_rows (MusterChart *chart)
{
  MusterAxis *axis;

  g_return_val_if_fail (MUSTER_IS_CHART (chart), NULL);

  axis = muster_chart_get_x_axis (chart);
  return muster_chart_rows_new (muster_chart_get_series (chart), muster_axis_get_lower (axis),
                                muster_axis_get_upper (axis));
}
