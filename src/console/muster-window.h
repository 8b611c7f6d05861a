/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-page.h"

G_BEGIN_DECLS

/* The main window: sidebar of rooms, a stack of pages for each, toasts, connection state. */
#define MUSTER_TYPE_WINDOW (muster_window_get_type ())
G_DECLARE_FINAL_TYPE (MusterWindow, muster_window, MUSTER, WINDOW, AdwApplicationWindow)

GtkWidget     *muster_window_new (GtkApplication *application, MusterSession *session);
MusterSession *muster_window_get_session (MusterWindow *self);
/* The page in front. (nullable) */
MusterPage *muster_window_get_page (MusterWindow *self);
/* NAME of a room: "overview", "discover", "devices", "settings" … */
void muster_window_show_room (MusterWindow *self, const char *name);
/* The page of the record ID of KIND ("device") in its room; FALSE where no room has such pages:
 * muster_rooms_find_kind(). As an action: `win.open (ss)`. */
gboolean muster_window_open (MusterWindow *self, const char *kind, const char *id);
/* Tells TEXT in passing, with a button LABEL that does ACTION with TARGET (nullable, taken if
 * floating). */
void muster_window_offer (MusterWindow *self,
                          const char   *text,
                          const char   *label,
                          const char   *action,
                          GVariant     *target);
/* Why the site's own service does not run, NULL: it does. Shown as long as there is no connection.
 */
void muster_window_set_trouble (MusterWindow *self, const char *trouble);
/* For a kiosk: shows the wall of charts, and again whenever it was left alone for a while. */
void muster_window_begin_with_wall (MusterWindow *self);

G_END_DECLS
