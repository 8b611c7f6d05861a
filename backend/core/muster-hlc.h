/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-clock.h"

G_BEGIN_DECLS

/* Hybrid logical clock (Kulkarni et al., 2014). A stamp is 48 bits of UTC milliseconds and 16 bits
 * of counter in one non-negative gint64, so that stamps compare as numbers. Safe from any thread.
 */
#define MUSTER_TYPE_HLC (muster_hlc_get_type ())
G_DECLARE_FINAL_TYPE (MusterHlc, muster_hlc, MUSTER, HLC, GObject)

MusterHlc *muster_hlc_new (MusterClock *clock);
/* Greater than every stamp given or seen before, also when the wall clock goes back. */
gint64 muster_hlc_next (MusterHlc *self);
/* Takes note of a stamp from elsewhere (a peer; the journal's last at start). A stamp more than
 * MAX_DRIFT_MS ahead of the wall clock is refused with FALSE. */
gboolean muster_hlc_observe (MusterHlc *self, gint64 stamp, gint64 max_drift_ms);
gint64   muster_hlc_get_time_ms (gint64 stamp);

G_END_DECLS
