/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterGatekeeper:
 *
 * Puts the [class@Muster.Gate] before the content of a window whenever it has to be known who is
 * there: at the start on another machine, when a session ran out, when the window was locked.
 *
 * Signal `changed ()`: the gate was closed or opened. Signal `passed ()`: somebody came through it.
 */
#define MUSTER_TYPE_GATEKEEPER (muster_gatekeeper_get_type ())
G_DECLARE_FINAL_TYPE (MusterGatekeeper, muster_gatekeeper, MUSTER, GATEKEEPER, GObject)

/* COVER has a child "work", the content; the gate is put beside it. WINDOW and COVER are borrowed
 * and outlive it. */
MusterGatekeeper *muster_gatekeeper_new (AdwApplicationWindow *window,
                                         GtkStack             *cover,
                                         MusterSession        *session);
gboolean          muster_gatekeeper_is_closed (MusterGatekeeper *self);
/* Whether there is somebody who could unlock: muster_gatekeeper_lock(). */
gboolean muster_gatekeeper_can_lock (MusterGatekeeper *self);
void     muster_gatekeeper_lock (MusterGatekeeper *self);
/* Lets anybody sign in. */
void muster_gatekeeper_ask (MusterGatekeeper *self);
/* A code was scanned: whether the gate is closed and takes it for a badge. */
gboolean muster_gatekeeper_take_badge (MusterGatekeeper *self, const char *code);

G_END_DECLS
