/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-sample.h"

G_BEGIN_DECLS

/* What a cell is: a kind in the low bits, MusterSampleFlags above them. */
typedef guint8 MusterCellTag;

enum
{
  MUSTER_CELL_ABSENT = 0,
  MUSTER_CELL_NULL,
  MUSTER_CELL_INTEGER,
  MUSTER_CELL_DOUBLE,
  MUSTER_CELL_BOOLEAN,
  MUSTER_CELL_TEXT,
  MUSTER_CELL_KIND_MASK = 7,
};

MusterCellTag muster_cell_tag (MusterSampleType type, MusterSampleFlags flags);

static inline unsigned
muster_cell_get_kind (MusterCellTag tag)
{
  return tag & MUSTER_CELL_KIND_MASK;
}

static inline gboolean
muster_cell_is_bad (MusterCellTag tag)
{
  return (tag >> 3 & MUSTER_SAMPLE_BAD) != 0;
}

/* Integers and booleans as they are, doubles by their bits; a text is a GRefString's address. */
typedef union
{
  guint64     bits;
  gint64      integer;
  double      number;
  GRefString *text;
} MusterCell;

/* A cell as a sample; METRIC and a text are borrowed. */
MusterSample muster_sample_from_cell (const char   *metric,
                                      gint64        time,
                                      MusterCellTag tag,
                                      MusterCell    cell);
typedef struct
{
  guint32        metric; /* number of its name */
  MusterCellTag *tags;   /* one a row */
  MusterCell    *cells;
} MusterSampleColumn;

/**
 * MusterSampleRows:
 *
 * Samples of one device in order of time: a row a moment, a column a metric. A message of a device
 * is one row, so that its time is kept once.
 */
typedef struct
{
  unsigned            n_rows;
  unsigned            n_allocated;
  gint64             *times; /* UTC microseconds, strictly ascending */
  unsigned            n_columns;
  MusterSampleColumn *columns;
} MusterSampleRows;

MusterSampleRows *muster_sample_rows_new (void);
void              muster_sample_rows_free (MusterSampleRows *self);
/* Room for N more rows at the end. */
void muster_sample_rows_reserve (MusterSampleRows *self, unsigned n);
/* The row of TIME, made where there is none. */
unsigned muster_sample_rows_ensure_row (MusterSampleRows *self, gint64 time);
/* The column of METRIC, made where there is none; HINT: where it probably stands. */
unsigned muster_sample_rows_ensure_column (MusterSampleRows *self, guint32 metric, unsigned hint);
/* NULL where there is none. */
const MusterSampleColumn *muster_sample_rows_find_column (const MusterSampleRows *self,
                                                          guint32                 metric);
/* Puts a sample where another may stand: the last one wins, but what came live stays so though a
 * node that lost its connection sends it once more as history. Takes a text's reference. TRUE when
 * the place was empty. */
gboolean muster_sample_rows_set (MusterSampleRows *self,
                                 unsigned          row,
                                 unsigned          column,
                                 MusterCellTag     tag,
                                 MusterCell        cell);
/* The first row whose time is not before TIME. */
unsigned muster_sample_rows_find (const MusterSampleRows *self, gint64 time);
/* The same of N times in order. */
unsigned muster_sample_times_find (const gint64 *times, unsigned n, gint64 time);
/* Whether METRIC is among METRICS (NULL: all are). */
static inline gboolean
muster_sample_metrics_contain (const guint32 *metrics, unsigned n_metrics, guint32 metric)
{
  for (unsigned i = 0; i < n_metrics; i++)
    if (metrics[i] == metric)
      return TRUE;
  return metrics == NULL;
}

/* A copy of the rows FROM to TO (excluded) with the columns METRICS (NULL: all): (transfer full).
 */
MusterSampleRows *muster_sample_rows_copy (const MusterSampleRows *self,
                                           unsigned                from,
                                           unsigned                to,
                                           const guint32          *metrics,
                                           unsigned                n_metrics);
/* Puts NEWER's samples over those of SELF. */
void muster_sample_rows_merge (MusterSampleRows *self, const MusterSampleRows *newer);
/* Cells that hold something. */
gint64 muster_sample_rows_count (const MusterSampleRows *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleRows, muster_sample_rows_free)

G_END_DECLS
