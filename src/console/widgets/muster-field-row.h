/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-field.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* The row of a form for FIELD, filled with TEXT (form of muster_field_format_text(), "" for no
 * value): a choice for an enumeration, a switch, a calendar, a search for what it points at, names
 * and values for an object, an entry for the rest. SESSION: where references are found. */
GtkWidget *muster_field_row_new (MusterSession     *session,
                                 const MusterField *field,
                                 const char        *text);

const MusterField *muster_field_row_get_field (GtkWidget *row);
/* What it says now, in the same form: (transfer full). */
char *muster_field_row_dup_text (GtkWidget *row);
/* Makes it say TEXT, in the same form. */
void muster_field_row_set_text (GtkWidget *row, const char *text);
/* Marks it as refused because of MESSAGE, shown at the row; NULL: it is fine. */
void muster_field_row_set_error (GtkWidget *row, const char *message);

G_END_DECLS
