/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-device.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* The record of a device as a form, made from its table of fields. */
#define MUSTER_TYPE_DEVICE_DIALOG (muster_device_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceDialog, muster_device_dialog, MUSTER, DEVICE_DIALOG, AdwDialog)

/* DEVICE NULL: a new one. */
AdwDialog *muster_device_dialog_new (MusterSession *session, MusterDevice *device);

G_END_DECLS
