/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_exclusion_info;

/* Samples of a device that are left out of charts and figures: a range of bad values. Deleting it
 * brings them back. */
#define MUSTER_TYPE_EXCLUSION (muster_exclusion_get_type ())
G_DECLARE_FINAL_TYPE (MusterExclusion, muster_exclusion, MUSTER, EXCLUSION, MusterEntity)

G_END_DECLS
