/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-delivery-service.h"
#include "muster-order-service.h"

G_BEGIN_DECLS

/* The room's paths: those of both below. */
void muster_orders_resource_add_all (MusterRouter *router, MusterRepository *repository);

void muster_order_resource_add (MusterRouter *router, MusterOrderService *service);
void muster_delivery_resource_add (MusterRouter *router, MusterDeliveryService *service);

/* --- for the room's resources --- */

/* Answers the MusterDocument that FUTURE (taken) resolves to, or with STATUS 201 also says where it
 * is, below the collection PATH. */
DexFuture *muster_orders_respond (DexFuture *future, unsigned status, const char *path);
/* The request's body, an object: borrowed. */
JsonObject *muster_orders_get_body (MusterRequest *request);

G_END_DECLS
