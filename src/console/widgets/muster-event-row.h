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

G_END_DECLS
