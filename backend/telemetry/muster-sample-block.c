/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-block"

#include "config.h"

#include <string.h>
#include <zlib.h>

#include "model/muster-error.h"
#include "muster-sample-column-private.h"

#define FORMAT 1
#define CHECKSUM_LENGTH 4
/* A device has not so many metrics. */
#define MAX_COLUMNS 20000

/* --- writing --- */

static gint64
greatest_common_divisor (gint64 a, gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

static void
write_times (const MusterSampleRows *rows, GByteArray *directory, GByteArray *data)
{
  g_autofree gint64 *values = g_new (gint64, rows->n_rows);
  gint64             scale = 0;

  for (unsigned i = 1; i < rows->n_rows && scale != 1; i++)
    scale = greatest_common_divisor (rows->times[i] - rows->times[i - 1], scale);
  scale = MAX (1, scale);
  for (unsigned i = 0; i < rows->n_rows; i++)
    values[i] = (rows->times[i] - rows->times[0]) / scale;
  muster_bytes_add_signed (directory, rows->times[0]);
  muster_bytes_add_varint (directory, rows->times[rows->n_rows - 1] - rows->times[0]);
  muster_bytes_add_varint (directory, scale);
  muster_sample_ints_encode (values, rows->n_rows, directory, data);
}

void
muster_sample_block_encode (const MusterSampleRows *rows, GByteArray *directory, GByteArray *data)
{
  guint32 checksum;

  g_return_if_fail (rows != NULL && rows->n_rows > 0);
  g_return_if_fail (rows->n_rows <= MUSTER_SAMPLE_BLOCK_MAX_ROWS);

  muster_bytes_add_byte (directory, FORMAT);
  muster_bytes_add_varint (directory, rows->n_rows);
  write_times (rows, directory, data);
  muster_bytes_add_varint (directory, rows->n_columns);
  for (unsigned i = 0; i < rows->n_columns; i++)
    muster_sample_column_encode (&rows->columns[i], rows->n_rows, directory, data);
  checksum = GUINT32_TO_LE ((guint32)crc32 (0, directory->data, directory->len));
  g_byte_array_append (directory, (const guint8 *)&checksum, CHECKSUM_LENGTH);
}

/* --- reading the directory --- */

static gboolean
parse_times (MusterSampleBlock *self, MusterByteReader *directory, gsize *offset)
{
  guint64 span, scale;

  self->first = muster_byte_reader_get_signed (directory);
  span = muster_byte_reader_get_varint (directory);
  scale = muster_byte_reader_get_varint (directory);
  if (directory->failed || span > (guint64)G_MAXINT64 || scale == 0 || scale > (guint64)G_MAXINT64)
    return FALSE;
  self->last = (gint64)((guint64)self->first + span);
  self->scale = scale;
  return self->last >= self->first &&
         muster_sample_ints_parse (&self->times, directory, self->n_rows, offset);
}

static gboolean
parse (MusterSampleBlock *self, MusterByteReader *directory)
{
  gsize   offset = 0;
  guint8  format = muster_byte_reader_get_byte (directory);
  guint64 n_rows = muster_byte_reader_get_varint (directory);
  guint64 n_columns;

  if (format != FORMAT || n_rows == 0 || n_rows > MUSTER_SAMPLE_BLOCK_MAX_ROWS)
    return FALSE;
  self->n_rows = n_rows;
  if (!parse_times (self, directory, &offset))
    return FALSE;
  n_columns = muster_byte_reader_get_varint (directory);
  if (directory->failed || n_columns > MAX_COLUMNS)
    return FALSE;
  self->columns = g_new0 (MusterBlockColumn, n_columns);
  self->n_columns = n_columns;
  for (unsigned i = 0; i < n_columns; i++)
    if (!muster_sample_column_parse (&self->columns[i], directory, self->n_rows, &offset))
      return FALSE;
  return !directory->failed && directory->at == directory->end;
}

MusterSampleBlock *
muster_sample_block_parse (gconstpointer bytes, gsize length, GError **error)
{
  g_autoptr (MusterSampleBlock) self = g_new0 (MusterSampleBlock, 1);
  MusterByteReader directory = { bytes, (const guint8 *)bytes + length, FALSE };
  guint32          checksum;

  if (length > CHECKSUM_LENGTH)
    {
      directory.end -= CHECKSUM_LENGTH;
      memcpy (&checksum, directory.end, CHECKSUM_LENGTH);
      if (GUINT32_FROM_LE (checksum) == crc32 (0, bytes, length - CHECKSUM_LENGTH) &&
          parse (self, &directory))
        return g_steal_pointer (&self);
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                       "the directory of a block of samples is damaged");
  return NULL;
}

void
muster_sample_block_free (MusterSampleBlock *self)
{
  if (self == NULL)
    return;
  g_free (self->columns);
  g_free (self);
}

int
muster_sample_block_find (const MusterSampleBlock *self, guint32 metric)
{
  for (unsigned i = 0; i < self->n_columns; i++)
    if (self->columns[i].metric == metric)
      return i;
  return -1;
}

static gsize
get_end (const MusterSampleBytes *bytes)
{
  return bytes->offset + bytes->length;
}

gsize
muster_sample_block_get_extent (const MusterSampleBlock *self,
                                const guint32           *metrics,
                                unsigned                 n_metrics)
{
  gsize end = get_end (&self->times.bytes);

  for (unsigned i = 0; i < self->n_columns; i++)
    {
      const MusterBlockColumn *column = &self->columns[i];

      if (!muster_sample_metrics_contain (metrics, n_metrics, column->metric))
        continue;
      end = MAX (end, get_end (&column->tags));
      end = MAX (end, get_end (&column->ints.bytes));
      end = MAX (end, get_end (&column->bits));
      end = MAX (end, get_end (&column->texts));
    }
  return end;
}

/* --- reading the data --- */

gboolean
muster_sample_block_read_times (const MusterSampleBlock *self,
                                const guint8            *data,
                                gsize                    length,
                                gint64                  *times)
{
  const gint64 scale = self->scale, first = self->first;

  if (!muster_sample_ints_decode (&self->times, data, length, times, self->n_rows))
    return FALSE;
  for (unsigned i = 0; i < self->n_rows; i++)
    times[i] = (gint64)((guint64)first + (guint64)times[i] * (guint64)scale);
  return TRUE;
}

gboolean
muster_sample_block_get_time (const MusterSampleBlock *self, unsigned row, gint64 *time)
{
  if (row == 0)
    *time = self->first;
  else if (row == self->n_rows - 1)
    *time = self->last;
  else if (self->times.width == 0)
    *time = (gint64)((guint64)self->first +
                     (self->times.base + row * self->times.slope) * (guint64)self->scale);
  else
    return FALSE;
  return TRUE;
}

static gboolean
is_ascending (const gint64 *times, unsigned n)
{
  for (unsigned i = 1; i < n; i++)
    if (times[i] <= times[i - 1])
      return FALSE;
  return TRUE;
}

MusterSampleRows *
muster_sample_block_read (const MusterSampleBlock *self,
                          const guint8            *data,
                          gsize                    length,
                          const guint32           *metrics,
                          unsigned                 n_metrics)
{
  g_autoptr (MusterSampleRows) rows = muster_sample_rows_new ();

  muster_sample_rows_reserve (rows, self->n_rows);
  if (!muster_sample_block_read_times (self, data, length, rows->times) ||
      !is_ascending (rows->times, self->n_rows))
    return NULL;
  for (unsigned i = 0; i < self->n_columns; i++)
    {
      unsigned column;

      if (!muster_sample_metrics_contain (metrics, n_metrics, self->columns[i].metric))
        continue;
      column = muster_sample_rows_ensure_column (rows, self->columns[i].metric, i);
      if (!muster_sample_block_read_column (self, i, data, length, rows->columns[column].tags,
                                            rows->columns[column].cells))
        {
          memset (rows->columns[column].tags, MUSTER_CELL_ABSENT, self->n_rows);
          return NULL;
        }
      rows->n_rows = self->n_rows; /* what is read so far has its texts */
    }
  rows->n_rows = self->n_rows;
  return g_steal_pointer (&rows);
}
