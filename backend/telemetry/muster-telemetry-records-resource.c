/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-records-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-annotation.h"
#include "model/muster-derived-metric.h"
#include "model/muster-exclusion.h"
#include "model/muster-metric.h"
#include "model/muster-time.h"
#include "muster-telemetry-records-resource.h"

#define METRICS_PATH "/monitoring/metrics"

/* --- POST /monitoring/metrics --- */

static DexFuture *
respond_metric_cb (DexFuture *future, gpointer user_data)
{
  MusterEntity    *metric = g_value_get_object (dex_future_get_value (future, NULL));
  MusterResponse  *response = muster_response_new_entity (201, metric);
  g_autofree char *location = g_strconcat (METRICS_PATH "/", muster_entity_get_id (metric), NULL);

  /* At /metrics the daemon tells about itself. */
  muster_response_set_header (response, "Location", location);
  return muster_response_resolve (response);
}

static DexFuture *
create_metric (MusterRequest *request, gpointer repository)
{
  MusterEntity    *metric = muster_request_get_entity (request);
  g_autofree char *operation =
    g_strconcat ("Add metric ", muster_entity_get_string (metric, "name"), NULL);

  return dex_future_then (muster_repository_insert (repository, muster_request_get_actor (request),
                                                    operation, metric),
                          respond_metric_cb, NULL, NULL);
}

/* --- POST /derived-metrics/{id}/recalculate --- */

static DexFuture *
respond_recalculated_cb (DexFuture *future, gpointer user_data)
{
  GString *json = g_string_new (NULL);

  g_string_printf (json, "{\"stored\":%" G_GINT64_FORMAT "}",
                   g_value_get_int64 (dex_future_get_value (future, NULL)));
  return muster_response_resolve (muster_response_new_json (200, json));
}

/* The time MEMBER of the body, which was checked; WITHOUT where it is not there. */
static gint64
get_time (JsonObject *body, const char *member, gint64 without)
{
  const char *text = json_object_get_string_member_with_default (body, member, NULL);
  gint64      time = without;

  if (text != NULL)
    muster_time_parse (text, &time);
  return time;
}

static DexFuture *
recalculate (MusterRequest *request, gpointer derived)
{
  JsonObject *body = json_node_get_object (muster_request_get_json (request));
  gint64      from = get_time (body, "from", 0);
  gint64      to = get_time (body, "to", g_get_real_time ());

  if (to < from)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_INVALID,
                                  "/to: must not be before from");
  return dex_future_then (muster_derived_metrics_recalculate (
                            derived, muster_request_get_path_param (request, "id"),
                            json_object_get_string_member_with_default (body, "device_id", NULL),
                            from, to),
                          respond_recalculated_cb, NULL, NULL);
}

/* --- POST /derived-metrics/preview --- */

static DexFuture *
respond_preview_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

static DexFuture *
preview_derived (MusterRequest *request, gpointer derived)
{
  JsonObject *body = json_node_get_object (muster_request_get_json (request));

  return dex_future_then (muster_derived_metrics_preview (
                            derived, json_object_get_string_member (body, "expression"),
                            json_object_get_string_member_with_default (body, "device_id", NULL),
                            json_object_get_string_member_with_default (body, "product_id", NULL)),
                          respond_preview_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField recalculate_fields[] = {
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("From"), .doc = "Where it begins; an integral goes on from its value before." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("To"), .doc = "Where it ends; null: now, and what comes in goes on from there." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "device", .label = N_("Device"), .doc = "Of this device alone; null: of every device that it is of." },
};
static const MusterField recalculated_fields[] = {
  { "stored", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Stored"), .doc = "Samples that were reckoned anew." },
};

static const MusterShape metric_shape = { .doc = "A metric.", .entity = &muster_metric_info };
static const MusterShape metrics_shape = { .doc = "Metrics of devices.", .entity = &muster_metric_info, .list = TRUE };
static const MusterShape exclusion_shape = { .doc = "A range of bad values.", .entity = &muster_exclusion_info };
static const MusterShape exclusions_shape = { .doc = "Ranges of bad values.", .entity = &muster_exclusion_info, .list = TRUE };
static const MusterShape annotation_shape = { .doc = "A remark.", .entity = &muster_annotation_info };
static const MusterShape annotations_shape = { .doc = "Remarks.", .entity = &muster_annotation_info, .list = TRUE };
static const MusterShape derived_shape = { .doc = "A derived metric.", .entity = &muster_derived_metric_info };
static const MusterShape deriveds_shape = { .doc = "Derived metrics.", .entity = &muster_derived_metric_info, .list = TRUE };
static const MusterField preview_fields[] = {
  { "expression", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 2000, .label = N_("Expression"), .doc = "As a derived metric takes it." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "Whose metrics it is made of." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Product"), .doc = "Or those of a device of this product." },
};
static const MusterField previewed_fields[] = {
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "Whose metrics those are." },
  { "value", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Value"), .doc = "What it is at present; null where something is not known." },
  { "inputs", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Inputs"), .doc = "What it is made of: [{metric, value, at}], null where that was never heard." },
};

static const MusterShape preview_shape = { .schema = "PreviewDerivedMetric", .doc = "What is tried on what.", .fields = preview_fields, .n_fields = G_N_ELEMENTS (preview_fields) };
static const MusterShape previewed_shape = { .schema = "PreviewedDerivedMetric", .doc = "What it is.", .fields = previewed_fields, .n_fields = G_N_ELEMENTS (previewed_fields) };
static const MusterShape recalculate_shape = { .schema = "RecalculateDerivedMetric", .doc = "Which stored samples it is reckoned from.", .fields = recalculate_fields, .n_fields = G_N_ELEMENTS (recalculate_fields) };
static const MusterShape recalculated_shape = { .schema = "RecalculatedDerivedMetric", .doc = "What came of it.", .fields = recalculated_fields, .n_fields = G_N_ELEMENTS (recalculated_fields) };

static const MusterRoute record_routes[] = {
  { "GET", METRICS_PATH, "listMetrics", "monitoring", "List the metrics of devices", muster_handle_list, MUSTER_ROUTE_LIST, .response = &metrics_shape },
  { "POST", METRICS_PATH, "createMetric", "monitoring", "Describe a metric that the device does not describe itself", create_metric, MUSTER_ROUTE_PLAIN, .request = &metric_shape, .response = &metric_shape, .status = 201 },
  { "GET", METRICS_PATH "/{id:uuid}", "getMetric", "monitoring", "One metric", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &metric_shape },
  { "PUT", METRICS_PATH "/{id:uuid}", "updateMetric", "monitoring", "Change what is known of a metric: unit, range, fastest change", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &metric_shape, .response = &metric_shape },
  { "DELETE", METRICS_PATH "/{id:uuid}", "deleteMetric", "monitoring", "Forget what is known of a metric; its samples stay", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_metric_info },
  { "GET", "/exclusions", "listExclusions", "monitoring", "List excluded ranges", muster_handle_list, MUSTER_ROUTE_LIST, .response = &exclusions_shape },
  { "POST", "/exclusions", "createExclusion", "monitoring", "Leave a range of samples out of charts and figures", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &exclusion_shape, .response = &exclusion_shape, .status = 201 },
  { "GET", "/exclusions/{id:uuid}", "getExclusion", "monitoring", "One excluded range", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &exclusion_shape },
  { "PUT", "/exclusions/{id:uuid}", "updateExclusion", "monitoring", "Change an excluded range", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &exclusion_shape, .response = &exclusion_shape },
  { "DELETE", "/exclusions/{id:uuid}", "deleteExclusion", "monitoring", "Bring an excluded range back", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_exclusion_info },
  { "GET", "/annotations", "listAnnotations", "monitoring", "List annotations", muster_handle_list, MUSTER_ROUTE_LIST, .response = &annotations_shape },
  { "POST", "/annotations", "createAnnotation", "monitoring", "Remark on a moment or a range of time", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &annotation_shape, .response = &annotation_shape, .status = 201 },
  { "GET", "/annotations/{id:uuid}", "getAnnotation", "monitoring", "One annotation", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &annotation_shape },
  { "PUT", "/annotations/{id:uuid}", "updateAnnotation", "monitoring", "Change an annotation", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &annotation_shape, .response = &annotation_shape },
  { "DELETE", "/annotations/{id:uuid}", "deleteAnnotation", "monitoring", "Delete an annotation", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_annotation_info },
  { "GET", "/derived-metrics", "listDerivedMetrics", "monitoring", "List derived metrics", muster_handle_list, MUSTER_ROUTE_LIST, .response = &deriveds_shape },
  { "POST", "/derived-metrics", "createDerivedMetric", "monitoring", "Reckon a metric from others", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &derived_shape, .response = &derived_shape, .status = 201 },
  { "GET", "/derived-metrics/{id:uuid}", "getDerivedMetric", "monitoring", "One derived metric", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &derived_shape },
  { "PUT", "/derived-metrics/{id:uuid}", "updateDerivedMetric", "monitoring", "Change a derived metric; what is stored stays", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &derived_shape, .response = &derived_shape },
  { "DELETE", "/derived-metrics/{id:uuid}", "deleteDerivedMetric", "monitoring", "Stop reckoning a metric; its samples stay", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_derived_metric_info },
};

static const MusterRoute derived_routes[] = {
  { "POST", "/derived-metrics/preview", "previewDerivedMetric", "monitoring", "What an expression is at present, before it is stored", preview_derived, MUSTER_ROUTE_PLAIN, .request = &preview_shape, .response = &previewed_shape },
  { "POST", "/derived-metrics/{id:uuid}/recalculate", "recalculateDerivedMetric", "monitoring", "Reckon a derived metric anew from stored samples", recalculate, MUSTER_ROUTE_PLAIN, .request = &recalculate_shape, .response = &recalculated_shape },
};
/* clang-format on */

void
muster_telemetry_records_resource_add (MusterRouter         *router,
                                       MusterRepository     *repository,
                                       MusterDerivedMetrics *derived)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_REPOSITORY (repository) &&
                    MUSTER_IS_DERIVED_METRICS (derived));

  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes), G_OBJECT (repository));
  muster_router_add (router, derived_routes, G_N_ELEMENTS (derived_routes), G_OBJECT (derived));
}
