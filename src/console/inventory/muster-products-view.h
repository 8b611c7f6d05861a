/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The catalogue: what the site buys, keeps, sells or runs. */
#define MUSTER_TYPE_PRODUCTS_VIEW (muster_products_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterProductsView, muster_products_view, MUSTER, PRODUCTS_VIEW, AdwBin)

GtkWidget *muster_products_view_new (MusterSession *session);

G_END_DECLS
