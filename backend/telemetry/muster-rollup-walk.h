/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rollup.h"
#include "muster-sample-scan.h"

G_BEGIN_DECLS

/* Where what a walk finds of each series goes, in order of time. Series are numbers into METRICS.
 */
typedef struct
{
  const guint32     *metrics;
  const char *const *names; /* of them */
  unsigned           n_series;
  unsigned           wanted; /* MusterRollupWant */
  MusterRollupLevel  level;  /* the coarsest that is of use */
  gpointer           data;
  /* So many samples are to come. */
  void (*expect) (gpointer data, unsigned series, gint64 n_samples);
  /* Whether samples from FROM to TO (included) may come as one piece. */
  gboolean (*takes) (gpointer data, unsigned series, gint64 from, gint64 to);
  /* IS_WHOLE: takes said so; else it is all that is left of them. */
  void (*take) (gpointer data, unsigned series, const MusterRollupPiece *piece, gboolean is_whole);
  /* Samples themselves, of the series that muster_rollup_sink_wants says. */
  MusterSamplePieceFunc raw;
  const unsigned       *raw_series; /* by the walk */
  unsigned              n_raw_series;
} MusterRollupSink;

/* The coarsest level whose pieces QUERY can be answered from. */
MusterRollupLevel muster_rollup_get_level (const MusterSampleQuery *query);
/* What of a piece AGGREGATE needs: MusterRollupWant. */
unsigned muster_rollup_get_wanted (MusterAggregate aggregate);

/* Whether SERIES' samples are what RAW is to take now. */
gboolean muster_rollup_sink_wants (const MusterRollupSink *self, unsigned series);

/* Brings what QUERY's device has within its range to SINK: from chunks as far as these are right
 * and coarse enough, else from samples. */
gboolean muster_rollup_walk (MusterSampleTable       *table,
                             MusterSampleFile        *file,
                             const MusterSampleQuery *query,
                             MusterRollupSink        *sink,
                             GArray                  *damaged,
                             GError                 **error);

G_END_DECLS
