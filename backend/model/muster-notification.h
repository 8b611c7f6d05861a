/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_NOTIFICATION_RAISE,
  MUSTER_NOTIFICATION_REPEAT,
  MUSTER_NOTIFICATION_RESOLVE,
  MUSTER_NOTIFICATION_TEST,
  MUSTER_NOTIFICATION_DIGEST,
  MUSTER_NOTIFICATION_OFF, /* a siren has sounded for long enough */
} MusterNotificationKind;

typedef enum
{
  MUSTER_NOTIFICATION_QUEUED,
  MUSTER_NOTIFICATION_SENT,
  MUSTER_NOTIFICATION_FAILED,
  MUSTER_NOTIFICATION_DROPPED,
} MusterNotificationStatus;

extern const MusterEnum       muster_notification_kind_enum;
extern const MusterEnum       muster_notification_status_enum;
extern const MusterEntityInfo muster_notification_info;

/* What was, or is to be, told over a channel. */
#define MUSTER_TYPE_NOTIFICATION (muster_notification_get_type ())
G_DECLARE_FINAL_TYPE (MusterNotification, muster_notification, MUSTER, NOTIFICATION, MusterEntity)

G_END_DECLS
