/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The alerts of one device that go on, on its own page; not there without any. */
#define MUSTER_TYPE_DEVICE_ALERTS (muster_device_alerts_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceAlerts, muster_device_alerts, MUSTER, DEVICE_ALERTS, AdwBin)

/* To be called once. */
void muster_device_alerts_open (MusterDeviceAlerts *self,
                                MusterSession      *session,
                                const char         *device_id);

G_END_DECLS
