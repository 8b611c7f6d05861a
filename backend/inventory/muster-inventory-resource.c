/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-inventory-resource"

#include "config.h"

#include "model/muster-time.h"
#include "muster-inventory-resource.h"

static DexFuture *
respond_json_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

DexFuture *
muster_inventory_respond_json (DexFuture *future)
{
  return dex_future_then (future, respond_json_cb, NULL, NULL);
}

DexFuture *
muster_inventory_respond_entity (DexFuture *future)
{
  return muster_response_resolve_entity (future, 200);
}

DexFuture *
muster_inventory_respond_created (DexFuture *future)
{
  return muster_response_resolve_entity (future, 201);
}

static JsonObject *
get_object (MusterRequest *request)
{
  return json_node_get_object (muster_request_get_json (request));
}

const char *
muster_inventory_get_text (MusterRequest *request, const char *name)
{
  return json_object_get_string_member_with_default (get_object (request), name, NULL);
}

gint64
muster_inventory_get_integer (MusterRequest *request, const char *name)
{
  return json_object_get_int_member_with_default (get_object (request), name, 0);
}

gint64
muster_inventory_get_time (MusterRequest *request, const char *name)
{
  const char *text = muster_inventory_get_text (request, name);
  gint64      time = 0;

  return text != NULL && muster_time_parse (text, &time) ? time : 0;
}

void
muster_inventory_resource_add (MusterRouter *router, MusterInventoryService *service)
{
  muster_product_resource_add (router, service);
  muster_location_resource_add (router, service);
  muster_stock_resource_add (router, service);
  muster_count_resource_add (router, service);
  muster_loan_resource_add (router, service);
}
