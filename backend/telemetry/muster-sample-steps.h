/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-store.h"

G_BEGIN_DECLS

/* The last multiple of WIDTH that is not after TIME, also before 1970. */
gint64 muster_sample_floor_time (gint64 time, gint64 width);
/* Finds the step that TIME lies in: START included, END not. STEP ≥ 1 of UNIT; calendar steps of
 * more than one count from 1970 (years and months from its January, weeks from its first Monday).
 */
void muster_sample_step_find (gint64         time,
                              gint64         step,
                              MusterStepUnit unit,
                              GTimeZone     *zone,
                              gint64        *start,
                              gint64        *end);
/* How long a step of UNIT is at least, in microseconds. */
gint64 muster_sample_step_get_least (gint64 step, MusterStepUnit unit);

G_END_DECLS
