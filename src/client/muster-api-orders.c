/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-orders"

#include "config.h"

#include "model/muster-delivery-issue.h"
#include "muster-api-calls.h"
#include "muster-api-orders.h"

#define ORDERS "orders"
#define DELIVERIES "deliveries"

DexFuture *
muster_api_orders_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", ORDERS, "", NULL), query,
                               &muster_order_info);
}

DexFuture *
muster_api_orders_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", ORDERS, id, NULL));
}

/* Takes BODY. */
static DexFuture *
send_object (MusterApiClient *client, MusterApiRequest *request, JsonObject *body)
{
  muster_api_request_take_object (request, body);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_orders_create (MusterApiClient *client, JsonObject *order)
{
  return send_object (client, muster_api_request_new ("POST", ORDERS, "", NULL), order);
}

DexFuture *
muster_api_orders_update (MusterApiClient *client,
                          const char      *id,
                          JsonObject      *changes,
                          gint64           revision)
{
  MusterApiRequest *request = muster_api_request_new ("PUT", ORDERS, id, NULL);

  muster_api_request_set_revision (request, revision);
  return send_object (client, request, changes);
}

DexFuture *
muster_api_orders_set_status (MusterApiClient *client, const char *id, MusterOrderStatus status)
{
  const char *nick = muster_enum_get_nick (&muster_order_status_enum, status);

  return send_object (client, muster_api_request_new ("PUT", ORDERS, id, "status", NULL),
                      muster_api_make_object ("status", nick, NULL));
}

DexFuture *
muster_api_orders_allocate (MusterApiClient *client, const char *id, JsonArray *lines)
{
  JsonObject *reservation = json_object_new ();

  if (lines != NULL)
    json_object_set_array_member (reservation, "lines", lines);
  return send_object (client, muster_api_request_new ("POST", ORDERS, id, "allocate", NULL),
                      reservation);
}

DexFuture *
muster_api_orders_get_availability (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("GET", ORDERS, id, "availability", NULL));
}

DexFuture *
muster_api_orders_ship (MusterApiClient *client, const char *id, JsonObject *shipment)
{
  return send_object (client, muster_api_request_new ("POST", ORDERS, id, "ship", NULL), shipment);
}

DexFuture *
muster_api_deliveries_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", DELIVERIES, "", NULL), query,
                               &muster_delivery_info);
}

DexFuture *
muster_api_deliveries_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", DELIVERIES, id, NULL));
}

DexFuture *
muster_api_deliveries_create (MusterApiClient *client, JsonObject *delivery)
{
  return send_object (client, muster_api_request_new ("POST", DELIVERIES, "", NULL), delivery);
}

DexFuture *
muster_api_deliveries_update (MusterApiClient *client,
                              const char      *id,
                              JsonObject      *changes,
                              gint64           revision)
{
  MusterApiRequest *request = muster_api_request_new ("PUT", DELIVERIES, id, NULL);

  muster_api_request_set_revision (request, revision);
  return send_object (client, request, changes);
}

DexFuture *
muster_api_deliveries_set_status (MusterApiClient     *client,
                                  const char          *id,
                                  MusterDeliveryStatus status,
                                  const char          *location_id)
{
  const char *nick = muster_enum_get_nick (&muster_delivery_status_enum, status);

  return send_object (client, muster_api_request_new ("PUT", DELIVERIES, id, "status", NULL),
                      location_id != NULL
                        ? muster_api_make_object ("status", nick, "location_id", location_id, NULL)
                        : muster_api_make_object ("status", nick, NULL));
}

DexFuture *
muster_api_deliveries_confirm (MusterApiClient *client,
                               const char      *id,
                               const char      *recipient,
                               JsonNode        *signature,
                               const char      *notes)
{
  JsonObject *body = muster_api_make_object ("recipient", recipient, "delivery_notes", notes, NULL);

  if (signature != NULL)
    json_object_set_member (body, "signature", signature);
  return send_object (client, muster_api_request_new ("PUT", DELIVERIES, id, "confirm", NULL),
                      body);
}

DexFuture *
muster_api_deliveries_add_items (MusterApiClient *client, const char *id, JsonObject *item)
{
  return send_object (client, muster_api_request_new ("POST", DELIVERIES, id, "items", NULL), item);
}

DexFuture *
muster_api_deliveries_scan (MusterApiClient *client,
                            const char      *id,
                            const char      *code,
                            gint64           quantity)
{
  JsonObject *body = muster_api_make_object ("code", code, NULL);

  if (quantity > 1)
    json_object_set_int_member (body, "quantity", quantity);
  return send_object (client, muster_api_request_new ("POST", DELIVERIES, id, "scans", NULL), body);
}

DexFuture *
muster_api_deliveries_list_issues (MusterApiClient *client, const char *id)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", DELIVERIES, id, "issues", NULL), NULL,
                               &muster_delivery_issue_info);
}

DexFuture *
muster_api_deliveries_add_issue (MusterApiClient *client, const char *id, JsonObject *issue)
{
  MusterApiRequest *request = muster_api_request_new ("POST", DELIVERIES, id, "issues", NULL);

  muster_api_request_take_object (request, issue);
  return muster_api_call_entity (client, request, &muster_delivery_issue_info);
}

DexFuture *
muster_api_delivery_issues_update (MusterApiClient *client,
                                   const char      *issue_id,
                                   JsonObject      *changes)
{
  return muster_api_call_update (client,
                                 muster_api_request_new ("PUT", "delivery-issues", issue_id, NULL),
                                 changes, 0, &muster_delivery_issue_info);
}

DexFuture *
muster_api_serials_expand (MusterApiClient *client, const char *text, const char *after)
{
  return send_object (client, muster_api_request_new ("POST", "serials", "expand", NULL),
                      muster_api_make_object ("text", text, "after", after, NULL));
}
