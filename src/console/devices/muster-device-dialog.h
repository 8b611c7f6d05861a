/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-device.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* The form of a device. DEVICE NULL: adds a new one. */
AdwDialog *muster_device_dialog_new (MusterSession *session, MusterDevice *device);

G_END_DECLS
