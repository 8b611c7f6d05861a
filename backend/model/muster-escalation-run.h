/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_escalation_run_info;

/* How far the escalation of one alert has come. */
#define MUSTER_TYPE_ESCALATION_RUN (muster_escalation_run_get_type ())
G_DECLARE_FINAL_TYPE (MusterEscalationRun,
                      muster_escalation_run,
                      MUSTER,
                      ESCALATION_RUN,
                      MusterEntity)

G_END_DECLS
