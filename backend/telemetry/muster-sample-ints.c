/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-ints"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-sample-ints.h"

/* In one byte a number, what does not fit stands behind, after so many. */
#define ESCAPE 255
/* The most that a run's bytes take: a byte and a varint each. */
#define MOST_BYTES(n) ((gsize)(n) * 11)

typedef enum
{
  SHAPE_OFFSET, /* difference to the least */
  SHAPE_DELTA,  /* difference to the one before */
  SHAPE_DELTA2, /* difference of differences */
  SHAPE_LINE,   /* difference to the line through first and last */
  N_SHAPES,
} Shape;

static inline guint64
zigzag (guint64 difference)
{
  return (difference << 1) ^ (guint64)((gint64)difference >> 63);
}

static inline guint64
unzigzag (guint64 value)
{
  return (value >> 1) ^ -(value & 1);
}

/* All differences are modulo 2^64, so that none overflows. */
static void
shape_values (Shape         shape,
              const gint64 *values,
              unsigned      n,
              guint64      *base,
              guint64      *slope,
              guint64      *shaped)
{
  gint64  least = values[0];
  guint64 last = 0;

  *base = values[0];
  *slope = 0;
  switch (shape)
    {
    case SHAPE_OFFSET:
      for (unsigned i = 1; i < n; i++)
        least = MIN (least, values[i]);
      *base = least;
      for (unsigned i = 0; i < n; i++)
        shaped[i] = (guint64)values[i] - *base;
      return;
    case SHAPE_DELTA2:
      *slope = n > 1 ? (guint64)values[1] - (guint64)values[0] : 0;
      last = *slope;
      shaped[0] = 0;
      for (unsigned i = 1; i < n; i++)
        {
          guint64 delta = (guint64)values[i] - (guint64)values[i - 1];

          shaped[i] = zigzag (delta - last);
          last = delta;
        }
      return;
    case SHAPE_LINE:
      if (n > 1)
        *slope = (guint64)(gint64)llround (((double)values[n - 1] - (double)values[0]) / (n - 1));
      for (unsigned i = 0; i < n; i++)
        shaped[i] = zigzag ((guint64)values[i] - (*base + i * *slope));
      return;
    case SHAPE_DELTA:
    case N_SHAPES:
    default:
      shaped[0] = 0;
      for (unsigned i = 1; i < n; i++)
        shaped[i] = zigzag ((guint64)values[i] - (guint64)values[i - 1]);
    }
}

static unsigned
count_varint (guint64 value)
{
  return value == 0 ? 1 : (70 - __builtin_clzll (value)) / 7;
}

/* Bits that an order-0 entropy code would need (Shannon 1948). */
static double
estimate_entropy (const unsigned histogram[256], unsigned n)
{
  double bits = 0;

  for (unsigned i = 0; i < 256; i++)
    if (histogram[i] > 0)
      bits += histogram[i] * log2 ((double)n / histogram[i]);
  return bits;
}

/* Of one byte a number with escapes. */
static double
estimate_escaped (const guint64 *shaped, unsigned n)
{
  unsigned histogram[256] = { 0 };
  unsigned n_behind = 0;

  for (unsigned i = 0; i < n; i++)
    {
      histogram[MIN (shaped[i], ESCAPE)]++;
      if (shaped[i] >= ESCAPE)
        n_behind += count_varint (shaped[i]);
    }
  return estimate_entropy (histogram, n) + 8.0 * n_behind;
}

static unsigned
get_width (const guint64 *shaped, unsigned n)
{
  guint64 all = 0;

  for (unsigned i = 0; i < n; i++)
    all |= shaped[i];
  return all == 0 ? 0 : (71 - __builtin_clzll (all)) / 8;
}

/* Of whole planes, a byte of every number after the other. */
static double
estimate_planes (const guint64 *shaped, unsigned n, unsigned width)
{
  double bits = 0;

  for (unsigned plane = 0; plane < width; plane++)
    {
      unsigned histogram[256] = { 0 };

      for (unsigned i = 0; i < n; i++)
        histogram[(shaped[i] >> (8 * plane)) & 0xff]++;
      bits += estimate_entropy (histogram, n);
    }
  return bits;
}

typedef struct
{
  Shape    shape;
  unsigned width;
  double   bits;
} Choice;

static void
consider (Choice *best, Shape shape, const guint64 *shaped, unsigned n)
{
  Choice choice = { shape, get_width (shaped, n), 0 };

  if (choice.width > 0)
    {
      double planes = choice.width > 1 ? estimate_planes (shaped, n, choice.width) : INFINITY;
      double escaped = estimate_escaped (shaped, n);

      choice.bits = MIN (planes, escaped);
      if (escaped <= planes)
        choice.width = 1;
    }
  if (choice.bits < best->bits)
    *best = choice;
}

static GByteArray *
write_bytes (const guint64 *shaped, unsigned n, unsigned width)
{
  GByteArray *bytes = g_byte_array_sized_new (n * width);

  g_byte_array_set_size (bytes, n * width);
  if (width > 1)
    {
      for (unsigned plane = 0; plane < width; plane++)
        for (unsigned i = 0; i < n; i++)
          bytes->data[plane * n + i] = shaped[i] >> (8 * plane);
      return bytes;
    }
  for (unsigned i = 0; i < n; i++)
    {
      bytes->data[i] = MIN (shaped[i], ESCAPE);
      if (shaped[i] >= ESCAPE)
        muster_bytes_add_varint (bytes, shaped[i]);
    }
  return bytes;
}

void
muster_sample_ints_encode (const gint64 *values,
                           unsigned      n,
                           GByteArray   *directory,
                           GByteArray   *data)
{
  g_autofree guint64 *shaped = NULL;
  g_autoptr (GByteArray) bytes = NULL;
  guint64 base, slope;
  Choice  best = { .bits = INFINITY };

  g_return_if_fail (n > 0 && n <= MUSTER_SAMPLE_INTS_MAX);

  shaped = g_new (guint64, n);
  for (Shape shape = 0; shape < N_SHAPES && best.bits > 0; shape++)
    {
      shape_values (shape, values, n, &base, &slope, shaped);
      consider (&best, shape, shaped, n);
    }
  shape_values (best.shape, values, n, &base, &slope, shaped);
  muster_bytes_add_byte (directory, best.shape << 4 | best.width);
  muster_bytes_add_signed (directory, (gint64)base);
  if (best.shape == SHAPE_DELTA2 || best.shape == SHAPE_LINE)
    muster_bytes_add_signed (directory, (gint64)slope);
  if (best.width == 0)
    return;
  bytes = write_bytes (shaped, n, best.width);
  muster_sample_bytes_encode_numbers (bytes->data, bytes->len, directory, data);
}

gboolean
muster_sample_ints_parse (MusterSampleInts *self,
                          MusterByteReader *directory,
                          unsigned          n,
                          gsize            *offset)
{
  guint8 form = muster_byte_reader_get_byte (directory);

  *self = (MusterSampleInts){ .shape = form >> 4, .width = form & 0xf };
  self->base = (guint64)muster_byte_reader_get_signed (directory);
  if (self->shape == SHAPE_DELTA2 || self->shape == SHAPE_LINE)
    self->slope = (guint64)muster_byte_reader_get_signed (directory);
  if (directory->failed || self->shape >= N_SHAPES || self->width > 8 || n > MUSTER_SAMPLE_INTS_MAX)
    return FALSE;
  return self->width == 0 ||
         (muster_sample_bytes_parse (&self->bytes, directory, MOST_BYTES (n), offset) &&
          self->bytes.raw_length >= n * self->width);
}

static gboolean
read_escaped (const guint8 *bytes, gsize length, guint64 *shaped, unsigned n)
{
  MusterByteReader behind = { bytes + n, bytes + length, FALSE };

  for (unsigned i = 0; i < n; i++)
    shaped[i] = bytes[i];
  for (unsigned i = 0; i < n; i++)
    if (bytes[i] == ESCAPE)
      shaped[i] = muster_byte_reader_get_varint (&behind);
  return !behind.failed && behind.at == behind.end;
}

static gboolean
read_planes (const guint8 *bytes, gsize length, unsigned width, guint64 *shaped, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    shaped[i] = bytes[i];
  for (unsigned plane = 1; plane < width; plane++)
    for (unsigned i = 0; i < n; i++)
      shaped[i] |= (guint64)bytes[plane * n + i] << (8 * plane);
  return length == (gsize)n * width;
}

/* These loops run for every number that is read: they are compiled for newer processors too. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
  !defined(__SANITIZE_ADDRESS__)
#define HOT __attribute__ ((target_clones ("arch=x86-64-v3", "default")))
#else
#define HOT
#endif

static inline guint64
get_shaped (const guint8 *bytes, const guint64 *values, unsigned i)
{
  return bytes != NULL ? bytes[i] : values[i];
}

/* The shaped numbers are BYTES, or stand in VALUES already. */
static inline void
unshape (const MusterSampleInts *self, const guint8 *bytes, guint64 *values, unsigned n)
{
  guint64 value = self->base, slope = self->slope;

  switch ((Shape)self->shape)
    {
    case SHAPE_OFFSET:
      for (unsigned i = 0; i < n; i++)
        values[i] = value + get_shaped (bytes, values, i);
      return;
    case SHAPE_DELTA2:
      values[0] = value;
      for (unsigned i = 1; i < n; i++)
        {
          slope += unzigzag (get_shaped (bytes, values, i));
          values[i] = value += slope;
        }
      return;
    case SHAPE_LINE:
      for (unsigned i = 0; i < n; i++)
        values[i] = value + i * slope + unzigzag (get_shaped (bytes, values, i));
      return;
    case SHAPE_DELTA:
    case N_SHAPES:
    default:
      for (unsigned i = 0; i < n; i++)
        values[i] = value += unzigzag (get_shaped (bytes, values, i));
    }
}

HOT static void
unshape_bytes (const MusterSampleInts *self, const guint8 *bytes, guint64 *values, unsigned n)
{
  unshape (self, bytes, values, n);
}

HOT static void
unshape_values (const MusterSampleInts *self, guint64 *values, unsigned n)
{
  unshape (self, NULL, values, n);
}

gboolean
muster_sample_ints_decode (const MusterSampleInts *self,
                           const guint8           *data,
                           gsize                   data_length,
                           gint64                 *values,
                           unsigned                n)
{
  guint64           *shaped = (guint64 *)values;
  guint8             small[4096];
  g_autofree guint8 *large = NULL;
  guint8            *bytes = small;
  gsize              length = self->bytes.raw_length;

  g_return_val_if_fail (n > 0, FALSE);

  if (self->width == 0)
    memset (values, 0, n * sizeof *values);
  else
    {
      if (length > sizeof small)
        bytes = large = g_malloc (length);
      if (!muster_sample_bytes_decode (&self->bytes, data, data_length, bytes))
        return FALSE;
      if (self->width == 1 && length == n)
        {
          if (memchr (bytes, ESCAPE, n) != NULL)
            return FALSE;
          unshape_bytes (self, bytes, shaped, n);
          return TRUE;
        }
      if (!(self->width == 1 ? read_escaped (bytes, length, shaped, n)
                             : read_planes (bytes, length, self->width, shaped, n)))
        return FALSE;
    }
  unshape_values (self, shaped, n);
  return TRUE;
}
