/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MusterDurationRow:
 *
 * A row of a form for a length of time, written as people do: "5 min", "1 h 30 min". What it means
 * is written out once the keyboard leaves it.
 */
#define MUSTER_TYPE_DURATION_ROW (muster_duration_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterDurationRow, muster_duration_row, MUSTER, DURATION_ROW, AdwEntryRow)

GtkWidget *muster_duration_row_new (const char *title);

/* In the form of a field: whole seconds, "" for none, and what was written where that is no length
 * of time: (transfer full). */
char *muster_duration_row_dup_text (MusterDurationRow *self);
/* TEXT in the same form. */
void muster_duration_row_set_text (MusterDurationRow *self, const char *text);

G_END_DECLS
