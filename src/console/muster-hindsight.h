/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What a widget shows is of the moment that the session shows: muster_session_get_as_of(). */

typedef void (*MusterHindsightFunc) (GtkWidget *widget);

/* Has WIDGET reload what it shows when the session goes to another moment: at once where it is on
 * the screen, otherwise when it comes there, so that a step through time asks for what is seen. */
void muster_hindsight_follow (GtkWidget          *widget,
                              MusterSession      *session,
                              MusterHindsightFunc reload);
/* WIDGET, which follows, has asked for everything anew: no need to have it do so. */
void muster_hindsight_note (GtkWidget *widget);

G_END_DECLS
