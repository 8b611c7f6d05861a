/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Who is told when, and what happens as long as nobody has acknowledged. */
#define MUSTER_TYPE_ESCALATIONS_VIEW (muster_escalations_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterEscalationsView,
                      muster_escalations_view,
                      MUSTER,
                      ESCALATIONS_VIEW,
                      AdwBin)

GtkWidget *muster_escalations_view_new (MusterSession *session);

G_END_DECLS
