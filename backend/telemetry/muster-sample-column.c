/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-column"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-sample-column-private.h"

/* The texts of a block, together. */
#define MAX_TEXTS (64 * 1024 * 1024)

static double
to_number (const MusterBlockColumn *self, guint64 bits)
{
  double number;

  switch (self->kind)
    {
    case MUSTER_BLOCK_RAW:
      memcpy (&number, &bits, sizeof number);
      return number;
    case MUSTER_BLOCK_FLOAT:
      return (float)((double)(gint64)bits / muster_powers_of_ten[self->scale]);
    case MUSTER_BLOCK_DECIMAL:
      return (double)(gint64)bits / muster_powers_of_ten[self->scale];
    case MUSTER_BLOCK_INTEGER:
    case MUSTER_BLOCK_EMPTY:
    case MUSTER_BLOCK_TEXT:
    case MUSTER_BLOCK_MIXED:
    case MUSTER_N_BLOCK_KINDS:
    default:
      return (double)(gint64)bits;
    }
}

static double
parse_number (const MusterBlockColumn *self, MusterByteReader *directory)
{
  return to_number (self, self->kind == MUSTER_BLOCK_RAW
                            ? muster_byte_reader_get_fixed (directory)
                            : (guint64)muster_byte_reader_get_signed (directory));
}

static gboolean
parse_summary (MusterBlockColumn *self, MusterByteReader *directory, unsigned n_rows)
{
  MusterBlockSummary *summary = &self->summary;
  guint64             sum;

  self->has_summary = TRUE;
  summary->minimum = parse_number (self, directory);
  summary->maximum = parse_number (self, directory);
  summary->first = parse_number (self, directory);
  summary->last = parse_number (self, directory);
  sum = muster_byte_reader_get_fixed (directory);
  memcpy (&summary->sum, &sum, sizeof sum);
  summary->i_minimum = muster_byte_reader_get_varint (directory);
  summary->i_maximum = muster_byte_reader_get_varint (directory);
  summary->i_first = 0;
  summary->i_last = n_rows - 1;
  if (self->n_present < n_rows)
    {
      summary->i_first = muster_byte_reader_get_varint (directory);
      summary->i_last = muster_byte_reader_get_varint (directory);
    }
  /* Integers that a double cannot hold are read themselves. */
  if (self->kind == MUSTER_BLOCK_INTEGER && (fabs (summary->minimum) >= MUSTER_EXACT_INTEGER ||
                                             fabs (summary->maximum) >= MUSTER_EXACT_INTEGER))
    self->has_summary = FALSE;
  return !directory->failed && summary->i_minimum < n_rows && summary->i_maximum < n_rows &&
         summary->i_first < n_rows && summary->i_last < n_rows;
}

static gboolean
parse_values (MusterBlockColumn *self, MusterByteReader *directory, unsigned n_rows, gsize *offset)
{
  if (self->kind == MUSTER_BLOCK_TEXT || self->kind == MUSTER_BLOCK_MIXED)
    {
      self->n_texts = muster_byte_reader_get_varint (directory);
      if (self->n_texts > self->n_present ||
          !muster_sample_bytes_parse (&self->texts, directory, MAX_TEXTS, offset))
        return FALSE;
    }
  switch (self->kind)
    {
    case MUSTER_BLOCK_TEXT:
      return muster_sample_ints_parse (&self->ints, directory, self->n_present, offset);
    case MUSTER_BLOCK_INTEGER:
    case MUSTER_BLOCK_DECIMAL:
    case MUSTER_BLOCK_FLOAT:
      return muster_sample_ints_parse (&self->ints, directory, self->n_present, offset) &&
             parse_summary (self, directory, n_rows);
    case MUSTER_BLOCK_RAW:
      return muster_sample_bytes_parse (&self->bits, directory, self->n_present * 8, offset) &&
             self->bits.raw_length == self->n_present * 8 &&
             parse_summary (self, directory, n_rows);
    case MUSTER_BLOCK_MIXED:
      return muster_sample_bytes_parse (&self->bits, directory, self->n_present * 8, offset) &&
             self->bits.raw_length == self->n_present * 8;
    case MUSTER_BLOCK_EMPTY:
    case MUSTER_N_BLOCK_KINDS:
    default:
      return self->kind == MUSTER_BLOCK_EMPTY;
    }
}

/* Whether the kind of values can bear the tag. */
static gboolean
is_consistent (const MusterBlockColumn *self)
{
  switch (self->kind)
    {
    case MUSTER_BLOCK_EMPTY:
      return self->n_present == 0 || muster_cell_get_kind (self->tag) == MUSTER_CELL_NULL;
    case MUSTER_BLOCK_INTEGER:
      return muster_cell_get_kind (self->tag) == MUSTER_CELL_INTEGER ||
             muster_cell_get_kind (self->tag) == MUSTER_CELL_BOOLEAN;
    case MUSTER_BLOCK_DECIMAL:
    case MUSTER_BLOCK_FLOAT:
    case MUSTER_BLOCK_RAW:
      return muster_cell_get_kind (self->tag) == MUSTER_CELL_DOUBLE;
    case MUSTER_BLOCK_TEXT:
      return muster_cell_get_kind (self->tag) == MUSTER_CELL_TEXT;
    case MUSTER_BLOCK_MIXED:
      return self->tag == 0;
    case MUSTER_N_BLOCK_KINDS:
    default:
      return FALSE;
    }
}

gboolean
muster_sample_column_parse (MusterBlockColumn *self,
                            MusterByteReader  *directory,
                            unsigned           n_rows,
                            gsize             *offset)
{
  gsize  n_bits = (n_rows + 7) / 8;
  guint8 form;

  self->metric = muster_byte_reader_get_varint (directory);
  form = muster_byte_reader_get_byte (directory);
  self->kind = form & 0xf;
  self->scale = form >> 4;
  self->tag = muster_byte_reader_get_byte (directory);
  self->n_present = muster_byte_reader_get_varint (directory);
  if (directory->failed || self->n_present > n_rows || !is_consistent (self))
    return FALSE;
  if (self->tag == 0 && (!muster_sample_bytes_parse (&self->tags, directory, n_rows, offset) ||
                         self->tags.raw_length != n_rows))
    return FALSE;
  if (self->tag != 0 && self->n_present < n_rows &&
      (!muster_sample_bytes_parse (&self->tags, directory, n_bits, offset) ||
       self->tags.raw_length != n_bits))
    return FALSE;
  return self->n_present == 0 || parse_values (self, directory, n_rows, offset);
}

/* --- reading --- */

static gboolean
read_tags (const MusterSampleBlock *block,
           const MusterBlockColumn *self,
           const guint8            *data,
           gsize                    length,
           MusterCellTag           *tags)
{
  g_autofree guint8 *bits = NULL;
  unsigned           n = 0;

  if (self->tag != 0 && self->n_present == block->n_rows)
    {
      memset (tags, self->tag, block->n_rows);
      return TRUE;
    }
  if (self->tag == 0)
    {
      if (!muster_sample_bytes_decode (&self->tags, data, length, tags))
        return FALSE;
    }
  else
    {
      bits = g_malloc (self->tags.raw_length);
      if (!muster_sample_bytes_decode (&self->tags, data, length, bits))
        return FALSE;
      for (unsigned i = 0; i < block->n_rows; i++)
        tags[i] = (bits[i / 8] >> i % 8) & 1 ? self->tag : MUSTER_CELL_ABSENT;
    }
  for (unsigned i = 0; i < block->n_rows; i++)
    {
      n += tags[i] != MUSTER_CELL_ABSENT;
      if (muster_cell_get_kind (tags[i]) > MUSTER_CELL_TEXT)
        return FALSE;
    }
  return n == self->n_present;
}

static gboolean
read_planes (const MusterBlockColumn *self, const guint8 *data, gsize length, MusterCell *cells)
{
  g_autofree guint8 *bytes = g_malloc (self->bits.raw_length);
  unsigned           n = self->n_present;

  if (!muster_sample_bytes_decode (&self->bits, data, length, bytes))
    return FALSE;
  for (unsigned i = 0; i < n; i++)
    {
      guint64 bits = 0;

      for (unsigned plane = 0; plane < sizeof bits; plane++)
        bits |= (guint64)bytes[plane * n + i] << (8 * plane);
      if (self->kind == MUSTER_BLOCK_RAW && i > 0)
        bits ^= cells[i - 1].bits;
      cells[i].bits = bits;
    }
  return TRUE;
}

/* As to_number() does it; the kind is asked for once. */
static void
read_decimals (const MusterBlockColumn *self, MusterCell *cells)
{
  const double power = muster_powers_of_ten[self->scale];

  if (self->kind == MUSTER_BLOCK_DECIMAL)
    for (unsigned i = 0; i < self->n_present; i++)
      cells[i].number = (double)cells[i].integer / power;
  else
    for (unsigned i = 0; i < self->n_present; i++)
      cells[i].number = (float)((double)cells[i].integer / power);
}

/* The numbers that are there, close together, as cells; texts still as numbers into their list. */
static gboolean
read_dense (const MusterBlockColumn *self, const guint8 *data, gsize length, MusterCell *cells)
{
  if (self->n_present == 0 || self->kind == MUSTER_BLOCK_EMPTY)
    {
      memset (cells, 0, self->n_present * sizeof *cells);
      return TRUE;
    }
  if (self->kind == MUSTER_BLOCK_RAW || self->kind == MUSTER_BLOCK_MIXED)
    return read_planes (self, data, length, cells);
  if (!muster_sample_ints_decode (&self->ints, data, length, (gint64 *)cells, self->n_present))
    return FALSE;
  if (self->kind == MUSTER_BLOCK_DECIMAL || self->kind == MUSTER_BLOCK_FLOAT)
    read_decimals (self, cells);
  return TRUE;
}

/* From the end, since the cells move up. */
static void
spread (const MusterBlockColumn *self,
        const MusterCellTag     *tags,
        MusterCell              *cells,
        unsigned                 n_rows)
{
  unsigned from = self->n_present;

  if (from == n_rows)
    return;
  for (unsigned i = n_rows; i-- > 0;)
    if (tags[i] != MUSTER_CELL_ABSENT)
      cells[i] = cells[--from];
    else
      cells[i].bits = 0;
}

static GPtrArray *
read_texts (const MusterBlockColumn *self, const guint8 *data, gsize length)
{
  g_autoptr (GPtrArray) texts =
              g_ptr_array_new_with_free_func ((GDestroyNotify)g_ref_string_release);
  g_autofree char *bytes = g_malloc (self->texts.raw_length + 1);
  const char      *at = bytes, *end = bytes + self->texts.raw_length;

  if (!muster_sample_bytes_decode (&self->texts, data, length, (guint8 *)bytes))
    return NULL;
  bytes[self->texts.raw_length] = '\0';
  for (unsigned i = 0; i < self->n_texts && at < end; i++)
    {
      g_ptr_array_add (texts, g_ref_string_new (at));
      at += strlen (at) + 1;
    }
  return texts->len == self->n_texts && at == end ? g_steal_pointer (&texts) : NULL;
}

static gboolean
put_texts (const MusterBlockColumn *self,
           const guint8            *data,
           gsize                    length,
           const MusterCellTag     *tags,
           MusterCell              *cells,
           unsigned                 n_rows)
{
  g_autoptr (GPtrArray) texts = read_texts (self, data, length);

  if (texts == NULL)
    return FALSE;
  for (unsigned i = 0; i < n_rows; i++)
    if (muster_cell_get_kind (tags[i]) == MUSTER_CELL_TEXT && cells[i].bits >= texts->len)
      return FALSE;
  for (unsigned i = 0; i < n_rows; i++)
    if (muster_cell_get_kind (tags[i]) == MUSTER_CELL_TEXT)
      cells[i].text = g_ref_string_acquire (texts->pdata[cells[i].bits]);
  return TRUE;
}

gboolean
muster_sample_block_read_column (const MusterSampleBlock *self,
                                 unsigned                 index,
                                 const guint8            *data,
                                 gsize                    length,
                                 MusterCellTag           *tags,
                                 MusterCell              *cells)
{
  const MusterBlockColumn *column = &self->columns[index];

  if (!read_tags (self, column, data, length, tags) || !read_dense (column, data, length, cells))
    return FALSE;
  spread (column, tags, cells, self->n_rows);
  return (column->kind != MUSTER_BLOCK_TEXT && column->kind != MUSTER_BLOCK_MIXED) ||
         column->n_present == 0 || put_texts (column, data, length, tags, cells, self->n_rows);
}

/* Beyond this the sum of a block's integers might not fit. */
#define MOST_OF_ALL 0x1p62

double
muster_sample_block_get_divisor (const MusterBlockColumn *column)
{
  return column->kind == MUSTER_BLOCK_DECIMAL ? muster_powers_of_ten[column->scale] : 1;
}

gboolean
muster_sample_block_has_small_ints (const MusterSampleBlock *self, unsigned index)
{
  const MusterBlockColumn *column = &self->columns[index];
  double most = MAX (fabs (column->summary.minimum), fabs (column->summary.maximum));

  return (column->kind == MUSTER_BLOCK_DECIMAL || column->kind == MUSTER_BLOCK_INTEGER) &&
         column->has_summary &&
         most * muster_sample_block_get_divisor (column) * self->n_rows < MOST_OF_ALL;
}

gboolean
muster_sample_block_read_numbers (const MusterSampleBlock *self,
                                  unsigned                 index,
                                  const guint8            *data,
                                  gsize                    length,
                                  double                  *numbers)
{
  const MusterBlockColumn *column = &self->columns[index];
  MusterCell              *cells = (MusterCell *)numbers;

  g_return_val_if_fail (column->has_summary && column->n_present == self->n_rows, FALSE);

  if (!read_dense (column, data, length, cells))
    return FALSE;
  if (column->kind == MUSTER_BLOCK_INTEGER)
    for (unsigned i = 0; i < self->n_rows; i++)
      cells[i].number = (double)cells[i].integer;
  return TRUE;
}
