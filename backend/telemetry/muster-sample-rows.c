/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-rows"

#include "config.h"

#include "muster-sample-rows.h"

#define FIRST_ROWS 16
#define FLAG_SHIFT 3

MusterCellTag
muster_cell_tag (MusterSampleType type, MusterSampleFlags flags)
{
  return (MusterCellTag)(type + 1) |
         (flags & (MUSTER_SAMPLE_HISTORICAL | MUSTER_SAMPLE_BAD | MUSTER_SAMPLE_STALE))
           << FLAG_SHIFT;
}

MusterSample
muster_sample_from_cell (const char *metric, gint64 time, MusterCellTag tag, MusterCell cell)
{
  MusterSample sample = { .metric = metric,
                          .time = time,
                          .type = (MusterSampleType)(muster_cell_get_kind (tag) - 1),
                          .flags = tag >> 3 };

  switch (muster_cell_get_kind (tag))
    {
    case MUSTER_CELL_INTEGER:
      sample.integer = cell.integer;
      break;
    case MUSTER_CELL_DOUBLE:
      sample.number = cell.number;
      break;
    case MUSTER_CELL_BOOLEAN:
      sample.boolean = cell.integer != 0;
      break;
    case MUSTER_CELL_TEXT:
      sample.text = cell.text;
      break;
    default:
      break;
    }
  return sample;
}

MusterSampleRows *
muster_sample_rows_new (void)
{
  return g_new0 (MusterSampleRows, 1);
}

static void
clear_texts (MusterSampleColumn *column, unsigned from, unsigned to)
{
  for (unsigned i = from; i < to; i++)
    if (muster_cell_get_kind (column->tags[i]) == MUSTER_CELL_TEXT)
      g_ref_string_release (column->cells[i].text);
}

void
muster_sample_rows_free (MusterSampleRows *self)
{
  if (self == NULL)
    return;
  for (unsigned i = 0; i < self->n_columns; i++)
    {
      clear_texts (&self->columns[i], 0, self->n_rows);
      g_free (self->columns[i].tags);
      g_free (self->columns[i].cells);
    }
  g_free (self->columns);
  g_free (self->times);
  g_free (self);
}

static void
resize (MusterSampleRows *self, unsigned n_allocated)
{
  self->times = g_renew (gint64, self->times, n_allocated);
  for (unsigned i = 0; i < self->n_columns; i++)
    {
      MusterSampleColumn *column = &self->columns[i];

      column->tags = g_renew (MusterCellTag, column->tags, n_allocated);
      column->cells = g_renew (MusterCell, column->cells, n_allocated);
    }
  self->n_allocated = n_allocated;
}

void
muster_sample_rows_reserve (MusterSampleRows *self, unsigned n)
{
  unsigned wanted = self->n_rows + n;

  if (wanted <= self->n_allocated)
    return;
  /* By a quarter: doubled, the rows of thousands of devices would lie half empty. */
  resize (self, MAX (MAX (FIRST_ROWS, wanted), self->n_allocated + self->n_allocated / 4));
}

unsigned
muster_sample_times_find (const gint64 *times, unsigned n, gint64 time)
{
  unsigned low = 0, high = n;

  while (low < high)
    {
      unsigned middle = low + (high - low) / 2;

      if (times[middle] < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

unsigned
muster_sample_rows_find (const MusterSampleRows *self, gint64 time)
{
  return muster_sample_times_find (self->times, self->n_rows, time);
}

static void
open_row (MusterSampleRows *self, unsigned row)
{
  unsigned n_after = self->n_rows - row;

  muster_sample_rows_reserve (self, 1);
  memmove (&self->times[row + 1], &self->times[row], n_after * sizeof *self->times);
  for (unsigned i = 0; i < self->n_columns; i++)
    {
      MusterSampleColumn *column = &self->columns[i];

      if (n_after > 0)
        {
          memmove (&column->tags[row + 1], &column->tags[row], n_after);
          memmove (&column->cells[row + 1], &column->cells[row], n_after * sizeof (MusterCell));
        }
      column->tags[row] = MUSTER_CELL_ABSENT;
    }
  self->n_rows++;
}

unsigned
muster_sample_rows_ensure_row (MusterSampleRows *self, gint64 time)
{
  unsigned row = self->n_rows;

  if (row > 0 && self->times[row - 1] >= time)
    {
      row = muster_sample_rows_find (self, time);
      if (self->times[row] == time)
        return row;
    }
  open_row (self, row);
  self->times[row] = time;
  return row;
}

unsigned
muster_sample_rows_ensure_column (MusterSampleRows *self, guint32 metric, unsigned hint)
{
  MusterSampleColumn *column;

  if (hint < self->n_columns && self->columns[hint].metric == metric)
    return hint;
  for (unsigned i = 0; i < self->n_columns; i++)
    if (self->columns[i].metric == metric)
      return i;
  self->columns = g_renew (MusterSampleColumn, self->columns, self->n_columns + 1);
  column = &self->columns[self->n_columns];
  column->metric = metric;
  column->tags = g_new0 (MusterCellTag, MAX (1, self->n_allocated));
  column->cells = g_new (MusterCell, MAX (1, self->n_allocated));
  return self->n_columns++;
}

const MusterSampleColumn *
muster_sample_rows_find_column (const MusterSampleRows *self, guint32 metric)
{
  for (unsigned i = 0; i < self->n_columns; i++)
    if (self->columns[i].metric == metric)
      return &self->columns[i];
  return NULL;
}

gboolean
muster_sample_rows_set (MusterSampleRows *self,
                        unsigned          row,
                        unsigned          column_index,
                        MusterCellTag     tag,
                        MusterCell        cell)
{
  const MusterCellTag historical = MUSTER_SAMPLE_HISTORICAL << FLAG_SHIFT;
  MusterSampleColumn *column = &self->columns[column_index];
  MusterCellTag       was = column->tags[row];

  if (was == MUSTER_CELL_ABSENT)
    {
      column->cells[row] = cell;
      column->tags[row] = tag;
      return TRUE;
    }
  if (muster_cell_get_kind (was) == MUSTER_CELL_TEXT)
    g_ref_string_release (column->cells[row].text);
  column->cells[row] = cell;
  column->tags[row] = (was & historical) ? tag : (MusterCellTag)(tag & ~historical);
  return FALSE;
}

static void
copy_column (MusterSampleColumn *to, const MusterSampleColumn *column, unsigned from, unsigned n)
{
  to->metric = column->metric;
  to->tags = g_memdup2 (&column->tags[from], MAX (1, n));
  to->cells = g_memdup2 (&column->cells[from], MAX (1, n) * sizeof (MusterCell));
  for (unsigned i = 0; i < n; i++)
    if (muster_cell_get_kind (to->tags[i]) == MUSTER_CELL_TEXT)
      g_ref_string_acquire (to->cells[i].text);
}

MusterSampleRows *
muster_sample_rows_copy (const MusterSampleRows *self,
                         unsigned                from,
                         unsigned                to,
                         const guint32          *metrics,
                         unsigned                n_metrics)
{
  MusterSampleRows *copy = muster_sample_rows_new ();

  if (from >= to)
    return copy;
  copy->n_rows = copy->n_allocated = to - from;
  copy->times = g_memdup2 (&self->times[from], copy->n_rows * sizeof (gint64));
  copy->columns = g_new (MusterSampleColumn, MAX (1, self->n_columns));
  for (unsigned i = 0; i < self->n_columns; i++)
    if (muster_sample_metrics_contain (metrics, n_metrics, self->columns[i].metric))
      copy_column (&copy->columns[copy->n_columns++], &self->columns[i], from, copy->n_rows);
  return copy;
}

void
muster_sample_rows_merge (MusterSampleRows *self, const MusterSampleRows *newer)
{
  for (unsigned i = 0; i < newer->n_columns; i++)
    muster_sample_rows_ensure_column (self, newer->columns[i].metric, i);
  for (unsigned row = 0; row < newer->n_rows; row++)
    {
      unsigned to = muster_sample_rows_ensure_row (self, newer->times[row]);

      for (unsigned i = 0; i < newer->n_columns; i++)
        {
          const MusterSampleColumn *column = &newer->columns[i];
          MusterCell                cell;

          if (column->tags[row] == MUSTER_CELL_ABSENT)
            continue;
          cell = column->cells[row];
          if (muster_cell_get_kind (column->tags[row]) == MUSTER_CELL_TEXT)
            g_ref_string_acquire (cell.text);
          muster_sample_rows_set (self, to,
                                  muster_sample_rows_ensure_column (self, column->metric, i),
                                  column->tags[row], cell);
        }
    }
}

gint64
muster_sample_rows_count (const MusterSampleRows *self)
{
  gint64 n = 0;

  for (unsigned i = 0; i < self->n_columns; i++)
    for (unsigned row = 0; row < self->n_rows; row++)
      n += self->columns[i].tags[row] != MUSTER_CELL_ABSENT;
  return n;
}
