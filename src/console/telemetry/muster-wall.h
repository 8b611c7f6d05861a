/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterWall:
 *
 * Live charts that fill the window, to be read from some metres: the saved views of charts one
 * after another, or, where there are none, the dashboards of the products; three charts at a time
 * with their newest values in large figures. Left and Right turn the pages, Space keeps one, Escape
 * leaves; so do a swipe and the buttons below. Invisible until it is shown.
 */
#define MUSTER_TYPE_WALL (muster_wall_get_type ())
G_DECLARE_FINAL_TYPE (MusterWall, muster_wall, MUSTER, WALL, AdwBin)

/* To be called once. */
void muster_wall_open (MusterWall *self, MusterSession *session);
void muster_wall_show (MusterWall *self);
void muster_wall_leave (MusterWall *self);
/* Shows it again whenever the window was left alone for a while: for a kiosk. */
void muster_wall_return_when_idle (MusterWall *self);

G_END_DECLS
