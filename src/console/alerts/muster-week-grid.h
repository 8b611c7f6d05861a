/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-hours.h"

G_BEGIN_DECLS

/**
 * MusterWeekGrid:
 *
 * A week of seven columns with the shifts in it, each person in a colour of their own; hours of
 * which nobody has the duty stay empty. Dragging over empty hours asks for a new shift.
 *
 * Signals: `drawn (unsigned day, int from, int to)`: somebody wants a shift there; `chosen
 * (unsigned index)`: shift INDEX was pressed.
 *
 * ## CSS nodes
 *
 * `week` with `grid` and `pen.series-1` … for colours.
 *
 * ## Accessibility
 *
 * Role `img`; the description tells each shift. Whoever sees nothing edits the rows beside it.
 */
#define MUSTER_TYPE_WEEK_GRID (muster_week_grid_get_type ())
G_DECLARE_FINAL_TYPE (MusterWeekGrid, muster_week_grid, MUSTER, WEEK_GRID, GtkWidget)

GtkWidget *muster_week_grid_new (void);

/* SHIFTS (element-type MusterHours) is copied; NAMES: what each is called, as many, elements
 * nullable. */
void muster_week_grid_set_shifts (MusterWeekGrid    *self,
                                  GPtrArray         *shifts,
                                  const char *const *names);

/* How many minutes of a week nobody has. (element-type MusterHours) */
int muster_week_count_gaps (GPtrArray *shifts);

G_END_DECLS
