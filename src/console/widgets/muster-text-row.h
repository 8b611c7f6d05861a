/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A row of a form for text of several lines: an address, notes. Tab goes on rather than being
 * typed. Signal `changed`. */
#define MUSTER_TYPE_TEXT_ROW (muster_text_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterTextRow, muster_text_row, MUSTER, TEXT_ROW, AdwPreferencesRow)

/* TITLE names it, with a mnemonic or without. */
GtkWidget *muster_text_row_new (const char *title);

/* Without white space around it: (transfer full). */
char *muster_text_row_dup_text (MusterTextRow *self);
void  muster_text_row_set_text (MusterTextRow *self, const char *text); /* (nullable) */
/* How many lines there is room for, at least; 2 at first. */
void muster_text_row_set_lines (MusterTextRow *self, unsigned lines);
/* Marks it as refused because of MESSAGE; NULL: it is fine. */
void muster_text_row_set_error (MusterTextRow *self, const char *message);

G_END_DECLS
