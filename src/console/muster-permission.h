/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Rights on the screen: what a role may not do now is insensitive and says who may; what it never
 * uses is not there. OPERATION is an operationId of the API, and lives as long as WIDGET: a string
 * literal. */

/**
 * muster_permission_guard:
 * @operation: what @widget does
 *
 * Keeps @widget insensitive, with the reason in its tooltip, for as long as the person at this
 * console may not do @operation. Where it stands for an action, and so has its sensitivity from
 * that, only the tooltip is kept: the owner of the action asks muster_session_may() itself, again
 * whenever MusterPage's vfunc `rights_changed` is called.
 */
void muster_permission_guard (MusterSession *session, GtkWidget *widget, const char *operation);
/* Keeps WIDGET away rather than insensitive. Whoever shows and hides it for other reasons puts it
 * in a box of its own and guards that. */
void muster_permission_hide (MusterSession *session, GtkWidget *widget, const char *operation);

G_END_DECLS
