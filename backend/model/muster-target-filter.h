/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_target_filter_info;

/* A filter of update clients that has a name. */
#define MUSTER_TYPE_TARGET_FILTER (muster_target_filter_get_type ())
G_DECLARE_FINAL_TYPE (MusterTargetFilter, muster_target_filter, MUSTER, TARGET_FILTER, MusterEntity)

G_END_DECLS
