/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-batch.h"
#include "model/muster-location.h"
#include "model/muster-product.h"
#include "model/muster-stocktake.h"

G_BEGIN_DECLS

/* QUERY may be NULL. CHANGES are taken. REVISION 0: whichever; else MUSTER_ERROR_PRECONDITION when
 * the record changed since. Deletions resolve to TRUE, and reject with MUSTER_ERROR_CONFLICT that
 * says what still names the record. */

/* --- products --- */

/* Resolves to a MusterApiPage of MusterProduct. */
DexFuture *muster_api_products_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Every match in order: resolves to a GStrv (G_TYPE_STRV). */
DexFuture *muster_api_products_list_ids (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to the MusterProduct. */
DexFuture *muster_api_products_get (MusterApiClient *client, const char *id);
DexFuture *muster_api_products_create (MusterApiClient *client, MusterProduct *product);
DexFuture *muster_api_products_update (MusterApiClient *client,
                                       const char      *id,
                                       JsonObject      *changes,
                                       gint64           revision);
DexFuture *muster_api_products_delete (MusterApiClient *client, const char *id, gint64 revision);
/* Takes units or goods into the stock. RECEIPT (taken): `serials`, `quantity`, `location_id`,
 * `batch`, `expires_at`, `received_at`, `notes`. Resolves to a JsonObject
 * {"product_id","batch_id","move_id","quantity","devices":[{"id","serial"}…]}. */
DexFuture *muster_api_products_receive (MusterApiClient *client,
                                        const char      *id,
                                        JsonObject      *receipt);
/* What should be ordered again. Resolves to a JsonObject {"items":[{"product_id","name","sku",
 * "supplier","unit_price","currency","reorder_point","available","on_order","suggested"}…],"total"}.
 */
DexFuture *muster_api_reorder_list (MusterApiClient *client);
/* What TEXT stands for. PRODUCT_ID (nullable): `~` goes on after its highest. QUANTITY 0: any.
 * Resolves to a JsonObject {"serials":[…],"total","duplicates":[{"serial","device_id","name",
 * "status","location"}…]}. */
DexFuture *muster_api_serials_expand_for (MusterApiClient *client,
                                          const char      *text,
                                          const char      *product_id,
                                          unsigned         quantity);

/* --- places --- */

/* Resolves to a MusterApiPage of MusterLocation. */
DexFuture *muster_api_locations_list (MusterApiClient *client, const MusterApiListQuery *query);
DexFuture *muster_api_locations_list_ids (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to the MusterLocation. */
DexFuture *muster_api_locations_get (MusterApiClient *client, const char *id);
DexFuture *muster_api_locations_create (MusterApiClient *client, MusterLocation *location);
DexFuture *muster_api_locations_update (MusterApiClient *client,
                                        const char      *id,
                                        JsonObject      *changes,
                                        gint64           revision);
DexFuture *muster_api_locations_delete (MusterApiClient *client, const char *id, gint64 revision);
/* The units there, a page of them by QUERY; RECURSIVE: in the places within it too. Resolves to a
 * MusterApiPage of MusterDevice; muster_api_page_get_json() has what is kept by quantity beside
 * them: "goods":[{"product_id","name","sku","location_id","location","batch_id","batch","quantity",
 * "reserved"}…]. */
DexFuture *muster_api_locations_list_contents (MusterApiClient          *client,
                                               const char               *id,
                                               gboolean                  recursive,
                                               const MusterApiListQuery *query);

/* --- stock --- */

/* Resolves to a MusterApiPage of MusterBatch, MusterStockMove, MusterStockLevel. */
DexFuture *muster_api_batches_list (MusterApiClient *client, const MusterApiListQuery *query);
DexFuture *muster_api_stock_moves_list (MusterApiClient *client, const MusterApiListQuery *query);
DexFuture *muster_api_stock_levels_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to the MusterBatch. */
DexFuture *muster_api_batches_create (MusterApiClient *client, MusterBatch *batch);
DexFuture *muster_api_batches_update (MusterApiClient *client,
                                      const char      *id,
                                      JsonObject      *changes,
                                      gint64           revision);
DexFuture *muster_api_batches_delete (MusterApiClient *client, const char *id, gint64 revision);
/* MOVE (taken): `reason` (put_away, move, return, adjust, scrap), `device_id` or `product_id`,
 * `batch_id`, `quantity`, `from_location_id`, `to_location_id`, `note`. Resolves to the
 * MusterStockMove. MUSTER_ERROR_CONFLICT: there is not as much there. */
DexFuture *muster_api_stock_moves_create (MusterApiClient *client, JsonObject *move);
/* Whether all quantities are the sum of the moves. Resolves to a JsonObject
 * {"products","levels","moves","differences":[…]}. */
DexFuture *muster_api_stock_check (MusterApiClient *client);

/* --- counts --- */

/* Resolves to a MusterApiPage of MusterStocktake. */
DexFuture *muster_api_stocktakes_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to a JsonObject: the record's members and "counts":{"expected","missing","extra",
 * "moved","unknown"}. */
DexFuture *muster_api_stocktakes_get (MusterApiClient *client, const char *id);
/* Resolves to the MusterStocktake; what is expected is written down with it. */
DexFuture *muster_api_stocktakes_create (MusterApiClient *client, MusterStocktake *stocktake);
DexFuture *muster_api_stocktakes_update (MusterApiClient *client,
                                         const char      *id,
                                         JsonObject      *changes,
                                         gint64           revision);
/* Resolves to a MusterApiPage of MusterStocktakeLine, MusterStocktakeScan. */
DexFuture *muster_api_stocktakes_list_lines (MusterApiClient          *client,
                                             const char               *id,
                                             const MusterApiListQuery *query);
DexFuture *muster_api_stocktakes_list_scans (MusterApiClient          *client,
                                             const char               *id,
                                             const MusterApiListQuery *query);
/* One code; QUANTITY of goods; LOCATION_ID (nullable): where exactly. Resolves to a JsonObject
 * {"items":[{"id","code","kind","title","result","line_id","device_id","product_id","location_id",
 * "counted","expected"}],"counts"}. */
DexFuture *muster_api_stocktakes_scan (MusterApiClient *client,
                                       const char      *id,
                                       const char      *code,
                                       gint64           quantity,
                                       const char      *location_id);
/* What was counted while the network was away. SCANS (taken): [{"id" (a UUID made by the caller, so
 * that sending twice counts once),"code","quantity","location_id","scanned_at"}…], at most 1000.
 * Resolves like muster_api_stocktakes_scan(). */
DexFuture *muster_api_stocktakes_send_scans (MusterApiClient *client,
                                             const char      *id,
                                             JsonArray       *scans);
/* Makes the count the stock, in one operation. MISSING (nullable): "retire" (the default), "keep":
 * what becomes of units that were not found. Resolves to a JsonObject {"stocktake","applied",
 * "operation","conflicts":[{"line_id","code","detail"}…]}. */
DexFuture *muster_api_stocktakes_apply (MusterApiClient *client,
                                        const char      *id,
                                        const char      *missing);
/* Resolves to the MusterStocktake. */
DexFuture *muster_api_stocktakes_cancel (MusterApiClient *client, const char *id);
DexFuture *muster_api_stocktakes_resume (MusterApiClient *client, const char *id);

/* --- loans --- */

/* Resolves to a MusterApiPage of MusterLoan: `returned_at=null` are out, with `due_at.max` of now
 * overdue. */
DexFuture *muster_api_loans_list (MusterApiClient *client, const MusterApiListQuery *query);
/* LOAN (taken): `device_id`, `borrower`, `person_id`, `due_at`, `notes`. Resolves to the
 * MusterLoan. */
DexFuture *muster_api_loans_create (MusterApiClient *client, JsonObject *loan);
DexFuture *muster_api_loans_update (MusterApiClient *client,
                                    const char      *id,
                                    JsonObject      *changes,
                                    gint64           revision);
/* LOCATION_ID (nullable): where it is put; left out: where it was taken from. Resolves to the
 * MusterLoan. */
DexFuture *muster_api_loans_return (MusterApiClient *client,
                                    const char      *id,
                                    const char      *location_id);

/* --- more --- */

/* A unit takes the place of DEVICE_ID: the one of SERIAL, in stock or new, or the record WITH
 * (either is NULL). REASON is nullable. Resolves to a JsonObject {"device","replaced","operation",
 * "final"}: `final` says what cannot be undone, or is null. */
DexFuture *muster_api_devices_replace (MusterApiClient *client,
                                       const char      *device_id,
                                       const char      *serial,
                                       const char      *with,
                                       const char      *reason);
/* What CODE is. Resolves to a JsonObject {"kind","id","title","subtitle","status","code"}; `kind`:
 * device, product, location, order, delivery, or adoption for the label of a device without a
 * record. MUSTER_ERROR_NOT_FOUND for what nobody knows. */
DexFuture *muster_api_scan (MusterApiClient *client, const char *code);

G_END_DECLS
