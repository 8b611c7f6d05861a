/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-field.h"

G_BEGIN_DECLS

/* The row of a form for FIELD, filled with TEXT (form of muster_field_format_text(), "" for no
 * value). */
GtkWidget *muster_field_row_new (const MusterField *field, const char *text);

const MusterField *muster_field_row_get_field (GtkWidget *row);
/* What it says now, in the same form: (transfer full). */
char *muster_field_row_dup_text (GtkWidget *row);
/* Marks it as refused because of MESSAGE, shown at the row; NULL: it is fine. */
void muster_field_row_set_error (GtkWidget *row, const char *message);

G_END_DECLS
