/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-inventory"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-inventory.h"

#include "model/muster-device.h"
#include "model/muster-loan.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake-scan.h"

/* Thousands of records are made or changed by one call. */
#define LONG_CALL_MILLISECONDS 120000

/* --- what every collection has --- */

static DexFuture *
list (MusterApiClient *client, const MusterEntityInfo *info, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", info->path, "", NULL), query,
                               info);
}

static DexFuture *
list_ids (MusterApiClient *client, const MusterEntityInfo *info, const MusterApiListQuery *query)
{
  MusterApiRequest *request = muster_api_request_new ("GET", info->path, "ids", NULL);

  muster_api_request_add_list_query (request, query);
  return muster_api_call_ids (client, request);
}

static DexFuture *
get (MusterApiClient *client, const MusterEntityInfo *info, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", info->path, id, NULL),
                                 info);
}

/* BODY is taken. */
static DexFuture *
create (MusterApiClient *client, const MusterEntityInfo *info, JsonObject *body)
{
  MusterApiRequest *request = muster_api_request_new ("POST", info->path, "", NULL);

  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, info);
}

static DexFuture *
update (MusterApiClient        *client,
        const MusterEntityInfo *info,
        const char             *id,
        JsonObject             *changes,
        gint64                  revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", info->path, id, NULL),
                                 changes, revision, info);
}

static DexFuture *delete (MusterApiClient        *client,
                          const MusterEntityInfo *info,
                          const char             *id,
                          gint64                  revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", info->path, id, NULL),
                                 revision);
}

/* --- products --- */

DexFuture *
muster_api_products_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list (client, &muster_product_info, query);
}

DexFuture *
muster_api_products_list_ids (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list_ids (client, &muster_product_info, query);
}

DexFuture *
muster_api_products_get (MusterApiClient *client, const char *id)
{
  return get (client, &muster_product_info, id);
}

DexFuture *
muster_api_products_create (MusterApiClient *client, MusterProduct *product)
{
  return create (client, &muster_product_info, muster_api_make_body (MUSTER_ENTITY (product)));
}

DexFuture *
muster_api_products_update (MusterApiClient *client,
                            const char      *id,
                            JsonObject      *changes,
                            gint64           revision)
{
  return update (client, &muster_product_info, id, changes, revision);
}

DexFuture *
muster_api_products_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return delete (client, &muster_product_info, id, revision);
}

DexFuture *
muster_api_products_receive (MusterApiClient *client, const char *id, JsonObject *receipt)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "products", id, "receive", NULL);

  muster_api_request_take_object (request, receipt);
  muster_api_request_set_deadline (request, LONG_CALL_MILLISECONDS);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_reorder_list (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "reorder-list", NULL));
}

DexFuture *
muster_api_serials_expand_for (MusterApiClient *client,
                               const char      *text,
                               const char      *product_id,
                               unsigned         quantity)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "serials", "expand", NULL);
  JsonObject       *body = muster_api_make_object ("text", text, "product_id", product_id, NULL);

  if (quantity > 0)
    json_object_set_int_member (body, "quantity", quantity);
  muster_api_request_take_object (request, body);
  return muster_api_call_object (client, request);
}

/* --- places --- */

DexFuture *
muster_api_locations_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list (client, &muster_location_info, query);
}

DexFuture *
muster_api_locations_list_ids (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list_ids (client, &muster_location_info, query);
}

DexFuture *
muster_api_locations_get (MusterApiClient *client, const char *id)
{
  return get (client, &muster_location_info, id);
}

DexFuture *
muster_api_locations_create (MusterApiClient *client, MusterLocation *location)
{
  return create (client, &muster_location_info, muster_api_make_body (MUSTER_ENTITY (location)));
}

DexFuture *
muster_api_locations_update (MusterApiClient *client,
                             const char      *id,
                             JsonObject      *changes,
                             gint64           revision)
{
  return update (client, &muster_location_info, id, changes, revision);
}

DexFuture *
muster_api_locations_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return delete (client, &muster_location_info, id, revision);
}

DexFuture *
muster_api_locations_list_contents (MusterApiClient          *client,
                                    const char               *id,
                                    gboolean                  recursive,
                                    const MusterApiListQuery *query)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "locations", id, "contents", NULL);

  muster_api_request_add_query (request, "recursive", recursive ? "true" : "false");
  return muster_api_call_page (client, request, query, &muster_device_info);
}

/* --- stock --- */

DexFuture *
muster_api_batches_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list (client, &muster_batch_info, query);
}

DexFuture *
muster_api_stock_moves_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list (client, &muster_stock_move_info, query);
}

DexFuture *
muster_api_stock_levels_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list (client, &muster_stock_level_info, query);
}

DexFuture *
muster_api_batches_create (MusterApiClient *client, MusterBatch *batch)
{
  return create (client, &muster_batch_info, muster_api_make_body (MUSTER_ENTITY (batch)));
}

DexFuture *
muster_api_batches_update (MusterApiClient *client,
                           const char      *id,
                           JsonObject      *changes,
                           gint64           revision)
{
  return update (client, &muster_batch_info, id, changes, revision);
}

DexFuture *
muster_api_batches_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return delete (client, &muster_batch_info, id, revision);
}

DexFuture *
muster_api_stock_moves_create (MusterApiClient *client, JsonObject *move)
{
  return create (client, &muster_stock_move_info, move);
}

DexFuture *
muster_api_stock_check (MusterApiClient *client)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "stock-levels", "check", NULL);

  muster_api_request_set_deadline (request, LONG_CALL_MILLISECONDS);
  return muster_api_call_object (client, request);
}

/* --- counts --- */

DexFuture *
muster_api_stocktakes_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list (client, &muster_stocktake_info, query);
}

DexFuture *
muster_api_stocktakes_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "stocktakes", id, NULL));
}

DexFuture *
muster_api_stocktakes_create (MusterApiClient *client, MusterStocktake *stocktake)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "stocktakes", "", NULL);

  muster_api_request_take_object (request, muster_api_make_body (MUSTER_ENTITY (stocktake)));
  muster_api_request_set_deadline (request, LONG_CALL_MILLISECONDS);
  return muster_api_call_entity (client, request, &muster_stocktake_info);
}

DexFuture *
muster_api_stocktakes_update (MusterApiClient *client,
                              const char      *id,
                              JsonObject      *changes,
                              gint64           revision)
{
  return update (client, &muster_stocktake_info, id, changes, revision);
}

DexFuture *
muster_api_stocktakes_list_lines (MusterApiClient          *client,
                                  const char               *id,
                                  const MusterApiListQuery *query)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", "stocktakes", id, "lines", NULL),
                               query, &muster_stocktake_line_info);
}

DexFuture *
muster_api_stocktakes_list_scans (MusterApiClient          *client,
                                  const char               *id,
                                  const MusterApiListQuery *query)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", "stocktakes", id, "scans", NULL),
                               query, &muster_stocktake_scan_info);
}

DexFuture *
muster_api_stocktakes_scan (MusterApiClient *client,
                            const char      *id,
                            const char      *code,
                            gint64           quantity,
                            const char      *location_id)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "stocktakes", id, "scans", NULL);
  JsonObject       *body = muster_api_make_object ("code", code, "location_id", location_id, NULL);

  json_object_set_int_member (body, "quantity", quantity);
  muster_api_request_take_object (request, body);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_stocktakes_send_scans (MusterApiClient *client, const char *id, JsonArray *scans)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "stocktakes", id, "scans", NULL);
  JsonObject       *body = json_object_new ();

  json_object_set_array_member (body, "scans", scans);
  muster_api_request_take_object (request, body);
  muster_api_request_set_deadline (request, LONG_CALL_MILLISECONDS);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_stocktakes_apply (MusterApiClient *client, const char *id, const char *missing)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "stocktakes", id, "apply", NULL);

  muster_api_request_take_object (request, muster_api_make_object ("missing", missing, NULL));
  muster_api_request_set_deadline (request, LONG_CALL_MILLISECONDS);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_stocktakes_cancel (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", "stocktakes", id, "cancel", NULL),
                                 &muster_stocktake_info);
}

DexFuture *
muster_api_stocktakes_resume (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", "stocktakes", id, "resume", NULL),
                                 &muster_stocktake_info);
}

/* --- loans --- */

DexFuture *
muster_api_loans_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return list (client, &muster_loan_info, query);
}

DexFuture *
muster_api_loans_create (MusterApiClient *client, JsonObject *loan)
{
  return create (client, &muster_loan_info, loan);
}

DexFuture *
muster_api_loans_update (MusterApiClient *client,
                         const char      *id,
                         JsonObject      *changes,
                         gint64           revision)
{
  return update (client, &muster_loan_info, id, changes, revision);
}

DexFuture *
muster_api_loans_return (MusterApiClient *client, const char *id, const char *location_id)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "loans", id, "return", NULL);

  muster_api_request_take_object (request,
                                  muster_api_make_object ("location_id", location_id, NULL));
  return muster_api_call_entity (client, request, &muster_loan_info);
}

/* --- more --- */

DexFuture *
muster_api_devices_replace (MusterApiClient *client,
                            const char      *device_id,
                            const char      *serial,
                            const char      *with,
                            const char      *reason)
{
  MusterApiRequest *request =
    muster_api_request_new ("POST", "devices", device_id, "replace", NULL);

  muster_api_request_take_object (request, muster_api_make_object ("serial", serial, "device_id",
                                                                   with, "reason", reason, NULL));
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_scan (MusterApiClient *client, const char *code)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "scan", NULL);

  muster_api_request_add_query (request, "code", code);
  return muster_api_call_object (client, request);
}
