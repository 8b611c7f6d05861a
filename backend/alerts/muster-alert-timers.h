/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Something that is to be woken at a time: part of what it belongs to. Initialise with zeros. */
typedef struct
{
  gint64   at;
  unsigned place; /* in the heap, from 1; 0: not in it */
} MusterAlertTimer;

/**
 * MusterAlertTimers:
 *
 * Timers by time, the next one first: a binary heap. What is put off is not moved: it comes up at
 * the earlier time, and its owner sets it again, so that a series of samples that puts its timer
 * off each time costs nothing.
 */
typedef GPtrArray MusterAlertTimers;

MusterAlertTimers *muster_alert_timers_new (void);
/* AT: G_MAXINT64 for never. */
void muster_alert_timers_set (MusterAlertTimers *self, MusterAlertTimer *timer, gint64 at);
void muster_alert_timers_remove (MusterAlertTimers *self, MusterAlertTimer *timer);
/* When the next one comes up; G_MAXINT64: none. */
gint64 muster_alert_timers_get_next (MusterAlertTimers *self);
/* Takes the next one out, where it comes up at NOW or before; or NULL. */
MusterAlertTimer *muster_alert_timers_pop (MusterAlertTimers *self, gint64 now);

G_END_DECLS
