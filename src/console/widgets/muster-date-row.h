/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A row of a form for a day, chosen from a calendar. Signal `changed`. */
#define MUSTER_TYPE_DATE_ROW (muster_date_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterDateRow, muster_date_row, MUSTER, DATE_ROW, AdwActionRow)

GtkWidget *muster_date_row_new (const char *title, GTimeZone *zone);

/* The end of the day in the zone, in UTC microseconds; 0: none. */
gint64 muster_date_row_get_time (MusterDateRow *self);
/* The day of TIME; 0: none. */
void muster_date_row_set_time (MusterDateRow *self, gint64 time);

G_END_DECLS
