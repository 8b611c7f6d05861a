/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The list of boards that test plans were run against: a MusterRecordsView. */
GtkWidget *muster_runs_view_new (MusterSession *session);

G_END_DECLS
