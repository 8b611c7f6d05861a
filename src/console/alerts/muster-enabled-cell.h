/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The cell of a list whose records have a field `enabled`: a switch that changes it at once. See
 * MusterColumn. */
GtkWidget *muster_enabled_cell_create (MusterSession *session);
/* OPERATION: the right it takes. */
void muster_enabled_cell_show (GtkWidget     *cell,
                               MusterEntity  *record,
                               MusterSession *session,
                               const char    *operation);

G_END_DECLS
