/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "muster-grid-cell.h"
#include "muster-sample-reducer.h"

gboolean
muster_grid_cell_get_number (MusterCellTag tag, MusterCell cell, double *number)
{
  unsigned kind = muster_cell_get_kind (tag);

  *number = kind == MUSTER_CELL_DOUBLE ? cell.number : (double)cell.integer;
  return kind == MUSTER_CELL_DOUBLE || kind == MUSTER_CELL_INTEGER || kind == MUSTER_CELL_BOOLEAN;
}

void
muster_grid_cell_clear (MusterGridCell *self)
{
  g_clear_pointer (&self->numbers, g_array_unref);
}

void
muster_grid_cell_add (MusterGridCell *self, gint64 time, double number)
{
  if (self->count++ == 0)
    {
      self->least = self->greatest = self->first = self->last = number;
      self->first_time = self->last_time = time;
    }
  self->sum += number;
  self->least = MIN (self->least, number);
  self->greatest = MAX (self->greatest, number);
  if (time < self->first_time)
    {
      self->first = number;
      self->first_time = time;
    }
  if (time >= self->last_time)
    {
      self->last = number;
      self->last_time = time;
    }
}

void
muster_grid_cell_add_square (MusterGridCell *self, double number)
{
  double difference = number - self->mean;

  self->mean += difference / self->count;
  self->squares += difference * (number - self->mean);
}

void
muster_grid_cell_keep_number (MusterGridCell *self, double number)
{
  if (self->numbers == NULL)
    self->numbers = g_array_new (FALSE, FALSE, sizeof (double));
  g_array_append_val (self->numbers, number);
}

void
muster_grid_cell_add_run (MusterGridCell *self,
                          const gint64   *times,
                          const double   *numbers,
                          unsigned        n)
{
  double sum = 0, least = numbers[0], greatest = numbers[0];

  for (unsigned i = 0; i < n; i++)
    {
      sum += numbers[i];
      least = MIN (least, numbers[i]);
      greatest = MAX (greatest, numbers[i]);
    }
  if (self->count == 0 || times[0] < self->first_time)
    {
      self->first = numbers[0];
      self->first_time = times[0];
    }
  if (self->count == 0 || times[n - 1] >= self->last_time)
    {
      self->last = numbers[n - 1];
      self->last_time = times[n - 1];
    }
  self->least = self->count == 0 ? least : MIN (self->least, least);
  self->greatest = self->count == 0 ? greatest : MAX (self->greatest, greatest);
  self->sum += sum;
  self->count += n;
}

void
muster_grid_cell_add_sum (MusterGridCell *self, const double *numbers, unsigned n)
{
  double sum = 0;

  for (unsigned i = 0; i < n; i++)
    sum += numbers[i];
  self->sum += sum;
  self->count += n;
}

void
muster_grid_cell_add_piece (MusterGridCell *self, const MusterRollupPiece *piece)
{
  double number;

  if (muster_grid_cell_get_number (piece->least.tag, piece->least.cell, &number))
    self->least = self->count == 0 ? number : MIN (self->least, number);
  if (muster_grid_cell_get_number (piece->greatest.tag, piece->greatest.cell, &number))
    self->greatest = self->count == 0 ? number : MAX (self->greatest, number);
  if ((self->count == 0 || piece->first.time < self->first_time) &&
      muster_grid_cell_get_number (piece->first.tag, piece->first.cell, &self->first))
    self->first_time = piece->first.time;
  if ((self->count == 0 || piece->last.time >= self->last_time) &&
      muster_grid_cell_get_number (piece->last.tag, piece->last.cell, &self->last))
    self->last_time = piece->last.time;
  self->sum += piece->sum;
  self->count += piece->count;
}

void
muster_grid_cell_merge (MusterGridCell *self, MusterGridCell *other)
{
  double difference = other->mean - self->mean;
  gint64 n = self->count + other->count;

  if (other->count == 0)
    return;
  if (self->count == 0)
    {
      *self = *other;
      other->numbers = NULL;
      return;
    }
  self->squares += other->squares + difference * difference * self->count * other->count / n;
  self->mean += difference * other->count / n;
  self->sum += other->sum;
  self->least = MIN (self->least, other->least);
  self->greatest = MAX (self->greatest, other->greatest);
  if (other->first_time < self->first_time)
    {
      self->first = other->first;
      self->first_time = other->first_time;
    }
  if (other->last_time >= self->last_time)
    {
      self->last = other->last;
      self->last_time = other->last_time;
    }
  if (other->numbers != NULL)
    g_array_append_vals (self->numbers, other->numbers->data, other->numbers->len);
  self->count = n;
}

double
muster_grid_cell_get (const MusterGridCell *self, MusterAggregate aggregate, double quantile)
{
  switch (aggregate)
    {
    case MUSTER_AGGREGATE_MIN:
      return self->least;
    case MUSTER_AGGREGATE_MAX:
      return self->greatest;
    case MUSTER_AGGREGATE_COUNT:
      return self->count;
    case MUSTER_AGGREGATE_FIRST:
      return self->first;
    case MUSTER_AGGREGATE_LAST:
      return self->last;
    case MUSTER_AGGREGATE_STDDEV:
      return sqrt (self->squares / self->count);
    case MUSTER_AGGREGATE_QUANTILE:
      return muster_sample_get_quantile (self->numbers, quantile);
    case MUSTER_AGGREGATE_SUM:
    case MUSTER_AGGREGATE_RATE:
    case MUSTER_AGGREGATE_TIME_IN_STATE:
      return self->sum;
    case MUSTER_AGGREGATE_MEAN:
    case MUSTER_AGGREGATE_NONE:
    default:
      return self->sum / self->count;
    }
}
