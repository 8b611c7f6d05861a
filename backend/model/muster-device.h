/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* The whole life of a unit, as the store's users know it. */
typedef enum
{
  MUSTER_DEVICE_STATUS_IN_STOCK,
  MUSTER_DEVICE_STATUS_RESERVED,
  MUSTER_DEVICE_STATUS_SOLD,
  MUSTER_DEVICE_STATUS_DEPLOYED,
  MUSTER_DEVICE_STATUS_MAINTENANCE,
  MUSTER_DEVICE_STATUS_DEFECTIVE,
  MUSTER_DEVICE_STATUS_RETIRED,
} MusterDeviceStatus;

/* Whether the site may talk to it. */
typedef enum
{
  MUSTER_ADOPTION_NONE,     /* never adopted here */
  MUSTER_ADOPTION_PAIRING,  /* a pairing is under way, or was interrupted: trying again is safe */
  MUSTER_ADOPTION_ADOPTED,  /* holds an account of the broker */
  MUSTER_ADOPTION_RELEASED, /* was adopted, its account is revoked */
} MusterAdoption;

/* What the proofs of life say together. */
typedef enum
{
  MUSTER_LIVE_UNKNOWN, /* not yet known since the daemon started, or the broker is down */
  MUSTER_LIVE_ONLINE,
  MUSTER_LIVE_OFFLINE,
} MusterLiveState;

/* How a device came to the firmware that it runs. */
typedef enum
{
  MUSTER_FIRMWARE_ORIGIN_UNKNOWN, /* it ran it when the site came to know it */
  MUSTER_FIRMWARE_ORIGIN_UPDATE,  /* by an update of this site */
  MUSTER_FIRMWARE_ORIGIN_OUTSIDE, /* flashed otherwise: by hand, by another site */
} MusterFirmwareOrigin;

extern const MusterEnum         muster_device_kind_enum;
extern const MusterEnum         muster_device_status_enum;
extern const MusterEnum         muster_adoption_enum;
extern const MusterEnum         muster_live_state_enum;
extern const MusterEnum         muster_firmware_origin_enum;
extern const MusterStateMachine muster_device_status_machine;
extern const MusterEntityInfo   muster_device_info;

#define MUSTER_TYPE_DEVICE (muster_device_get_type ())
G_DECLARE_FINAL_TYPE (MusterDevice, muster_device, MUSTER, DEVICE, MusterEntity)

G_END_DECLS
