/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-delivery.h"
#include "model/muster-order.h"

G_BEGIN_DECLS

/* --- orders. QUERY may be NULL. Records of `{…, "items": […]}` come as they are: JsonObject
 * (boxed). --- */

/* Resolves to a MusterApiPage of MusterOrder, without their lines. */
DexFuture *muster_api_orders_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to the order with its lines (`items`). */
DexFuture *muster_api_orders_get (MusterApiClient *client, const char *id);
/* ORDER (taken): members and `items`. Resolves to the order with its lines as it was made. */
DexFuture *muster_api_orders_create (MusterApiClient *client, JsonObject *order);
/* CHANGES is taken; `items` in it replaces the lines. Resolves to the order with its lines. */
DexFuture *muster_api_orders_update (MusterApiClient *client,
                                     const char      *id,
                                     JsonObject      *changes,
                                     gint64           revision);
/* Resolves to the order with its lines. MUSTER_ERROR_CONFLICT: names the states allowed next, or
 * what is short; muster_api_orders_get_availability() tells that line by line. */
DexFuture *muster_api_orders_set_status (MusterApiClient  *client,
                                         const char       *id,
                                         MusterOrderStatus status);
/* Reserves what a line still lacks: the units that LINES (taken, nullable), of `order_item_id` and
 * `device_ids`, name, and others by age. Resolves to the order with its lines. */
DexFuture *muster_api_orders_allocate (MusterApiClient *client, const char *id, JsonArray *lines);
/* Resolves to a JsonObject that says what of each line is there. */
DexFuture *muster_api_orders_get_availability (MusterApiClient *client, const char *id);
/* Sends off what SHIPMENT (taken; members `carrier`, `tracking_number`, `lines`, all optional)
 * says. Resolves to the delivery with its items. */
DexFuture *muster_api_orders_ship (MusterApiClient *client, const char *id, JsonObject *shipment);

/* --- deliveries --- */

/* Resolves to a MusterApiPage of MusterDelivery. */
DexFuture *muster_api_deliveries_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to the delivery with its items. */
DexFuture *muster_api_deliveries_get (MusterApiClient *client, const char *id);
/* DELIVERY (taken): `order_id`, members and `items`. Resolves to the delivery with its items. */
DexFuture *muster_api_deliveries_create (MusterApiClient *client, JsonObject *delivery);
/* CHANGES is taken. Resolves to the delivery with its items. */
DexFuture *muster_api_deliveries_update (MusterApiClient *client,
                                         const char      *id,
                                         JsonObject      *changes,
                                         gint64           revision);
/* LOCATION_ID (nullable): where what comes back is put, else where it was picked. */
DexFuture *muster_api_deliveries_set_status (MusterApiClient     *client,
                                             const char          *id,
                                             MusterDeliveryStatus status,
                                             const char          *location_id);
/* SIGNATURE (taken, nullable): strokes as `[[[x, y], …], …]` from 0 to 1; NOTES (nullable). */
DexFuture *muster_api_deliveries_confirm (MusterApiClient *client,
                                          const char      *id,
                                          const char      *recipient,
                                          JsonNode        *signature,
                                          const char      *notes);
/* Announces units: ITEM (taken) has `order_item_id`, `serial`, `secret`, `mac`, `quantity`.
 * Resolves to a JsonObject. */
DexFuture *muster_api_deliveries_add_items (MusterApiClient *client,
                                            const char      *id,
                                            JsonObject      *item);
/* One code as it was scanned; QUANTITY counts for goods without serial numbers. Resolves to a
 * JsonObject that says what it was. */
DexFuture *muster_api_deliveries_scan (MusterApiClient *client,
                                       const char      *id,
                                       const char      *code,
                                       gint64           quantity);
/* Resolves to a MusterApiPage of MusterDeliveryIssue. */
DexFuture *muster_api_deliveries_list_issues (MusterApiClient *client, const char *id);
/* ISSUE is taken. Resolves to the MusterDeliveryIssue. */
DexFuture *muster_api_deliveries_add_issue (MusterApiClient *client,
                                            const char      *id,
                                            JsonObject      *issue);
/* CHANGES is taken. Resolves to the MusterDeliveryIssue. */
DexFuture *muster_api_delivery_issues_update (MusterApiClient *client,
                                              const char      *issue_id,
                                              JsonObject      *changes);

/* --- stock of what is ordered --- */

/* TEXT in the short form of serial numbers. Resolves to a JsonObject {"serials","duplicates"}. */
DexFuture *muster_api_serials_expand (MusterApiClient *client, const char *text, const char *after);

G_END_DECLS
