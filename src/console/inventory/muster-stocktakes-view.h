/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The counts of the stock, and starting one. */
#define MUSTER_TYPE_STOCKTAKES_VIEW (muster_stocktakes_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterStocktakesView, muster_stocktakes_view, MUSTER, STOCKTAKES_VIEW, AdwBin)

GtkWidget *muster_stocktakes_view_new (MusterSession *session);

G_END_DECLS
