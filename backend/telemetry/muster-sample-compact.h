/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-block.h"
#include "muster-sample-file.h"

G_BEGIN_DECLS

/* A block is rewritten to about so many rows. */
#define MUSTER_SAMPLE_BLOCK_ROWS 2048

/* What writing of blocks tells of a device. */
typedef struct
{
  guint32 device;       /* number */
  gint64  n_samples;    /* more in blocks than before; may be negative */
  gint64  max_span;     /* microseconds, of the longest block written, or what it was */
  gint64  sealed_until; /* the newest time in a block, or what it was */
} MusterSampleWritten;

/* Writes ROWS as blocks, within a transaction of FILE. */
gboolean muster_sample_compact_write (MusterSampleFile       *file,
                                      const MusterSampleRows *rows,
                                      unsigned                from,
                                      unsigned                to,
                                      MusterSampleWritten    *written,
                                      GError                **error);
/* The same for rows that come after all others: joined with the newest block where that is short.
 */
gboolean muster_sample_compact_write_next (MusterSampleFile       *file,
                                           const MusterSampleRows *rows,
                                           unsigned                from,
                                           MusterSampleWritten    *written,
                                           GError                **error);
/* The same for rows that came late: they are laid over the blocks that they overlap, and these
 * rewritten, so that blocks do not overlap. Not where there are too many of them: then the rows
 * become blocks of their own, which readers lay over the others. */
gboolean muster_sample_compact_write_late (MusterSampleFile       *file,
                                           const MusterSampleRows *rows,
                                           unsigned                n_rows,
                                           MusterSampleWritten    *written,
                                           GError                **error);
/* Looks again at a block that a reader found damaged, which may be gone by now, and puts it aside
 * if it is. Within a transaction of FILE. */
gboolean muster_sample_compact_check (MusterSampleFile            *file,
                                      const MusterSampleFileBlock *block,
                                      GError                     **error);
G_END_DECLS
