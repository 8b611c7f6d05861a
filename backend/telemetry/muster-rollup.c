/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollup"

#include "config.h"

#include <float.h>
#include <math.h>

#include "muster-rollup.h"

/* A chunk is a block of rows, a piece a row; each series of samples has columns of these numbers
 * beside its metric's. Absent: 0. */
#define COLUMN_BITS 4
typedef enum
{
  COLUMN_COUNT,
  COLUMN_OTHERS,
  COLUMN_BAD,
  COLUMN_SUM,
  COLUMN_FIRST,
  COLUMN_LEAST,
  COLUMN_GREATEST,
  COLUMN_LAST,
  COLUMN_FIRST_AFTER, /* seconds after the start */
  COLUMN_LEAST_AFTER,
  COLUMN_GREATEST_AFTER,
  COLUMN_LAST_AFTER,
  N_COLUMNS,
} Column;

/* Sums are kept with so many decimals where they have no more. */
#define MOST_DECIMALS 6

static void
series_clear (gpointer data)
{
  g_array_unref (((MusterRollupSeries *)data)->pieces);
}

MusterRollupSet *
muster_rollup_set_new (MusterRollupLevel level)
{
  MusterRollupSet *self = g_new0 (MusterRollupSet, 1);

  self->level = level;
  self->series = g_array_new (FALSE, FALSE, sizeof (MusterRollupSeries));
  g_array_set_clear_func (self->series, series_clear);
  return self;
}

void
muster_rollup_set_free (MusterRollupSet *self)
{
  g_array_unref (self->series);
  g_free (self);
}

/* --- making --- */

static double
get_number (MusterCellTag tag, MusterCell cell)
{
  return muster_cell_get_kind (tag) == MUSTER_CELL_DOUBLE ? cell.number : (double)cell.integer;
}

static gboolean
is_number (MusterCellTag tag)
{
  unsigned kind = muster_cell_get_kind (tag);

  return kind == MUSTER_CELL_INTEGER || kind == MUSTER_CELL_DOUBLE || kind == MUSTER_CELL_BOOLEAN;
}

static void
add_to_sum (MusterRollupPiece *piece, double number)
{
  double sum = piece->sum + number;

  piece->rest +=
    fabs (piece->sum) >= fabs (number) ? piece->sum - sum + number : number - sum + piece->sum;
  piece->sum = sum;
}

static void
add_point (MusterRollupPiece *piece, const MusterRollupPoint *point)
{
  double number = get_number (point->tag, point->cell);

  if (piece->count++ == 0)
    piece->first = piece->least = piece->greatest = *point;
  else if (number < get_number (piece->least.tag, piece->least.cell))
    piece->least = *point;
  else if (number > get_number (piece->greatest.tag, piece->greatest.cell))
    piece->greatest = *point;
  piece->last = *point;
  add_to_sum (piece, number);
}

static MusterRollupSeries *
ensure_series (MusterRollupSet *self, guint32 metric)
{
  MusterRollupSeries series = { metric, NULL };

  for (guint i = 0; i < self->series->len; i++)
    if (g_array_index (self->series, MusterRollupSeries, i).metric == metric)
      return &g_array_index (self->series, MusterRollupSeries, i);
  series.pieces = g_array_new (FALSE, FALSE, sizeof (MusterRollupPiece));
  g_array_append_val (self->series, series);
  return &g_array_index (self->series, MusterRollupSeries, self->series->len - 1);
}

/* The piece of TIME, which is the last one or a new one behind it. */
static MusterRollupPiece *
ensure_piece (const MusterRollupSet *self, MusterRollupSeries *series, gint64 time)
{
  gint64            width = muster_rollup_get_piece (self->level);
  MusterRollupPiece piece = { .start = time - time % width };
  guint             n = series->pieces->len;

  if (n > 0)
    {
      MusterRollupPiece *last = &g_array_index (series->pieces, MusterRollupPiece, n - 1);

      if (time < last->start + width)
        return last;
    }
  g_array_append_val (series->pieces, piece);
  return &g_array_index (series->pieces, MusterRollupPiece, n);
}

void
muster_rollup_set_add_column (MusterRollupSet          *self,
                              const gint64             *times,
                              const MusterSampleColumn *column,
                              unsigned                  from,
                              unsigned                  to)
{
  MusterRollupSeries *series = ensure_series (self, column->metric);
  MusterRollupPiece  *piece = NULL;
  gint64              width = muster_rollup_get_piece (self->level);

  for (unsigned i = from; i < to; i++)
    {
      MusterRollupPoint point = { times[i], column->tags[i], column->cells[i] };

      if (point.tag == MUSTER_CELL_ABSENT)
        continue;
      if (piece == NULL || point.time >= piece->start + width)
        piece = ensure_piece (self, series, point.time);
      if (muster_cell_is_bad (point.tag))
        piece->n_bad++;
      else if (is_number (point.tag))
        add_point (piece, &point);
      else
        piece->others++;
    }
}

void
muster_rollup_set_add_piece (MusterRollupSet *self, guint32 metric, const MusterRollupPiece *piece)
{
  MusterRollupPiece *into = ensure_piece (self, ensure_series (self, metric), piece->start);

  into->others += piece->others;
  into->n_bad += piece->n_bad;
  if (piece->count == 0)
    return;
  if (into->count == 0)
    into->first = piece->first;
  if (into->count == 0 || get_number (piece->least.tag, piece->least.cell) <
                            get_number (into->least.tag, into->least.cell))
    into->least = piece->least;
  if (into->count == 0 || get_number (piece->greatest.tag, piece->greatest.cell) >
                            get_number (into->greatest.tag, into->greatest.cell))
    into->greatest = piece->greatest;
  into->last = piece->last;
  into->count += piece->count;
  add_to_sum (into, piece->sum);
  into->rest += piece->rest;
}

/* --- packing --- */

/* What the last digit of a sum says is noise where the samples are decimals: without it, sums pack
 * as well as these. */
static double
get_sum (const MusterRollupPiece *piece)
{
  double sum = piece->sum + piece->rest;
  double scale = 1;

  for (int i = 0; i <= MOST_DECIMALS; i++, scale *= 10)
    {
      double rounded = round (sum * scale) / scale;

      if (fabs (rounded - sum) <= 4 * DBL_EPSILON * fabs (sum))
        return rounded;
    }
  return sum;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *)a, second = *(const gint64 *)b;

  return (first > second) - (first < second);
}

static MusterSampleRows *
make_rows (const MusterRollupSet *self)
{
  MusterSampleRows *rows = muster_sample_rows_new ();
  g_autoptr (GArray) starts = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < self->series->len; i++)
    {
      const GArray *pieces = g_array_index (self->series, MusterRollupSeries, i).pieces;

      for (guint k = 0; k < pieces->len; k++)
        g_array_append_val (starts, g_array_index (pieces, MusterRollupPiece, k).start);
    }
  g_array_sort (starts, compare_times);
  muster_sample_rows_reserve (rows, starts->len);
  for (guint i = 0; i < starts->len; i++)
    if (i == 0 || g_array_index (starts, gint64, i) != g_array_index (starts, gint64, i - 1))
      muster_sample_rows_ensure_row (rows, g_array_index (starts, gint64, i));
  return rows;
}

/* Where a piece goes. */
typedef struct
{
  MusterSampleRows *rows;
  guint32           metric;
  unsigned          row;
  unsigned          columns[N_COLUMNS]; /* once they were used */
} Place;

static void
put (Place *place, Column column, MusterCellTag tag, MusterCell cell)
{
  guint32 metric = place->metric << COLUMN_BITS | column;

  place->columns[column] =
    muster_sample_rows_ensure_column (place->rows, metric, place->columns[column]);
  muster_sample_rows_set (place->rows, place->row, place->columns[column], tag, cell);
}

static void
put_integer (Place *place, Column column, gint64 integer)
{
  if (integer != 0)
    put (place, column, MUSTER_CELL_INTEGER, (MusterCell){ .integer = integer });
}

static void
put_number (Place *place, Column column, double number)
{
  put (place, column, MUSTER_CELL_DOUBLE, (MusterCell){ .number = number });
}

static void
put_piece (Place *place, const MusterRollupPiece *piece)
{
  const MusterRollupPoint *points[] = { &piece->first, &piece->least, &piece->greatest,
                                        &piece->last };

  put_integer (place, COLUMN_COUNT, piece->count);
  put_integer (place, COLUMN_OTHERS, piece->others);
  put_integer (place, COLUMN_BAD, piece->n_bad);
  if (piece->count == 0)
    return;
  put_number (place, COLUMN_SUM, get_sum (piece));
  for (unsigned i = 0; i < G_N_ELEMENTS (points); i++)
    {
      put (place, COLUMN_FIRST + i, points[i]->tag, points[i]->cell);
      put_number (place, COLUMN_FIRST_AFTER + i,
                  (double)(points[i]->time - piece->start) / G_USEC_PER_SEC);
    }
}

gboolean
muster_rollup_set_encode (const MusterRollupSet *self, GByteArray *directory, GByteArray *data)
{
  g_autoptr (MusterSampleRows) rows = make_rows (self);

  if (rows->n_rows == 0)
    return FALSE;
  for (guint i = 0; i < self->series->len; i++)
    {
      const MusterRollupSeries *series = &g_array_index (self->series, MusterRollupSeries, i);
      Place                     place = { rows, series->metric, 0, { 0 } };

      for (guint k = 0; k < series->pieces->len; k++)
        {
          const MusterRollupPiece *piece = &g_array_index (series->pieces, MusterRollupPiece, k);

          place.row = muster_sample_rows_find (rows, piece->start);
          put_piece (&place, piece);
        }
    }
  muster_sample_block_encode (rows, directory, data);
  return TRUE;
}

/* --- reading --- */

gboolean
muster_rollup_reader_init (MusterRollupReader *self, const MusterRollupChunk *chunk)
{
  *self = (MusterRollupReader){ .data = chunk->data, .data_length = chunk->data_length };
  self->block = muster_sample_block_parse (chunk->directory, chunk->directory_length, NULL);
  if (self->block == NULL)
    return FALSE;
  self->times = g_new (gint64, self->block->n_rows);
  return muster_sample_block_read_times (self->block, self->data, self->data_length, self->times);
}

void
muster_rollup_reader_clear (MusterRollupReader *self)
{
  g_clear_pointer (&self->block, muster_sample_block_free);
  g_clear_pointer (&self->times, g_free);
}

typedef struct
{
  MusterCellTag *tags;
  MusterCell    *cells;
} Cells;

/* FALSE where there is no such column, or it is damaged. */
static gboolean
read_column (const MusterRollupReader *self,
             guint32                   metric,
             Column                    column,
             const Cells              *into,
             gboolean                 *is_damaged)
{
  int number = muster_sample_block_find (self->block, metric << COLUMN_BITS | column);

  if (number < 0)
    return FALSE;
  if (muster_sample_block_read_column (self->block, number, self->data, self->data_length,
                                       into->tags, into->cells))
    return TRUE;
  *is_damaged = TRUE;
  return FALSE;
}

static void
read_counts (const MusterRollupReader *self,
             guint32                   metric,
             const Cells              *cells,
             MusterRollupPiece        *pieces,
             gboolean                 *is_damaged)
{
  static const gsize places[] = { [COLUMN_COUNT] = G_STRUCT_OFFSET (MusterRollupPiece, count),
                                  [COLUMN_OTHERS] = G_STRUCT_OFFSET (MusterRollupPiece, others),
                                  [COLUMN_BAD] = G_STRUCT_OFFSET (MusterRollupPiece, n_bad) };

  for (Column column = COLUMN_COUNT; column <= COLUMN_BAD; column++)
    if (read_column (self, metric, column, cells, is_damaged))
      for (unsigned i = 0; i < self->block->n_rows; i++)
        if (cells->tags[i] != MUSTER_CELL_ABSENT)
          G_STRUCT_MEMBER (gint64, &pieces[i], places[column]) = cells->cells[i].integer;
}

/* The value of one of a piece's points, and when it was. */
static void
read_points (const MusterRollupReader *self,
             guint32                   metric,
             unsigned                  point,
             gboolean                  with_times,
             const Cells              *cells,
             MusterRollupPiece        *pieces,
             gboolean                 *is_damaged)
{
  static const gsize places[] = { G_STRUCT_OFFSET (MusterRollupPiece, first),
                                  G_STRUCT_OFFSET (MusterRollupPiece, least),
                                  G_STRUCT_OFFSET (MusterRollupPiece, greatest),
                                  G_STRUCT_OFFSET (MusterRollupPiece, last) };

  if (!read_column (self, metric, COLUMN_FIRST + point, cells, is_damaged))
    return;
  for (unsigned i = 0; i < self->block->n_rows; i++)
    G_STRUCT_MEMBER (MusterRollupPoint, &pieces[i], places[point]) =
      (MusterRollupPoint){ pieces[i].start, cells->tags[i], cells->cells[i] };
  if (with_times && read_column (self, metric, COLUMN_FIRST_AFTER + point, cells, is_damaged))
    for (unsigned i = 0; i < self->block->n_rows; i++)
      if (cells->tags[i] != MUSTER_CELL_ABSENT)
        G_STRUCT_MEMBER (MusterRollupPoint, &pieces[i], places[point]).time +=
          llround (cells->cells[i].number * G_USEC_PER_SEC);
}

MusterRollupPiece *
muster_rollup_reader_read (const MusterRollupReader *self,
                           guint32                   metric,
                           unsigned                  wanted,
                           gboolean                 *is_damaged)
{
  unsigned                      n = self->block->n_rows;
  g_autofree MusterCellTag     *tags = g_new (MusterCellTag, n);
  g_autofree MusterCell        *cells = g_new (MusterCell, n);
  g_autofree MusterRollupPiece *pieces = NULL;
  Cells                         into = { tags, cells };

  *is_damaged = FALSE;
  if (muster_sample_block_find (self->block, metric << COLUMN_BITS | COLUMN_COUNT) < 0 &&
      muster_sample_block_find (self->block, metric << COLUMN_BITS | COLUMN_OTHERS) < 0 &&
      muster_sample_block_find (self->block, metric << COLUMN_BITS | COLUMN_BAD) < 0)
    return NULL;
  pieces = g_new0 (MusterRollupPiece, n);
  for (unsigned i = 0; i < n; i++)
    pieces[i].start = pieces[i].first.time = pieces[i].last.time = self->times[i];
  read_counts (self, metric, &into, pieces, is_damaged);
  if (wanted & MUSTER_ROLLUP_WANT_SUM && read_column (self, metric, COLUMN_SUM, &into, is_damaged))
    for (unsigned i = 0; i < n; i++)
      pieces[i].sum = tags[i] != MUSTER_CELL_ABSENT ? cells[i].number : 0;
  for (unsigned point = 0; point < 4; point++)
    if (wanted & (point == 0 || point == 3 ? MUSTER_ROLLUP_WANT_ENDS : MUSTER_ROLLUP_WANT_EXTREMES))
      read_points (self, metric, point, (wanted & MUSTER_ROLLUP_WANT_TIMES) != 0, &into, pieces,
                   is_damaged);
  return *is_damaged ? NULL : g_steal_pointer (&pieces);
}

unsigned
muster_rollup_reader_count_before (const MusterRollupReader *self,
                                   guint32                   metric,
                                   gint64                    limit,
                                   gint64                   *oldest,
                                   gint64                   *newest)
{
  gboolean                      is_damaged;
  g_autofree MusterRollupPiece *pieces = muster_rollup_reader_read (self, metric, 0, &is_damaged);
  unsigned                      n = 0;

  for (unsigned i = 0; pieces != NULL && i < self->block->n_rows && self->times[i] < limit; i++)
    {
      if (muster_rollup_piece_is_empty (&pieces[i]))
        continue;
      if (n++ == 0 && oldest != NULL)
        *oldest = self->times[i];
      if (newest != NULL)
        *newest = self->times[i];
    }
  return n;
}

GArray *
muster_rollup_reader_list_metrics (const MusterRollupReader *self)
{
  GArray *metrics = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (unsigned i = 0; i < self->block->n_columns; i++)
    {
      guint32 metric = self->block->columns[i].metric >> COLUMN_BITS;

      if (metrics->len == 0 ||
          !muster_sample_metrics_contain ((const guint32 *)(gconstpointer)metrics->data,
                                          metrics->len, metric))
        g_array_append_val (metrics, metric);
    }
  return metrics;
}
