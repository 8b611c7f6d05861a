/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_escalation_info;

/* Who is told of an alert, after what time, and over what channels. */
#define MUSTER_TYPE_ESCALATION (muster_escalation_get_type ())
G_DECLARE_FINAL_TYPE (MusterEscalation, muster_escalation, MUSTER, ESCALATION, MusterEntity)

G_END_DECLS
