/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterDeviceUpdate:
 *
 * Gives one device other firmware: which, how much say it has, and what stands against it, said
 * before it is done.
 */
#define MUSTER_TYPE_DEVICE_UPDATE (muster_device_update_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceUpdate, muster_device_update, MUSTER, DEVICE_UPDATE, AdwDialog)

/* ARTIFACT_ID (nullable): what is proposed. Shown over PARENT. */
void muster_device_update_ask (MusterSession *session,
                               GtkWidget     *parent,
                               MusterEntity  *device,
                               const char    *artifact_id);

G_END_DECLS
