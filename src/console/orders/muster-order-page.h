/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* One order: how far it is, what it is of, and what can be done now. */
#define MUSTER_TYPE_ORDER_PAGE (muster_order_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderPage, muster_order_page, MUSTER, ORDER_PAGE, MusterPage)

MusterPage *muster_order_page_new (MusterSession *session, const char *order_id);

/* Confirms the order once it has been read; what is short is shown on the page. */
void muster_order_page_confirm (MusterOrderPage *self);

G_END_DECLS
