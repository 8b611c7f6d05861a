/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-range"

#include "config.h"

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
      return &g_array_index (range->series, Series, i);
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
push_summary (MusterSampleScan        *scan,
              MusterSamplePiece       *piece,
              Series                  *series,
              const MusterBlockColumn *column)
{
  const MusterBlockSummary *known = &column->summary;
  MusterSampleReducer      *reducer = series->reducer;
  MusterSampleSummary       summary = { .count = column->n_present, .sum = known->sum };
  gint64 first, last, least = piece->block->first, greatest = piece->block->first;

  if (!column->has_summary ||
      !muster_sample_reducer_takes_summary (reducer, piece->block->first, piece->block->last) ||
      !find_time (scan, piece, known->i_first, &first) ||
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

      if (series == NULL || column->n_present == 0 || push_summary (scan, piece, series, column))
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
  g_autofree guint32   *metrics = NULL;
  Range                 range = { table, query, batch, series, query->metrics == NULL };
  MusterSampleScanRange scanned = { .device_id = query->device_id,
                                    .from = query->from,
                                    .to = query->to,
                                    .excluded = query->excluded,
                                    .n_excluded = query->n_excluded };

  g_array_set_clear_func (series, series_clear);
  if (query->metrics != NULL)
    {
      metrics = resolve_metrics (&range, &scanned.n_metrics);
      scanned.metrics = metrics;
      if (scanned.n_metrics == 0)
        return g_steal_pointer (&batch);
    }
  if (!muster_sample_scan_run (table, file, &scanned, piece_cb, &range, damaged, error))
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
