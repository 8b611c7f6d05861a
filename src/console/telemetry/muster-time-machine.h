/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterTimeMachine:
 *
 * A slider over the past, and how the site was at the moment that it stands at: the states of the
 * devices and the alerts that were open, from the journal. Changes nothing.
 *
 * Signal `moved (gint64 at)`: to another moment (UTC microseconds); 0: back to the present.
 */
#define MUSTER_TYPE_TIME_MACHINE (muster_time_machine_get_type ())
G_DECLARE_FINAL_TYPE (MusterTimeMachine, muster_time_machine, MUSTER, TIME_MACHINE, GtkBox)

/* To be called once. */
void muster_time_machine_open (MusterTimeMachine *self, MusterSession *session);
/* Stands at the present, from which it begins. */
void muster_time_machine_reset (MusterTimeMachine *self);
/* The moment (UTC microseconds); 0: the present. */
gint64 muster_time_machine_get_time (MusterTimeMachine *self);

G_END_DECLS
