/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterTimeMachine:
 *
 * The bar by which the whole window goes to a moment of the past: a slider under what happened,
 * date and time, steps. It moves the session on; whatever shows something follows that. One step at
 * a time: the next one begins when everything that was asked for the last one is there.
 *
 * Property `narrow`: one thing under the other. Signal `leave ()`: it has gone back to the present,
 * and is not needed any more.
 */
#define MUSTER_TYPE_TIME_MACHINE (muster_time_machine_get_type ())
G_DECLARE_FINAL_TYPE (MusterTimeMachine, muster_time_machine, MUSTER, TIME_MACHINE, GtkBox)

/* To be called once. */
void muster_time_machine_set_session (MusterTimeMachine *self, MusterSession *session);
/* Begins anew, at the present, with the slider focused. */
void muster_time_machine_enter (MusterTimeMachine *self);
/* Back to the present. */
void muster_time_machine_leave (MusterTimeMachine *self);
/* N steps on, backwards when negative; or to the N-th mark. */
void muster_time_machine_step (MusterTimeMachine *self, int n, gboolean marks);
/* What is to be said about the room that is seen (nullable). */
void muster_time_machine_set_note (MusterTimeMachine *self, const char *note);

G_END_DECLS
