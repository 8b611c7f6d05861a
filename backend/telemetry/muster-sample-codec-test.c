/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/* Blocks of samples: what goes in comes out to the bit, and damage is noticed. */

#include <float.h>
#include <stdint.h>

#include "core/muster-core-test-util.h"
#include "muster-sample-block.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  GByteArray *directory;
  GByteArray *data;
} Packed;

static Packed
pack (const MusterSampleRows *rows)
{
  Packed packed = { g_byte_array_new (), g_byte_array_new () };

  muster_sample_block_encode (rows, packed.directory, packed.data);
  return packed;
}

static void
packed_clear (Packed *self)
{
  g_byte_array_unref (self->directory);
  g_byte_array_unref (self->data);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Packed, packed_clear)

static MusterSampleRows *
unpack (const Packed *packed)
{
  g_autoptr (MusterSampleBlock) block =
              muster_sample_block_parse (packed->directory->data, packed->directory->len, NULL);

  if (block == NULL)
    return NULL;
  return muster_sample_block_read (block, packed->data->data, packed->data->len, NULL, 0);
}

static void
set (MusterSampleRows *rows, gint64 time, guint32 metric, MusterSampleType type, MusterCell cell)
{
  unsigned row = muster_sample_rows_ensure_row (rows, time);

  muster_sample_rows_set (rows, row, muster_sample_rows_ensure_column (rows, metric, 0),
                          muster_cell_tag (type, MUSTER_SAMPLE_PLAIN), cell);
}

static void
assert_same (const MusterSampleRows *wanted, const MusterSampleRows *got)
{
  g_assert_nonnull (got);
  g_assert_cmpmem (wanted->times, wanted->n_rows * sizeof (gint64), got->times,
                   got->n_rows * sizeof (gint64));
  for (unsigned i = 0; i < wanted->n_columns; i++)
    {
      const MusterSampleColumn *a = &wanted->columns[i];
      const MusterSampleColumn *b = muster_sample_rows_find_column (got, a->metric);

      g_assert_nonnull (b);
      g_assert_cmpmem (a->tags, wanted->n_rows, b->tags, got->n_rows);
      for (unsigned row = 0; row < wanted->n_rows; row++)
        if (muster_cell_get_kind (a->tags[row]) == MUSTER_CELL_TEXT)
          g_assert_cmpstr (a->cells[row].text, ==, b->cells[row].text);
        else if (muster_cell_get_kind (a->tags[row]) > MUSTER_CELL_NULL)
          g_assert_cmphex (a->cells[row].bits, ==, b->cells[row].bits);
    }
}

/* Packs and unpacks ROWS (taken): the bytes that it took. */
static gsize
check_round_trip (MusterSampleRows *rows)
{
  g_auto (Packed) packed = pack (rows);
  g_autoptr (MusterSampleRows) again = unpack (&packed);
  gsize size = packed.directory->len + packed.data->len;

  assert_same (rows, again);
  muster_sample_rows_free (rows);
  return size;
}

/* --- edges --- */

static const double edge_doubles[] = {
  0.0,
  -0.0,
  1,
  -1,
  0.1,
  0.2,
  0.1 + 0.2,
  1.0 / 3,
  21.5,
  DBL_MAX,
  -DBL_MAX,
  DBL_MIN,
  5e-324,
  -5e-324,
  DBL_EPSILON,
  1e15,
  1e16,
  1e22,
  1e23,
  123456789012345.678,
  9007199254740991.0,
  9007199254740992.0,
  9007199254740994.0,
  0.000001,
  1e-15,
  1e-16,
  4.35,
  2.675,
  1.005,
  99999.99999,
  3.4028234663852886e38,
  0.3f,
};

static const gint64 edge_integers[] = {
  0,
  1,
  -1,
  G_MAXINT64,
  G_MININT64,
  G_MAXINT64 - 1,
  G_MININT64 + 1,
  G_MAXINT32,
  G_MININT32,
  255,
  256,
  -128,
  65535,
  65536,
  (G_GINT64_CONSTANT (1) << 53),
  (G_GINT64_CONSTANT (1) << 53) + 1,
  -(G_GINT64_CONSTANT (1) << 53) - 1,
};

/* Each alone, each after each other, and all in one. */
static void
test_edge_doubles (void)
{
  guint             n = G_N_ELEMENTS (edge_doubles);
  MusterSampleRows *all = muster_sample_rows_new ();

  for (guint i = 0; i < n; i++)
    {
      set (all, NOW + i, 1, MUSTER_SAMPLE_DOUBLE, (MusterCell){ .number = edge_doubles[i] });
      for (guint j = 0; j < n; j++)
        {
          MusterSampleRows *rows = muster_sample_rows_new ();

          set (rows, NOW, 1, MUSTER_SAMPLE_DOUBLE, (MusterCell){ .number = edge_doubles[i] });
          set (rows, NOW + 1, 1, MUSTER_SAMPLE_DOUBLE, (MusterCell){ .number = edge_doubles[j] });
          check_round_trip (rows);
        }
    }
  check_round_trip (all);
}

static void
test_edge_integers (void)
{
  guint             n = G_N_ELEMENTS (edge_integers);
  MusterSampleRows *all = muster_sample_rows_new ();

  for (guint i = 0; i < n; i++)
    {
      set (all, NOW + i, 1, MUSTER_SAMPLE_INTEGER, (MusterCell){ .integer = edge_integers[i] });
      for (guint j = 0; j < n; j++)
        {
          MusterSampleRows *rows = muster_sample_rows_new ();

          set (rows, NOW, 1, MUSTER_SAMPLE_INTEGER, (MusterCell){ .integer = edge_integers[i] });
          set (rows, NOW + 1, 1, MUSTER_SAMPLE_INTEGER,
               (MusterCell){ .integer = edge_integers[j] });
          check_round_trip (rows);
        }
    }
  check_round_trip (all);
}

static void
test_edge_times (void)
{
  static const gint64 times[] = { 0,       1,   2,       1000,    1001,
                                  NOW - 1, NOW, NOW + 1, NOW * 2, G_MAXINT64 / 2 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    for (guint j = i; j < G_N_ELEMENTS (times); j++)
      {
        MusterSampleRows *rows = muster_sample_rows_new ();

        for (guint k = i; k <= j; k++)
          set (rows, times[k], 1, MUSTER_SAMPLE_INTEGER, (MusterCell){ .integer = k });
        check_round_trip (rows);
      }
}

static MusterCell
make_cell (MusterSampleType type, unsigned number)
{
  static const char *const texts[] = { "", "on", "off", "zwölf",
                                       "a text that is somewhat longer than the others" };

  if (type == MUSTER_SAMPLE_STRING)
    return (MusterCell){ .text = g_ref_string_new (texts[number % G_N_ELEMENTS (texts)]) };
  if (type == MUSTER_SAMPLE_DOUBLE)
    return (MusterCell){ .number = number / 10.0 };
  return (MusterCell){ .integer = type == MUSTER_SAMPLE_BOOLEAN ? number % 2 : number };
}

/* Types that change, nulls, gaps, and every quality, in columns of their own and in one. */
static void
test_mixed (void)
{
  MusterSampleRows *rows = muster_sample_rows_new ();

  for (unsigned i = 0; i < 3000; i++)
    for (guint32 metric = 0; metric < 8; metric++)
      {
        MusterSampleType type =
          metric < 5 ? (MusterSampleType)metric : (MusterSampleType)(i * 7 % 5);
        MusterSampleFlags flags = metric == 6
                                    ? (MusterSampleFlags)(1 << i % 4) & ~MUSTER_SAMPLE_TRANSIENT
                                    : MUSTER_SAMPLE_PLAIN;
        unsigned          row;

        if (metric == 7 && i % 100 < 60)
          continue;
        row = muster_sample_rows_ensure_row (rows,
                                             NOW + i * G_GINT64_CONSTANT (10000000) + i * i % 977);
        muster_sample_rows_set (rows, row, muster_sample_rows_ensure_column (rows, metric, metric),
                                muster_cell_tag (type, flags),
                                type == MUSTER_SAMPLE_NULL ? (MusterCell){ 0 }
                                                           : make_cell (type, i));
      }
  check_round_trip (rows);
}

/* --- size --- */

/* What devices send: walks in tenths at times that jitter take less than two bytes a row's value.
 */
static void
test_real_shape (void)
{
  MusterSampleRows *rows = muster_sample_rows_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  int   values[5] = { 215, 480, 120, 4567, 98 };
  gsize size;

  for (unsigned i = 0; i < 2048; i++)
    {
      gint64 time =
        NOW + i * G_GINT64_CONSTANT (10000000) + g_rand_int_range (random, -50, 51) * 1000;

      for (guint32 metric = 0; metric < 5; metric++)
        {
          values[metric] += metric < 4 ? g_rand_int_range (random, -2, 3) : 0;
          set (rows, time, metric, MUSTER_SAMPLE_DOUBLE,
               (MusterCell){ .number = values[metric] / 10.0 });
        }
    }
  size = check_round_trip (rows);
  g_test_message ("%.3f bytes a sample", size / (2048 * 5.0));
  g_assert_cmpuint (size, <, 2048 * 5 * 0.75);
}

/* A summary must be what the samples amount to. */
static void
test_summary (void)
{
  g_autoptr (MusterSampleRows) rows = muster_sample_rows_new ();
  g_auto (Packed) packed = { NULL, NULL };
  g_autoptr (MusterSampleBlock) block = NULL;
  const MusterBlockSummary *summary;
  double                    sum = 0;

  for (unsigned i = 0; i < 500; i++)
    {
      double number = i == 77 ? -40 : i == 99 ? 140 : i * 13 % 100 / 10.0;

      sum += number;
      set (rows, NOW + i, 3, MUSTER_SAMPLE_DOUBLE, (MusterCell){ .number = number });
    }
  packed = pack (rows);
  block = muster_sample_block_parse (packed.directory->data, packed.directory->len, NULL);
  g_assert_cmpint (muster_sample_block_find (block, 4), ==, -1);
  g_assert_cmpint (muster_sample_block_find (block, 3), ==, 0);
  g_assert_true (block->columns[0].has_summary);
  summary = &block->columns[0].summary;
  g_assert_cmpfloat (summary->minimum, ==, -40);
  g_assert_cmpfloat (summary->maximum, ==, 140);
  g_assert_cmpuint (summary->i_minimum, ==, 77);
  g_assert_cmpuint (summary->i_maximum, ==, 99);
  g_assert_cmpfloat (summary->first, ==, 0);
  g_assert_cmpfloat (summary->last, ==, 499 * 13 % 100 / 10.0);
  g_assert_cmpfloat_with_epsilon (summary->sum, sum, 1e-9);
}

/* --- damage --- */

/* Every bit of a small block turned over, and every end cut off. */
static void
test_damage (void)
{
  g_autoptr (MusterSampleRows) rows = muster_sample_rows_new ();
  g_auto (Packed) packed = { NULL, NULL };

  for (unsigned i = 0; i < 40; i++)
    for (guint32 metric = 0; metric < 5; metric++)
      set (rows, NOW + i * i * 1000, metric, (MusterSampleType)metric,
           metric == 0 ? (MusterCell){ 0 } : make_cell ((MusterSampleType)metric, i * 37));
  packed = pack (rows);
  for (gsize bit = 0; bit < (packed.directory->len + packed.data->len) * 8; bit++)
    {
      guint8 *byte = bit / 8 < packed.directory->len
                       ? &packed.directory->data[bit / 8]
                       : &packed.data->data[bit / 8 - packed.directory->len];
      g_autoptr (MusterSampleRows) damaged = NULL;

      *byte ^= 1 << bit % 8;
      damaged = unpack (&packed);
      *byte ^= 1 << bit % 8;
      if (bit / 8 < packed.directory->len)
        g_assert_null (damaged);
      else if (damaged != NULL)
        assert_same (rows, damaged);
    }
  while (packed.data->len > 0)
    {
      g_autoptr (MusterSampleRows) cut = NULL;

      g_byte_array_set_size (packed.data, packed.data->len - 1);
      cut = unpack (&packed);
      g_assert_null (cut);
    }
}

static void
test_mutated (void)
{
  for (unsigned round = 0; round < 2000; round++)
    {
      g_autoptr (GString) bytes = g_string_new (NULL);

      for (int i = g_test_rand_int_range (20, 4000); i > 0; i--)
        g_string_append_c (bytes, g_test_rand_int () >> (round % 3 * 4));
      bytes->str[0] = round;
      muster_test_mutate (bytes);
      LLVMFuzzerTestOneInput ((const uint8_t *)bytes->str, bytes->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample-codec/edge-doubles", test_edge_doubles);
  g_test_add_func ("/sample-codec/edge-integers", test_edge_integers);
  g_test_add_func ("/sample-codec/edge-times", test_edge_times);
  g_test_add_func ("/sample-codec/mixed", test_mixed);
  g_test_add_func ("/sample-codec/real-shape", test_real_shape);
  g_test_add_func ("/sample-codec/summary", test_summary);
  g_test_add_func ("/sample-codec/damage", test_damage);
  g_test_add_func ("/sample-codec/mutated", test_mutated);
  return g_test_run ();
}
