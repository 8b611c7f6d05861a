/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_device_account_info;

/* Who may log in at the broker. The broker's own files are a projection of these records. */
#define MUSTER_TYPE_DEVICE_ACCOUNT (muster_device_account_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceAccount,
                      muster_device_account,
                      MUSTER,
                      DEVICE_ACCOUNT,
                      MusterEntity)

G_END_DECLS
