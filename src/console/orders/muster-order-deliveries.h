/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The deliveries of an order, each of which opens its page; not there as long as there are none. */
#define MUSTER_TYPE_ORDER_DELIVERIES (muster_order_deliveries_get_type ())
G_DECLARE_FINAL_TYPE (MusterOrderDeliveries,
                      muster_order_deliveries,
                      MUSTER,
                      ORDER_DELIVERIES,
                      AdwBin)

/* Reads those of the order ID, again at each call. */
void muster_order_deliveries_show (MusterOrderDeliveries *self,
                                   MusterSession         *session,
                                   const char            *id);

G_END_DECLS
