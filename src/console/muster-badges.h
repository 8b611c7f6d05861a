/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/* The live counts beside the rooms in the sidebar. Signal: `changed`. */
#define MUSTER_TYPE_BADGES (muster_badges_get_type ())
G_DECLARE_FINAL_TYPE (MusterBadges, muster_badges, MUSTER, BADGES, GObject)

MusterBadges *muster_badges_new (MusterSession *session);
/* Devices on the network that wait to be adopted. */
unsigned muster_badges_get_waiting (MusterBadges *self);
/* Devices in the records. */
unsigned muster_badges_get_devices (MusterBadges *self);

G_END_DECLS
