/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The list of test plans: they are edited here, and run against a board. */
#define MUSTER_TYPE_PLANS_VIEW (muster_plans_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterPlansView, muster_plans_view, MUSTER, PLANS_VIEW, AdwBin)

GtkWidget *muster_plans_view_new (MusterSession *session);

G_END_DECLS
