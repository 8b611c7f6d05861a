/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-chart-view.h"

G_BEGIN_DECLS

/* The charts of one view on the wall, read when they are shown first. Signal `empty`: it was read,
 * and has nothing to show. */
#define MUSTER_TYPE_WALL_PAGE (muster_wall_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterWallPage, muster_wall_page, MUSTER, WALL_PAGE, AdwBin)

/* VIEW is taken. */
GtkWidget  *muster_wall_page_new (MusterSession *session, const char *title, MusterChartView *view);
const char *muster_wall_page_get_title (MusterWallPage *self);
/* How many screens its charts take: 1 at least. */
unsigned muster_wall_page_count_screens (MusterWallPage *self);
void     muster_wall_page_show_screen (MusterWallPage *self, unsigned screen);

G_END_DECLS
