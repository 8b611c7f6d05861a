/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-count-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/http/muster-call.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake-scan.h"
#include "model/muster-stocktake.h"
#include "muster-inventory-resource.h"

/* One upload of what was scanned while the network was away. */
#define MAX_SCANS 1000

static DexFuture *
create_stocktake (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_created (
    muster_inventory_service_start_count (service, muster_request_get_actor (request),
                                          muster_request_get_entity (request)));
}

static DexFuture *
get_stocktake (MusterRequest *request, gpointer service)
{
  return muster_inventory_respond_json (
    muster_inventory_service_get_count (service, muster_request_get_path_param (request, "id"),
                                        muster_request_get_as_of (request)));
}

static DexFuture *
set_status (MusterRequest *request, gpointer service, int status)
{
  return muster_inventory_respond_entity (
    muster_inventory_service_set_count_status (service, muster_request_get_actor (request),
                                               muster_request_get_path_param (request, "id"),
                                               status));
}

static DexFuture *
cancel (MusterRequest *request, gpointer service)
{
  return set_status (request, service, MUSTER_STOCKTAKE_STATUS_CANCELLED);
}

static DexFuture *
resume (MusterRequest *request, gpointer service)
{
  return set_status (request, service, MUSTER_STOCKTAKE_STATUS_COUNTING);
}

/* What THEN gives once it is known that there is such a stocktake. */
static DexFuture *
with_stocktake (MusterRequest *request, MusterInventoryService *service, DexFutureCallback then)
{
  return dex_future_then (muster_repository_get_json_as_of (
                            muster_inventory_service_get_repository (service),
                            &muster_stocktake_info, muster_request_get_path_param (request, "id"),
                            muster_request_get_as_of (request)),
                          then, muster_call_new (request, service), muster_call_free);
}

static DexFuture *
list_cb (DexFuture *stocktake, gpointer user_data)
{
  MusterCall    *call = user_data;
  MusterRequest *request = call->request;

  muster_query_where (muster_request_get_query (request), "stocktake_id",
                      muster_request_get_path_param (request, "id"));
  return muster_handle_list (request, muster_inventory_service_get_repository (call->resource));
}

static DexFuture *
list_of_stocktake (MusterRequest *request, gpointer service)
{
  return with_stocktake (request, service, list_cb);
}

/* --- scans --- */

/* clang-format off */
#define SCAN_FIELDS \
  { "quantity", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, -1000000000, 1000000000, .label = N_("Quantity"), .doc = "How many were found; less than nothing takes some back; left out: 1." }, \
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Place"), .doc = "Where exactly, within the place that is counted." }, \
  { "scanned_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Scanned"), .doc = "When, by the scanning side's clock." }, \
  { "id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Id"), .doc = "Made by the scanning side (UUIDv7), so that sending a scan twice counts it once." }

static const MusterField scan_fields[] = {
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Code"), .doc = "Serial number, MAC address, label, SKU or GTIN, as it was scanned." },
  SCAN_FIELDS,
  { "scans", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Scans"), .doc = "Instead of the others, up to 1000 of them: [{code, quantity, location_id, scanned_at, id}]." },
};
static const MusterField row_fields[] = {
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 200, .label = N_("Code"), .doc = "As it was scanned." },
  SCAN_FIELDS,
};
/* clang-format on */

static const MusterField *
find_row_field (const char *name)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (row_fields); i++)
    if (g_str_equal (row_fields[i].name, name))
      return &row_fields[i];
  return NULL;
}

/* The members of OBJECT at POINTER as a scan: (transfer full); refusals go to ERRORS. */
static MusterEntity *
read_scan (JsonObject *object, const char *pointer, MusterFieldErrors *errors)
{
  MusterEntity  *scan = muster_entity_new (&muster_stocktake_scan_info);
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *node = NULL;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      const MusterField *field = find_row_field (name);
      g_autofree char   *place = muster_json_pointer_append (pointer, name);
      MusterValue        value = { .is_null = TRUE };

      if (field == NULL)
        muster_field_errors_add (errors, place, "is no member of a scan");
      else if (muster_field_decode_value (field, node, place, &value, errors) && !value.is_null)
        muster_entity_take (scan, muster_entity_info_find (&muster_stocktake_scan_info, name),
                            &value);
    }
  if (muster_entity_is_null (scan, "code"))
    {
      g_autofree char *place = muster_json_pointer_append (pointer, "code");

      muster_field_errors_add (errors, place, "is required");
    }
  return scan;
}

/* (transfer full) (element-type MusterEntity) */
static GPtrArray *
read_scans (JsonObject *body, MusterFieldErrors *errors)
{
  GPtrArray *scans = g_ptr_array_new_with_free_func (g_object_unref);
  JsonNode  *list = json_object_get_member (body, "scans");
  JsonArray *rows = NULL;

  if (list == NULL || JSON_NODE_HOLDS_NULL (list))
    {
      g_ptr_array_add (scans, read_scan (body, "", errors));
      return scans;
    }
  rows = JSON_NODE_HOLDS_ARRAY (list) ? json_node_get_array (list) : NULL;
  if (rows == NULL || json_array_get_length (rows) == 0 || json_array_get_length (rows) > MAX_SCANS)
    {
      muster_field_errors_add (errors, "/scans", "must be an array of 1 to %d scans", MAX_SCANS);
      return scans;
    }
  for (unsigned i = 0; i < json_array_get_length (rows); i++)
    {
      JsonNode        *row = json_array_get_element (rows, i);
      g_autofree char *pointer = g_strdup_printf ("/scans/%u", i);

      if (JSON_NODE_HOLDS_OBJECT (row))
        g_ptr_array_add (scans, read_scan (json_node_get_object (row), pointer, errors));
      else
        muster_field_errors_add (errors, pointer, "must be an object");
    }
  return scans;
}

static DexFuture *
scan_cb (DexFuture *stocktake, gpointer user_data)
{
  MusterCall    *call = user_data;
  MusterRequest *request = call->request;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GPtrArray) scans =
              read_scans (json_node_get_object (muster_request_get_json (request)), errors);
  GError *error = NULL;

  if (!muster_field_errors_check (errors, &error))
    return dex_future_new_for_error (error);
  return muster_inventory_respond_json (
    muster_inventory_service_scan (call->resource, muster_request_get_actor (request),
                                   muster_request_get_path_param (request, "id"), scans));
}

static DexFuture *
scan (MusterRequest *request, gpointer service)
{
  return with_stocktake (request, service, scan_cb);
}

/* --- the end --- */

static const MusterEnumValue missing_values[] = { { "retire", N_ ("Retire them") },
                                                  { "keep", N_ ("Leave them as they are") },
                                                  { NULL, NULL } };
static const MusterEnum      missing_enum = { "MissingUnits", missing_values };

static DexFuture *
apply (MusterRequest *request, gpointer service)
{
  JsonObject      *body = json_node_get_object (muster_request_get_json (request));
  MusterCountFlags flags = MUSTER_COUNT_PLAIN;

  if (json_object_get_boolean_member_with_default (body, "preview", FALSE))
    flags |= MUSTER_COUNT_PREVIEW;
  if (g_strcmp0 (muster_inventory_get_text (request, "missing"), "keep") == 0)
    flags |= MUSTER_COUNT_KEEP_MISSING;
  return muster_inventory_respond_json (
    muster_inventory_service_apply_count (service, muster_request_get_actor (request),
                                          muster_request_get_path_param (request, "id"), flags));
}

/* clang-format off */
static const MusterField scanned_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Scans"), .doc = "In their order: [{id, code, kind, title, detail, line_id, result, device_id, product_id, location_id, counted, expected}]; `kind` is device, product, location, unknown, or repeated for a scan that was taken before." },
  { "counts", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Counts"), .doc = "How many lines have which result: {expected, missing, extra, moved, unknown}." },
};
static const MusterField apply_fields[] = {
  { "missing", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &missing_enum, .label = N_("Missing units"), .doc = "What becomes of units and goods of which none were found." },
  { "preview", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Preview"), .doc = "Say what would be, and change nothing." },
};
static const MusterField applied_fields[] = {
  { "stocktake", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Stocktake"), .doc = "As it is now." },
  { "preview", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Preview"), .doc = "Whether nothing was changed." },
  { "applied", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Applied"), .doc = "How many units and levels were set right." },
  { "operation", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Operation"), .doc = "What can be undone as a whole." },
  { "conflicts", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Conflicts"), .doc = "What was left alone since it has changed meanwhile: [{line_id, code, detail}]." },
};

static const MusterShape stocktake_shape = { .doc = "A stocktake; read, with `counts` of its lines by result.", .entity = &muster_stocktake_info };
static const MusterShape stocktakes_shape = { .doc = "Stocktakes.", .entity = &muster_stocktake_info, .list = TRUE };
static const MusterShape lines_shape = { .doc = "Lines of a stocktake.", .entity = &muster_stocktake_line_info, .list = TRUE };
static const MusterShape scans_shape = { .doc = "Scans of a stocktake.", .entity = &muster_stocktake_scan_info, .list = TRUE };
static const MusterShape scan_shape = { .schema = "NewScans", .doc = "What was scanned.", .fields = scan_fields, .n_fields = G_N_ELEMENTS (scan_fields) };
static const MusterShape scanned_shape = { .schema = "Scanned", .doc = "What the scans were.", .fields = scanned_fields, .n_fields = G_N_ELEMENTS (scanned_fields) };
static const MusterShape apply_shape = { .schema = "ApplyStocktake", .doc = "How the count becomes the stock.", .fields = apply_fields, .n_fields = G_N_ELEMENTS (apply_fields) };
static const MusterShape applied_shape = { .schema = "AppliedStocktake", .doc = "What has become of it.", .fields = applied_fields, .n_fields = G_N_ELEMENTS (applied_fields) };

static const MusterRoute record_routes[] = {
  { "GET", "/stocktakes", "listStocktakes", "inventory", "List stocktakes", muster_handle_list, MUSTER_ROUTE_LIST, .response = &stocktakes_shape },
  { "GET", "/stocktakes/ids", "listStocktakeIds", "inventory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &stocktakes_shape },
  { "PUT", "/stocktakes/{id:uuid}", "updateStocktake", "inventory", "Change name or notes of a stocktake", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &stocktake_shape, .response = &stocktake_shape },
};

static const MusterRoute routes[] = {
  { "POST", "/stocktakes", "createStocktake", "inventory", "Begin to count a place; what is expected there is written down", create_stocktake, MUSTER_ROUTE_PLAIN, .request = &stocktake_shape, .response = &stocktake_shape, .status = 201 },
  { "GET", "/stocktakes/{id:uuid}", "getStocktake", "inventory", "One stocktake, with how many lines have which result", get_stocktake, MUSTER_ROUTE_PAST, .response = &stocktake_shape },
  { "GET", "/stocktakes/{id:uuid}/lines", "listStocktakeLines", "inventory", "What was expected or found", list_of_stocktake, MUSTER_ROUTE_LIST, .response = &lines_shape },
  { "GET", "/stocktakes/{id:uuid}/scans", "listStocktakeScans", "inventory", "What was scanned, newest first", list_of_stocktake, MUSTER_ROUTE_LIST, .response = &scans_shape },
  { "POST", "/stocktakes/{id:uuid}/scans", "scanStocktake", "inventory", "Count what was scanned", scan, MUSTER_ROUTE_PLAIN, .request = &scan_shape, .response = &scanned_shape },
  { "POST", "/stocktakes/{id:uuid}/apply", "applyStocktake", "inventory", "Make the count the stock, in one operation", apply, MUSTER_ROUTE_PLAIN, .request = &apply_shape, .response = &applied_shape },
  { "POST", "/stocktakes/{id:uuid}/cancel", "cancelStocktake", "inventory", "Give a count up", cancel, MUSTER_ROUTE_PLAIN, .response = &stocktake_shape },
  { "POST", "/stocktakes/{id:uuid}/resume", "resumeStocktake", "inventory", "Go on with a count that was given up", resume, MUSTER_ROUTE_PLAIN, .response = &stocktake_shape },
};
/* clang-format on */

void
muster_count_resource_add (MusterRouter *router, MusterInventoryService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_inventory_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
