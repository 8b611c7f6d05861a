/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-range"

#include "config.h"

#include "muster-rollup-walk.h"
#include "muster-sample-range.h"
#include "muster-sample-reducer.h"

/* One metric that is asked for. */
typedef struct
{
  guint32              metric;
  char                *name;
  MusterSampleReducer *reducer;
} Series;

typedef struct
{
  MusterSampleTable       *table;
  const MusterSampleQuery *query;
  MusterSampleBatch       *batch;
  GArray                  *series;  /* (element-type Series) */
  gboolean                 is_open; /* metrics are taken as they come */
  const MusterRollupSink  *sink;    /* (nullable) says which are wanted now */
} Range;

static void
series_clear (gpointer data)
{
  Series *series = data;

  muster_sample_reducer_free (series->reducer);
  g_free (series->name);
}

gboolean
muster_sample_is_excluded (const MusterSampleQuery *query, const char *metric, gint64 time)
{
  for (unsigned i = 0; i < query->n_excluded; i++)
    {
      const MusterSampleExclusion *excluded = &query->excluded[i];

      if (excluded->range.from <= time && time <= excluded->range.to &&
          (excluded->metric == NULL || g_str_equal (excluded->metric, metric)))
        return TRUE;
    }
  return FALSE;
}

static void
add_series (Range *range, guint32 metric, const char *name)
{
  Series series = { metric, g_strdup (name),
                    muster_sample_reducer_new (range->query, name, range->batch) };

  g_array_append_val (range->series, series);
}

static Series *
find_series (Range *range, guint32 metric)
{
  for (guint i = 0; i < range->series->len; i++)
    if (g_array_index (range->series, Series, i).metric == metric)
      return range->sink == NULL || muster_rollup_sink_wants (range->sink, i)
               ? &g_array_index (range->series, Series, i)
               : NULL;
  if (!range->is_open)
    return NULL;
  g_rw_lock_reader_lock (&range->table->lock);
  add_series (range, metric, range->table->metrics->pdata[metric]);
  g_rw_lock_reader_unlock (&range->table->lock);
  return &g_array_index (range->series, Series, range->series->len - 1);
}

static void
push_column (const Range              *range,
             Series                   *series,
             const MusterSampleRows   *rows,
             const MusterSampleColumn *column,
             unsigned                  from,
             unsigned                  to)
{
  for (unsigned i = from; i < to; i++)
    {
      MusterSample sample;

      if (column->tags[i] == MUSTER_CELL_ABSENT ||
          muster_sample_is_excluded (range->query, series->name, rows->times[i]))
        continue;
      sample =
        muster_sample_from_cell (series->name, rows->times[i], column->tags[i], column->cells[i]);
      muster_sample_reducer_push (series->reducer, &sample);
    }
}

/* --- summaries --- */

static MusterSample
to_sample (const MusterBlockColumn *column, double number, gint64 time)
{
  MusterCell cell = { .number = number };

  if (column->kind == MUSTER_BLOCK_INTEGER)
    cell.integer = (gint64)number;
  return muster_sample_from_cell (NULL, time, column->tag, cell);
}

static gboolean
find_time (MusterSampleScan *scan, MusterSamplePiece *piece, unsigned row, gint64 *time)
{
  if (muster_sample_block_get_time (piece->block, row, time))
    return TRUE;
  if (!muster_sample_piece_load_times (scan, piece))
    return FALSE;
  *time = piece->times[row];
  return TRUE;
}

/* FALSE where the samples themselves are needed. */
static gboolean
push_summary (const Range             *range,
              MusterSampleScan        *scan,
              MusterSamplePiece       *piece,
              Series                  *series,
              const MusterBlockColumn *column)
{
  const MusterBlockSummary *known = &column->summary;
  MusterSampleReducer      *reducer = series->reducer;
  MusterSampleSummary       summary = { .count = column->n_present, .sum = known->sum };
  gint64 first, last, least = piece->block->first, greatest = piece->block->first;

  if (!column->has_summary ||
      !muster_sample_reducer_takes_summary (reducer, piece->block->first, piece->block->last))
    return FALSE;
  if (muster_cell_is_bad (column->tag) && !range->query->include_bad)
    return TRUE;
  if (!find_time (scan, piece, known->i_first, &first) ||
      !find_time (scan, piece, known->i_last, &last))
    return FALSE;
  if (muster_sample_reducer_wants_extremes (reducer, first, known->minimum, known->maximum) &&
      (!find_time (scan, piece, known->i_minimum, &least) ||
       !find_time (scan, piece, known->i_maximum, &greatest)))
    return FALSE;
  summary.first = to_sample (column, known->first, first);
  summary.last = to_sample (column, known->last, last);
  summary.least = to_sample (column, known->minimum, least);
  summary.greatest = to_sample (column, known->maximum, greatest);
  muster_sample_reducer_push_summary (reducer, &summary);
  return TRUE;
}

/* --- pieces --- */

static void
take_block (MusterSampleScan *scan, MusterSamplePiece *piece, Range *range)
{
  for (unsigned i = 0; i < piece->block->n_columns; i++)
    {
      const MusterBlockColumn *column = &piece->block->columns[i];
      Series                  *series = find_series (range, column->metric);
      const MusterSampleRows  *rows;

      if (series == NULL || column->n_present == 0 ||
          push_summary (range, scan, piece, series, column))
        continue;
      rows = muster_sample_piece_load_rows (scan, piece);
      if (rows == NULL)
        return;
      push_column (range, series, rows, muster_sample_rows_find_column (rows, column->metric), 0,
                   rows->n_rows);
    }
}

static gboolean
piece_cb (MusterSampleScan *scan, MusterSamplePiece *piece, gpointer user_data, GError **error)
{
  Range *range = user_data;

  if (piece->block != NULL)
    {
      take_block (scan, piece, range);
      return TRUE;
    }
  for (unsigned i = 0; i < piece->rows->n_columns; i++)
    {
      const MusterSampleColumn *column = &piece->rows->columns[i];
      Series                   *series = find_series (range, column->metric);

      if (series != NULL)
        push_column (range, series, piece->rows, column, piece->from, piece->to);
    }
  return TRUE;
}

/* The metrics that are asked for by name, as far as they ever had samples. */
static guint32 *
resolve_metrics (Range *range, unsigned *n_metrics)
{
  const char *const *names = range->query->metrics;
  guint32           *numbers = g_new (guint32, g_strv_length ((char **)names) + 1);
  unsigned           n = 0;

  g_rw_lock_reader_lock (&range->table->lock);
  for (unsigned i = 0; names[i] != NULL; i++)
    if (!g_strv_contains (names + i + 1, names[i]) &&
        muster_sample_table_find_metric (range->table, names[i], &numbers[n]))
      add_series (range, numbers[n++], names[i]);
  g_rw_lock_reader_unlock (&range->table->lock);
  *n_metrics = n;
  return numbers;
}

/* All that the device ever had samples of: (transfer full). */
static guint32 *
resolve_all_metrics (Range *range, unsigned *n_metrics)
{
  const MusterSampleDevice *device;
  guint32                  *numbers = NULL;

  *n_metrics = 0;
  g_rw_lock_reader_lock (&range->table->lock);
  device = muster_sample_table_find_device (range->table, range->query->device_id);
  if (device != NULL)
    {
      numbers = g_new (guint32, device->latest->len + 1);
      for (guint i = 0; i < device->latest->len; i++)
        {
          guint32 metric = g_array_index (device->latest, MusterLatestSample, i).metric;

          add_series (range, metric, range->table->metrics->pdata[metric]);
          numbers[(*n_metrics)++] = metric;
        }
    }
  g_rw_lock_reader_unlock (&range->table->lock);
  return numbers;
}

/* --- roll-ups --- */

static Series *
get_series (gpointer data, unsigned number)
{
  return &g_array_index (((Range *)data)->series, Series, number);
}

static void
expect_cb (gpointer data, unsigned series, gint64 n_samples)
{
  muster_sample_reducer_expect (get_series (data, series)->reducer, n_samples);
}

static gboolean
takes_cb (gpointer data, unsigned series, gint64 from, gint64 to)
{
  return muster_sample_reducer_takes_summary (get_series (data, series)->reducer, from, to);
}

static MusterSample
from_point (const MusterRollupPoint *point)
{
  return muster_sample_from_cell (NULL, point->time, point->tag, point->cell);
}

/* What is left of samples that were deleted. */
static void
push_points (MusterSampleReducer *reducer, const MusterSampleSummary *summary)
{
  const MusterSample *least = &summary->least, *greatest = &summary->greatest;
  gboolean            is_falling = greatest->time < least->time;
  const MusterSample *points[] = { &summary->first, is_falling ? greatest : least,
                                   is_falling ? least : greatest, &summary->last };

  for (unsigned i = 0; i < G_N_ELEMENTS (points); i++)
    if (i == 0 || points[i]->time > points[i - 1]->time)
      muster_sample_reducer_push (reducer, points[i]);
}

static void
take_cb (gpointer data, unsigned series, const MusterRollupPiece *piece, gboolean is_whole)
{
  MusterSampleReducer *reducer = get_series (data, series)->reducer;
  MusterSampleSummary  summary = { .count = piece->count,
                                   .sum = piece->sum,
                                   .first = from_point (&piece->first),
                                   .least = from_point (&piece->least),
                                   .greatest = from_point (&piece->greatest),
                                   .last = from_point (&piece->last) };

  /* Of texts that were deleted only their number is known. */
  if (((Range *)data)->query->aggregate == MUSTER_AGGREGATE_COUNT)
    summary.count += piece->others;
  if (summary.count == 0)
    return;
  if (is_whole || muster_sample_reducer_is_simple (reducer))
    muster_sample_reducer_push_summary (reducer, &summary);
  else
    push_points (reducer, &summary);
}

static gboolean
walk_rollups (Range            *range,
              MusterSampleFile *file,
              const guint32    *metrics,
              unsigned          n_metrics,
              GArray           *damaged,
              GError          **error)
{
  g_autofree const char **names = g_new (const char *, n_metrics + 1);
  MusterRollupSink        sink = { .metrics = metrics,
                                   .names = names,
                                   .n_series = n_metrics,
                                   .wanted = muster_rollup_get_wanted (range->query->aggregate),
                                   .level = muster_rollup_get_level (range->query),
                                   .data = range,
                                   .expect = expect_cb,
                                   .takes = takes_cb,
                                   .take = take_cb,
                                   .raw = piece_cb };

  for (unsigned i = 0; i < n_metrics; i++)
    names[i] = get_series (range, i)->name;
  range->sink = &sink;
  return muster_rollup_walk (range->table, file, range->query, &sink, damaged, error);
}

static int
compare_series (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Series *)a)->name, ((const Series *)b)->name);
}

MusterSampleBatch *
muster_sample_range_query (MusterSampleTable       *table,
                           MusterSampleFile        *file,
                           const MusterSampleQuery *query,
                           GArray                  *damaged,
                           GError                 **error)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (query->device_id);
  g_autoptr (GArray) series = g_array_new (FALSE, FALSE, sizeof (Series));
  g_autofree guint32 *metrics = NULL;
  gboolean            has_rollups =
    !table->is_plain &&
    (muster_rollup_get_level (query) != MUSTER_ROLLUP_RAW || g_atomic_int_get (&table->has_cuts));
  Range                 range = { table, query, batch, series };
  MusterSampleScanRange scanned = { .device_id = query->device_id,
                                    .from = query->from,
                                    .to = query->to,
                                    .excluded = query->excluded,
                                    .n_excluded = query->n_excluded };

  g_array_set_clear_func (series, series_clear);
  if (query->metrics != NULL)
    metrics = resolve_metrics (&range, &scanned.n_metrics);
  else if (has_rollups)
    metrics = resolve_all_metrics (&range, &scanned.n_metrics);
  range.is_open = query->metrics == NULL && !has_rollups;
  if (!range.is_open && scanned.n_metrics == 0)
    return g_steal_pointer (&batch);
  scanned.metrics = metrics;
  if (!(has_rollups
          ? walk_rollups (&range, file, metrics, scanned.n_metrics, damaged, error)
          : muster_sample_scan_run (table, file, &scanned, piece_cb, &range, damaged, error)))
    return NULL;
  g_array_sort (series, compare_series);
  for (guint i = 0; i < series->len; i++)
    if (!muster_sample_reducer_finish (g_array_index (series, Series, i).reducer, error))
      return NULL;
  return g_steal_pointer (&batch);
}

/* --- the newest --- */

static void
list_latest (MusterSampleTable *table, const MusterSampleDevice *device, GPtrArray *batches)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (device->id);
  unsigned n;

  for (guint i = 0; i < device->latest->len; i++)
    {
      const MusterLatestSample *latest = &g_array_index (device->latest, MusterLatestSample, i);
      const char               *name = table->metrics->pdata[latest->metric];
      MusterSample              sample;

      if (latest->tag == MUSTER_CELL_ABSENT)
        continue;
      sample = muster_sample_from_cell (name, latest->time, latest->tag, latest->cell);
      muster_sample_batch_append (batch, name, latest->time, &sample);
    }
  muster_sample_batch_get (batch, &n);
  if (n > 0)
    g_ptr_array_add (batches, g_steal_pointer (&batch));
}

GPtrArray *
muster_sample_latest_query (MusterSampleTable *table, const char *const *device_ids)
{
  GPtrArray *batches = g_ptr_array_new_with_free_func (g_object_unref);

  g_rw_lock_reader_lock (&table->lock);
  if (device_ids != NULL)
    for (unsigned i = 0; device_ids[i] != NULL; i++)
      {
        MusterSampleDevice *device = muster_sample_table_find_device (table, device_ids[i]);

        if (device != NULL)
          list_latest (table, device, batches);
      }
  else
    for (guint i = 1; i < table->devices->len; i++)
      {
        MusterSampleDevice *device = table->devices->pdata[i];

        if (device != NULL && !device->is_gone)
          list_latest (table, device, batches);
      }
  g_rw_lock_reader_unlock (&table->lock);
  return batches;
}
