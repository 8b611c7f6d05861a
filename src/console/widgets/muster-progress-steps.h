/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/muster-field.h"

G_BEGIN_DECLS

/**
 * MusterProgressSteps:
 *
 * The states that something goes through, in their order, with what is behind it marked and where
 * it stands said in words. A state that is none of the way (cancelled) ends it there. CSS node
 * `steps` with `step` nodes of the classes `done`, `current` and `ended`.
 */
#define MUSTER_TYPE_PROGRESS_STEPS (muster_progress_steps_get_type ())
G_DECLARE_FINAL_TYPE (MusterProgressSteps, muster_progress_steps, MUSTER, PROGRESS_STEPS, GtkWidget)

GtkWidget *muster_progress_steps_new (void);

/* Shows that STATE of ENUMERATION is reached on the way over STATES (array length=N_STATES). */
void muster_progress_steps_set (MusterProgressSteps *self,
                                const MusterEnum    *enumeration,
                                const int           *states,
                                unsigned             n_states,
                                int                  state);

G_END_DECLS
