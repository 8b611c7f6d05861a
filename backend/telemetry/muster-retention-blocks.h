/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-retention-policy.h"
#include "muster-sample-block.h"

G_BEGIN_DECLS

/* A block something of which is too old. */
typedef struct
{
  MusterSampleFileBlock found; /* without the bytes of the directory, of which the length stays */
  MusterSampleBlock    *block; /* (owned) */
} MusterRetentionBlock;

/* (element-type MusterRetentionBlock) (transfer full). */
GArray *muster_retention_blocks_new (void);

/* Looks at MOST of DEVICE's blocks that end at FROM or later, and begin before the latest limit:
 * those of which something is too old are appended to BLOCKS. UNTIL: all that begin before were
 * looked at; at least the latest limit, where there are no more. */
gboolean muster_retention_blocks_collect (MusterSampleFile            *file,
                                          const MusterRetentionLimits *limits,
                                          guint32                      device,
                                          gint64                       max_span,
                                          gint64                       from,
                                          unsigned                     most,
                                          GArray                      *blocks,
                                          gint64                      *until,
                                          GError                     **error);

/* What of a block's column is too old. */
typedef enum
{
  MUSTER_RETENTION_KEPT,
  MUSTER_RETENTION_CUT, /* maybe some of it */
  MUSTER_RETENTION_GONE,
} MusterRetentionFate;

/* LIMIT (nullable): up to where COLUMN's samples go, which is not after UNTIL. */
MusterRetentionFate muster_retention_block_get_fate (const MusterRetentionBlock  *self,
                                                     const MusterRetentionLimits *limits,
                                                     unsigned                     column,
                                                     gint64                       until,
                                                     gint64                      *limit);

/* Takes out of ROWS the samples of COLUMN before LIMIT: how many these were. */
gint64 muster_retention_cut_column (MusterSampleRows *rows, unsigned column, gint64 limit);
/* Takes out the rows in which nothing is left. */
void muster_retention_drop_empty_rows (MusterSampleRows *rows);

G_END_DECLS
