/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Makes LIST (a boxed list) show the FIELDS (names up to NULL) of RECORD that have a value: one row
 * each, to read and to copy. */
void muster_detail_rows_show (GtkListBox        *list,
                              MusterSession     *session,
                              MusterEntity      *record,
                              const char *const *fields);
/* One such row: (transfer floating). */
GtkWidget *muster_detail_row_new (const char *title, const char *text);
/* A row that opens something: it has an arrow at its end. ACTION is a detailed action name. */
GtkWidget *muster_link_row_new (const char *title, const char *subtitle, const char *action);

G_END_DECLS
