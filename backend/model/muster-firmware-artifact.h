/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* Whether devices may be given it. */
typedef enum
{
  MUSTER_ARTIFACT_DRAFT, /* has no file yet */
  MUSTER_ARTIFACT_READY,
  MUSTER_ARTIFACT_WITHDRAWN, /* is kept, and given to no device any more */
} MusterArtifactStatus;

/* What a file of firmware is. */
typedef enum
{
  MUSTER_FORMAT_UNKNOWN,
  MUSTER_FORMAT_IMAGE,
  MUSTER_FORMAT_SWU,
  MUSTER_FORMAT_RAUCB,
  MUSTER_FORMAT_BIN,
  MUSTER_FORMAT_HEX,
  MUSTER_FORMAT_UF2,
} MusterArtifactFormat;

/* What a signature is worth. */
typedef enum
{
  MUSTER_TRUST_UNSIGNED, /* bears no signature that Muster can check */
  MUSTER_TRUST_SIGNED,   /* by a key of the site, and checked */
  MUSTER_TRUST_FOREIGN,  /* signed, by a key that the site does not know */
  MUSTER_TRUST_REVOKED,  /* by a key that is revoked: devices are not given it */
} MusterArtifactTrust;

extern const MusterEnum         muster_artifact_status_enum;
extern const MusterStateMachine muster_artifact_status_machine;
extern const MusterEnum         muster_artifact_format_enum;
extern const MusterEnum         muster_artifact_trust_enum;
extern const MusterEntityInfo   muster_firmware_artifact_info;

/* Firmware that devices can be given: a file or several, what it fits, and who signed it. */
#define MUSTER_TYPE_FIRMWARE_ARTIFACT (muster_firmware_artifact_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareArtifact,
                      muster_firmware_artifact,
                      MUSTER,
                      FIRMWARE_ARTIFACT,
                      MusterEntity)

G_END_DECLS
