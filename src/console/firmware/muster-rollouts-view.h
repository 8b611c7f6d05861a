/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Updates of many devices, as a table with how far each is. */
#define MUSTER_TYPE_ROLLOUTS_VIEW (muster_rollouts_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterRolloutsView, muster_rollouts_view, MUSTER, ROLLOUTS_VIEW, AdwBin)

GtkWidget *muster_rollouts_view_new (MusterSession *session);

G_END_DECLS
