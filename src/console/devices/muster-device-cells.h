/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What lists of devices have in common, for their [struct@Muster.Column] and
 * [struct@Muster.RecordsAction]. */

const char *muster_device_get_icon_name (MusterEntity *device);
/* When it was heard of last: "Now" as long as it is online. */
GtkWidget *muster_device_create_seen (MusterSession *session);
void       muster_device_show_seen (GtkWidget *cell, MusterEntity *device, MusterSession *session);
/* Where it is: the place of the records, else what somebody wrote about it. */
GtkWidget *muster_device_create_place (MusterSession *session);
void       muster_device_show_place (GtkWidget *cell, MusterEntity *device, MusterSession *session);
/* The last hour of what it measures first. */
GtkWidget *muster_device_create_course (MusterSession *session);
void muster_device_show_course (GtkWidget *cell, MusterEntity *device, MusterSession *session);
/* Every status, as targets of ACTION, which takes a nick: (transfer full). */
GMenuModel *muster_device_create_status_menu (const char *action);

G_END_DECLS
