/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MusterRateLimit:
 *
 * Token buckets by name: each name may do RATE things a second, and as many at once. The names are
 * bounded; those not heard of the longest go first, and start anew with a full bucket. One thread.
 */
typedef struct _MusterRateLimit MusterRateLimit;

/* RATE 0: no limit. */
MusterRateLimit *muster_rate_limit_new (unsigned rate);
void             muster_rate_limit_free (MusterRateLimit *self);
void             muster_rate_limit_set_rate (MusterRateLimit *self, unsigned rate);
/* Whether NAME may do one more thing at NOW (monotonic µs). */
gboolean muster_rate_limit_take (MusterRateLimit *self, const char *name, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterRateLimit, muster_rate_limit_free)

G_END_DECLS
