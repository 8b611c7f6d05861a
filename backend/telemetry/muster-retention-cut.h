/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-retention-policy.h"

G_BEGIN_DECLS

/* Where deleting goes on: all before it was done. Zeros: at the beginning. */
typedef struct
{
  guint32           device; /* number */
  MusterRollupLevel level;
  gint64            from;
} MusterRetentionCursor;

/* What was deleted. */
typedef struct
{
  gint64 samples;
  gint64 chunks; /* of roll-ups, that were deleted or made shorter */
} MusterRetentionTally;

/* Deletes what is before LIMITS, from CURSOR on, for as long as a slice lasts, in one transaction:
 * what is kept of it longer, as minutes and hours, is made before. MORE: whether there is more to
 * do. On the thread that writes FILE. */
gboolean muster_retention_cut_some (MusterSampleTable           *table,
                                    MusterSampleFile            *file,
                                    const MusterRetentionLimits *limits,
                                    MusterRetentionCursor       *cursor,
                                    MusterRetentionTally        *tally,
                                    gboolean                    *more,
                                    GError                     **error);

/* For tests: how long a slice lasts, at least one step. */
void muster_retention_set_slice (gint64 usec);

G_END_DECLS
