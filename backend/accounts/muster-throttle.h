/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How attempts that fail are slowed down: from the FREEth on each doubles the wait, from FIRST
 * to LONGEST (µs). A name that is quiet for as long as LONGEST after its wait starts
 * anew. */
typedef struct
{
  unsigned free;
  gint64   first;
  gint64   longest;
} MusterThrottlePolicy;

/**
 * MusterThrottle:
 *
 * Counts failures by name (an account, an address) and says how long that name has to wait. The
 * names are bounded; those not heard of the longest go first. Times are monotonic µs, given by the
 * caller. One thread.
 */
typedef struct _MusterThrottle MusterThrottle;

MusterThrottle *muster_throttle_new (const MusterThrottlePolicy *policy);
void            muster_throttle_free (MusterThrottle *self);
/* µs that NAME has still to wait; 0: it may try. */
gint64 muster_throttle_get_wait (MusterThrottle *self, const char *name, gint64 now);
/* An attempt begins: until it is known to be right it counts as failed, so that many at once are as
 * many failures. */
void muster_throttle_fail (MusterThrottle *self, const char *name, gint64 now);
/* NAME has shown who it is: what failed before is forgotten. */
void muster_throttle_succeed (MusterThrottle *self, const char *name);
/* The last attempt was right, and no more than that is known: an address may be many people's. */
void muster_throttle_forgive (MusterThrottle *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterThrottle, muster_throttle_free)

G_END_DECLS
