/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_manual_address_info;

#define MUSTER_TYPE_MANUAL_ADDRESS (muster_manual_address_get_type ())
G_DECLARE_FINAL_TYPE (MusterManualAddress,
                      muster_manual_address,
                      MUSTER,
                      MANUAL_ADDRESS,
                      MusterEntity)

G_END_DECLS
