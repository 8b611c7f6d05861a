/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-grid"

#include "config.h"

#include "model/muster-error.h"
#include "muster-grid-cell.h"
#include "muster-rollup-walk.h"
#include "muster-sample-grid.h"
#include "muster-sample-range.h"
#include "muster-sample-reducer.h"
#include "muster-sample-steps.h"

struct _MusterSampleGrid
{
  const MusterSeriesQuery *query;
  GArray                  *steps; /* (element-type gint64): begins, and the end of the last */
  unsigned                 n_steps;
  unsigned                 n_metrics;
  MusterGridCell          *cells; /* group after group, metric after metric, step after step */
  gboolean                 wants_squares;
  gboolean                 wants_numbers;
  gboolean                 is_sum; /* sum and count are enough */
  gsize                    n_numbers;
  double                  *buffer; /* numbers of a block */
  unsigned                 n_buffer;
};

/* The metrics that any device ever had samples of. */
typedef struct
{
  guint32     *numbers; /* (owned) theirs in the store */
  unsigned    *places;  /* (owned) theirs in the query */
  const char **names;   /* (owned) (element-type utf8, unowned) */
  unsigned     n;
} Known;

/* One device under way. */
typedef struct
{
  MusterSampleGrid       *grid;
  MusterSampleQuery       query;
  const Known            *known;
  const MusterRollupSink *sink; /* (nullable) says which metrics are wanted now */
  MusterGridCell         *rows; /* of the device's group */
} Device;

static gboolean
make_steps (MusterSampleGrid *self, const MusterSampleQuery *query)
{
  gint64 start, end;

  self->steps = g_array_new (FALSE, FALSE, sizeof (gint64));
  muster_sample_step_find (query->from, query->step, query->unit, query->zone, &start, &end);
  g_array_append_val (self->steps, start);
  g_array_append_val (self->steps, end);
  while (end <= query->to && self->steps->len <= MUSTER_SAMPLE_MAX_POINTS)
    {
      muster_sample_step_find (end, query->step, query->unit, query->zone, &start, &end);
      g_array_append_val (self->steps, end);
    }
  self->n_steps = self->steps->len - 1;
  return self->n_steps <= MUSTER_SAMPLE_MAX_POINTS;
}

MusterSampleGrid *
muster_sample_grid_new (const MusterSeriesQuery *query, GError **error)
{
  g_autoptr (MusterSampleGrid) self = g_new0 (MusterSampleGrid, 1);
  guint64 n_cells;

  self->query = query;
  self->n_metrics = g_strv_length ((char **)query->base.metrics);
  self->wants_squares = query->base.aggregate == MUSTER_AGGREGATE_STDDEV;
  self->wants_numbers = query->base.aggregate == MUSTER_AGGREGATE_QUANTILE;
  self->is_sum = query->base.aggregate == MUSTER_AGGREGATE_MEAN ||
                 query->base.aggregate == MUSTER_AGGREGATE_SUM ||
                 query->base.aggregate == MUSTER_AGGREGATE_COUNT;
  if (!make_steps (self, &query->base) ||
      (n_cells = (guint64)self->n_steps * self->n_metrics * query->n_groups) >
        MUSTER_SAMPLE_GRID_MAX_CELLS)
    {
      g_set_error (
        error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
        "the answer would have more than %d values: choose a greater step, or fewer groups or metrics",
        MUSTER_SAMPLE_GRID_MAX_CELLS);
      return NULL;
    }
  self->cells = g_new0 (MusterGridCell, MAX (1, n_cells));
  return g_steal_pointer (&self);
}

void
muster_sample_grid_free (MusterSampleGrid *self)
{
  gsize n_cells;

  if (self == NULL)
    return;
  n_cells =
    self->cells != NULL ? (gsize)self->n_steps * self->n_metrics * self->query->n_groups : 0;
  for (gsize i = 0; self->wants_numbers && i < n_cells; i++)
    g_clear_pointer (&self->cells[i].numbers, g_array_unref);
  g_array_unref (self->steps);
  g_free (self->cells);
  g_free (self->buffer);
  g_free (self);
}

/* --- adding --- */

static void
add_number (MusterSampleGrid *self, MusterGridCell *cell, gint64 time, double number)
{
  muster_grid_cell_add (cell, time, number);
  if (self->wants_squares)
    muster_grid_cell_add_square (cell, number);
  if (self->wants_numbers)
    {
      muster_grid_cell_keep_number (cell, number);
      self->n_numbers++;
    }
}

static unsigned
find_step (const MusterSampleGrid *self, gint64 time)
{
  const gint64 *steps = (const gint64 *)(gconstpointer)self->steps->data;
  unsigned      low = 0, high = self->n_steps;

  while (high - low > 1)
    {
      unsigned middle = low + (high - low) / 2;

      if (steps[middle] <= time)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static void
add_numbers (MusterSampleGrid *self,
             MusterGridCell   *row,
             const gint64     *times,
             const double     *numbers,
             unsigned          n)
{
  const gint64 *steps = (const gint64 *)(gconstpointer)self->steps->data;
  unsigned      step = find_step (self, times[0]);

  for (unsigned i = 0; i < n;)
    {
      unsigned to = i;

      while (times[i] >= steps[step + 1])
        step++;
      while (to < n && times[to] < steps[step + 1])
        to++;
      if (self->wants_squares || self->wants_numbers)
        for (unsigned k = i; k < to; k++)
          add_number (self, &row[step], times[k], numbers[k]);
      else if (self->is_sum)
        muster_grid_cell_add_sum (&row[step], &numbers[i], to - i);
      else
        muster_grid_cell_add_run (&row[step], &times[i], &numbers[i], to - i);
      i = to;
    }
}

/* Integers whose sums stay exact are divided once a step. */
static void
add_int_sums (MusterSampleGrid *self,
              MusterGridCell   *row,
              const gint64     *times,
              const gint64     *ints,
              unsigned          n,
              double            divisor)
{
  const gint64 *steps = (const gint64 *)(gconstpointer)self->steps->data;
  unsigned      step = find_step (self, times[0]);

  for (unsigned i = 0; i < n;)
    {
      unsigned from = i;
      gint64   sum = 0;

      while (times[i] >= steps[step + 1])
        step++;
      for (const gint64 end = steps[step + 1]; i < n && times[i] < end; i++)
        sum += ints[i];
      row[step].sum += (double)sum / divisor;
      row[step].count += i - from;
    }
}

static double *
get_buffer (MusterSampleGrid *self, unsigned n)
{
  if (n > self->n_buffer)
    {
      self->n_buffer = n;
      self->buffer = g_renew (double, self->buffer, n);
    }
  return self->buffer;
}

static MusterGridCell *
get_row (const Device *self, unsigned series)
{
  return &self->rows[self->known->places[series] * self->grid->n_steps];
}

/* The numbers of ROWS that count, close together with their times, then as those of a block. */
static void
add_rows (Device *self, unsigned series, const MusterSampleRows *rows, unsigned from, unsigned to)
{
  MusterSampleGrid         *grid = self->grid;
  const char               *name = self->known->names[series];
  const MusterSampleColumn *column =
    muster_sample_rows_find_column (rows, self->known->numbers[series]);
  double  *numbers;
  gint64  *times;
  unsigned n = 0;

  if (column == NULL || from >= to)
    return;
  numbers = get_buffer (grid, 2 * (to - from));
  times = (gint64 *)(gpointer)&numbers[to - from];
  for (unsigned i = from; i < to; i++)
    if (muster_grid_cell_get_number (column->tags[i], column->cells[i], &numbers[n]) &&
        (self->query.include_bad || !muster_cell_is_bad (column->tags[i])) &&
        (self->query.n_excluded == 0 ||
         !muster_sample_is_excluded (&self->query, name, rows->times[i])))
      times[n++] = rows->times[i];
  if (n > 0)
    add_numbers (grid, get_row (self, series), times, numbers, n);
}

/* Numbers that need no look at each: FALSE where the block is damaged. */
static gboolean
add_dense (Device *self, unsigned series, unsigned index, const MusterSamplePiece *piece)
{
  MusterSampleGrid        *grid = self->grid;
  const MusterSampleBlock *block = piece->block;
  const MusterBlockColumn *column = &block->columns[index];
  const MusterSampleQuery *query = &self->query;
  MusterGridCell          *row = get_row (self, series);
  const gint64            *times = piece->times;
  double                  *numbers = get_buffer (grid, block->n_rows);
  gint64                  *ints = (gint64 *)(gpointer)numbers;
  unsigned                 from = 0, to = block->n_rows;

  if (block->first < query->from)
    from = muster_sample_times_find (times, to, query->from);
  if (block->last > query->to)
    to = muster_sample_times_find (times, to, query->to + 1);
  if (from >= to)
    return TRUE;
  if (grid->is_sum && muster_sample_block_has_small_ints (block, index))
    {
      if (!muster_sample_ints_decode (&column->ints, piece->data, piece->data_length, ints,
                                      block->n_rows))
        return FALSE;
      add_int_sums (grid, row, &times[from], &ints[from], to - from,
                    muster_sample_block_get_divisor (column));
      return TRUE;
    }
  if (!muster_sample_block_read_numbers (block, index, piece->data, piece->data_length, numbers))
    return FALSE;
  add_numbers (grid, row, &times[from], &numbers[from], to - from);
  return TRUE;
}

static void
add_block (Device *self, unsigned series, MusterSampleScan *scan, MusterSamplePiece *piece)
{
  const MusterSampleBlock *block = piece->block;
  const MusterSampleQuery *query = &self->query;
  int                      column = muster_sample_block_find (block, self->known->numbers[series]);
  const MusterSampleRows  *rows;

  if (column < 0 || block->columns[column].n_present == 0 ||
      (muster_cell_is_bad (block->columns[column].tag) && !self->query.include_bad))
    return;
  if (block->columns[column].has_summary && block->columns[column].n_present == block->n_rows &&
      muster_sample_piece_load_times (scan, piece) && add_dense (self, series, column, piece))
    return;
  /* Also where something was damaged: this tells of it. */
  rows = muster_sample_piece_load_rows (scan, piece);
  if (rows != NULL)
    add_rows (self, series, rows, muster_sample_rows_find (rows, query->from),
              query->to < G_MAXINT64 ? muster_sample_rows_find (rows, query->to + 1)
                                     : rows->n_rows);
}

static gboolean
piece_cb (MusterSampleScan *scan, MusterSamplePiece *piece, gpointer user_data, GError **error)
{
  Device *self = user_data;

  for (unsigned i = 0; i < self->known->n; i++)
    {
      if (self->sink != NULL && !muster_rollup_sink_wants (self->sink, i))
        continue;
      if (piece->block != NULL)
        add_block (self, i, scan, piece);
      else
        add_rows (self, i, piece->rows, piece->from, piece->to);
    }
  if (self->grid->n_numbers <= MUSTER_SAMPLE_MAX_QUANTILE)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
               "a quantile of more than %d samples: choose a shorter range or fewer devices",
               MUSTER_SAMPLE_MAX_QUANTILE);
  return FALSE;
}

/* --- roll-ups --- */

static void
expect_cb (gpointer data, unsigned series, gint64 n_samples)
{
}

static gboolean
takes_cb (gpointer data, unsigned series, gint64 from, gint64 to)
{
  const MusterSampleGrid *grid = ((Device *)data)->grid;

  return grid->query->base.aggregate <= MUSTER_AGGREGATE_LAST &&
         to < g_array_index (grid->steps, gint64, find_step (grid, from) + 1);
}

/* What is left of samples that were deleted, for an aggregate that needs each of them. */
static void
add_points (MusterSampleGrid *self, MusterGridCell *row, const MusterRollupPiece *piece)
{
  const MusterRollupPoint *points[] = { &piece->first, &piece->least, &piece->greatest,
                                        &piece->last };
  double                   number;

  for (unsigned i = 0; i < G_N_ELEMENTS (points); i++)
    {
      gboolean is_again = FALSE;

      for (unsigned k = 0; k < i; k++)
        is_again |= points[k]->time == points[i]->time;
      if (!is_again && muster_grid_cell_get_number (points[i]->tag, points[i]->cell, &number))
        add_number (self, &row[find_step (self, points[i]->time)], points[i]->time, number);
    }
}

static void
take_cb (gpointer data, unsigned series, const MusterRollupPiece *piece, gboolean is_whole)
{
  Device           *device = data;
  MusterSampleGrid *grid = device->grid;
  MusterGridCell   *row = get_row (device, series);

  if (piece->count == 0)
    return;
  if (is_whole || grid->query->base.aggregate <= MUSTER_AGGREGATE_LAST)
    muster_grid_cell_add_piece (&row[find_step (grid, piece->start)], piece);
  else
    add_points (grid, row, piece);
}

static gboolean
gather_rollups (MusterSampleTable *table, MusterSampleFile *file, Device *device, GError **error)
{
  const Known     *known = device->known;
  MusterRollupSink sink = { .metrics = known->numbers,
                            .names = known->names,
                            .n_series = known->n,
                            /* Of several devices' first and last, the times tell which. */
                            .wanted = muster_rollup_get_wanted (device->query.aggregate) |
                                      MUSTER_ROLLUP_WANT_TIMES,
                            .level = muster_rollup_get_level (&device->query),
                            .data = device,
                            .expect = expect_cb,
                            .takes = takes_cb,
                            .take = take_cb,
                            .raw = piece_cb };

  device->sink = &sink;
  return muster_rollup_walk (table, file, &device->query, &sink, NULL, error);
}

/* --- what is reckoned of each device first --- */

static gboolean
gather_reduced (MusterSampleGrid  *self,
                MusterSampleTable *table,
                MusterSampleFile  *file,
                const Device      *device,
                GError           **error)
{
  const MusterSampleQuery *query = &device->query;
  g_autoptr (MusterSampleBatch) batch = NULL;
  const MusterSample *samples;
  unsigned            n;

  batch = muster_sample_range_query (table, file, query, NULL, error);
  if (batch == NULL)
    return FALSE;
  samples = muster_sample_batch_get (batch, &n);
  for (unsigned i = 0; i < n; i++)
    for (unsigned metric = 0; metric < self->n_metrics; metric++)
      if (g_str_equal (samples[i].metric, query->metrics[metric]))
        add_number (self, &device->rows[metric * self->n_steps + find_step (self, samples[i].time)],
                    samples[i].time, samples[i].number);
  return TRUE;
}

static void
known_clear (Known *self)
{
  g_free (self->numbers);
  g_free (self->places);
  g_free (self->names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Known, known_clear)

static void
find_metrics (const MusterSampleGrid *self, MusterSampleTable *table, Known *known)
{
  known->numbers = g_new (guint32, self->n_metrics + 1);
  known->places = g_new (unsigned, self->n_metrics + 1);
  known->names = g_new (const char *, self->n_metrics + 1);
  g_rw_lock_reader_lock (&table->lock);
  for (unsigned i = 0; i < self->n_metrics; i++)
    if (muster_sample_table_find_metric (table, self->query->base.metrics[i],
                                         &known->numbers[known->n]))
      {
        known->names[known->n] = self->query->base.metrics[i];
        known->places[known->n++] = i;
      }
  g_rw_lock_reader_unlock (&table->lock);
}

static gboolean
gather_samples (MusterSampleTable *table, MusterSampleFile *file, Device *device, GError **error)
{
  const MusterSampleQuery *query = &device->query;
  MusterSampleScanRange    range = { .device_id = query->device_id,
                                     .metrics = device->known->numbers,
                                     .n_metrics = device->known->n,
                                     .from = query->from,
                                     .to = query->to,
                                     .excluded = query->excluded,
                                     .n_excluded = query->n_excluded,
                                     .takes_parts = TRUE };

  return muster_sample_scan_run (table, file, &range, piece_cb, device, NULL, error);
}

/* A day's chunk is the least that is quicker to look for than its samples are to read. */
static gboolean
has_rollups (const MusterSampleQuery *query, MusterSampleTable *table)
{
  return !table->is_plain && ((query->to - query->from >= MUSTER_DAY_USEC &&
                               muster_rollup_get_level (query) != MUSTER_ROLLUP_RAW) ||
                              g_atomic_int_get (&table->has_cuts));
}

static gboolean
gather_device (MusterSampleTable *table, MusterSampleFile *file, Device *device, GError **error)
{
  switch (device->query.aggregate)
    {
    case MUSTER_AGGREGATE_RATE:
    case MUSTER_AGGREGATE_TIME_IN_STATE:
      return gather_reduced (device->grid, table, file, device, error);
    case MUSTER_AGGREGATE_NONE:
    case MUSTER_AGGREGATE_MEAN:
    case MUSTER_AGGREGATE_MIN:
    case MUSTER_AGGREGATE_MAX:
    case MUSTER_AGGREGATE_SUM:
    case MUSTER_AGGREGATE_COUNT:
    case MUSTER_AGGREGATE_FIRST:
    case MUSTER_AGGREGATE_LAST:
    case MUSTER_AGGREGATE_STDDEV:
    case MUSTER_AGGREGATE_QUANTILE:
    default:
      return has_rollups (&device->query, table) ? gather_rollups (table, file, device, error)
                                                 : gather_samples (table, file, device, error);
    }
}

gboolean
muster_sample_grid_gather (MusterSampleGrid  *self,
                           MusterSampleTable *table,
                           MusterSampleFile  *file,
                           unsigned           from,
                           unsigned           to,
                           GError           **error)
{
  const MusterSeriesQuery *query = self->query;
  g_auto (Known) known = { 0 };

  find_metrics (self, table, &known);
  for (unsigned i = from; i < to && known.n > 0; i++)
    {
      Device device = { .grid = self,
                        .query = muster_series_query_get_one (query, i),
                        .known = &known };

      device.rows = &self->cells[(gsize)query->groups[i] * self->n_metrics * self->n_steps];
      if (!gather_device (table, file, &device, error))
        return FALSE;
    }
  return TRUE;
}

/* --- the answer --- */

void
muster_sample_grid_merge (MusterSampleGrid *self, MusterSampleGrid *other)
{
  gsize n_cells = (gsize)self->n_steps * self->n_metrics * self->query->n_groups;

  for (gsize i = 0; i < n_cells; i++)
    muster_grid_cell_merge (&self->cells[i], &other->cells[i]);
}

GPtrArray *
muster_sample_grid_finish (MusterSampleGrid *self)
{
  const MusterSampleQuery *base = &self->query->base;
  GPtrArray               *batches = g_ptr_array_new_with_free_func (g_object_unref);
  MusterGridCell          *cell = self->cells;

  for (unsigned group = 0; group < self->query->n_groups; group++)
    {
      MusterSampleBatch *batch = muster_sample_batch_new (self->query->group_names[group]);

      for (unsigned metric = 0; metric < self->n_metrics; metric++)
        for (unsigned step = 0; step < self->n_steps; step++, cell++)
          if (cell->count > 0)
            muster_sample_batch_add_double (
              batch, base->metrics[metric], g_array_index (self->steps, gint64, step),
              muster_grid_cell_get (cell, base->aggregate, base->quantile), MUSTER_SAMPLE_PLAIN);
      g_ptr_array_add (batches, batch);
    }
  return batches;
}
