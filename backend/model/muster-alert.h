/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ALERT_STATUS_OPEN,
  MUSTER_ALERT_STATUS_ACKNOWLEDGED,
  MUSTER_ALERT_STATUS_RESOLVED,
} MusterAlertStatus;

typedef enum
{
  MUSTER_ALERT_CAUSE_NONE,
  MUSTER_ALERT_CAUSE_GATEWAY,
  MUSTER_ALERT_CAUSE_BROKER,
  MUSTER_ALERT_CAUSE_SWITCH,
  MUSTER_ALERT_CAUSE_PLACE,
} MusterAlertCause;

extern const MusterEnum         muster_alert_status_enum;
extern const MusterEnum         muster_alert_cause_enum;
extern const MusterStateMachine muster_alert_status_machine;
extern const MusterEntityInfo   muster_alert_info;

/* Something is wrong, and somebody should know. */
#define MUSTER_TYPE_ALERT (muster_alert_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlert, muster_alert, MUSTER, ALERT, MusterEntity)

G_END_DECLS
