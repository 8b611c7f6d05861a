/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The list of boards that test plans were run against. */
#define MUSTER_TYPE_RUNS_VIEW (muster_runs_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterRunsView, muster_runs_view, MUSTER, RUNS_VIEW, AdwBin)

GtkWidget *muster_runs_view_new (MusterSession *session);

G_END_DECLS
