/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rollup-file.h"
#include "muster-sample-block.h"

G_BEGIN_DECLS

typedef struct
{
  gint64        time;
  MusterCellTag tag; /* MUSTER_CELL_ABSENT: none */
  MusterCell    cell;
} MusterRollupPoint;

/* What is known of a minute's or an hour's samples of one series. Bad ones are only counted. */
typedef struct
{
  gint64            start;
  gint64            count;  /* numbers */
  gint64            others; /* texts and nulls: their first and last are not kept */
  gint64            n_bad;
  double            sum;
  double            rest; /* of the sum, what its last digit did not hold (Neumaier 1974) */
  MusterRollupPoint first;
  MusterRollupPoint least;
  MusterRollupPoint greatest;
  MusterRollupPoint last;
} MusterRollupPiece;

/* --- making --- */

typedef struct
{
  guint32 metric;
  GArray *pieces; /* (owned) (element-type MusterRollupPiece) in order of time */
} MusterRollupSeries;

/* Pieces of one device and level. */
typedef struct
{
  MusterRollupLevel level;
  GArray           *series; /* (element-type MusterRollupSeries) */
} MusterRollupSet;

MusterRollupSet *muster_rollup_set_new (MusterRollupLevel level);
void             muster_rollup_set_free (MusterRollupSet *self);
/* The samples FROM to TO (excluded) of one column of rows, which come in order of time. */
void muster_rollup_set_add_column (MusterRollupSet          *self,
                                   const gint64             *times,
                                   const MusterSampleColumn *column,
                                   unsigned                  from,
                                   unsigned                  to);
/* PIECE of a level that is not coarser than SELF's; in order of time a metric. */
void muster_rollup_set_add_piece (MusterRollupSet         *self,
                                  guint32                  metric,
                                  const MusterRollupPiece *piece);
/* As a chunk: (transfer full) bytes into DIRECTORY and DATA, both empty. FALSE when there is
 * nothing. */
gboolean muster_rollup_set_encode (const MusterRollupSet *self,
                                   GByteArray            *directory,
                                   GByteArray            *data);

/* --- reading --- */

typedef enum
{
  MUSTER_ROLLUP_WANT_SUM = 1 << 0,
  MUSTER_ROLLUP_WANT_ENDS = 1 << 1,     /* first and last */
  MUSTER_ROLLUP_WANT_EXTREMES = 1 << 2, /* least and greatest */
  MUSTER_ROLLUP_WANT_TIMES = 1 << 3,    /* when these were; else all are at the start */
  MUSTER_ROLLUP_WANT_ALL = 15,
} MusterRollupWant;

/* A chunk that is read from. */
typedef struct
{
  MusterSampleBlock *block; /* (owned) */
  gint64            *times; /* (owned): starts of pieces */
  const guint8      *data;  /* (unowned) */
  gsize              data_length;
} MusterRollupReader;

/* FALSE where the chunk is damaged. */
gboolean muster_rollup_reader_init (MusterRollupReader *self, const MusterRollupChunk *chunk);
void     muster_rollup_reader_clear (MusterRollupReader *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterRollupReader, muster_rollup_reader_clear)
/* The pieces of METRIC, block->n_rows of them, some with nothing in them: (transfer full). NULL
 * where there are none; is_damaged tells whether that is the reason. */
MusterRollupPiece *muster_rollup_reader_read (const MusterRollupReader *self,
                                              guint32                   metric,
                                              unsigned                  wanted,
                                              gboolean                 *is_damaged);
/* How many pieces METRIC has that begin before LIMIT; OLDEST and NEWEST (nullable): their begins.
 */
unsigned muster_rollup_reader_count_before (const MusterRollupReader *self,
                                            guint32                   metric,
                                            gint64                    limit,
                                            gint64                   *oldest,
                                            gint64                   *newest);
/* The metrics: (element-type guint32) (transfer full). */
GArray *muster_rollup_reader_list_metrics (const MusterRollupReader *self);

static inline gboolean
muster_rollup_piece_is_empty (const MusterRollupPiece *self)
{
  return self->count == 0 && self->others == 0 && self->n_bad == 0;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterRollupSet, muster_rollup_set_free)

G_END_DECLS
