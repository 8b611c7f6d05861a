/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-scan.h"

G_BEGIN_DECLS

/* Whether somebody marked METRIC's sample of TIME as wrong. */
gboolean muster_sample_is_excluded (const MusterSampleQuery *query,
                                    const char              *metric,
                                    gint64                   time);

/* Answers QUERY of one device: (transfer full), NULL on failure. DAMAGED (nullable): blocks that
 * had to be left out. */
MusterSampleBatch *muster_sample_range_query (MusterSampleTable       *table,
                                              MusterSampleFile        *file,
                                              const MusterSampleQuery *query,
                                              GArray                  *damaged,
                                              GError                 **error);
/* The newest samples of DEVICE_IDS (nullable: all devices): (element-type MusterSampleBatch)
 * (transfer full). */
GPtrArray *muster_sample_latest_query (MusterSampleTable *table, const char *const *device_ids);

G_END_DECLS
