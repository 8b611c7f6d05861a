/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-stock-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-batch.h"
#include "model/muster-stock-level.h"
#include "model/muster-stock-move.h"
#include "muster-inventory-resource.h"

static DexFuture *
create_move (MusterRequest *request, gpointer service)
{
  g_autoptr (MusterEntity) move = muster_entity_new (&muster_stock_move_info);
  GError *error = NULL;

  /* Checked against the route's table already. */
  if (!muster_entity_decode (move, json_node_get_object (muster_request_get_json (request)),
                             MUSTER_DECODE_TRUSTED, "", &error))
    return dex_future_new_for_error (error);
  return muster_inventory_respond_created (
    muster_inventory_service_move (service, muster_request_get_actor (request), move));
}

static DexFuture *
check_levels (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_json (muster_inventory_service_check (service));
}

/* clang-format off */
static const MusterField check_fields[] = {
  { "moves", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Moves"), .doc = "How many were added up." },
  { "levels", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Levels"), .doc = "How many were compared." },
  { "products", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Products"), .doc = "How many were compared." },
  { "units", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Units"), .doc = "How many records of units in stock were compared." },
  { "differences", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Differences"), .doc = "What does not agree, as sentences; the first hundred." },
};
static const MusterField move_fields[] = {
  { "reason", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_move_reason_enum, .label = N_("Reason"), .doc = "put_away, move, return, adjust or scrap: the others are made by receiving, orders and deliveries." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Product"), .doc = "What is moved, where it is kept by quantity." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "The unit that is moved, where it has a record of its own." },
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Batch"), .doc = "Of which batch; left out: what expires first goes first." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, -1000000000, 1000000000, .default_value = 1, .label = N_("Quantity"), .doc = "How many; an adjustment downwards is less than nothing." },
  { "from_location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("From"), .doc = "Where they lie; left out: in stock without a place." },
  { "to_location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("To"), .doc = "Where they go." },
  { "note", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 400, .label = N_("Note"), .doc = "Why, in words." },
};

static const MusterShape batch_shape = { .doc = "A batch.", .entity = &muster_batch_info };
static const MusterShape batches_shape = { .doc = "Batches.", .entity = &muster_batch_info, .list = TRUE };
static const MusterShape new_move_shape = { .schema = "NewStockMove", .doc = "What is moved by hand.", .fields = move_fields, .n_fields = G_N_ELEMENTS (move_fields) };
static const MusterShape move_shape = { .doc = "A stock move; the last one where several batches moved.", .entity = &muster_stock_move_info };
static const MusterShape moves_shape = { .doc = "Stock moves.", .entity = &muster_stock_move_info, .list = TRUE };
static const MusterShape levels_shape = { .doc = "Stock levels.", .entity = &muster_stock_level_info, .list = TRUE };

static const MusterShape check_shape = { .schema = "StockCheck", .doc = "Whether quantities are the sums of the moves.", .fields = check_fields, .n_fields = G_N_ELEMENTS (check_fields) };

static const MusterRoute record_routes[] = {
  { "GET", "/batches", "listBatches", "inventory", "List batches", muster_handle_list, MUSTER_ROUTE_LIST, .response = &batches_shape },
  { "POST", "/batches", "createBatch", "inventory", "Add a batch", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &batch_shape, .response = &batch_shape, .status = 201 },
  { "GET", "/batches/{id:uuid}", "getBatch", "inventory", "One batch", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &batch_shape },
  { "PUT", "/batches/{id:uuid}", "updateBatch", "inventory", "Change a batch", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &batch_shape, .response = &batch_shape },
  { "GET", "/stock-moves", "listStockMoves", "inventory", "What was moved, newest first", muster_handle_list, MUSTER_ROUTE_LIST, .response = &moves_shape },
  { "GET", "/stock-moves/ids", "listStockMoveIds", "inventory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &moves_shape },
  { "GET", "/stock-moves/{id:uuid}", "getStockMove", "inventory", "One stock move", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &move_shape },
  { "GET", "/stock-levels", "listStockLevels", "inventory", "How many of what lie where", muster_handle_list, MUSTER_ROUTE_LIST, .response = &levels_shape },
  { "DELETE", "/batches/{id:uuid}", "deleteBatch", "inventory", "Delete a batch that no unit and no stock move names", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_batch_info },
};

static const MusterRoute routes[] = {
  { "GET", "/stock-levels/check", "checkStockLevels", "inventory", "Add all stock moves up and compare them with the quantities", check_levels, MUSTER_ROUTE_PLAIN, .response = &check_shape },
  { "POST", "/stock-moves", "createStockMove", "inventory", "Move, adjust, scrap or bring back a unit or goods", create_move, MUSTER_ROUTE_PLAIN, .request = &new_move_shape, .response = &move_shape, .status = 201 },
};
/* clang-format on */

void
muster_stock_resource_add (MusterRouter *router, MusterInventoryService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_inventory_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
