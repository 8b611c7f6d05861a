/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MusterStepsEditor:
 *
 * What a test plan does, step by step: each with what it reads or sets and the limits between which
 * that must lie. Steps are added, moved up and removed.
 */
#define MUSTER_TYPE_STEPS_EDITOR (muster_steps_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterStepsEditor,
                      muster_steps_editor,
                      MUSTER,
                      STEPS_EDITOR,
                      AdwPreferencesGroup)

GtkWidget *muster_steps_editor_new (void);
/* JSON array of a plan; NULL: what most plans begin with. */
void muster_steps_editor_set_json (MusterStepsEditor *self, const char *json);
/* (transfer full) */
char *muster_steps_editor_dup_json (MusterStepsEditor *self);
/* What is wrong, for a person: (transfer full), NULL: nothing. */
char *muster_steps_editor_find_missing (MusterStepsEditor *self);

G_END_DECLS
