/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A figure of the overview with what it counts, and its course where it has one. Activating it goes
 * where the figure comes from. */
#define MUSTER_TYPE_TILE (muster_tile_get_type ())
G_DECLARE_FINAL_TYPE (MusterTile, muster_tile, MUSTER, TILE, GtkButton)

/* ICON_NAME and ROOM may be NULL. WITH_COURSE: has a sparkline. */
GtkWidget *muster_tile_new (const char *title,
                            const char *icon_name,
                            const char *room,
                            gboolean    with_course);
/* Shows the list of ROOM with FILTERS (field, value … NULL) when it is activated. */
void muster_tile_set_list (MusterTile *self, const char *room, const char *const *filters);
/* Does ACTION, one without parameter, when it is activated. */
void muster_tile_set_action (MusterTile *self, const char *action);
/* TEXT stands large, DETAIL (nullable) small below; VALUE goes into the course. */
void muster_tile_set (MusterTile *self, const char *text, const char *detail, double value);

G_END_DECLS
