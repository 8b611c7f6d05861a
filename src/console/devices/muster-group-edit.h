/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/muster-device-group.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* Each tells how it went, with an Undo. */

/* Asks over PARENT what to call it, and makes a group of the matches of FILTER, or an empty one
 * where that is NULL. Resolves to the MusterDeviceGroup; rejects when the person thought better of
 * it. */
DexFuture *muster_group_create (MusterSession *session, GtkWidget *parent, const char *filter);
/* Asks over PARENT for another name. */
void muster_group_rename (MusterSession *session, GtkWidget *parent, MusterDeviceGroup *group);
void muster_group_delete (MusterSession *session, MusterDeviceGroup *group);

G_END_DECLS
