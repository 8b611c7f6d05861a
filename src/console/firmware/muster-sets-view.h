/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Sets of firmware: several artifacts that devices are given as one. */
#define MUSTER_TYPE_SETS_VIEW (muster_sets_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterSetsView, muster_sets_view, MUSTER, SETS_VIEW, AdwBin)

GtkWidget *muster_sets_view_new (MusterSession *session);

G_END_DECLS
