/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-window.h"

G_BEGIN_DECLS

/* For measurements: where the environment has MUSTER_MEASURE_START, the monotonic time in
 * microseconds at which the program was started, prints how long it took from there to the first
 * frame that shows a room's content, and quits. MUSTER_MEASURE_ROOM names the room. */
void muster_first_frame_watch (MusterWindow *window);

G_END_DECLS
