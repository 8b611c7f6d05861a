/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * MusterMomentRow:
 *
 * A row of a form for a moment: its day from a calendar and its time of day typed, in the site's
 * zone. Signal `changed`.
 */
#define MUSTER_TYPE_MOMENT_ROW (muster_moment_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterMomentRow, muster_moment_row, MUSTER, MOMENT_ROW, AdwActionRow)

GtkWidget *muster_moment_row_new (const char *title, GTimeZone *zone);

/* UTC microseconds; 0: none. */
gint64 muster_moment_row_get_time (MusterMomentRow *self);
void   muster_moment_row_set_time (MusterMomentRow *self, gint64 time);

G_END_DECLS
