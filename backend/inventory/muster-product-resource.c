/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-product-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-product.h"
#include "muster-inventory-resource.h"
#include "muster-serials.h"

/* Every character of the longest text escaped. */
#define MAX_BODY (4 * 1024 * 1024)

static DexFuture *
receive (MusterRequest *request, gpointer service)
{
  const MusterReceipt receipt = {
    .product_id = muster_request_get_path_param (request, "id"),
    .serials = muster_inventory_get_text (request, "serials"),
    .quantity = muster_inventory_get_integer (request, "quantity"),
    .location_id = muster_inventory_get_text (request, "location_id"),
    .batch = muster_inventory_get_text (request, "batch"),
    .expires_at = muster_inventory_get_time (request, "expires_at"),
    .received_at = muster_inventory_get_time (request, "received_at"),
    .notes = muster_inventory_get_text (request, "notes"),
  };

  return muster_inventory_respond_json (
    muster_inventory_service_receive (service, muster_request_get_actor (request), &receipt));
}

static DexFuture *
list_reorders (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_json (
    muster_inventory_service_list_reorders (service, muster_request_get_as_of (request)));
}

static DexFuture *
expand (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_json (
    muster_inventory_service_expand (service, muster_inventory_get_text (request, "text"),
                                     muster_inventory_get_text (request, "after"),
                                     muster_inventory_get_text (request, "product_id"),
                                     muster_inventory_get_integer (request, "quantity")));
}

/* clang-format off */
static const MusterField receipt_fields[] = {
  { "serials", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 1, MUSTER_SERIALS_TEXT_MAX, .label = N_("Serial numbers"), .doc = "Of units with records of their own: A10-15, 100+3, A10*3, ~ for the next, parted by commas or spaces." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000000000, .label = N_("Quantity"), .doc = "How many came; with serial numbers, how many they must be." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Place"), .doc = "Where they are put." },
  { "batch", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Batch"), .doc = "The maker's batch number; a batch that is new is made." },
  { "expires_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Best before"), .doc = "Of a new batch." },
  { "received_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Received"), .doc = "When they came; left out: now." },
  { "notes", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 400, .label = N_("Notes"), .doc = "Stands in the stock moves." },
};
static const MusterField received_fields[] = {
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Product"), .doc = "What came." },
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Batch"), .doc = "In which batch." },
  { "move_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Move"), .doc = "The stock move of goods kept by quantity." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Quantity"), .doc = "How many came." },
  { "devices", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Devices"), .doc = "The new records: [{id, serial}]." },
};
static const MusterField text_fields[] = {
  { "text", MUSTER_FIELD_TEXT, MUSTER_FIELD_REQUIRED, 1, MUSTER_SERIALS_TEXT_MAX, .label = N_("Serial numbers"), .doc = "What was typed." },
  { "after", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, MUSTER_SERIAL_MAX_LENGTH, .label = N_("After"), .doc = "The serial number that ~ goes on after; left out: the product's highest." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Product"), .doc = "Whose units they become." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, MUSTER_SERIALS_MAX, .label = N_("Quantity"), .doc = "How many they must be." },
};
static const MusterField serials_fields[] = {
  { "serials", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Serial numbers"), .doc = "One after the other." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Total"), .doc = "How many." },
  { "duplicates", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Duplicates"), .doc = "Those that are taken: [{serial, device_id, name, status, location}]." },
};

static const MusterField reorders_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Products"), .doc = "By supplier: [{product_id, name, sku, supplier, currency, unit_price, on_hand, reserved, available, on_order, reorder_point, suggested}]." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Total"), .doc = "How many." },
};

static const MusterShape product_shape = { .doc = "A product.", .entity = &muster_product_info };
static const MusterShape products_shape = { .doc = "Products.", .entity = &muster_product_info, .list = TRUE };
static const MusterShape receipt_shape = { .schema = "Receipt", .doc = "What came in.", .fields = receipt_fields, .n_fields = G_N_ELEMENTS (receipt_fields) };
static const MusterShape received_shape = { .schema = "Received", .doc = "What is in stock now.", .fields = received_fields, .n_fields = G_N_ELEMENTS (received_fields) };
static const MusterShape text_shape = { .schema = "SerialText", .doc = "Serial numbers as people type them.", .fields = text_fields, .n_fields = G_N_ELEMENTS (text_fields) };
static const MusterShape serials_shape = { .schema = "Serials", .doc = "Serial numbers.", .fields = serials_fields, .n_fields = G_N_ELEMENTS (serials_fields) };

static const MusterShape reorders_shape = { .schema = "ReorderList", .doc = "What should be ordered again.", .fields = reorders_fields, .n_fields = G_N_ELEMENTS (reorders_fields) };

static const MusterRoute record_routes[] = {
  { "GET", "/products", "listProducts", "inventory", "List products", muster_handle_list, MUSTER_ROUTE_LIST, .response = &products_shape },
  { "GET", "/products/ids", "listProductIds", "inventory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &products_shape },
  { "POST", "/products", "createProduct", "inventory", "Add a product", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &product_shape, .response = &product_shape, .status = 201 },
  { "GET", "/products/{id:uuid}", "getProduct", "inventory", "One product", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &product_shape },
  { "PUT", "/products/{id:uuid}", "updateProduct", "inventory", "Change a product", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &product_shape, .response = &product_shape },
  { "DELETE", "/products/{id:uuid}", "deleteProduct", "inventory", "Delete a product that no unit and no stock move names", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_product_info },
};

static const MusterRoute routes[] = {
  { "POST", "/products/{id:uuid}/receive", "receiveProduct", "inventory", "Take units or goods into the stock", receive, MUSTER_ROUTE_PLAIN, .request = &receipt_shape, .response = &received_shape, .body_limit = MAX_BODY },
  { "GET", "/reorder-list", "listReorders", "inventory", "Products of which fewer are available and on order than their reorder point", list_reorders, MUSTER_ROUTE_PAST, .response = &reorders_shape },
  { "POST", "/serials/expand", "expandSerials", "inventory", "What a text of serial numbers stands for, and which of them are taken", expand, MUSTER_ROUTE_PLAIN, .request = &text_shape, .response = &serials_shape, .body_limit = MAX_BODY },
};
/* clang-format on */

void
muster_product_resource_add (MusterRouter *router, MusterInventoryService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_inventory_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
