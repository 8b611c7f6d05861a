/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterToaster:
 *
 * Shows what a session has to tell in toasts, and keeps the last operation that can be taken back
 * for as long as its toast stands or no other took its place. Signal `changed ()`: whether there
 * is something to take back.
 */
#define MUSTER_TYPE_TOASTER (muster_toaster_get_type ())
G_DECLARE_FINAL_TYPE (MusterToaster, muster_toaster, MUSTER, TOASTER, GObject)

MusterToaster *muster_toaster_new (AdwToastOverlay *overlay, MusterSession *session);
gboolean       muster_toaster_can_undo (MusterToaster *self);
/* Takes back what was done last, and tells so; nothing where there is nothing. */
void muster_toaster_undo (MusterToaster *self);
/* Takes the toast that offers to take something back from the screen; the offer stands. */
void muster_toaster_hide (MusterToaster *self);
/* Tells TEXT in passing, with a button LABEL that does ACTION with TARGET (nullable, taken if
 * floating). */
void muster_toaster_offer (MusterToaster *self,
                           const char    *text,
                           const char    *label,
                           const char    *action,
                           GVariant      *target);

G_END_DECLS
