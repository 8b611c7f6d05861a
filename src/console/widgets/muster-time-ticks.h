/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-axis.h"

G_BEGIN_DECLS

/* Round times of ZONE between LOWER and UPPER (UTC microseconds), at most MAX_TICKS: (transfer
 * full) (element-type MusterTick). Whole hours and days stay whole across a change to or from
 * summer time. */
GArray *muster_time_ticks_list (double lower, double upper, GTimeZone *zone, unsigned max_ticks);

/* TIME as precisely as a range of SPAN microseconds calls for: (transfer full). */
char *muster_time_ticks_format (double time, double span, GTimeZone *zone);

G_END_DECLS
