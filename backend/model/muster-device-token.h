/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_device_token_info;

/* A device's access token. The token itself is random and shown once; only its hash is kept. */
#define MUSTER_TYPE_DEVICE_TOKEN (muster_device_token_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceToken, muster_device_token, MUSTER, DEVICE_TOKEN, MusterEntity)

G_END_DECLS
