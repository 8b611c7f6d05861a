/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The main window: sidebar of rooms, a stack of pages for each, toasts, connection state. */
#define MUSTER_TYPE_WINDOW (muster_window_get_type ())
G_DECLARE_FINAL_TYPE (MusterWindow, muster_window, MUSTER, WINDOW, AdwApplicationWindow)

GtkWidget     *muster_window_new (GtkApplication *application, MusterSession *session);
MusterSession *muster_window_get_session (MusterWindow *self);
/* NAME of a room: "overview", "discover", "devices", "settings". */
void muster_window_show_room (MusterWindow *self, const char *name);
/* The page of the device ID in the room of devices. */
void muster_window_open_device (MusterWindow *self, const char *id);
/* Why the site's own service does not run, NULL: it does. Shown as long as there is no connection.
 */
void muster_window_set_trouble (MusterWindow *self, const char *trouble);

G_END_DECLS
