/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rollup-file.h"

G_BEGIN_DECLS

/* Days of what is never deleted. */
#define MUSTER_RETENTION_FOR_EVER G_GINT64_CONSTANT (-1)

/* Metrics whose samples are kept for the same time. */
typedef struct
{
  char  *id; /* (nullable) */
  char  *name;
  char **patterns; /* globs of metrics' names */
  gint64 days[MUSTER_N_ROLLUP_LEVELS];
} MusterRetentionRule;

/**
 * MusterRetentionPolicy:
 *
 * How long samples, minutes and hours are kept. A metric is of the first class that names it; what
 * is of none is kept for ever. Not changed once several threads know it.
 */
typedef struct
{
  gatomicrefcount count;
  GPtrArray      *classes;   /* (element-type MusterRetentionRule) (owned) */
  gint64          max_bytes; /* of all that is stored; 0: no matter */
} MusterRetentionPolicy;

MusterRetentionPolicy *muster_retention_policy_new (void);
MusterRetentionPolicy *muster_retention_policy_ref (MusterRetentionPolicy *self);
void                   muster_retention_policy_unref (MusterRetentionPolicy *self);
/* PATTERNS: separated by commas. DAYS: of each level, the first at least 1 or for ever; 0: not
 * longer than what is finer. */
void muster_retention_policy_add (MusterRetentionPolicy *self,
                                  const char            *id,
                                  const char            *name,
                                  const char            *patterns,
                                  const gint64          *days);
/* The same classes with other room: (transfer full). */
MusterRetentionPolicy *muster_retention_policy_copy (const MusterRetentionPolicy *self,
                                                     gint64                       max_bytes);
/* Whether it may delete anything. */
gboolean muster_retention_policy_has_limits (const MusterRetentionPolicy *self);
gboolean muster_retention_policy_equal (const MusterRetentionPolicy *a,
                                        const MusterRetentionPolicy *b);

/* A policy at a moment: up to when each metric's samples and pieces are to go, the begin of a day.
 */
typedef struct
{
  MusterRetentionPolicy *policy;                         /* (owned) */
  gint64                 today;                          /* its begin */
  gint64                 floors[MUSTER_N_ROLLUP_LEVELS]; /* for want of room: of every metric */
  gint64                 since[MUSTER_N_ROLLUP_LEVELS];  /* what is before is gone already */
  GArray *classes; /* (owned) (element-type guint) by metric; classes->len: of none */
} MusterRetentionLimits;

void muster_retention_limits_init (MusterRetentionLimits *self,
                                   MusterRetentionPolicy *policy,
                                   MusterSampleTable     *table,
                                   gint64                 now);
void muster_retention_limits_clear (MusterRetentionLimits *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterRetentionLimits, muster_retention_limits_clear)
/* The number of METRIC's class; that of classes where it is of none. */
guint muster_retention_limits_get_class (const MusterRetentionLimits *self, guint32 metric);
/* What of METRIC is before this goes; 0: nothing. Not later at a coarser level. */
gint64 muster_retention_limits_get (const MusterRetentionLimits *self,
                                    guint32                      metric,
                                    MusterRollupLevel            level);
/* The earliest of a class that has one; 0: none has. */
gint64 muster_retention_limits_get_earliest (const MusterRetentionLimits *self,
                                             MusterRollupLevel            level);
/* The latest of any metric. */
gint64 muster_retention_limits_get_latest (const MusterRetentionLimits *self,
                                           MusterRollupLevel            level);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterRetentionPolicy, muster_retention_policy_unref)

G_END_DECLS
