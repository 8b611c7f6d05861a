/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-ints.h"
#include "muster-sample-rows.h"

G_BEGIN_DECLS

/* The most rows of one block. */
#define MUSTER_SAMPLE_BLOCK_MAX_ROWS MUSTER_SAMPLE_INTS_MAX

/* How the values of a column are written. */
typedef enum
{
  MUSTER_BLOCK_EMPTY,   /* nothing but nulls */
  MUSTER_BLOCK_INTEGER, /* integers, and booleans as 0 and 1 */
  MUSTER_BLOCK_DECIMAL, /* doubles that are integers / 10^scale to the bit */
  MUSTER_BLOCK_FLOAT,   /* the same, rounded to single precision */
  MUSTER_BLOCK_RAW,     /* the bits of doubles, each XOR the one before, in planes of bytes */
  MUSTER_BLOCK_TEXT,    /* numbers into a list of texts */
  MUSTER_BLOCK_MIXED,   /* a tag a cell; bits in planes, texts as numbers into a list */
  MUSTER_N_BLOCK_KINDS,
} MusterBlockKind;

/* What is known of a column without unpacking it. Indexes are of rows. */
typedef struct
{
  double   minimum;
  double   maximum;
  double   first;
  double   last;
  double   sum;
  unsigned i_minimum;
  unsigned i_maximum;
  unsigned i_first;
  unsigned i_last;
} MusterBlockSummary;

typedef struct
{
  guint32            metric;
  MusterBlockKind    kind;
  MusterCellTag      tag; /* of all cells that are there; 0: each has its own */
  guint8             scale;
  unsigned           n_present;
  MusterSampleBytes  tags; /* which cells are there (a bit each), or a tag each */
  MusterSampleInts   ints;
  MusterSampleBytes  bits;
  MusterSampleBytes  texts;
  unsigned           n_texts;
  gboolean           has_summary; /* numbers of one type and quality */
  MusterBlockSummary summary;
} MusterBlockColumn;

/**
 * MusterSampleBlock:
 *
 * Rows of one device, packed: the times once, then column for column, each readable without the
 * others. The directory tells where each lies and what it amounts to; it is small and kept apart
 * from the data, so that most questions need not touch these. All is lossless, and everything
 * carries a CRC-32.
 */
typedef struct
{
  unsigned           n_rows;
  gint64             first; /* UTC microseconds */
  gint64             last;
  gint64             scale; /* microseconds that the times are whole multiples of, from the first */
  MusterSampleInts   times;
  unsigned           n_columns;
  MusterBlockColumn *columns;
} MusterSampleBlock;

/* Appends to DIRECTORY and DATA, both empty. ROWS has at least one row. */
void muster_sample_block_encode (const MusterSampleRows *rows,
                                 GByteArray             *directory,
                                 GByteArray             *data);
/* MUSTER_ERROR_CORRUPT where the bytes are not a directory: (transfer full). */
MusterSampleBlock *muster_sample_block_parse (gconstpointer directory,
                                              gsize         length,
                                              GError      **error);
void               muster_sample_block_free (MusterSampleBlock *self);
/* The number of METRIC's column, -1 where there is none. */
int muster_sample_block_find (const MusterSampleBlock *self, guint32 metric);
/* How far the data of the times and of METRICS' columns reach (METRICS NULL: of all). */
gsize muster_sample_block_get_extent (const MusterSampleBlock *self,
                                      const guint32           *metrics,
                                      unsigned                 n_metrics);
/* The time of a row without the data: FALSE where it takes these. */
gboolean muster_sample_block_get_time (const MusterSampleBlock *self, unsigned row, gint64 *time);
/* TIMES: room for n_rows. FALSE where the bytes are damaged. */
gboolean muster_sample_block_read_times (const MusterSampleBlock *self,
                                         const guint8            *data,
                                         gsize                    length,
                                         gint64                  *times);
/* TAGS and CELLS: room for n_rows; texts are new references. FALSE, with no references, where the
 * bytes are damaged. */
gboolean muster_sample_block_read_column (const MusterSampleBlock *self,
                                          unsigned                 column,
                                          const guint8            *data,
                                          gsize                    length,
                                          MusterCellTag           *tags,
                                          MusterCell              *cells);
/* The same for a column that has a summary and a number in every row. */
gboolean muster_sample_block_read_numbers (const MusterSampleBlock *self,
                                           unsigned                 column,
                                           const guint8            *data,
                                           gsize                    length,
                                           double                  *numbers);
/* Whether a column's numbers are integers over one divisor, of which all together fit an integer.
 */
gboolean muster_sample_block_has_small_ints (const MusterSampleBlock *self, unsigned column);
double   muster_sample_block_get_divisor (const MusterBlockColumn *column);
/* All of it, or the columns METRICS: NULL where the bytes are damaged. */
MusterSampleRows *muster_sample_block_read (const MusterSampleBlock *self,
                                            const guint8            *data,
                                            gsize                    length,
                                            const guint32           *metrics,
                                            unsigned                 n_metrics);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleBlock, muster_sample_block_free)

G_END_DECLS
