/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What was received, moved, picked, shipped, brought back, corrected and scrapped. */
#define MUSTER_TYPE_MOVES_VIEW (muster_moves_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterMovesView, muster_moves_view, MUSTER, MOVES_VIEW, AdwBin)

GtkWidget *muster_moves_view_new (MusterSession *session);

G_END_DECLS
