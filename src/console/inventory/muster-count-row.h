/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* A scan of a count, as it was made and as the site takes it. */
GtkWidget *muster_scan_row_new (MusterSession *session,
                                const char    *id,
                                const char    *code,
                                gint64         quantity);
/* The id it was made with: borrowed. */
const char *muster_scan_row_get_id (GtkWidget *row);
const char *muster_scan_row_get_code (GtkWidget *row);
gint64      muster_scan_row_get_quantity (GtkWidget *row);
/* What the site says it is: an item of its answer to scans. */
void muster_scan_row_take (GtkWidget *row, JsonObject *item);
/* It was refused because of MESSAGE. */
void muster_scan_row_refuse (GtkWidget *row, const char *message);
/* The button that takes it back: connect to `clicked`. */
GtkWidget *muster_scan_row_get_undo (GtkWidget *row);

/* A line of a count: what was expected and what was found. */
GtkWidget *muster_count_line_row_new (MusterSession *session, MusterEntity *line);

G_END_DECLS
