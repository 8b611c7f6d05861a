/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-column"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-sample-column-private.h"

const double muster_powers_of_ten[MUSTER_DECIMAL_MAX_SCALE + 1] = {
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
};

/* A column while it is written: the cells that are there, close together. */
typedef struct
{
  const MusterSampleColumn *column;
  unsigned                  n_rows;
  unsigned                  n;
  MusterCellTag             tag;   /* of all, 0: they differ */
  unsigned                 *rows;  /* where each cell stood */
  MusterCell               *cells; /* borrowed texts */
  gint64                   *ints;
} Draft;

static void
draft_init (Draft *self, const MusterSampleColumn *column, unsigned n_rows)
{
  self->column = column;
  self->n_rows = n_rows;
  self->n = 0;
  self->tag = 0;
  self->rows = g_new (unsigned, n_rows);
  self->cells = g_new (MusterCell, n_rows);
  self->ints = g_new (gint64, n_rows);
  for (unsigned i = 0; i < n_rows; i++)
    {
      MusterCellTag tag = column->tags[i];

      if (tag == MUSTER_CELL_ABSENT)
        continue;
      if (self->n == 0)
        self->tag = tag;
      else if (self->tag != tag)
        self->tag = 0;
      self->rows[self->n] = i;
      self->cells[self->n++] = column->cells[i];
    }
}

static void
draft_clear (Draft *self)
{
  g_free (self->rows);
  g_free (self->cells);
  g_free (self->ints);
}

/* --- decimals --- */

static gboolean
is_decimal (double value, unsigned scale, gboolean is_single, gint64 *integer)
{
  double  whole = nearbyint (value * muster_powers_of_ten[scale]);
  double  back;
  guint64 bits, back_bits;

  if (!(fabs (whole) < MUSTER_EXACT_INTEGER))
    return FALSE;
  *integer = (gint64)whole;
  back = (double)*integer / muster_powers_of_ten[scale];
  if (is_single)
    back = (float)back;
  /* By their bits: -0 is no integer. */
  memcpy (&bits, &value, sizeof bits);
  memcpy (&back_bits, &back, sizeof back_bits);
  return bits == back_bits;
}

/* The least scale at which all are integers; what is one at a scale is one at every greater, as
 * long as the integer stays exact. */
static gboolean
find_scale (Draft *self, gboolean is_single, guint8 *scale)
{
  gint64 integer;

  *scale = 0;
  for (unsigned i = 0; i < self->n; i++)
    while (!is_decimal (self->cells[i].number, *scale, is_single, &integer))
      if (++*scale > MUSTER_DECIMAL_MAX_SCALE)
        return FALSE;
  for (unsigned i = 0; i < self->n; i++)
    if (!is_decimal (self->cells[i].number, *scale, is_single, &self->ints[i]))
      return FALSE;
  return TRUE;
}

/* --- summaries --- */

static double
get_number (const Draft *self, unsigned i)
{
  return muster_cell_get_kind (self->tag) == MUSTER_CELL_DOUBLE ? self->cells[i].number
                                                                : (double)self->cells[i].integer;
}

static void
write_number (const Draft *self, MusterBlockKind kind, unsigned i, GByteArray *directory)
{
  if (kind == MUSTER_BLOCK_RAW)
    muster_bytes_add_fixed (directory, self->cells[i].bits);
  else
    muster_bytes_add_signed (directory, self->ints[i]);
}

static void
write_double (double value, GByteArray *directory)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  muster_bytes_add_fixed (directory, bits);
}

static void
write_summary (const Draft *self, MusterBlockKind kind, GByteArray *directory)
{
  unsigned least = 0, greatest = 0;
  double   sum = 0;

  for (unsigned i = 0; i < self->n; i++)
    {
      double number = get_number (self, i);

      sum += number;
      if (number < get_number (self, least))
        least = i;
      if (number > get_number (self, greatest))
        greatest = i;
    }
  write_number (self, kind, least, directory);
  write_number (self, kind, greatest, directory);
  write_number (self, kind, 0, directory);
  write_number (self, kind, self->n - 1, directory);
  write_double (sum, directory);
  muster_bytes_add_varint (directory, self->rows[least]);
  muster_bytes_add_varint (directory, self->rows[greatest]);
  if (self->n == self->n_rows)
    return;
  muster_bytes_add_varint (directory, self->rows[0]);
  muster_bytes_add_varint (directory, self->rows[self->n - 1]);
}

/* --- values --- */

static void
write_planes (const Draft *self, gboolean is_chained, GByteArray *directory, GByteArray *data)
{
  g_autofree guint8 *bytes = g_malloc (self->n * sizeof (guint64));
  guint64            before = 0;

  for (unsigned i = 0; i < self->n; i++)
    {
      guint64 bits = self->cells[i].bits ^ before;

      for (unsigned plane = 0; plane < sizeof bits; plane++)
        bytes[plane * self->n + i] = bits >> (8 * plane);
      before = is_chained ? self->cells[i].bits : 0;
    }
  muster_sample_bytes_encode (bytes, self->n * sizeof (guint64), directory, data);
}

/* Writes the list of the different texts, and puts their numbers where they stood. */
static void
write_texts (Draft *self, GByteArray *directory, GByteArray *data)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GByteArray) texts = g_byte_array_new ();
  unsigned n_texts = 0;

  for (unsigned i = 0; i < self->n; i++)
    {
      const char *text = self->cells[i].text;
      gpointer    number;

      if (muster_cell_get_kind (self->column->tags[self->rows[i]]) != MUSTER_CELL_TEXT)
        continue;
      if (!g_hash_table_lookup_extended (numbers, text, NULL, &number))
        {
          number = GUINT_TO_POINTER (n_texts++);
          g_hash_table_insert (numbers, (gpointer)text, number);
          g_byte_array_append (texts, (const guint8 *)text, strlen (text) + 1);
        }
      self->ints[i] = self->cells[i].integer = GPOINTER_TO_UINT (number);
    }
  muster_bytes_add_varint (directory, n_texts);
  muster_sample_bytes_encode (texts->data, texts->len, directory, data);
}

static MusterBlockKind
choose_kind (Draft *self, guint8 *scale)
{
  *scale = 0;
  switch (muster_cell_get_kind (self->tag))
    {
    case MUSTER_CELL_NULL:
      return MUSTER_BLOCK_EMPTY;
    case MUSTER_CELL_INTEGER:
    case MUSTER_CELL_BOOLEAN:
      for (unsigned i = 0; i < self->n; i++)
        self->ints[i] = self->cells[i].integer;
      return MUSTER_BLOCK_INTEGER;
    case MUSTER_CELL_DOUBLE:
      if (find_scale (self, FALSE, scale))
        return MUSTER_BLOCK_DECIMAL;
      return find_scale (self, TRUE, scale) ? MUSTER_BLOCK_FLOAT : MUSTER_BLOCK_RAW;
    case MUSTER_CELL_TEXT:
      return MUSTER_BLOCK_TEXT;
    default:
      return self->n == 0 ? MUSTER_BLOCK_EMPTY : MUSTER_BLOCK_MIXED;
    }
}

static void
write_values (Draft *self, MusterBlockKind kind, GByteArray *directory, GByteArray *data)
{
  if (kind == MUSTER_BLOCK_TEXT || kind == MUSTER_BLOCK_MIXED)
    write_texts (self, directory, data);
  switch (kind)
    {
    case MUSTER_BLOCK_INTEGER:
    case MUSTER_BLOCK_DECIMAL:
    case MUSTER_BLOCK_FLOAT:
    case MUSTER_BLOCK_TEXT:
      muster_sample_ints_encode (self->ints, self->n, directory, data);
      break;
    case MUSTER_BLOCK_RAW:
    case MUSTER_BLOCK_MIXED:
      write_planes (self, kind == MUSTER_BLOCK_RAW, directory, data);
      break;
    case MUSTER_BLOCK_EMPTY:
    case MUSTER_N_BLOCK_KINDS:
    default:
      break;
    }
  if (kind == MUSTER_BLOCK_INTEGER || kind == MUSTER_BLOCK_DECIMAL || kind == MUSTER_BLOCK_FLOAT ||
      kind == MUSTER_BLOCK_RAW)
    write_summary (self, kind, directory);
}

/* Which cells are there: tags where they differ, bits where some are missing, else nothing. */
static void
write_presence (const Draft *self, GByteArray *directory, GByteArray *data)
{
  g_autofree guint8 *bits = NULL;

  if (self->tag == 0)
    muster_sample_bytes_encode (self->column->tags, self->n_rows, directory, data);
  else if (self->n < self->n_rows)
    {
      gsize length = (self->n_rows + 7) / 8;

      bits = g_malloc0 (length);
      for (unsigned i = 0; i < self->n; i++)
        bits[self->rows[i] / 8] |= 1 << self->rows[i] % 8;
      muster_sample_bytes_encode (bits, length, directory, data);
    }
}

void
muster_sample_column_encode (const MusterSampleColumn *column,
                             unsigned                  n_rows,
                             GByteArray               *directory,
                             GByteArray               *data)
{
  Draft           draft;
  MusterBlockKind kind;
  guint8          scale;

  draft_init (&draft, column, n_rows);
  kind = choose_kind (&draft, &scale);
  muster_bytes_add_varint (directory, column->metric);
  muster_bytes_add_byte (directory, kind | scale << 4);
  muster_bytes_add_byte (directory, draft.tag);
  muster_bytes_add_varint (directory, draft.n);
  write_presence (&draft, directory, data);
  if (draft.n > 0)
    write_values (&draft, kind, directory, data);
  draft_clear (&draft);
}
