/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-retention-policy.h"

G_BEGIN_DECLS

/* Samples and roll-ups of a class: bytes are estimates, of what is packed together. */
typedef struct
{
  gint64 samples;
  gint64 bytes;
  gint64 rollup_bytes;
  gint64 series;
  gint64 from; /* of the oldest and the newest sample or piece; 0: there is none */
  gint64 to;
} MusterRetentionTotals;

/* What is before LIMITS, or with EVERYTHING all that is in blocks: one item a class and one of
 * what is of none (element-type MusterRetentionTotals) (transfer full). NULL with ERROR. */
GArray *muster_retention_survey (MusterSampleTable           *table,
                                 MusterSampleFile            *file,
                                 const MusterRetentionLimits *limits,
                                 gboolean                     everything,
                                 GError                     **error);

/* How many bytes are in use. */
gboolean muster_retention_get_bytes (MusterSampleFile *file, gint64 *bytes, GError **error);
/* Sets the floors of LIMITS so that about as much goes as the policy's max_bytes is exceeded by:
 * the oldest samples first, with the minutes of that time, which may need more room than seldom
 * samples; then hours; nothing of today. */
gboolean muster_retention_find_floors (MusterSampleFile      *file,
                                       MusterRetentionLimits *limits,
                                       GError               **error);

G_END_DECLS
