/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What firmware contains, over all bills of materials: where to look after a report of a weakness.
 */
#define MUSTER_TYPE_COMPONENTS_VIEW (muster_components_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterComponentsView, muster_components_view, MUSTER, COMPONENTS_VIEW, AdwBin)

GtkWidget *muster_components_view_new (MusterSession *session);

G_END_DECLS
