/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-gatekeeper.h"

G_BEGIN_DECLS

/* Closes the gate of WINDOW when nobody has touched it for as long as the setting `lock-after` of
 * the session says; see muster_idle_lock_get_seconds(). Keys, pointer, touch and hand scanners all
 * count as touching. Lives as long as WINDOW. */
void muster_idle_lock_attach (GtkWindow        *window,
                              MusterGatekeeper *gatekeeper,
                              MusterSession    *session);

/* What the setting comes to, 0: never. Until a person has chosen, five minutes in a kiosk and never
 * elsewhere. */
unsigned muster_idle_lock_get_seconds (MusterSession *session);

G_END_DECLS
