/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MusterPace:
 *
 * How fast several answers may be sent together: a bucket of tokens that all of them take from, a
 * token a byte. It holds what a quarter of a second brings, so that after a rest no more than that
 * comes at once. What cannot be had yet is promised for later, in the order in which it was asked
 * for: so everyone gets the same share. Reference-counted; one thread.
 */
typedef struct _MusterPace MusterPace;

/* RATE: bytes a second, more than 0. */
MusterPace *muster_pace_new (gint64 rate);
MusterPace *muster_pace_ref (MusterPace *self);
void        muster_pace_unref (MusterPace *self);
void        muster_pace_set_rate (MusterPace *self, gint64 rate);

/* Takes SIZE tokens at NOW (monotonic µs). Returns in how many microseconds they may be used. */
gint64 muster_pace_take (MusterPace *self, gsize size, gint64 now);
/* How much is best taken at once, up to MOST: little enough that others get their turn soon. */
gsize muster_pace_get_piece (MusterPace *self, gsize most);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterPace, muster_pace_unref)

G_END_DECLS
