/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-inventory-service.h"

G_BEGIN_DECLS

/* Adds every path of the room. */
void muster_inventory_resource_add (MusterRouter *router, MusterInventoryService *service);

/* /products, /serials, /reorder-list */
void muster_product_resource_add (MusterRouter *router, MusterInventoryService *service);
/* /locations */
void muster_location_resource_add (MusterRouter *router, MusterInventoryService *service);
/* /batches, /stock-moves, /stock-levels */
void muster_stock_resource_add (MusterRouter *router, MusterInventoryService *service);
/* /stocktakes */
void muster_count_resource_add (MusterRouter *router, MusterInventoryService *service);
/* /loans, /devices/{id}/replace, /scan */
void muster_loan_resource_add (MusterRouter *router, MusterInventoryService *service);

/* --- for the files of the room's paths --- */

/* FUTURE's (taken) GBytes as JSON with 200, its MusterEntity with 200 or 201. */
DexFuture *muster_inventory_respond_json (DexFuture *future);
DexFuture *muster_inventory_respond_entity (DexFuture *future);
DexFuture *muster_inventory_respond_created (DexFuture *future);
/* Members of the request's JSON body: NULL or 0 where there is none. Texts are borrowed. */
const char *muster_inventory_get_text (MusterRequest *request, const char *name);
gint64      muster_inventory_get_integer (MusterRequest *request, const char *name);
/* A time in UTC microseconds. */
gint64 muster_inventory_get_time (MusterRequest *request, const char *name);

G_END_DECLS
