/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_CANDIDATE_NEW,
  MUSTER_CANDIDATE_EXPECTED,
  MUSTER_CANDIDATE_KNOWN,
  MUSTER_CANDIDATE_ADOPTED,
  MUSTER_CANDIDATE_IGNORED,
} MusterCandidateState;

extern const MusterEnum       muster_candidate_state_enum;
extern const MusterEntityInfo muster_candidate_info;

#define MUSTER_TYPE_CANDIDATE (muster_candidate_get_type ())
G_DECLARE_FINAL_TYPE (MusterCandidate, muster_candidate, MUSTER, CANDIDATE, MusterEntity)

G_END_DECLS
