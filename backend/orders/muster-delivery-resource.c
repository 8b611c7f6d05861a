/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/http/muster-call.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "muster-order-resource.h"
#include "muster-orders-call.h"

/* Announcements may be long texts. */
#define MAX_BODY (4 * 1024 * 1024)

static void
keep_to_own (MusterRequest *request)
{
  MusterActor *actor = muster_request_get_actor (request);

  if (muster_orders_are_own_only (actor))
    muster_query_where (muster_request_get_query (request), "customer_id",
                        muster_orders_get_own_id (actor));
}

static DexFuture *
list_deliveries (MusterRequest *request, gpointer service)
{
  keep_to_own (request);
  return muster_handle_list (request, muster_delivery_service_get_repository (service));
}

static DexFuture *
list_delivery_ids (MusterRequest *request, gpointer service)
{
  keep_to_own (request);
  return muster_handle_list_ids (request, muster_delivery_service_get_repository (service));
}

static DexFuture *
get_delivery (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (
    muster_delivery_service_get (service, muster_request_get_actor (request),
                                 muster_request_get_path_param (request, "id"),
                                 muster_request_get_as_of (request)),
    200, NULL);
}

static DexFuture *
create_delivery (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (muster_delivery_service_create (service,
                                                                muster_request_get_actor (request),
                                                                muster_orders_get_body (request)),
                                201, "deliveries");
}

typedef DexFuture *(*DeliveryMethod) (MusterDeliveryService *self,
                                      MusterActor           *actor,
                                      const char            *id,
                                      JsonObject            *body,
                                      gint64                 expected_revision);

/* What METHOD gives, answered with STATUS. */
static DexFuture *
call_method (MusterRequest *request, gpointer service, DeliveryMethod method, unsigned status)
{
  return muster_orders_respond (method (service, muster_request_get_actor (request),
                                        muster_request_get_path_param (request, "id"),
                                        muster_orders_get_body (request),
                                        muster_request_get_expected_revision (request)),
                                status, NULL);
}

static DexFuture *
update_delivery (MusterRequest *request, gpointer service)
{
  return call_method (request, service, muster_delivery_service_update, 200);
}

static DexFuture *
set_status (MusterRequest *request, gpointer service)
{
  return call_method (request, service, muster_delivery_service_set_status, 200);
}

static DexFuture *
confirm (MusterRequest *request, gpointer service)
{
  return call_method (request, service, muster_delivery_service_confirm, 200);
}

/* --- what it holds --- */

static DexFuture *
list_cb (DexFuture *delivery, gpointer user_data)
{
  MusterCall *call = user_data;

  muster_query_where (muster_request_get_query (call->request), "delivery_id",
                      muster_request_get_path_param (call->request, "id"));
  return muster_handle_list (call->request,
                             muster_delivery_service_get_repository (call->resource));
}

static DexFuture *
list_of_delivery (MusterRequest *request, gpointer service)
{
  return dex_future_then (muster_delivery_service_get (service, muster_request_get_actor (request),
                                                       muster_request_get_path_param (request,
                                                                                      "id"),
                                                       muster_request_get_as_of (request)),
                          list_cb, muster_call_new (request, service), muster_call_free);
}

static DexFuture *
announce (MusterRequest *request, gpointer service)
{
  return call_method (request, service, muster_delivery_service_announce, 201);
}

static DexFuture *
withdrawn_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static DexFuture *
withdraw (MusterRequest *request, gpointer service)
{
  return dex_future_then (
    muster_delivery_service_withdraw (service, muster_request_get_actor (request),
                                      muster_request_get_path_param (request, "id")),
    withdrawn_cb, NULL, NULL);
}

static DexFuture *
scan (MusterRequest *request, gpointer service)
{
  return call_method (request, service, muster_delivery_service_scan, 200);
}

static DexFuture *
list_all (MusterRequest *request, gpointer service)
{
  return muster_handle_list (request, muster_delivery_service_get_repository (service));
}

static DexFuture *
add_issue (MusterRequest *request, gpointer service)
{
  return call_method (request, service, muster_delivery_service_add_issue, 201);
}

static DexFuture *
change_issue (MusterRequest *request, gpointer service)
{
  return call_method (request, service, muster_delivery_service_change_issue, 200);
}

static DexFuture *
describe_cb (DexFuture *future, gpointer user_data)
{
  MusterCall *call = user_data;
  GBytes     *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  node = json_from_string (text, NULL);
  return muster_orders_respond (muster_delivery_service_describe_expected (
                                  call->resource, muster_request_get_actor (call->request),
                                  json_node_get_object (node),
                                  muster_request_get_as_of (call->request)),
                                200, NULL);
}

static DexFuture *
list_expected (MusterRequest *request, gpointer service)
{
  muster_query_where (muster_request_get_query (request), "expected", "true");
  return dex_future_then (muster_repository_list_json (muster_delivery_service_get_repository (
                                                         service),
                                                       muster_request_get_query (request)),
                          describe_cb, muster_call_new (request, service), muster_call_free);
}

/* clang-format off */
static const MusterField items_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Items"), .doc = "Array of DeliveryItem." },
};
static const MusterField new_fields[] = {
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_delivery_status_enum, .label = N_("Status"), .doc = "pending, or shipped to send it off at once." },
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Items"), .doc = "Array of {order_item_id, quantity, device_ids}; left out: everything of the order that is left. Of an incoming delivery: array of {order_item_id, serial, secret, mac, quantity}, what is announced." },
};
#define ARRIVAL_FIELDS \
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Stock place"), .doc = "Where what arrives, or comes back, is put; what comes back, when left out, where it was picked." }, \
  { "condition", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 20, .label = N_("Condition"), .doc = "in_stock, or maintenance for what a customer sends back and somebody has to look at." }, \
  { "complete", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Complete"), .doc = "Whether all of an incoming delivery has arrived, scanned or not; left out: as long as nothing was scanned." }
static const MusterField status_fields[] = {
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_delivery_status_enum, .label = N_("Status"), .doc = "The status to go to; the work of that step is done." },
  { "carrier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Carrier"), .doc = "Who brings it." },
  { "tracking_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Tracking number"), .doc = "The carrier's number of it." },
  { "delivery_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
  ARRIVAL_FIELDS,
};
static const MusterField confirm_fields[] = {
  ARRIVAL_FIELDS,
  { "recipient", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Recipient"), .doc = "Who confirms that it arrived." },
  { "signature", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 65536, .label = N_("Signature"), .doc = "Array of strokes, each an array of [x, y] from 0 to 1." },
  { "delivery_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
};
static const MusterField announce_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Items"), .doc = "Array of {order_item_id, serial, secret, mac, device_id, quantity}; of an outgoing delivery, of {order_item_id, quantity, device_ids}." },
  { "text", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 1, 262144, .label = N_("Text"), .doc = "Units line by line: adoption codes, records of serial number, label secret and MAC address, or serial numbers in their short form (A10-15, 100+3, ~)." },
  { "order_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Order line"), .doc = "Of which line of the order; left out where it has but one." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "Without items and text: the one unit that is sent back." },
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Serial number"), .doc = "Without items and text: of the one unit." },
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .format = "secret", .label = N_("Label secret"), .doc = "Its pairing secret." },
  { "mac", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .format = "mac", .label = N_("MAC address"), .doc = "Its address." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000000000, .label = N_("Quantity"), .doc = "How many, of goods without serial numbers." },
};
static const MusterField scan_fields[] = {
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 1024, .label = N_("Code"), .doc = "What was scanned: a serial number, an adoption code, the GTIN or SKU of bulk goods." },
  { "device_secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .format = "secret", .label = N_("Label secret"), .doc = "The unit's pairing secret, where the code does not say it." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 1, 1000000000, .default_value = 1, .label = N_("Quantity"), .doc = "How many of bulk goods." },
  { "order_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Order line"), .doc = "For which line, where it may be several." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Stock place"), .doc = "Where it is put." },
  { "condition", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 20, .label = N_("Condition"), .doc = "in_stock, or maintenance for what a customer sends back and somebody has to look at." },
};
static const MusterField scanned_fields[] = {
  { "result", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Result"), .doc = "received (it was announced), counted (it was ordered), again (scanned before), product (scan the serial number) or unexpected (it is an issue now)." },
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Code"), .doc = "The serial or product number that was read." },
  { "detail", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Detail"), .doc = "More, for a person." },
  { "delivery_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Item"), .doc = "The item of the delivery." },
  { "order_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Order line"), .doc = "The line that it ticks." },
  { "description", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Description"), .doc = "What the line says." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "The unit's record." },
  { "issue_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Issue"), .doc = "The issue that notes what was not expected." },
  { "received", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Received"), .doc = "How many of the line have arrived." },
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Quantity"), .doc = "How many were ordered." },
};
static const MusterField issue_extra_fields[] = {
  { "delivery_id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY, .label = N_("Delivery"), .doc = "That of the path." },
};
static const MusterField expected_fields[] = {
  { "order_id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY, .label = N_("Order"), .doc = "The purchase." },
  { "order_number", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, .label = N_("Number"), .doc = "Its number." },
  { "supplier", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, .label = N_("Supplier"), .doc = "Who supplies it." },
  { "delivery_number", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, .label = N_("Delivery"), .doc = "The delivery's number." },
  { "delivery_status", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, .label = N_("Delivery status"), .doc = "How far that is." },
  { "product", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Product"), .doc = "The product's name." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Name"), .doc = "The unit's name, or that of its product." },
  { "secret_known", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Secret known"), .doc = "Whether it is adopted without its label at hand." },
};

static const MusterShape announce_shape = { .schema = "Announcement", .doc = "What a delivery will hold.", .fields = announce_fields, .n_fields = G_N_ELEMENTS (announce_fields) };
static const MusterShape scan_shape = { .schema = "DeliveryScan", .doc = "A code that was scanned.", .fields = scan_fields, .n_fields = G_N_ELEMENTS (scan_fields) };
static const MusterShape scanned_shape = { .schema = "DeliveryScanResult", .doc = "What the code was.", .fields = scanned_fields, .n_fields = G_N_ELEMENTS (scanned_fields) };
static const MusterShape issue_shape = { .doc = "An issue.", .entity = &muster_delivery_issue_info };
static const MusterShape new_issue_shape = { .schema = "NewDeliveryIssue", .doc = "An issue; its delivery is that of the path.", .entity = &muster_delivery_issue_info, .fields = issue_extra_fields, .n_fields = G_N_ELEMENTS (issue_extra_fields) };
static const MusterShape issues_shape = { .doc = "Issues.", .entity = &muster_delivery_issue_info, .list = TRUE };
static const MusterShape delivery_items_shape = { .doc = "What a delivery holds.", .entity = &muster_delivery_item_info, .list = TRUE };
static const MusterShape expected_shape = { .schema = "ExpectedUnit", .doc = "Units that are announced or have arrived, and are not adopted yet.", .entity = &muster_delivery_item_info, .fields = expected_fields, .n_fields = G_N_ELEMENTS (expected_fields), .list = TRUE };
static const MusterShape deliveries_shape = { .doc = "Deliveries.", .entity = &muster_delivery_info, .list = TRUE };
static const MusterShape delivery_shape = { .schema = "DeliveryWithItems", .doc = "A delivery with what it holds.", .entity = &muster_delivery_info, .fields = items_fields, .n_fields = G_N_ELEMENTS (items_fields) };
static const MusterShape new_shape = { .schema = "NewDelivery", .doc = "A delivery with what it holds.", .entity = &muster_delivery_info, .fields = new_fields, .n_fields = G_N_ELEMENTS (new_fields) };
static const MusterShape changed_shape = { .schema = "ChangedDelivery", .doc = "What changes of a delivery.", .entity = &muster_delivery_info };
static const MusterShape status_shape = { .schema = "DeliveryStatusChange", .doc = "The new status.", .fields = status_fields, .n_fields = G_N_ELEMENTS (status_fields) };
static const MusterShape confirm_shape = { .schema = "DeliveryConfirmation", .doc = "Who says that it arrived.", .fields = confirm_fields, .n_fields = G_N_ELEMENTS (confirm_fields) };

static const MusterRoute routes[] = {
  { "GET", "/deliveries", "listDeliveries", "deliveries", "List deliveries, without their items", list_deliveries, MUSTER_ROUTE_LIST, .response = &deliveries_shape },
  { "GET", "/deliveries/ids", "listDeliveryIds", "deliveries", "Every matching id, in order", list_delivery_ids, MUSTER_ROUTE_IDS, .response = &deliveries_shape },
  { "POST", "/deliveries", "createDelivery", "deliveries", "Add a delivery of an order", create_delivery, MUSTER_ROUTE_PLAIN, .request = &new_shape, .response = &delivery_shape, .status = 201 },
  { "GET", "/deliveries/{id:uuid}", "getDelivery", "deliveries", "One delivery with its items", get_delivery, MUSTER_ROUTE_PAST, .response = &delivery_shape },
  { "PUT", "/deliveries/{id:uuid}", "updateDelivery", "deliveries", "Change a delivery", update_delivery, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &changed_shape, .response = &delivery_shape },
  { "PUT", "/deliveries/{id:uuid}/status", "setDeliveryStatus", "deliveries", "Go to another status, and do the work of that step", set_status, MUSTER_ROUTE_UPDATE, .request = &status_shape, .response = &delivery_shape },
  { "PUT", "/deliveries/{id:uuid}/confirm", "confirmDelivery", "deliveries", "Say that it has arrived", confirm, MUSTER_ROUTE_UPDATE, .request = &confirm_shape, .response = &delivery_shape },
  { "GET", "/deliveries/{id:uuid}/items", "listDeliveryItems", "deliveries", "What a delivery holds", list_of_delivery, MUSTER_ROUTE_LIST, .response = &delivery_items_shape },
  { "POST", "/deliveries/{id:uuid}/items", "addDeliveryItems", "deliveries", "Announce what will arrive, or add to what leaves", announce, MUSTER_ROUTE_UPDATE, .request = &announce_shape, .response = &delivery_shape, .status = 201, .body_limit = MAX_BODY },
  { "DELETE", "/delivery-items/{id:uuid}", "deleteDeliveryItem", "deliveries", "Take out of a delivery what has neither left nor arrived", withdraw, MUSTER_ROUTE_PLAIN },
  { "POST", "/deliveries/{id:uuid}/scans", "scanDelivery", "deliveries", "Receive by scanning", scan, MUSTER_ROUTE_UPDATE, .request = &scan_shape, .response = &scanned_shape, .status = 200 },
  { "GET", "/deliveries/{id:uuid}/issues", "listDeliveryIssuesOf", "deliveries", "What was wrong with a delivery", list_of_delivery, MUSTER_ROUTE_LIST, .response = &issues_shape },
  { "POST", "/deliveries/{id:uuid}/issues", "addDeliveryIssue", "deliveries", "Report that something is wrong", add_issue, MUSTER_ROUTE_UPDATE, .request = &new_issue_shape, .response = &issue_shape, .status = 201 },
  { "GET", "/delivery-issues", "listDeliveryIssues", "deliveries", "Issues of all deliveries", list_all, MUSTER_ROUTE_LIST, .response = &issues_shape },
  { "PUT", "/delivery-issues/{id:uuid}", "updateDeliveryIssue", "deliveries", "Change an issue, or say what follows", change_issue, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &issue_shape, .response = &issue_shape },
  { "GET", "/expected", "listExpected", "deliveries", "Units that are announced or have arrived, and are not adopted yet", list_expected, MUSTER_ROUTE_LIST, .response = &expected_shape },
};
/* clang-format on */

void
muster_delivery_resource_add (MusterRouter *router, MusterDeliveryService *service)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (MUSTER_IS_DELIVERY_SERVICE (service));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
