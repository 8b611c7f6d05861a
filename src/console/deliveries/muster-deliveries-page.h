/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The room of deliveries: incoming, outgoing, those of today and those that are late. */
#define MUSTER_TYPE_DELIVERIES_PAGE (muster_deliveries_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeliveriesPage,
                      muster_deliveries_page,
                      MUSTER,
                      DELIVERIES_PAGE,
                      MusterPage)

G_END_DECLS
