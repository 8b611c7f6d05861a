/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* One delivery: how far it is, what it holds, what was wrong with it, and who took it. */
#define MUSTER_TYPE_DELIVERY_PAGE (muster_delivery_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeliveryPage, muster_delivery_page, MUSTER, DELIVERY_PAGE, MusterPage)

MusterPage *muster_delivery_page_new (MusterSession *session, const char *delivery_id);

G_END_DECLS
