/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_pairing_attempt_info;

/* The id of the record is the `adoption_id` that the device remembers. */
#define MUSTER_TYPE_PAIRING_ATTEMPT (muster_pairing_attempt_get_type ())
G_DECLARE_FINAL_TYPE (MusterPairingAttempt,
                      muster_pairing_attempt,
                      MUSTER,
                      PAIRING_ATTEMPT,
                      MusterEntity)

G_END_DECLS
