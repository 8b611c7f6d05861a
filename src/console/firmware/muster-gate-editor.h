/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"
#include "widgets/muster-rows-editor.h"

G_BEGIN_DECLS

/**
 * MusterGateEditor:
 *
 * What must not be worse after an update, as a group of a form: a row for each watch of the
 * telemetry gate, with what it looks at, which way is worse, by how much, and how sure it must be.
 */
#define MUSTER_TYPE_GATE_EDITOR (muster_gate_editor_get_type ())
G_DECLARE_FINAL_TYPE (MusterGateEditor, muster_gate_editor, MUSTER, GATE_EDITOR, MusterRowsEditor)

/* SESSION (nullable): whose metrics are suggested. */
GtkWidget *muster_gate_editor_new (MusterSession *session);

/* In the form of the field `gate` of a rollout; NULL: nothing is looked at. */
void muster_gate_editor_set_json (MusterGateEditor *self, const char *json);
/* Whether the daemon would take it; if not, ERROR is what it would say. */
gboolean muster_gate_editor_check (MusterGateEditor *self, GError **error);
/* Says DETAIL at the row that POINTER ("/gate/1/metric") names. */
void muster_gate_editor_show_error (MusterGateEditor *self,
                                    const char       *pointer,
                                    const char       *detail);

G_END_DECLS
