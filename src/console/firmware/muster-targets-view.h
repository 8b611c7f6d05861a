/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Devices that ask for updates by themselves, as hawkBit's clients do: as a table, with their
 * tokens. */
#define MUSTER_TYPE_TARGETS_VIEW (muster_targets_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterTargetsView, muster_targets_view, MUSTER, TARGETS_VIEW, AdwBin)

GtkWidget *muster_targets_view_new (MusterSession *session);

G_END_DECLS
