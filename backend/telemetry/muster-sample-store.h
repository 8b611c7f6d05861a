/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "model/muster-sample.h"
#include "muster-sample-chunk.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_AGGREGATE_NONE, /* raw points, thinned to `points` by first, min, max and last of each
                            column (M4) */
  MUSTER_AGGREGATE_MEAN,
  MUSTER_AGGREGATE_MIN,
  MUSTER_AGGREGATE_MAX,
  MUSTER_AGGREGATE_SUM,
  MUSTER_AGGREGATE_COUNT,
  MUSTER_AGGREGATE_FIRST,
  MUSTER_AGGREGATE_LAST,
  MUSTER_AGGREGATE_STDDEV,        /* of the population */
  MUSTER_AGGREGATE_QUANTILE,      /* see MusterSampleQuery.quantile */
  MUSTER_AGGREGATE_RATE,          /* change a second, of a counter: a fall is a reset to 0 */
  MUSTER_AGGREGATE_TIME_IN_STATE, /* seconds in which a boolean was true, or a number not 0 */
} MusterAggregate;

/* Days and longer are those of a calendar: they know of summer time and leap days. */
typedef enum
{
  MUSTER_STEP_USEC, /* from whole multiples since 1970 on */
  MUSTER_STEP_DAY,
  MUSTER_STEP_WEEK, /* from Monday on */
  MUSTER_STEP_MONTH,
  MUSTER_STEP_YEAR,
} MusterStepUnit;

/* Both ends included, UTC microseconds. */
typedef struct
{
  gint64 from;
  gint64 to;
} MusterSampleRange;

/* Samples that somebody marked as wrong: they are kept, and left out of answers. */
typedef struct
{
  const char       *metric; /* (nullable) all */
  MusterSampleRange range;
} MusterSampleExclusion;

/* A question about one device. Times in UTC microseconds, both ends included. */
typedef struct
{
  const char                  *device_id;
  const char *const           *metrics; /* NULL: all */
  gint64                       from;
  gint64                       to;
  unsigned                     points; /* most points a series, 0: all (up to 100,000) */
  MusterAggregate              aggregate;
  gint64                       step;     /* width of a bucket, with an aggregate */
  MusterStepUnit               unit;     /* what STEP counts */
  GTimeZone                   *zone;     /* (nullable) of calendar steps; UTC */
  double                       quantile; /* 0 to 1, with MUSTER_AGGREGATE_QUANTILE */
  const MusterSampleExclusion *excluded; /* what is left out */
  unsigned                     n_excluded;
  gboolean                     include_bad; /* those of bad quality count too */
} MusterSampleQuery;

/* STEP in seconds, or in UNIT when that is longer. */
void muster_sample_query_set_step (MusterSampleQuery *self, double step, MusterStepUnit unit);

/* A question about many devices: BASE's device is not looked at. With an aggregate, samples of all
 * devices of a group count together; a rate or a time in a state is added up over them. */
typedef struct
{
  MusterSampleQuery  base;
  const char *const *device_ids;
  unsigned           n_devices;
  GArray *const     *excluded; /* (nullable): of each device (element-type MusterSampleExclusion) */
  const unsigned    *groups;   /* (nullable): the group of each device; NULL: each is its own */
  const char *const *group_names; /* with GROUPS: what the answer's batches are called */
  unsigned           n_groups;
} MusterSeriesQuery;

/* The question about device number INDEX; borrowed from SELF. */
MusterSampleQuery muster_series_query_get_one (const MusterSeriesQuery *self, unsigned index);

typedef enum
{
  MUSTER_SAMPLE_CSV,
  MUSTER_SAMPLE_NDJSON,
} MusterSampleFormat;

/* What the daemon asks of whatever keeps the samples. */
#define MUSTER_TYPE_SAMPLE_STORE (muster_sample_store_get_type ())
G_DECLARE_INTERFACE (MusterSampleStore, muster_sample_store, MUSTER, SAMPLE_STORE, GObject)

struct _MusterSampleStoreInterface
{
  GTypeInterface parent_iface;
  DexFuture *(*append) (MusterSampleStore *self, MusterSampleBatch *batch);
  DexFuture *(*append_chunk) (MusterSampleStore *self, MusterSampleChunk *chunk, GBytes *packed);
  DexFuture *(*query_range) (MusterSampleStore *self, const MusterSampleQuery *query);
  DexFuture *(*query_series) (MusterSampleStore *self, const MusterSeriesQuery *query);
  GInputStream *(*export) (MusterSampleStore       *self,
                           const MusterSeriesQuery *query,
                           MusterSampleFormat       format);
  DexFuture *(*query_latest) (MusterSampleStore *self, const char *const *device_ids);
  DexFuture *(*forget) (MusterSampleStore *self, const char *device_id);
  DexFuture *(*get_stats) (MusterSampleStore *self);
  DexFuture *(*backup) (MusterSampleStore *self, const char *path);
};

/* Resolves to the number (int64) of samples refused (NaN, infinite, time before 1970 or more than a
 * day ahead) once the others are durable: a `kill -9` or loss of power afterwards loses none of
 * them. Same device, metric and time: the last one wins. */
DexFuture *muster_sample_store_append (MusterSampleStore *self, MusterSampleBatch *batch);
/* The same for samples of many devices at once, all of which are finite and of a time that is
 * taken. Takes CHUNK and PACKED, its bytes. Resolves to 0. */
DexFuture *muster_sample_store_append_chunk (MusterSampleStore *self,
                                             MusterSampleChunk *chunk,
                                             GBytes            *packed);
/* Resolves to a (element-type MusterSampleBatch) GPtrArray (boxed) of one batch, points in order of
 * time a metric. */
DexFuture *muster_sample_store_query_range (MusterSampleStore       *self,
                                            const MusterSampleQuery *query);
/* Resolves to a GPtrArray (boxed) of batches: one a device, or one a group. BASE.metrics must be
 * given where there are groups. */
DexFuture *muster_sample_store_query_series (MusterSampleStore       *self,
                                             const MusterSeriesQuery *query);
/* The samples themselves as text, made while it is read; reading blocks. NULL where the store does
 * not run: (transfer full). */
GInputStream *muster_sample_store_export (MusterSampleStore       *self,
                                          const MusterSeriesQuery *query,
                                          MusterSampleFormat       format);
/* The newest non-historical sample of each metric of DEVICE_IDS (NULL: of all devices): resolves to
 * a GPtrArray of batches. */
DexFuture *muster_sample_store_query_latest (MusterSampleStore *self,
                                             const char *const *device_ids);
/* Deletes a device's samples. Resolves to TRUE. */
DexFuture *muster_sample_store_forget (MusterSampleStore *self, const char *device_id);
/* Resolves to a GVariant a{sv}: samples, series, bytes, refused, appended-per-second. */
DexFuture *muster_sample_store_get_stats (MusterSampleStore *self);
/* Copies what is stored to the new file PATH while samples go on coming in. Resolves to TRUE. */
DexFuture *muster_sample_store_backup (MusterSampleStore *self, const char *path);

G_END_DECLS
