/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* Where the secret half of a key is. */
typedef enum
{
  MUSTER_KEY_SITE,      /* sealed in the site's records */
  MUSTER_KEY_TOKEN,     /* in a token that signs by itself */
  MUSTER_KEY_ELSEWHERE, /* not here: the key checks, and does not sign */
} MusterKeyPlace;

/* Whether a key signs. */
typedef enum
{
  MUSTER_KEY_ACTIVE,
  MUSTER_KEY_REPLACED, /* another follows it: what it signed still counts */
  MUSTER_KEY_REVOKED,  /* nothing it signed counts any more */
} MusterKeyStatus;

extern const MusterEnum         muster_key_place_enum;
extern const MusterEnum         muster_key_status_enum;
extern const MusterStateMachine muster_key_status_machine;
extern const MusterEntityInfo   muster_signing_key_info;

/* A key that firmware is signed with. Its secret half is in a token, or is stored sealed; it never
 * leaves the daemon. */
#define MUSTER_TYPE_SIGNING_KEY (muster_signing_key_get_type ())
G_DECLARE_FINAL_TYPE (MusterSigningKey, muster_signing_key, MUSTER, SIGNING_KEY, MusterEntity)

G_END_DECLS
