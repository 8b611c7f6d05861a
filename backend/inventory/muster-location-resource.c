/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-location-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-device.h"
#include "model/muster-location.h"
#include "muster-inventory-resource.h"

static DexFuture *
list_contents (MusterRequest *request, gpointer service)
{
  const MusterValue *recursive = muster_request_get_param (request, "recursive");

  return muster_inventory_respond_json (
    muster_inventory_service_list_contents (service, muster_request_get_path_param (request, "id"),
                                            recursive->is_null || recursive->integer != 0,
                                            muster_request_get_query (request)));
}

/* clang-format off */
static const MusterField contents_query[] = {
  { "recursive", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("With places within"), .doc = "Whether what lies in the places within it counts too; left out: yes." },
};
static const MusterShape location_shape = { .doc = "A place.", .entity = &muster_location_info };
static const MusterShape locations_shape = { .doc = "Places.", .entity = &muster_location_info, .list = TRUE };

static const MusterShape contents_shape = { .doc = "The units there, and beside them as `goods` what is kept by quantity: [{product_id, name, sku, location_id, location, batch_id, batch, quantity, reserved}].", .entity = &muster_device_info, .list = TRUE };

static const MusterRoute record_routes[] = {
  { "GET", "/locations", "listLocations", "inventory", "List places", muster_handle_list, MUSTER_ROUTE_LIST, .response = &locations_shape },
  { "GET", "/locations/ids", "listLocationIds", "inventory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &locations_shape },
  { "POST", "/locations", "createLocation", "inventory", "Add a place", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &location_shape, .response = &location_shape, .status = 201 },
  { "GET", "/locations/{id:uuid}", "getLocation", "inventory", "One place", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &location_shape },
  { "PUT", "/locations/{id:uuid}", "updateLocation", "inventory", "Change a place; paths of those within it follow", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &location_shape, .response = &location_shape },
  { "DELETE", "/locations/{id:uuid}", "deleteLocation", "inventory", "Delete a place that is empty and that no stock move names", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_location_info },
};

static const MusterRoute routes[] = {
  { "GET", "/locations/{id:uuid}/contents", "getLocationContents", "inventory", "What lies at a place", list_contents, MUSTER_ROUTE_LIST, .query = contents_query, .n_query = G_N_ELEMENTS (contents_query), .response = &contents_shape },
};
/* clang-format on */

void
muster_location_resource_add (MusterRouter *router, MusterInventoryService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_inventory_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
