/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-order-draft.h"
#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterOrderEditorLine:
 *
 * A line of an order while it is being written: quantity or the very unit, price or rate, and what
 * the stock says to it.
 *
 * Signals: `changed`; `remove`; `next`: Enter, the keyboard goes on to what comes next.
 */
#define MUSTER_TYPE_ORDER_EDITOR_LINE (muster_order_editor_line_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderEditorLine,
                      muster_order_editor_line,
                      MUSTER,
                      ORDER_EDITOR_LINE,
                      GtkListBoxRow)

/* LINE of DRAFT outlives the row. STOCKED: whether the goods come from this site's stock. */
GtkWidget *muster_order_editor_line_new (MusterSession    *session,
                                         MusterOrderDraft *draft,
                                         MusterDraftLine  *line,
                                         gboolean          stocked);

MusterDraftLine *muster_order_editor_line_get_line (MusterOrderEditorLine *self);
/* Shows what the line says and comes to now. */
void muster_order_editor_line_update (MusterOrderEditorLine *self);
/* Marks MEMBER ("quantity", NULL: all of it) as refused because of MESSAGE; NULL: it is fine. */
void muster_order_editor_line_set_error (MusterOrderEditorLine *self,
                                         const char            *member,
                                         const char            *message);
/* Whether everything typed in it can be read. */
gboolean muster_order_editor_line_is_valid (MusterOrderEditorLine *self);
/* Puts the keyboard into its quantity, or amount. */
void muster_order_editor_line_focus (MusterOrderEditorLine *self);

G_END_DECLS
