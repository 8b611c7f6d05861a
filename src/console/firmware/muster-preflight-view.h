/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterPreflightView:
 *
 * Which devices a rollout could update, and what stands against each of the others. Signal
 * `changed`: the figures are known, or others.
 */
#define MUSTER_TYPE_PREFLIGHT_VIEW (muster_preflight_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterPreflightView, muster_preflight_view, MUSTER, PREFLIGHT_VIEW, AdwBin)

GtkWidget *muster_preflight_view_new (void);
/* Asks for those of ROLLOUT, which need not be kept yet. */
void muster_preflight_view_ask (MusterPreflightView *self,
                                MusterSession       *session,
                                MusterEntity        *rollout);
/* How many can be updated now, and how many it is about in all; -1: not known (yet). */
gint64 muster_preflight_view_get_ready (MusterPreflightView *self);
gint64 muster_preflight_view_get_total (MusterPreflightView *self);
/* Why it is not known: borrowed (nullable). */
const GError *muster_preflight_view_get_error (MusterPreflightView *self);

G_END_DECLS
