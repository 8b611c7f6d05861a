/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-grid"

#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-sample-grid.h"
#include "muster-sample-range.h"
#include "muster-sample-reducer.h"
#include "muster-sample-steps.h"

/* What is known of one step of one row. */
typedef struct
{
  gint64  count;
  double  sum;
  double  mean; /* and the squared differences to it (Welford 1962; merged after Chan 1979) */
  double  squares;
  double  least;
  double  greatest;
  double  first;
  double  last;
  gint64  first_time;
  gint64  last_time;
  GArray *numbers; /* (owned) (nullable) (element-type double), for a quantile */
} Cell;

struct _MusterSampleGrid
{
  const MusterSeriesQuery *query;
  GArray                  *steps; /* (element-type gint64): begins, and the end of the last */
  unsigned                 n_steps;
  unsigned                 n_metrics;
  Cell                    *cells; /* group after group, metric after metric, step after step */
  gboolean                 wants_squares;
  gboolean                 wants_numbers;
  gboolean                 is_sum; /* sum and count are enough */
  gsize                    n_numbers;
  double                  *buffer; /* numbers of a block */
  unsigned                 n_buffer;
};

/* One device under way. */
typedef struct
{
  MusterSampleGrid *grid;
  MusterSampleQuery query;
  const guint32    *numbers; /* of the metrics; G_MAXUINT32: never heard of */
  Cell             *rows;    /* of the device's group */
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
  self->cells = g_new0 (Cell, MAX (1, n_cells));
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

static inline void
add_number (MusterSampleGrid *self, Cell *cell, gint64 time, double number)
{
  if (cell->count++ == 0)
    {
      cell->least = cell->greatest = cell->first = cell->last = number;
      cell->first_time = cell->last_time = time;
    }
  cell->sum += number;
  cell->least = MIN (cell->least, number);
  cell->greatest = MAX (cell->greatest, number);
  if (time < cell->first_time)
    {
      cell->first = number;
      cell->first_time = time;
    }
  if (time >= cell->last_time)
    {
      cell->last = number;
      cell->last_time = time;
    }
  if (self->wants_squares)
    {
      double difference = number - cell->mean;

      cell->mean += difference / cell->count;
      cell->squares += difference * (number - cell->mean);
    }
  if (self->wants_numbers)
    {
      if (cell->numbers == NULL)
        cell->numbers = g_array_new (FALSE, FALSE, sizeof (double));
      g_array_append_val (cell->numbers, number);
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

/* Numbers of one step that are all there, in one go: the order of a step's numbers is that of their
 * times. */
static void
add_run (Cell *cell, const gint64 *times, const double *numbers, unsigned n)
{
  double sum = 0, least = numbers[0], greatest = numbers[0];

  for (unsigned i = 0; i < n; i++)
    {
      sum += numbers[i];
      least = MIN (least, numbers[i]);
      greatest = MAX (greatest, numbers[i]);
    }
  if (cell->count == 0 || times[0] < cell->first_time)
    {
      cell->first = numbers[0];
      cell->first_time = times[0];
    }
  if (cell->count == 0 || times[n - 1] >= cell->last_time)
    {
      cell->last = numbers[n - 1];
      cell->last_time = times[n - 1];
    }
  cell->least = cell->count == 0 ? least : MIN (cell->least, least);
  cell->greatest = cell->count == 0 ? greatest : MAX (cell->greatest, greatest);
  cell->sum += sum;
  cell->count += n;
}

/* The same where nothing but the sum and the count is asked for. */
static void
add_sum (Cell *cell, const double *numbers, unsigned n)
{
  double sum = 0;

  for (unsigned i = 0; i < n; i++)
    sum += numbers[i];
  cell->sum += sum;
  cell->count += n;
}

static void
add_numbers (MusterSampleGrid *self,
             Cell             *row,
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
        add_sum (&row[step], &numbers[i], to - i);
      else
        add_run (&row[step], &times[i], &numbers[i], to - i);
      i = to;
    }
}

/* Integers whose sums stay exact are divided once a step. */
static void
add_int_sums (MusterSampleGrid *self,
              Cell             *row,
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

static gboolean
get_number (MusterCellTag tag, MusterCell cell, double *number)
{
  unsigned kind = muster_cell_get_kind (tag);

  *number = kind == MUSTER_CELL_DOUBLE ? cell.number : (double)cell.integer;
  return kind == MUSTER_CELL_DOUBLE || kind == MUSTER_CELL_INTEGER || kind == MUSTER_CELL_BOOLEAN;
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

/* The numbers of ROWS that count, close together with their times, then as those of a block. */
static void
add_rows (Device *self, unsigned metric, const MusterSampleRows *rows, unsigned from, unsigned to)
{
  MusterSampleGrid         *grid = self->grid;
  const char               *name = grid->query->base.metrics[metric];
  const MusterSampleColumn *column = muster_sample_rows_find_column (rows, self->numbers[metric]);
  double                   *numbers;
  gint64                   *times;
  unsigned                  n = 0;

  if (column == NULL || from >= to)
    return;
  numbers = get_buffer (grid, 2 * (to - from));
  times = (gint64 *)(gpointer)&numbers[to - from];
  for (unsigned i = from; i < to; i++)
    if (get_number (column->tags[i], column->cells[i], &numbers[n]) &&
        (self->query.include_bad || !muster_cell_is_bad (column->tags[i])) &&
        (self->query.n_excluded == 0 ||
         !muster_sample_is_excluded (&self->query, name, rows->times[i])))
      times[n++] = rows->times[i];
  if (n > 0)
    add_numbers (grid, &self->rows[metric * grid->n_steps], times, numbers, n);
}

/* Numbers that need no look at each: FALSE where the block is damaged. */
static gboolean
add_dense (Device *self, unsigned metric, unsigned index, const MusterSamplePiece *piece)
{
  MusterSampleGrid        *grid = self->grid;
  const MusterSampleBlock *block = piece->block;
  const MusterBlockColumn *column = &block->columns[index];
  const MusterSampleQuery *query = &self->query;
  Cell                    *row = &self->rows[metric * grid->n_steps];
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
add_block (Device *self, unsigned metric, MusterSampleScan *scan, MusterSamplePiece *piece)
{
  const MusterSampleBlock *block = piece->block;
  const MusterSampleQuery *query = &self->query;
  int                      column = muster_sample_block_find (block, self->numbers[metric]);
  const MusterSampleRows  *rows;

  if (column < 0 || block->columns[column].n_present == 0 ||
      (muster_cell_is_bad (block->columns[column].tag) && !self->query.include_bad))
    return;
  if (block->columns[column].has_summary && block->columns[column].n_present == block->n_rows &&
      muster_sample_piece_load_times (scan, piece) && add_dense (self, metric, column, piece))
    return;
  /* Also where something was damaged: this tells of it. */
  rows = muster_sample_piece_load_rows (scan, piece);
  if (rows != NULL)
    add_rows (self, metric, rows, muster_sample_rows_find (rows, query->from),
              query->to < G_MAXINT64 ? muster_sample_rows_find (rows, query->to + 1)
                                     : rows->n_rows);
}

static gboolean
piece_cb (MusterSampleScan *scan, MusterSamplePiece *piece, gpointer user_data, GError **error)
{
  Device *self = user_data;

  for (unsigned i = 0; i < self->grid->n_metrics; i++)
    {
      if (self->numbers[i] == G_MAXUINT32)
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

static guint32 *
find_metrics (MusterSampleGrid *self, MusterSampleTable *table, guint32 *known, unsigned *n_known)
{
  guint32 *numbers = g_new (guint32, self->n_metrics + 1);

  *n_known = 0;
  g_rw_lock_reader_lock (&table->lock);
  for (unsigned i = 0; i < self->n_metrics; i++)
    {
      if (muster_sample_table_find_metric (table, self->query->base.metrics[i], &numbers[i]))
        known[(*n_known)++] = numbers[i];
      else
        numbers[i] = G_MAXUINT32;
    }
  g_rw_lock_reader_unlock (&table->lock);
  return numbers;
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
  g_autofree guint32      *known = g_new (guint32, self->n_metrics + 1);
  unsigned                 n_known;
  g_autofree guint32      *numbers = find_metrics (self, table, known, &n_known);
  gboolean                 is_reduced = query->base.aggregate == MUSTER_AGGREGATE_RATE ||
                        query->base.aggregate == MUSTER_AGGREGATE_TIME_IN_STATE;

  for (unsigned i = from; i < to && n_known > 0; i++)
    {
      Device device = { self, muster_series_query_get_one (query, i), numbers, NULL };
      MusterSampleScanRange range = { .device_id = query->device_ids[i],
                                      .metrics = known,
                                      .n_metrics = n_known,
                                      .from = query->base.from,
                                      .to = query->base.to,
                                      .excluded = device.query.excluded,
                                      .n_excluded = device.query.n_excluded,
                                      .takes_parts = TRUE };

      device.rows = &self->cells[(gsize)query->groups[i] * self->n_metrics * self->n_steps];
      if (!(is_reduced
              ? gather_reduced (self, table, file, &device, error)
              : muster_sample_scan_run (table, file, &range, piece_cb, &device, NULL, error)))
        return FALSE;
    }
  return TRUE;
}

/* --- the answer --- */

static void
merge_cell (Cell *cell, Cell *other)
{
  double difference = other->mean - cell->mean;
  gint64 n = cell->count + other->count;

  if (other->count == 0)
    return;
  if (cell->count == 0)
    {
      *cell = *other;
      other->numbers = NULL;
      return;
    }
  cell->squares += other->squares + difference * difference * cell->count * other->count / n;
  cell->mean += difference * other->count / n;
  cell->sum += other->sum;
  cell->least = MIN (cell->least, other->least);
  cell->greatest = MAX (cell->greatest, other->greatest);
  if (other->first_time < cell->first_time)
    {
      cell->first = other->first;
      cell->first_time = other->first_time;
    }
  if (other->last_time >= cell->last_time)
    {
      cell->last = other->last;
      cell->last_time = other->last_time;
    }
  if (other->numbers != NULL)
    g_array_append_vals (cell->numbers, other->numbers->data, other->numbers->len);
  cell->count = n;
}

void
muster_sample_grid_merge (MusterSampleGrid *self, MusterSampleGrid *other)
{
  gsize n_cells = (gsize)self->n_steps * self->n_metrics * self->query->n_groups;

  for (gsize i = 0; i < n_cells; i++)
    merge_cell (&self->cells[i], &other->cells[i]);
}

static double
get_aggregate (const MusterSampleGrid *self, Cell *cell)
{
  switch (self->query->base.aggregate)
    {
    case MUSTER_AGGREGATE_MIN:
      return cell->least;
    case MUSTER_AGGREGATE_MAX:
      return cell->greatest;
    case MUSTER_AGGREGATE_COUNT:
      return cell->count;
    case MUSTER_AGGREGATE_FIRST:
      return cell->first;
    case MUSTER_AGGREGATE_LAST:
      return cell->last;
    case MUSTER_AGGREGATE_STDDEV:
      return sqrt (cell->squares / cell->count);
    case MUSTER_AGGREGATE_QUANTILE:
      return muster_sample_get_quantile (cell->numbers, self->query->base.quantile);
    case MUSTER_AGGREGATE_SUM:
    case MUSTER_AGGREGATE_RATE:
    case MUSTER_AGGREGATE_TIME_IN_STATE:
      return cell->sum;
    case MUSTER_AGGREGATE_MEAN:
    case MUSTER_AGGREGATE_NONE:
    default:
      return cell->sum / cell->count;
    }
}

GPtrArray *
muster_sample_grid_finish (MusterSampleGrid *self)
{
  GPtrArray *batches = g_ptr_array_new_with_free_func (g_object_unref);
  Cell      *cell = self->cells;

  for (unsigned group = 0; group < self->query->n_groups; group++)
    {
      MusterSampleBatch *batch = muster_sample_batch_new (self->query->group_names[group]);

      for (unsigned metric = 0; metric < self->n_metrics; metric++)
        for (unsigned step = 0; step < self->n_steps; step++, cell++)
          if (cell->count > 0)
            muster_sample_batch_add_double (batch, self->query->base.metrics[metric],
                                            g_array_index (self->steps, gint64, step),
                                            get_aggregate (self, cell), MUSTER_SAMPLE_PLAIN);
      g_ptr_array_add (batches, batch);
    }
  return batches;
}
