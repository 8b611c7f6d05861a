/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MusterGateEditor:
 *
 * What must not be worse after an update, as a group of a form: nothing, or errors, restarts or a
 * metric. What else a gate says, and a gate of several watches, is kept as it was.
 */
#define MUSTER_TYPE_GATE_EDITOR (muster_gate_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterGateEditor,
                      muster_gate_editor,
                      MUSTER,
                      GATE_EDITOR,
                      AdwPreferencesGroup)

GtkWidget *muster_gate_editor_new (void);

/* In the form of the field `gate` of a rollout; NULL: nothing is looked at. */
void  muster_gate_editor_set_json (MusterGateEditor *self, const char *text);
char *muster_gate_editor_dup_json (MusterGateEditor *self);
/* What is missing, for a person; NULL: nothing. */
const char *muster_gate_editor_find_missing (MusterGateEditor *self);

G_END_DECLS
