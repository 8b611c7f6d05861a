/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_ignored_candidate_info;

#define MUSTER_TYPE_IGNORED_CANDIDATE (muster_ignored_candidate_get_type ())
G_DECLARE_FINAL_TYPE (MusterIgnoredCandidate,
                      muster_ignored_candidate,
                      MUSTER,
                      IGNORED_CANDIDATE,
                      MusterEntity)

G_END_DECLS
