/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* How far a rollout is. */
typedef enum
{
  MUSTER_ROLLOUT_DRAFT,
  MUSTER_ROLLOUT_APPROVAL,
  MUSTER_ROLLOUT_SCHEDULED,
  MUSTER_ROLLOUT_RUNNING,
  MUSTER_ROLLOUT_PAUSED,
  MUSTER_ROLLOUT_FINISHED,
  MUSTER_ROLLOUT_CANCELLED,
} MusterRolloutStatus;

/* What a rollout does when too many of a group fail. */
typedef enum
{
  MUSTER_ROLLOUT_ON_ERROR_PAUSE,
  MUSTER_ROLLOUT_ON_ERROR_CANCEL,
} MusterRolloutErrorAction;

extern const MusterEnum         muster_rollout_status_enum;
extern const MusterStateMachine muster_rollout_status_machine;
extern const MusterEnum         muster_rollout_error_action_enum;
extern const MusterEntityInfo   muster_rollout_info;

/* An update of many devices, group after group. */
#define MUSTER_TYPE_ROLLOUT (muster_rollout_get_type ())
G_DECLARE_FINAL_TYPE (MusterRollout, muster_rollout, MUSTER, ROLLOUT, MusterEntity)

G_END_DECLS
