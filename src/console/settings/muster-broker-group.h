/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-settings-group.h"

G_BEGIN_DECLS

/* How it is with the broker, and where devices find it. */
#define MUSTER_TYPE_BROKER_GROUP (muster_broker_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterBrokerGroup,
                      muster_broker_group,
                      MUSTER,
                      BROKER_GROUP,
                      MusterSettingsGroup)

G_END_DECLS
