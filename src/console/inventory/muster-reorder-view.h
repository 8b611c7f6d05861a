/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What should be ordered again, by supplier, each with a purchase order at one click. */
#define MUSTER_TYPE_REORDER_VIEW (muster_reorder_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterReorderView, muster_reorder_view, MUSTER, REORDER_VIEW, AdwBin)

GtkWidget *muster_reorder_view_new (MusterSession *session);
void       muster_reorder_view_refresh (MusterReorderView *self);

G_END_DECLS
