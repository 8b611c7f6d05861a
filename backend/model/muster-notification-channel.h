/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_CHANNEL_CONSOLE,
  MUSTER_CHANNEL_DESKTOP,
  MUSTER_CHANNEL_KIOSK,
  MUSTER_CHANNEL_SIREN,
  MUSTER_CHANNEL_EMAIL,
  MUSTER_CHANNEL_WEBHOOK,
  MUSTER_CHANNEL_NTFY,
  MUSTER_CHANNEL_SMS,
} MusterChannelKind;

typedef enum
{
  MUSTER_CHANNEL_SOUND_NONE,
  MUSTER_CHANNEL_SOUND_CHIME,
  MUSTER_CHANNEL_SOUND_ALARM,
} MusterChannelSound;

extern const MusterEnum       muster_channel_kind_enum;
extern const MusterEnum       muster_channel_sound_enum;
extern const MusterEntityInfo muster_notification_channel_info;

/* A way in which people are told of alerts. */
#define MUSTER_TYPE_NOTIFICATION_CHANNEL (muster_notification_channel_get_type ())
G_DECLARE_FINAL_TYPE (MusterNotificationChannel,
                      muster_notification_channel,
                      MUSTER,
                      NOTIFICATION_CHANNEL,
                      MusterEntity)

G_END_DECLS
