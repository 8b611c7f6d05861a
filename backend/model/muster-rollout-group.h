/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* How far a group is. */
typedef enum
{
  MUSTER_ROLLOUT_GROUP_WAITING, /* those before it are not done */
  MUSTER_ROLLOUT_GROUP_GATE,    /* a person must open it */
  MUSTER_ROLLOUT_GROUP_RUNNING,
  MUSTER_ROLLOUT_GROUP_WATCHED, /* enough succeeded: it is watched before the next begins */
  MUSTER_ROLLOUT_GROUP_DONE,
  MUSTER_ROLLOUT_GROUP_FAILED,
} MusterRolloutGroupStatus;

extern const MusterEnum       muster_rollout_group_status_enum;
extern const MusterEntityInfo muster_rollout_group_info;

/* Some of the devices of a rollout, which are updated together. */
#define MUSTER_TYPE_ROLLOUT_GROUP (muster_rollout_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterRolloutGroup, muster_rollout_group, MUSTER, ROLLOUT_GROUP, MusterEntity)

G_END_DECLS
