/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/muster-test-plan.h"
#include "muster-factory-papers.h"
#include "muster-factory-resource.h"
#include "muster-factory-store.h"
#include "muster-test-report.h"

#define PORT_MAX 200

static const char *
get_id (MusterRequest *request)
{
  return muster_request_get_path_param (request, "id");
}

static JsonObject *
get_members (MusterRequest *request)
{
  return json_node_get_object (muster_request_get_json (request));
}

/* Takes TEXT. */
static DexFuture *
respond_text (const char *media_type, char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return muster_response_resolve (muster_response_new_bytes (200, media_type, bytes));
}

/* --- making --- */

static DexFuture *
respond_units_cb (DexFuture *future, gpointer user_data)
{
  GPtrArray *units = g_value_get_boxed (dex_future_get_value (future, NULL));
  GString   *json = g_string_new ("{\"items\":[");

  for (guint i = 0; i < units->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_entity_encode (units->pdata[i], json);
    }
  g_string_append_printf (json, "],\"total\":%u,\"next\":null}", units->len);
  return muster_response_resolve (muster_response_new_json (201, json));
}

/* What is no text counts as an empty one, which is refused in its place. */
static const char *
get_text (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : "";
}

static DexFuture *
add_units (MusterRequest *request, gpointer factory)
{
  JsonNode  *node = json_object_get_member (get_members (request), "ports");
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) ports = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) flash_ports = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;
  g_auto (GStrv) all_flash = NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode   *item = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (item) ? json_node_get_object (item) : NULL;

      g_strv_builder_add (ports, get_text (object != NULL ? json_object_get_member (object, "port")
                                                          : item));
      g_strv_builder_add (flash_ports, object != NULL
                                         ? get_text (json_object_get_member (object, "flash_port"))
                                         : "");
    }
  all = g_strv_builder_end (ports);
  all_flash = g_strv_builder_end (flash_ports);
  return dex_future_then (muster_factory_service_add (factory, muster_request_get_actor (request),
                                                      get_id (request), (const char *const *)all,
                                                      (const char *const *)all_flash),
                          respond_units_cb, NULL, NULL);
}

static DexFuture *
run_plan (MusterRequest *request, gpointer factory)
{
  return muster_response_resolve_entity (
    muster_factory_service_test (factory, muster_request_get_actor (request), get_id (request),
                                 json_object_get_string_member (get_members (request), "port")),
    201);
}

static DexFuture *
retry_unit (MusterRequest *request, gpointer factory)
{
  return muster_response_resolve_entity (
    muster_factory_service_retry (factory, muster_request_get_actor (request), get_id (request)),
    200);
}

static DexFuture *
cancel (MusterRequest *request, gpointer factory, const MusterEntityInfo *info)
{
  return muster_response_resolve_entity (
    muster_factory_service_cancel (factory, muster_request_get_actor (request), info,
                                   get_id (request)),
    200);
}

static DexFuture *
cancel_unit (MusterRequest *request, gpointer factory)
{
  return cancel (request, factory, &muster_factory_unit_info);
}

static DexFuture *
cancel_run (MusterRequest *request, gpointer factory)
{
  return cancel (request, factory, &muster_test_run_info);
}

static DexFuture *
answer (MusterRequest *request, gpointer factory, const MusterEntityInfo *info)
{
  JsonObject *members = get_members (request);

  return muster_response_resolve_entity (
    muster_factory_service_answer (factory, muster_request_get_actor (request), info,
                                   get_id (request),
                                   json_object_get_boolean_member (members, "passed"),
                                   json_object_get_string_member_with_default (members, "note",
                                                                               NULL)),
    200);
}

static DexFuture *
answer_unit (MusterRequest *request, gpointer factory)
{
  return answer (request, factory, &muster_factory_unit_info);
}

static DexFuture *
answer_run (MusterRequest *request, gpointer factory)
{
  return answer (request, factory, &muster_test_run_info);
}

/* --- papers --- */

enum
{
  FORMAT_JSON,
  FORMAT_OTHER, /* the second of the route's table */
};

static gboolean
wants_other (MusterRequest *request)
{
  const MusterValue *format = muster_request_get_param (request, "format");

  return format != NULL && !format->is_null && format->integer == FORMAT_OTHER;
}

static DexFuture *
respond_report_cb (DexFuture *future, gpointer as_junit)
{
  MusterEntity *record = g_value_get_object (dex_future_get_value (future, NULL));

  if (as_junit != NULL)
    return respond_text ("application/xml", muster_test_report_format_junit (record));
  return muster_response_resolve (muster_response_new_entity (200, record));
}

static DexFuture *
get_report (MusterRequest *request, gpointer factory, const MusterEntityInfo *info)
{
  return dex_future_then (muster_repository_get (muster_factory_service_get_repository (factory),
                                                 info, get_id (request)),
                          respond_report_cb, GINT_TO_POINTER (wants_other (request)), NULL);
}

static DexFuture *
get_unit_report (MusterRequest *request, gpointer factory)
{
  return get_report (request, factory, &muster_factory_unit_info);
}

static DexFuture *
get_run_report (MusterRequest *request, gpointer factory)
{
  return get_report (request, factory, &muster_test_run_info);
}

typedef struct
{
  MusterFactoryService *factory; /* (owned) */
  MusterEntity         *batch;   /* (owned) (nullable) */
  gboolean              as_csv;
} Paper;

static void
paper_free (gpointer data)
{
  Paper *self = data;

  g_object_unref (self->factory);
  g_clear_object (&self->batch);
  g_free (self);
}

static DexFuture *
list_units (gpointer factory, const char *batch_id)
{
  MusterRepository *repository = muster_factory_service_get_repository (factory);

  return muster_database_read (muster_repository_get_database (repository),
                               muster_factory_store_list_units,
                               muster_factory_call_new (&muster_factory_batch_info, batch_id),
                               muster_factory_call_free);
}

static DexFuture *
respond_record_cb (DexFuture *future, gpointer user_data)
{
  Paper     *self = user_data;
  GPtrArray *units = g_value_get_boxed (dex_future_get_value (future, NULL));

  return self->as_csv ? respond_text ("text/csv", muster_factory_papers_format_csv (units))
                      : respond_text ("application/json",
                                      muster_factory_papers_format_json (self->batch, units));
}

static DexFuture *
found_batch_cb (DexFuture *future, gpointer user_data)
{
  Paper *before = user_data;
  Paper *self = g_new0 (Paper, 1);

  self->factory = g_object_ref (before->factory);
  self->as_csv = before->as_csv;
  self->batch = g_value_dup_object (dex_future_get_value (future, NULL));
  return dex_future_then (list_units (self->factory, muster_entity_get_id (self->batch)),
                          respond_record_cb, self, paper_free);
}

static DexFuture *
get_batch_record (MusterRequest *request, gpointer factory)
{
  Paper *self = g_new0 (Paper, 1);

  self->factory = g_object_ref (factory);
  self->as_csv = wants_other (request);
  return dex_future_then (muster_repository_get (muster_factory_service_get_repository (factory),
                                                 &muster_factory_batch_info, get_id (request)),
                          found_batch_cb, self, paper_free);
}

static DexFuture *
respond_keys_cb (DexFuture *future, gpointer user_data)
{
  char *text =
    muster_factory_papers_format_keys (g_value_get_boxed (dex_future_get_value (future, NULL)));
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));
  MusterResponse *response = muster_response_new_bytes (200, "text/plain", bytes);

  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

static DexFuture *
get_keys (MusterRequest *request, gpointer factory)
{
  return dex_future_then (
    muster_factory_service_read_keys (factory, muster_request_get_actor (request),
                                      muster_request_get_param_text (request, "batch_id"),
                                      muster_request_get_param_text (request, "gateway_id")),
    respond_keys_cb, NULL, NULL);
}

/* --- labels --- */

static DexFuture *
print_label (MusterRequest *request, gpointer factory)
{
  JsonObject *members = get_members (request);
  const char *error = json_object_get_string_member_with_default (members, "error", NULL);
  const char *outcome = json_object_get_string_member_with_default (members, "outcome", NULL);
  int         label = outcome != NULL ? muster_enum_parse (&muster_unit_label_enum, outcome) : -1;

  return muster_response_resolve_entity (
    muster_factory_service_print_label (
      factory, muster_request_get_actor (request), get_id (request),
      label >= 0 ? (MusterUnitLabel)label : MUSTER_UNIT_LABEL_WAITING, error),
    200);
}

/* clang-format off */
static const MusterEnumValue report_formats[] = { { "json", "JSON" }, { "junit", "JUnit" }, { NULL, NULL } };
static const MusterEnum report_format_enum = { "ReportFormat", report_formats };
static const MusterEnumValue record_formats[] = { { "json", "JSON" }, { "csv", "CSV" }, { NULL, NULL } };
static const MusterEnum record_format_enum = { "RecordFormat", record_formats };
static const MusterField report_query[] = {
  { "format", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &report_format_enum, .label = N_("Format"), .doc = "json: the record; junit: JUnit's XML, as build servers read it." },
};
static const MusterField record_query[] = {
  { "format", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &record_format_enum, .label = N_("Format"), .doc = "json: the batch and its boards with their reports; csv: a line a board, a column a step." },
};
static const MusterField keys_query[] = {
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "factory_batch", .label = N_("Batch"), .doc = "Of this batch alone." },
  { "gateway_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "device", .label = N_("Gateway"), .doc = "Of the units alone that are reached through this gateway, by their records." },
};
static const MusterEnumValue label_outcomes[] = { { "printed", N_("Printed") }, { "failed", N_("Could not be printed") }, { NULL, NULL } };
static const MusterEnum label_outcome_enum = { "LabelOutcome", label_outcomes };
static const MusterField label_fields[] = {
  { "outcome", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &label_outcome_enum, .label = N_("Outcome"), .doc = "What another printer did, to be noted; none: the site's label printer prints it." },
  { "error", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 500, .label = N_("Error"), .doc = "Why the other printer failed." },
};
static const MusterShape label_shape = { .schema = "LabelPrinting", .doc = "Who prints a label, or what came of it.", .fields = label_fields, .n_fields = G_N_ELEMENTS (label_fields) };
static const MusterField ports_fields[] = {
  { "ports", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Ports"), .doc = "Array of the ports, each of which has a board: texts, or {port, flash_port} where its firmware is written at another." },
};
static const MusterField port_fields[] = {
  { "port", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, PORT_MAX, .label = N_("Port"), .doc = "Where the board is: the path of a serial port, or tcp:HOST:PORT." },
};
static const MusterField answer_fields[] = {
  { "passed", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Passed"), .doc = "Whether what was asked is so." },
  { "note", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 400, .label = N_("Note"), .doc = "What else was seen; stands in the report." },
};
static const MusterShape ports_shape = { .schema = "FactoryPorts", .doc = "Ports with boards.", .fields = ports_fields, .n_fields = G_N_ELEMENTS (ports_fields) };
static const MusterShape port_shape = { .schema = "TestPort", .doc = "A port with a board.", .fields = port_fields, .n_fields = G_N_ELEMENTS (port_fields) };
static const MusterShape answer_shape = { .schema = "BenchAnswer", .doc = "What the operator saw.", .fields = answer_fields, .n_fields = G_N_ELEMENTS (answer_fields) };
static const MusterShape report_shape = { .schema = "TestReport", .doc = "The report.", .media_type = "*/*" };
static const MusterShape record_shape = { .schema = "BatchRecord", .doc = "The batch record.", .media_type = "*/*" };
static const MusterShape keys_shape = { .schema = "UnitKeys", .doc = "A line a unit: its serial number and its key.", .media_type = "text/plain" };
static const MusterShape plan_shape = { .doc = "A test plan.", .entity = &muster_test_plan_info };
static const MusterShape plans_shape = { .doc = "Test plans.", .entity = &muster_test_plan_info, .list = TRUE };
static const MusterShape test_run_shape = { .doc = "A test plan run against a board.", .entity = &muster_test_run_info };
static const MusterShape test_runs_shape = { .doc = "Test plans run against boards.", .entity = &muster_test_run_info, .list = TRUE };
static const MusterShape batch_shape = { .doc = "A batch.", .entity = &muster_factory_batch_info };
static const MusterShape batches_shape = { .doc = "Batches.", .entity = &muster_factory_batch_info, .list = TRUE };
static const MusterShape unit_shape = { .doc = "A board of a batch.", .entity = &muster_factory_unit_info };
static const MusterShape units_shape = { .doc = "Boards of batches.", .entity = &muster_factory_unit_info, .list = TRUE };

static const MusterRoute record_routes[] = {
  { "GET", "/test-plans", "listTestPlans", "factory", "What boards are asked and must answer", muster_handle_list, MUSTER_ROUTE_LIST, .response = &plans_shape },
  { "GET", "/test-plans/ids", "listTestPlanIds", "factory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &plans_shape },
  { "POST", "/test-plans", "createTestPlan", "factory", "Add a test plan", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &plan_shape, .response = &plan_shape, .status = 201 },
  { "GET", "/test-plans/{id:uuid}", "getTestPlan", "factory", "One test plan", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &plan_shape },
  { "PUT", "/test-plans/{id:uuid}", "updateTestPlan", "factory", "Change a test plan; what runs goes on by what it was", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &plan_shape, .response = &plan_shape },
  { "DELETE", "/test-plans/{id:uuid}", "deleteTestPlan", "factory", "Delete a test plan that no batch names; reports stay", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_test_plan_info },
  { "GET", "/test-runs", "listTestRuns", "factory", "Test plans that were run against boards", muster_handle_list, MUSTER_ROUTE_LIST, .response = &test_runs_shape },
  { "GET", "/test-runs/ids", "listTestRunIds", "factory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &test_runs_shape },
  { "GET", "/test-runs/{id:uuid}", "getTestRun", "factory", "One run of a test plan", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &test_run_shape },
  { "GET", "/factory/batches", "listFactoryBatches", "factory", "Units that are made here", muster_handle_list, MUSTER_ROUTE_LIST, .response = &batches_shape },
  { "GET", "/factory/batches/ids", "listFactoryBatchIds", "factory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &batches_shape },
  { "POST", "/factory/batches", "createFactoryBatch", "factory", "Begin a batch of units", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &batch_shape, .response = &batch_shape, .status = 201 },
  { "GET", "/factory/batches/{id:uuid}", "getFactoryBatch", "factory", "One batch", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &batch_shape },
  { "PUT", "/factory/batches/{id:uuid}", "updateFactoryBatch", "factory", "Change a batch, close it, or open it again", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &batch_shape, .response = &batch_shape },
  { "DELETE", "/factory/batches/{id:uuid}", "deleteFactoryBatch", "factory", "Delete a batch that no board was made in", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_factory_batch_info },
  { "GET", "/factory/units", "listFactoryUnits", "factory", "Boards; of one batch by batch_id", muster_handle_list, MUSTER_ROUTE_LIST, .response = &units_shape },
  { "GET", "/factory/units/ids", "listFactoryUnitIds", "factory", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &units_shape },
  { "GET", "/factory/units/{id:uuid}", "getFactoryUnit", "factory", "One board", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &unit_shape },
};

static const MusterRoute routes[] = {
  { "POST", "/test-plans/{id:uuid}/runs", "runTestPlan", "factory", "Run a test plan against the board at a port", run_plan, MUSTER_ROUTE_PLAIN, .request = &port_shape, .response = &test_run_shape, .status = 201 },
  { "POST", "/test-runs/{id:uuid}/answer", "answerTestRun", "factory", "Say what was asked of the operator", answer_run, MUSTER_ROUTE_PLAIN, .request = &answer_shape, .response = &test_run_shape },
  { "POST", "/test-runs/{id:uuid}/cancel", "cancelTestRun", "factory", "Stop a run", cancel_run, MUSTER_ROUTE_PLAIN, .response = &test_run_shape },
  { "GET", "/test-runs/{id:uuid}/report", "getTestRunReport", "factory", "What came of a run, step by step", get_run_report, MUSTER_ROUTE_PLAIN, report_query, G_N_ELEMENTS (report_query), .response = &report_shape },
  { "POST", "/factory/batches/{id:uuid}/units", "addFactoryUnits", "factory", "Go on with the next boards at these ports", add_units, MUSTER_ROUTE_PLAIN, .request = &ports_shape, .response = &units_shape, .status = 201 },
  { "GET", "/factory/batches/{id:uuid}/record", "getFactoryRecord", "factory", "The batch record: every board with what it was asked and answered", get_batch_record, MUSTER_ROUTE_PLAIN, record_query, G_N_ELEMENTS (record_query), .response = &record_shape },
  { "GET", "/factory/keys", "getFactoryKeys", "factory", "The keys of units that were made here, for the gateways that they are to speak to; who read which stands in the journal", get_keys, MUSTER_ROUTE_PLAIN, keys_query, G_N_ELEMENTS (keys_query), .response = &keys_shape },
  { "POST", "/factory/units/{id:uuid}/retry", "retryFactoryUnit", "factory", "Try a board again that failed; it keeps its serial number", retry_unit, MUSTER_ROUTE_PLAIN, .response = &unit_shape },
  { "POST", "/factory/units/{id:uuid}/cancel", "cancelFactoryUnit", "factory", "Stop with a board", cancel_unit, MUSTER_ROUTE_PLAIN, .response = &unit_shape },
  { "POST", "/factory/units/{id:uuid}/answer", "answerFactoryUnit", "factory", "Say what was asked of the operator", answer_unit, MUSTER_ROUTE_PLAIN, .request = &answer_shape, .response = &unit_shape },
  { "POST", "/factory/units/{id:uuid}/label", "printFactoryLabel", "factory", "Print the label of a unit that passed on the site's label printer, or note what another printer did", print_label, MUSTER_ROUTE_PLAIN, .request = &label_shape, .response = &unit_shape },
  { "GET", "/factory/units/{id:uuid}/report", "getFactoryReport", "factory", "What came of a board, step by step", get_unit_report, MUSTER_ROUTE_PLAIN, report_query, G_N_ELEMENTS (report_query), .response = &report_shape },
};
/* clang-format on */

void
muster_factory_resource_add (MusterRouter *router, MusterFactoryService *factory)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_factory_service_get_repository (factory)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (factory));
}
