/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The alerts that another one explains. */

/* The cell of a list: how many there are, and, once it is pressed, which. See MusterColumn. */
GtkWidget *muster_alert_fold_create (MusterSession *session);
void       muster_alert_fold_show (GtkWidget *cell, MusterEntity *alert, MusterSession *session);

/* Fills LIST with those that ALERT_ID explains, the newest first; their rows open them. Resolves to
 * how many there are, as an integer. */
DexFuture *muster_alert_fold_fill (MusterSession *session, GtkListBox *list, const char *alert_id);

/* A row for ALERT: its severity, title, and where it is. WITH_DEVICE FALSE: where all are of one.
 * Activating it opens the alert. (transfer floating) */
GtkWidget *muster_alert_row_new (MusterSession *session, MusterEntity *alert, gboolean with_device);

G_END_DECLS
