/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-loan-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-loan.h"
#include "muster-code.h"
#include "muster-inventory-resource.h"

static DexFuture *
create_loan (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_created (
    muster_inventory_service_lend (service, muster_request_get_actor (request),
                                   muster_request_get_entity (request)));
}

static DexFuture *
return_loan (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_entity (
    muster_inventory_service_take_back (service, muster_request_get_actor (request),
                                        muster_request_get_path_param (request, "id"),
                                        muster_inventory_get_text (request, "location_id")));
}

static DexFuture *
replace_device (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_json (muster_inventory_service_replace (
    service, muster_request_get_actor (request), muster_request_get_path_param (request, "id"),
    muster_inventory_get_text (request, "serial"), muster_inventory_get_text (request, "device_id"),
    muster_inventory_get_text (request, "reason")));
}

static DexFuture *
resolve (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_json (
    muster_inventory_service_resolve (service, muster_request_get_param_text (request, "code")));
}

/* clang-format off */
static const MusterField return_fields[] = {
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Place"), .doc = "Where it is put; left out: where it was taken from." },
};
static const MusterField replace_fields[] = {
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Serial number"), .doc = "Of the unit that takes the place: one in stock, or a new one." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "Or the record of that unit." },
  { "reason", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Reason"), .doc = "Why, for the history." },
};
static const MusterField replaced_fields[] = {
  { "device", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Device"), .doc = "The device that has taken the place." },
  { "replaced", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Replaced"), .doc = "The device that went to maintenance." },
  { "operation", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Operation"), .doc = "What can be undone." },
  { "final", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Final"), .doc = "What undoing does not bring back." },
};
static const MusterField code_query[] = {
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, MUSTER_CODE_MAX_LENGTH, .label = N_("Code"), .doc = "As it was scanned." },
};
static const MusterField code_fields[] = {
  { "kind", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Kind"), .doc = "device, location, product, order, delivery; or adoption: the label of a device without a record." },
  { "id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Record"), .doc = "Its id." },
  { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Title"), .doc = "What it is called." },
  { "subtitle", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Subtitle"), .doc = "Serial number, path, SKU, customer or carrier." },
  { "status", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Status"), .doc = "The nick of its state." },
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Code"), .doc = "The code; of a label, the serial number on it." },
};

static const MusterShape loan_shape = { .doc = "A loan.", .entity = &muster_loan_info };
static const MusterShape loans_shape = { .doc = "Loans; `returned_at=null` are out, with `due_at.max` of now overdue.", .entity = &muster_loan_info, .list = TRUE };
static const MusterShape return_shape = { .schema = "ReturnLoan", .doc = "Where it is put.", .fields = return_fields, .n_fields = G_N_ELEMENTS (return_fields) };
static const MusterShape replace_shape = { .schema = "ReplaceDevice", .doc = "What takes the place.", .fields = replace_fields, .n_fields = G_N_ELEMENTS (replace_fields) };
static const MusterShape replaced_shape = { .schema = "ReplacedDevice", .doc = "Who is where now.", .fields = replaced_fields, .n_fields = G_N_ELEMENTS (replaced_fields) };
static const MusterShape code_shape = { .schema = "Code", .doc = "What a code is.", .fields = code_fields, .n_fields = G_N_ELEMENTS (code_fields) };

static const MusterRoute record_routes[] = {
  { "GET", "/loans", "listLoans", "inventory", "List loans", muster_handle_list, MUSTER_ROUTE_LIST, .response = &loans_shape },
  { "GET", "/loans/ids", "listLoanIds", "inventory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &loans_shape },
  { "GET", "/loans/{id:uuid}", "getLoan", "inventory", "One loan", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &loan_shape },
  { "PUT", "/loans/{id:uuid}", "updateLoan", "inventory", "Change a loan", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &loan_shape, .response = &loan_shape },
};

static const MusterRoute routes[] = {
  { "POST", "/loans", "createLoan", "inventory", "Lend a device that is in stock or deployed", create_loan, MUSTER_ROUTE_PLAIN, .request = &loan_shape, .response = &loan_shape, .status = 201 },
  { "POST", "/loans/{id:uuid}/return", "returnLoan", "inventory", "Take a lent device back", return_loan, MUSTER_ROUTE_PLAIN, .request = &return_shape, .response = &loan_shape },
  { "POST", "/devices/{id:uuid}/replace", "replaceDevice", "inventory", "Let another unit take a device's place", replace_device, MUSTER_ROUTE_PLAIN, .request = &replace_shape, .response = &replaced_shape },
  { "GET", "/scan", "resolveCode", "inventory", "What a scanned code is", resolve, MUSTER_ROUTE_PLAIN, .query = code_query, .n_query = G_N_ELEMENTS (code_query), .response = &code_shape },
};
/* clang-format on */

void
muster_loan_resource_add (MusterRouter *router, MusterInventoryService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_inventory_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
