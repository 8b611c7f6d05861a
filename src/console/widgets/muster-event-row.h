/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-device-event.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* Something that happened to a device, as a row. DEVICE_NAME may be NULL. */
GtkWidget *muster_event_row_new (MusterSession     *session,
                                 MusterDeviceEvent *event,
                                 const char        *device_name);
/* Tells of EARLIER in ROW too, when both are of one device, of one severity and of one moment.
 * FALSE when they are not: EARLIER needs a row of its own. */
gboolean muster_event_row_fold (GtkWidget *row, MusterDeviceEvent *earlier);

G_END_DECLS
