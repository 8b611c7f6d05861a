/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_alert_silence_info;

/* Alerts of which nobody is told for a time. */
#define MUSTER_TYPE_ALERT_SILENCE (muster_alert_silence_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertSilence, muster_alert_silence, MUSTER, ALERT_SILENCE, MusterEntity)

G_END_DECLS
