/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-hours.h"

G_BEGIN_DECLS

/**
 * MusterHoursRow:
 *
 * A row of a form for hours that recur every week: the days, the beginning and the end.
 *
 * Signals: `changed`; `removed`: somebody wants it away.
 */
#define MUSTER_TYPE_HOURS_ROW (muster_hours_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterHoursRow, muster_hours_row, MUSTER, HOURS_ROW, AdwPreferencesRow)

/* REMOVABLE: has a button for that. */
GtkWidget *muster_hours_row_new (gboolean removable);

/* (transfer full); NULL: no day is chosen, or what stands there is no time of day. */
MusterHours *muster_hours_row_dup_hours (MusterHoursRow *self);
void         muster_hours_row_set_hours (MusterHoursRow *self, unsigned days, int from, int to);

G_END_DECLS
