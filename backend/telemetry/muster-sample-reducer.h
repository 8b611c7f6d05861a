/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-store.h"

G_BEGIN_DECLS

/* A series without a thinning answers at most so many points. */
#define MUSTER_SAMPLE_MAX_POINTS 100000
/* A quantile is of at most so many samples a step. */
#define MUSTER_SAMPLE_MAX_QUANTILE 10000000

/* What is known of many samples of one series together. */
typedef struct
{
  gint64       count;
  double       sum;
  MusterSample first;
  MusterSample least;
  MusterSample greatest;
  MusterSample last;
} MusterSampleSummary;

/**
 * MusterSampleReducer:
 *
 * Takes one series' samples in order of time and gives what a query asked for: all of them, M4 (the
 * first, least, greatest and last of each column of pixels, after Jugel et al., VLDB 2014: a line
 * drawn through them covers the same pixels as one through all), or an aggregate a step. Booleans
 * count as 0 and 1; texts have only first, last and count. Constant memory beside the answer, but
 * for quantiles.
 */
typedef struct _MusterSampleReducer MusterSampleReducer;

/* Answers into BATCH under METRIC. QUERY must outlive it. */
MusterSampleReducer *muster_sample_reducer_new (const MusterSampleQuery *query,
                                                const char              *metric,
                                                MusterSampleBatch       *batch);
void                 muster_sample_reducer_free (MusterSampleReducer *self);
/* Bad samples are told where all samples are, and else left out unless QUERY wants them. */
void muster_sample_reducer_push (MusterSampleReducer *self, const MusterSample *sample);
/* So many samples are to come, so that it need not find out whether all are wanted. */
void muster_sample_reducer_expect (MusterSampleReducer *self, gint64 n_samples);
/* Whether samples from FIRST to LAST (their times) may come as a summary: they fall into one
 * column or step, and the answer needs no more of them. */
gboolean muster_sample_reducer_takes_summary (MusterSampleReducer *self, gint64 first, gint64 last);
/* Whether a summary is as good as its samples but for where in time they lie: a coarse answer,
 * where the samples are gone. */
gboolean muster_sample_reducer_is_simple (MusterSampleReducer *self);
/* Whether a column's least and greatest are asked for (their times too), and what they are by now:
 * what lies within need not be looked up. */
gboolean muster_sample_reducer_wants_extremes (MusterSampleReducer *self,
                                               gint64               first,
                                               double               minimum,
                                               double               maximum);
void     muster_sample_reducer_push_summary (MusterSampleReducer       *self,
                                             const MusterSampleSummary *summary);
/* Writes the answer. MUSTER_ERROR_TOO_LARGE where it would have more than MUSTER_SAMPLE_MAX_POINTS
 * points. */
gboolean muster_sample_reducer_finish (MusterSampleReducer *self, GError **error);

/* The quantile of NUMBERS (element-type double), at least one, which are sorted; 0 ≤ QUANTILE ≤ 1.
 */
double muster_sample_get_quantile (GArray *numbers, double quantile);

/* The microseconds of the longest pieces, a minute or an hour, of which the answer to QUERY is made
 * as well as of samples; 0: of none. Columns that are far wider than a piece begin and end with
 * one: their edges move by less than a pixel can show. */
gint64 muster_sample_query_get_piece (const MusterSampleQuery *query);

/* Whether QUERY makes sense: ordered range, step with an aggregate, not too many buckets; else
 * MUSTER_ERROR_INVALID. */
gboolean muster_sample_query_check (const MusterSampleQuery *query, GError **error);

/* Appends a copy of SAMPLE under METRIC at TIME. */
void muster_sample_batch_append (MusterSampleBatch  *batch,
                                 const char         *metric,
                                 gint64              time,
                                 const MusterSample *sample);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleReducer, muster_sample_reducer_free)

G_END_DECLS
