/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ISSUE_KIND_DAMAGED,
  MUSTER_ISSUE_KIND_MISSING,
  MUSTER_ISSUE_KIND_WRONG,
} MusterIssueKind;

typedef enum
{
  MUSTER_ISSUE_STATUS_OPEN,
  MUSTER_ISSUE_STATUS_RESOLVED,
} MusterIssueStatus;

typedef enum
{
  MUSTER_FOLLOW_UP_NONE,
  MUSTER_FOLLOW_UP_REPLACE,
  MUSTER_FOLLOW_UP_REFUND,
  MUSTER_FOLLOW_UP_RETURN,
  MUSTER_FOLLOW_UP_CLAIM,
} MusterFollowUp;

extern const MusterEnum         muster_issue_kind_enum;
extern const MusterEnum         muster_issue_status_enum;
extern const MusterEnum         muster_follow_up_enum;
extern const MusterStateMachine muster_issue_status_machine;
extern const MusterEntityInfo   muster_delivery_issue_info;

/* What was wrong with a delivery. */
#define MUSTER_TYPE_DELIVERY_ISSUE (muster_delivery_issue_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeliveryIssue,
                      muster_delivery_issue,
                      MUSTER,
                      DELIVERY_ISSUE,
                      MusterEntity)

G_END_DECLS
