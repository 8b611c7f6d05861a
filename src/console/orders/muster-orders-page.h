/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The room of orders: all of them as a list, or the open ones as a board by status. */
#define MUSTER_TYPE_ORDERS_PAGE (muster_orders_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrdersPage, muster_orders_page, MUSTER, ORDERS_PAGE, MusterPage)

G_END_DECLS
