/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-model-test-util.h"

G_BEGIN_DECLS

typedef struct
{
  char        *device_id;
  char        *metric;
  GArray      *samples; /* (element-type MusterSample) in order of time */
  gboolean     has_shown;
  MusterSample shown; /* the newest that was not stored, where has_shown */
} MusterModelSeries;

struct _MusterSampleModel
{
  GPtrArray    *series; /* (element-type MusterModelSeries) */
  GStringChunk *texts;
};

/* A stretch of one series: from, included, to, not included. */
typedef struct
{
  const MusterModelSeries *series;
  guint                    from, to;
} MusterModelSlice;

typedef struct
{
  gint64 start; /* UTC microseconds */
  gint64 end;   /* not included */
} MusterModelStep;

/* --- series (muster-sample-model-test-util.c) --- */

static inline const MusterSample *
muster_model_sample_at (const MusterModelSeries *series, guint index)
{
  return &g_array_index (series->samples, MusterSample, index);
}

MusterModelSeries *muster_model_find_series (MusterSampleModel *self,
                                             const char        *device_id,
                                             const char        *metric);
/* The index of the first sample that is not before TIME. */
guint muster_model_find_time (const MusterModelSeries *series, gint64 time);
/* What QUERY asks of SERIES, as a series of its own: to be freed by g_array_unref of its samples.
 */
MusterModelSeries muster_model_view_of (const MusterModelSeries *series,
                                        const MusterSampleQuery *query);
gboolean muster_model_is_asked (const MusterSampleQuery *query, const MusterModelSeries *series);
/* Whether the answer has more points than any may have. */
gboolean muster_model_is_too_large (MusterSampleModel *self, const MusterSampleQuery *query);

/* --- comparing (muster-sample-model-compare-test-util.c) --- */

gboolean muster_model_get_number (const MusterSample *sample, double *number);
/* To the bit. */
gboolean muster_model_has_same_value (const MusterSample *a, const MusterSample *b);
gboolean muster_model_is_same (const MusterSample *a, const MusterSample *b);
void     muster_model_fail (const MusterModelSeries *series,
                            const char              *what,
                            const MusterSample      *wanted,
                            const MusterSample      *got);
/* The samples of METRIC in BATCH, in their order. (transfer full) (element-type MusterSample) */
GArray *muster_model_take_metric (MusterSampleBatch *batch, const char *metric);
void    muster_model_check_all (MusterModelSlice slice, GArray *answer);
void    muster_model_check_columns (MusterModelSlice         slice,
                                    const MusterSampleQuery *query,
                                    GArray                  *answer);

/* --- steps (muster-sample-model-steps-test-util.c) --- */

MusterModelStep muster_model_find_step (const MusterSampleQuery *query, gint64 time);

/* --- aggregates (muster-sample-model-aggregate-test-util.c) --- */

/* The numbers of SLICE: (transfer full) (element-type double) */
GArray *muster_model_take_numbers (MusterModelSlice slice);
/* What NUMBERS, one at least, amount to; SLACK: by how much another order of adding may change it.
 */
double muster_model_aggregate (GArray *numbers, const MusterSampleQuery *query, double *slack);
/* The change a second of the numbers of SLICE, those before them counted too. */
double muster_model_get_rate (MusterModelSlice slice, MusterModelStep step);
/* Seconds of STEP in which the last number told was not 0, up to UNTIL. */
double muster_model_get_time_in_state (MusterModelSlice slice, MusterModelStep step, gint64 until);
/* Squares of what is as large as this are no numbers any more. */
gboolean muster_model_is_beyond_squares (GArray *numbers);
void     muster_model_check_steps (MusterModelSlice         slice,
                                   const MusterSampleQuery *query,
                                   GArray                  *answer);
void     muster_model_check_states (MusterModelSlice         slice,
                                    const MusterSampleQuery *query,
                                    GArray                  *answer);

G_END_DECLS
