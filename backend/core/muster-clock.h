/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Time as a dependency, so that tests need not sleep. Derive to inject; the plain class reads the
 * system's clocks. */
#define MUSTER_TYPE_CLOCK (muster_clock_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterClock, muster_clock, MUSTER, CLOCK, GObject)

struct _MusterClockClass
{
  GObjectClass parent_class;
  gint64 (*get_now) (MusterClock *self);
  gint64 (*get_monotonic) (MusterClock *self);
};

MusterClock *muster_clock_new (void);
/* UTC microseconds since 1970. Safe from any thread. */
gint64 muster_clock_get_now (MusterClock *self);
/* Microseconds that never go back. Safe from any thread. */
gint64 muster_clock_get_monotonic (MusterClock *self);

/* A clock that stands until it is told to go on. */
#define MUSTER_TYPE_MANUAL_CLOCK (muster_manual_clock_get_type ())
G_DECLARE_FINAL_TYPE (MusterManualClock, muster_manual_clock, MUSTER, MANUAL_CLOCK, MusterClock)

MusterClock *muster_manual_clock_new (gint64 now);
void         muster_manual_clock_advance (MusterManualClock *self, gint64 usec);
/* Moves the wall clock alone, as an operator or NTP does. */
void muster_manual_clock_set_now (MusterManualClock *self, gint64 now);

G_END_DECLS
