/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-rows-editor.h"

G_BEGIN_DECLS

/**
 * MusterPlanEditor:
 *
 * The groups of a rollout as a group of a form: a row each, with how many devices it has, what must
 * have succeeded, what may fail, and whether a person opens it. The last takes what is left. Its
 * JSON is the field `plan` of a rollout; NULL: one group of all.
 */
#define MUSTER_TYPE_PLAN_EDITOR (muster_plan_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterPlanEditor, muster_plan_editor, MUSTER, PLAN_EDITOR, MusterRowsEditor)

GtkWidget *muster_plan_editor_new (void);

G_END_DECLS
