/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* How far an update is. */
typedef enum
{
  MUSTER_UPDATE_WAITING, /* the device was not told yet */
  MUSTER_UPDATE_RUNNING,
  MUSTER_UPDATE_CANCELLING, /* the device was told to let it be, and has not agreed yet */
  MUSTER_UPDATE_CONFIRMED,  /* the device runs it and said so */
  MUSTER_UPDATE_FAILED,
  MUSTER_UPDATE_REVERTED, /* the device went back to what it ran before */
  MUSTER_UPDATE_CANCELLED,
} MusterUpdateStatus;

/* How much say a device has in its update. */
typedef enum
{
  MUSTER_UPDATE_KIND_FORCED,        /* it installs at once */
  MUSTER_UPDATE_KIND_SOFT,          /* it installs when it suits it */
  MUSTER_UPDATE_KIND_TIME_FORCED,   /* soft first, forced from a time on */
  MUSTER_UPDATE_KIND_DOWNLOAD_ONLY, /* it keeps the file, and does not install it */
} MusterUpdateKind;

/* Whether somebody at a device must agree to its update. */
typedef enum
{
  MUSTER_UPDATE_CONSENT_NONE,
  MUSTER_UPDATE_CONSENT_NEEDED,
  MUSTER_UPDATE_CONSENT_GIVEN,
  MUSTER_UPDATE_CONSENT_DENIED,
} MusterUpdateConfirmation;

/* By what way a device is told of its update. */
typedef enum
{
  MUSTER_UPDATE_BY_NONE,
  MUSTER_UPDATE_BY_NODE,  /* by a command over MQTT */
  MUSTER_UPDATE_BY_POLL,  /* the device asks by itself (DDI) */
  MUSTER_UPDATE_BY_CABLE, /* by who stands before it */
} MusterUpdateDelivery;

/* What a device under update is doing. */
typedef enum
{
  MUSTER_UPDATE_PHASE_NONE,
  MUSTER_UPDATE_PHASE_TOLD, /* the device knows of it */
  MUSTER_UPDATE_PHASE_DOWNLOADING,
  MUSTER_UPDATE_PHASE_DOWNLOADED, /* it has the whole file */
  MUSTER_UPDATE_PHASE_INSTALLING,
  MUSTER_UPDATE_PHASE_REBOOTING,
  MUSTER_UPDATE_PHASE_CONFIRMING, /* it runs the new firmware, and tests itself */
} MusterUpdatePhase;

extern const MusterEnum         muster_update_status_enum;
extern const MusterStateMachine muster_update_status_machine;
extern const MusterEnum         muster_update_kind_enum;
extern const MusterEnum         muster_update_confirmation_enum;
extern const MusterEnum         muster_update_delivery_enum;
extern const MusterEnum         muster_update_phase_enum;
extern const MusterEntityInfo   muster_firmware_update_info;

/* One device on its way to other firmware. */
#define MUSTER_TYPE_FIRMWARE_UPDATE (muster_firmware_update_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareUpdate,
                      muster_firmware_update,
                      MUSTER,
                      FIRMWARE_UPDATE,
                      MusterEntity)

G_END_DECLS
