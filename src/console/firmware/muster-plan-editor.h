/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MusterPlanEditor:
 *
 * The groups of a rollout as a group of a form: a row each, with how many devices it has, what must
 * have succeeded, what may fail, and whether a person opens it. The last takes what is left.
 *
 * Signal `changed`.
 */
#define MUSTER_TYPE_PLAN_EDITOR (muster_plan_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterPlanEditor,
                      muster_plan_editor,
                      MUSTER,
                      PLAN_EDITOR,
                      AdwPreferencesGroup)

GtkWidget *muster_plan_editor_new (void);

/* In the form of the field `plan` of a rollout; NULL: one group of all. */
void  muster_plan_editor_set_json (MusterPlanEditor *self, const char *text);
char *muster_plan_editor_dup_json (MusterPlanEditor *self);
/* Shows MESSAGE at the group INDEX, counted from 0; NULL: all are fine. */
void muster_plan_editor_set_error (MusterPlanEditor *self, unsigned index, const char *message);

G_END_DECLS
