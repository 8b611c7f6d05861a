/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "telemetry/muster-sample-block.h"
#include "telemetry/muster-sample-chunk.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MOST_ROWS 2000

/* Bytes as a source of choices; past the end all are 0. */
typedef struct
{
  const uint8_t *at, *end;
} Choices;

static guint64
choose (Choices *self, unsigned n_bytes)
{
  guint64 value = 0;

  for (; n_bytes > 0 && self->at < self->end; n_bytes--)
    value = value << 8 | *self->at++;
  return value;
}

/* --- rows --- */

static MusterCell
choose_cell (Choices *choices, unsigned kind, gint64 near)
{
  static const char *const texts[] = { "", "on", "a longer text that comes again", "\xc3\xa4" };

  switch (kind)
    {
    case MUSTER_CELL_TEXT:
      return (MusterCell){ .text = g_ref_string_new (texts[choose (choices, 1) % 4]) };
    case MUSTER_CELL_BOOLEAN:
      return (MusterCell){ .integer = choose (choices, 1) & 1 };
    case MUSTER_CELL_DOUBLE:
      return choose (choices, 1) % 4 ? (MusterCell){ .number = (double)near / 10 }
                                     : (MusterCell){ .bits = choose (choices, 8) };
    case MUSTER_CELL_INTEGER:
      return choose (choices, 1) % 4 ? (MusterCell){ .integer = near }
                                     : (MusterCell){ .integer = (gint64)choose (choices, 8) };
    default:
      return (MusterCell){ .bits = 0 };
    }
}

static MusterSampleRows *
choose_rows (Choices *choices)
{
  MusterSampleRows *rows = muster_sample_rows_new ();
  unsigned          n_rows = 1 + choose (choices, 2) % MOST_ROWS;
  unsigned          n_columns = choose (choices, 1) % 6;
  unsigned          kind_of_all = choose (choices, 1) % 6;
  gint64            time = (gint64)(choose (choices, 8) >> 2), value = 0;

  for (unsigned i = 0; i < n_rows; i++)
    {
      unsigned row = muster_sample_rows_ensure_row (rows, time);

      for (unsigned column = 0; column < n_columns; column++)
        {
          unsigned      kind = kind_of_all > 0 ? kind_of_all : choose (choices, 1) % 6;
          MusterCellTag tag = kind | (choose (choices, 1) % 16 ? 0 : 1 << 3);

          value += (gint8)choose (choices, 1);
          if (kind != MUSTER_CELL_ABSENT)
            muster_sample_rows_set (rows, row,
                                    muster_sample_rows_ensure_column (rows, 7 * column, column),
                                    tag, choose_cell (choices, kind, value));
        }
      time += 1 + (gint64)choose (choices, choose (choices, 1) % 8 == 0 ? 4 : 1) * 1000;
    }
  return rows;
}

static gboolean
is_same_cell (const MusterSampleColumn *a, const MusterSampleColumn *b, unsigned row)
{
  unsigned kind = muster_cell_get_kind (a->tags[row]);

  if (b == NULL)
    return kind == MUSTER_CELL_ABSENT;
  if (a->tags[row] != b->tags[row])
    return FALSE;
  if (kind == MUSTER_CELL_TEXT)
    return g_str_equal (a->cells[row].text, b->cells[row].text);
  return kind == MUSTER_CELL_ABSENT || kind == MUSTER_CELL_NULL ||
         a->cells[row].bits == b->cells[row].bits;
}

static void
check_same (const MusterSampleRows *wanted, const MusterSampleRows *got)
{
  if (wanted->n_rows != got->n_rows ||
      memcmp (wanted->times, got->times, wanted->n_rows * sizeof *wanted->times) != 0)
    g_error ("other times came back");
  for (unsigned i = 0; i < wanted->n_columns; i++)
    {
      const MusterSampleColumn *column = &wanted->columns[i];
      const MusterSampleColumn *other = muster_sample_rows_find_column (got, column->metric);

      for (unsigned row = 0; row < wanted->n_rows; row++)
        if (!is_same_cell (column, other, row))
          g_error ("row %u of metric %u came back as another", row, column->metric);
    }
}

/* --- blocks --- */

/* All ways of reading a block, whatever its bytes are. */
static MusterSampleRows *
read_block (const guint8 *directory, gsize directory_length, const guint8 *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSampleBlock) block =
              muster_sample_block_parse (directory, directory_length, &error);
  g_autofree double *numbers = NULL;

  if ((block == NULL) != (error != NULL))
    g_error ("neither a block nor a reason, or both");
  if (block == NULL)
    return NULL;
  numbers = g_new (double, block->n_rows);
  for (unsigned i = 0; i < block->n_columns; i++)
    if (block->columns[i].has_summary && block->columns[i].n_present == block->n_rows)
      muster_sample_block_read_numbers (block, i, data, length, numbers);
  return muster_sample_block_read (block, data, length, NULL, 0);
}

static void
check_round_trip (Choices *choices)
{
  g_autoptr (MusterSampleRows) rows = choose_rows (choices);
  g_autoptr (MusterSampleRows) again = NULL;
  g_autoptr (MusterSampleRows) damaged = NULL;
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();
  gsize place;

  muster_sample_block_encode (rows, directory, data);
  again = read_block (directory->data, directory->len, data->data, data->len);
  if (again == NULL)
    g_error ("what was written cannot be read");
  check_same (rows, again);
  /* one bit that changed is noticed, or does not matter */
  place = choose (choices, 8) % ((directory->len + data->len) * 8);
  if (place / 8 < directory->len)
    directory->data[place / 8] ^= 1 << place % 8;
  else
    data->data[place / 8 - directory->len] ^= 1 << place % 8;
  damaged = read_block (directory->data, directory->len, data->data, data->len);
  if (damaged != NULL)
    check_same (rows, damaged);
}

/* BYTES as a directory whose checksum is right, and data. */
static void
check_strange (Choices *choices)
{
  gsize              length = choose (choices, 2) % (choices->end - choices->at + 1);
  gsize              data_length = choices->end - choices->at - length;
  guint32            checksum = GUINT32_TO_LE ((guint32)crc32 (0, choices->at, length));
  g_autofree guint8 *directory = g_malloc (length + sizeof checksum);
  g_autoptr (MusterSampleRows) rows = NULL;

  memcpy (directory, choices->at, length);
  memcpy (directory + length, &checksum, sizeof checksum);
  rows = read_block (directory, length + sizeof checksum, choices->at + length, data_length);
  for (unsigned i = 1; rows != NULL && i < rows->n_rows; i++)
    if (rows->times[i] <= rows->times[i - 1])
      g_error ("times that do not ascend");
}

/* What the journal keeps. */
static void
check_chunk (Choices *choices)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterSampleChunk) chunk =
              muster_sample_chunk_unpack (choices->at, choices->end - choices->at, &error);

  if ((chunk == NULL) != (error != NULL))
    g_error ("neither samples nor a reason, or both");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Choices choices = { data, data + size };

  switch (choose (&choices, 1) % 4)
    {
    case 0:
      check_strange (&choices);
      break;
    case 1:
      check_chunk (&choices);
      break;
    default:
      check_round_trip (&choices);
    }
  return 0;
}
