/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-delivery.h"
#include "model/muster-order-item.h"
#include "model/muster-order.h"
#include "muster-order-resource.h"
#include "muster-orders-call.h"

/* --- answers --- */

typedef struct
{
  unsigned    status;
  const char *path; /* (nullable): of the collection */
} Answer;

/* The `id` of the JSON object in BYTES, which begins with it. */
static char *
read_id (GBytes *bytes)
{
  static const char begin[] = "{\"id\":\"";
  gsize             size;
  const char       *text = g_bytes_get_data (bytes, &size);
  const char       *end = NULL;

  if (size < sizeof begin || memcmp (text, begin, sizeof begin - 1) != 0)
    return NULL;
  text += sizeof begin - 1;
  end = memchr (text, '"', size - (sizeof begin - 1));
  return end != NULL ? g_strndup (text, end - text) : NULL;
}

static DexFuture *
respond_cb (DexFuture *future, gpointer user_data)
{
  const Answer         *answer = user_data;
  const MusterDocument *document = g_value_get_boxed (dex_future_get_value (future, NULL));
  MusterResponse       *response =
    muster_response_new_bytes (answer->status, "application/json", document->json);
  g_autofree char *id = answer->path != NULL ? read_id (document->json) : NULL;

  if (document->revision > 0)
    muster_response_set_revision (response, document->revision);
  if (id != NULL)
    {
      g_autofree char *location = g_strdup_printf ("/%s/%s", answer->path, id);

      muster_response_set_header (response, "Location", location);
    }
  return muster_response_resolve (response);
}

DexFuture *
muster_orders_respond (DexFuture *future, unsigned status, const char *path)
{
  Answer *answer = g_new (Answer, 1);

  *answer = (Answer){ status, path };
  return dex_future_then (future, respond_cb, answer, g_free);
}

JsonObject *
muster_orders_get_body (MusterRequest *request)
{
  return json_node_get_object (muster_request_get_json (request));
}

/* --- orders --- */

static DexFuture *
list_orders (MusterRequest *request, gpointer service)
{
  MusterActor *actor = muster_request_get_actor (request);

  if (muster_orders_are_own_only (actor))
    muster_query_where (muster_request_get_query (request), "customer_id",
                        muster_orders_get_own_id (actor));
  return muster_handle_list (request, muster_order_service_get_repository (service));
}

static DexFuture *
list_order_ids (MusterRequest *request, gpointer service)
{
  MusterActor *actor = muster_request_get_actor (request);

  if (muster_orders_are_own_only (actor))
    muster_query_where (muster_request_get_query (request), "customer_id",
                        muster_orders_get_own_id (actor));
  return muster_handle_list_ids (request, muster_order_service_get_repository (service));
}

static DexFuture *
list_items (MusterRequest *request, gpointer service)
{
  return muster_handle_list (request, muster_order_service_get_repository (service));
}

static DexFuture *
get_order (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (
    muster_order_service_get (service, muster_request_get_actor (request),
                              muster_request_get_path_param (request, "id"),
                              muster_request_get_as_of (request)),
    200, NULL);
}

static DexFuture *
create_order (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (muster_order_service_create (service,
                                                             muster_request_get_actor (request),
                                                             muster_orders_get_body (request)),
                                201, "orders");
}

typedef DexFuture *(*OrderMethod) (MusterOrderService *self,
                                   MusterActor        *actor,
                                   const char         *id,
                                   JsonObject         *body,
                                   gint64              expected_revision);

static DexFuture *
call_method (MusterRequest *request, gpointer service, OrderMethod method)
{
  return method (service, muster_request_get_actor (request),
                 muster_request_get_path_param (request, "id"), muster_orders_get_body (request),
                 muster_request_get_expected_revision (request));
}

static DexFuture *
update_order (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (call_method (request, service, muster_order_service_update), 200,
                                NULL);
}

static DexFuture *
set_status (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (call_method (request, service, muster_order_service_set_status),
                                200, NULL);
}

static DexFuture *
allocate (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (call_method (request, service, muster_order_service_allocate), 200,
                                NULL);
}

static DexFuture *
ship (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (call_method (request, service, muster_order_service_ship), 201,
                                "deliveries");
}

static DexFuture *
get_availability (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (
    muster_order_service_check_availability (service, muster_request_get_actor (request),
                                             muster_request_get_path_param (request, "id"), NULL,
                                             muster_request_get_as_of (request)),
    200, NULL);
}

static DexFuture *
check_availability (MusterRequest *request, gpointer service)
{
  return muster_orders_respond (
    muster_order_service_check_availability (service, muster_request_get_actor (request), NULL,
                                             muster_orders_get_body (request), 0),
    200, NULL);
}

/* --- the table --- */

/* clang-format off */
static const MusterField new_order_fields[] = {
  { "customer", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 120, .label = N_("Customer"), .doc = "Who orders, or of a purchase who supplies; left out: the person of customer_id." },
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Lines"), .doc = "Array of OrderItem: goods by product_id or device_id with quantity and, unless it is the catalogue's, unit_price; discounts, taxes and shipping by kind with rate or unit_price." },
};
static const MusterField changed_order_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_PLAIN, .label = N_("Lines"), .doc = "Array of OrderItem that replaces the lines of a pending order; one with an id stays that line." },
};
static const MusterField order_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Lines"), .doc = "Array of OrderItem, in their order." },
};
static const MusterField status_fields[] = {
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_order_status_enum, .label = N_("Status"), .doc = "The status to go to; the work of that step is done." },
  { "carrier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Carrier"), .doc = "With shipped: who brings it." },
  { "tracking_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Tracking number"), .doc = "With shipped: the carrier's number of it." },
};
static const MusterField allocate_fields[] = {
  { "lines", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Lines"), .doc = "Array of {order_item_id, device_ids: […]}: the very units to reserve; others follow by age." },
  { "partial", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Partial"), .doc = "Reserve what there is instead of refusing when something is short." },
};
static const MusterField ship_fields[] = {
  { "lines", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Lines"), .doc = "Array of {order_item_id, quantity, device_ids: […]}; left out: everything that is left." },
  { "carrier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Carrier"), .doc = "Who brings it." },
  { "tracking_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Tracking number"), .doc = "The carrier's number of it." },
  { "expected_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Expected"), .doc = "When it should arrive." },
  { "delivery_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
};
static const MusterField draft_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Lines"), .doc = "Array of OrderItem, as they would be ordered." },
};
static const MusterField availability_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Lines"), .doc = "Array of {order_item_id, product_id, device_id, wanted, reserved, available, short}, one a line of goods: wanted are those that are neither reserved nor shipped, available is what is left of the stock for them." },
  { "complete", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Complete"), .doc = "Whether nothing is short." },
};
static const MusterField delivery_items_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Items"), .doc = "Array of DeliveryItem." },
};

static const MusterShape orders_shape = { .doc = "Orders.", .entity = &muster_order_info, .list = TRUE };
static const MusterShape items_shape = { .doc = "Lines of orders.", .entity = &muster_order_item_info, .list = TRUE };
static const MusterShape order_shape = { .schema = "OrderWithItems", .doc = "An order with its lines.", .entity = &muster_order_info, .fields = order_fields, .n_fields = G_N_ELEMENTS (order_fields) };
static const MusterShape new_order_shape = { .schema = "NewOrder", .doc = "An order with its lines.", .entity = &muster_order_info, .fields = new_order_fields, .n_fields = G_N_ELEMENTS (new_order_fields) };
static const MusterShape changed_order_shape = { .schema = "ChangedOrder", .doc = "What changes of an order.", .entity = &muster_order_info, .fields = changed_order_fields, .n_fields = G_N_ELEMENTS (changed_order_fields) };
static const MusterShape status_shape = { .schema = "OrderStatusChange", .doc = "The new status.", .fields = status_fields, .n_fields = G_N_ELEMENTS (status_fields) };
static const MusterShape allocate_shape = { .schema = "Allocation", .doc = "What to reserve.", .fields = allocate_fields, .n_fields = G_N_ELEMENTS (allocate_fields) };
static const MusterShape ship_shape = { .schema = "Shipment", .doc = "What to ship.", .fields = ship_fields, .n_fields = G_N_ELEMENTS (ship_fields) };
static const MusterShape draft_shape = { .schema = "OrderDraft", .doc = "Lines of an order to be.", .fields = draft_fields, .n_fields = G_N_ELEMENTS (draft_fields) };
static const MusterShape availability_shape = { .schema = "OrderAvailability", .doc = "What there is of each line.", .fields = availability_fields, .n_fields = G_N_ELEMENTS (availability_fields) };
static const MusterShape delivery_shape = { .schema = "DeliveryWithItems", .doc = "A delivery with what it holds.", .entity = &muster_delivery_info, .fields = delivery_items_fields, .n_fields = G_N_ELEMENTS (delivery_items_fields) };

static const MusterRoute routes[] = {
  { "GET", "/orders", "listOrders", "orders", "List orders, without their lines", list_orders, MUSTER_ROUTE_LIST, .response = &orders_shape },
  { "GET", "/orders/ids", "listOrderIds", "orders", "Every matching id, in order", list_order_ids, MUSTER_ROUTE_IDS, .response = &orders_shape },
  { "POST", "/orders", "createOrder", "orders", "Add an order with its lines", create_order, MUSTER_ROUTE_PLAIN, .request = &new_order_shape, .response = &order_shape, .status = 201 },
  { "POST", "/orders/availability", "checkAvailability", "orders", "What there is of the lines of an order to be", check_availability, MUSTER_ROUTE_PLAIN, .request = &draft_shape, .response = &availability_shape },
  { "GET", "/orders/{id:uuid}", "getOrder", "orders", "One order with its lines", get_order, MUSTER_ROUTE_PAST, .response = &order_shape },
  { "PUT", "/orders/{id:uuid}", "updateOrder", "orders", "Change an order; its lines as long as it is pending", update_order, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &changed_order_shape, .response = &order_shape },
  { "PUT", "/orders/{id:uuid}/status", "setOrderStatus", "orders", "Go to another status, and do the work of that step", set_status, MUSTER_ROUTE_UPDATE, .request = &status_shape, .response = &order_shape },
  { "POST", "/orders/{id:uuid}/allocate", "allocateOrder", "orders", "Reserve what the order needs; confirms a pending one", allocate, MUSTER_ROUTE_UPDATE, .request = &allocate_shape, .response = &order_shape },
  { "POST", "/orders/{id:uuid}/ship", "shipOrder", "orders", "Make a delivery and send it off", ship, MUSTER_ROUTE_UPDATE, .request = &ship_shape, .response = &delivery_shape, .status = 201 },
  { "GET", "/orders/{id:uuid}/availability", "getOrderAvailability", "orders", "What there is of an order's lines", get_availability, MUSTER_ROUTE_PAST, .response = &availability_shape },
  { "GET", "/order-items", "listOrderItems", "orders", "List lines of orders", list_items, MUSTER_ROUTE_LIST, .response = &items_shape },
};
/* clang-format on */

void
muster_order_resource_add (MusterRouter *router, MusterOrderService *service)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (MUSTER_IS_ORDER_SERVICE (service));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}

void
muster_orders_resource_add_all (MusterRouter *router, MusterRepository *repository)
{
  g_autoptr (MusterOrderService) orders = muster_order_service_new (repository);
  g_autoptr (MusterDeliveryService) deliveries = muster_delivery_service_new (repository);

  muster_order_resource_add (router, orders);
  muster_delivery_resource_add (router, deliveries);
}
