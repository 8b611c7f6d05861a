/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-delivery-item.h"
#include "model/muster-delivery.h"
#include "muster-order-resource.h"
#include "muster-orders-call.h"

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
                                 muster_request_get_path_param (request, "id")),
    200, NULL);
}

static DexFuture *
create_delivery (MusterRequest *request, gpointer service)
{
  JsonNode *node = muster_request_get_json (request);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                                  "the body must be an object");
  return muster_orders_respond (muster_delivery_service_create (service,
                                                                muster_request_get_actor (request),
                                                                json_node_get_object (node)),
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
  JsonNode *node = muster_request_get_json (request);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                                  "the body must be an object");
  return muster_orders_respond (method (service, muster_request_get_actor (request),
                                        muster_request_get_path_param (request, "id"),
                                        json_node_get_object (node),
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

/* clang-format off */
static const MusterField items_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Items"), .doc = "Array of DeliveryItem." },
};
static const MusterField new_fields[] = {
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_delivery_status_enum, .label = N_("Status"), .doc = "pending, or shipped to send it off at once." },
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Items"), .doc = "Array of {order_item_id, quantity, device_ids}; left out: everything of the order that is left. Of an incoming delivery: array of {order_item_id, serial, secret, mac, quantity}, what is announced." },
};
static const MusterField status_fields[] = {
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_delivery_status_enum, .label = N_("Status"), .doc = "The status to go to; the work of that step is done." },
  { "carrier", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Carrier"), .doc = "Who brings it." },
  { "tracking_number", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Tracking number"), .doc = "The carrier's number of it." },
  { "delivery_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
};
static const MusterField confirm_fields[] = {
  { "recipient", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Recipient"), .doc = "Who confirms that it arrived." },
  { "signature", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 65536, .label = N_("Signature"), .doc = "Array of strokes, each an array of [x, y] from 0 to 1." },
  { "delivery_notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
};

static const MusterShape deliveries_shape = { .doc = "Deliveries.", .entity = &muster_delivery_info, .list = TRUE };
static const MusterShape delivery_shape = { .schema = "DeliveryWithItems", .doc = "A delivery with what it holds.", .entity = &muster_delivery_info, .fields = items_fields, .n_fields = G_N_ELEMENTS (items_fields) };
static const MusterShape new_shape = { .schema = "NewDelivery", .doc = "A delivery with what it holds.", .entity = &muster_delivery_info, .fields = new_fields, .n_fields = G_N_ELEMENTS (new_fields) };
static const MusterShape changed_shape = { .schema = "ChangedDelivery", .doc = "What changes of a delivery.", .entity = &muster_delivery_info };
static const MusterShape status_shape = { .schema = "DeliveryStatusChange", .doc = "The new status.", .fields = status_fields, .n_fields = G_N_ELEMENTS (status_fields) };
static const MusterShape confirm_shape = { .schema = "DeliveryConfirmation", .doc = "Who says that it arrived.", .fields = confirm_fields, .n_fields = G_N_ELEMENTS (confirm_fields) };

static const MusterRoute routes[] = {
  { "GET", "/deliveries", "listDeliveries", "deliveries", "List deliveries, without their items", list_deliveries, MUSTER_ROUTE_LIST, .response = &deliveries_shape },
  { "GET", "/deliveries/ids", "listDeliveryIds", "deliveries", "Every matching id, in order", list_delivery_ids, MUSTER_ROUTE_LIST, .response = &deliveries_shape },
  { "POST", "/deliveries", "createDelivery", "deliveries", "Add a delivery of an order", create_delivery, MUSTER_ROUTE_PLAIN, .request = &new_shape, .response = &delivery_shape, .status = 201 },
  { "GET", "/deliveries/{id:uuid}", "getDelivery", "deliveries", "One delivery with its items", get_delivery, MUSTER_ROUTE_PLAIN, .response = &delivery_shape },
  { "PUT", "/deliveries/{id:uuid}", "updateDelivery", "deliveries", "Change a delivery", update_delivery, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &changed_shape, .response = &delivery_shape },
  { "PUT", "/deliveries/{id:uuid}/status", "setDeliveryStatus", "deliveries", "Go to another status, and do the work of that step", set_status, MUSTER_ROUTE_UPDATE, .request = &status_shape, .response = &delivery_shape },
  { "PUT", "/deliveries/{id:uuid}/confirm", "confirmDelivery", "deliveries", "Say that it has arrived", confirm, MUSTER_ROUTE_UPDATE, .request = &confirm_shape, .response = &delivery_shape },
};
/* clang-format on */

void
muster_delivery_resource_add (MusterRouter *router, MusterDeliveryService *service)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (MUSTER_IS_DELIVERY_SERVICE (service));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
