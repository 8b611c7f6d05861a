/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The catalogue as customers see it: what there is, for how much, and whether it is there. What
 * they choose becomes an order of their own. */
#define MUSTER_TYPE_SHOP_PAGE (muster_shop_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterShopPage, muster_shop_page, MUSTER, SHOP_PAGE, MusterPage)

G_END_DECLS
