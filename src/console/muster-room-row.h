/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A room in the sidebar. */
#define MUSTER_TYPE_ROOM_ROW (muster_room_row_get_type ())
G_DECLARE_FINAL_TYPE (MusterRoomRow, muster_room_row, MUSTER, ROOM_ROW, GtkListBoxRow)

GtkWidget  *muster_room_row_new (const char *name, const char *title, const char *icon_name);
const char *muster_room_row_get_name (MusterRoomRow *self);
/* How many there are of what the room is about, 0: no badge. ATTENTION: somebody should look.
 * MEANING for the screen reader. */
void muster_room_row_set_badge (MusterRoomRow *self,
                                unsigned       count,
                                gboolean       attention,
                                const char    *meaning);

G_END_DECLS
