/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-factory"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-factory.h"

#define PLANS "test-plans"
#define RUNS "test-runs"
#define BATCHES "factory/batches"
#define UNITS "factory/units"
#define KEYS "factory/keys"

static DexFuture *
create (MusterApiClient *client, const char *collection, MusterEntity *entity)
{
  MusterApiRequest *request = muster_api_request_new ("POST", collection, "", NULL);

  muster_api_request_take_object (request, muster_api_make_body (entity));
  return muster_api_call_entity (client, request, muster_entity_get_info (entity));
}

static DexFuture *
answer (MusterApiClient        *client,
        const char             *collection,
        const char             *id,
        gboolean                passed,
        const char             *note,
        const MusterEntityInfo *info)
{
  MusterApiRequest *request = muster_api_request_new ("POST", collection, id, "answer", NULL);
  JsonObject       *members = json_object_new ();

  json_object_set_boolean_member (members, "passed", passed);
  if (note != NULL)
    json_object_set_string_member (members, "note", note);
  muster_api_request_take_object (request, members);
  return muster_api_call_entity (client, request, info);
}

static DexFuture *
tell (MusterApiClient        *client,
      const char             *collection,
      const char             *id,
      const char             *verb,
      const MusterEntityInfo *info)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", collection, id, verb, NULL), info);
}

static const char *
get_media_type (const char *format)
{
  if (g_str_equal (format, "csv"))
    return "text/csv";
  return g_str_equal (format, "junit") ? "application/xml" : "application/json";
}

/* The paper PART of a record, in FORMAT. */
static DexFuture *
get_paper (MusterApiClient *client,
           const char      *collection,
           const char      *id,
           const char      *part,
           const char      *format)
{
  MusterApiRequest *request = muster_api_request_new ("GET", collection, id, part, NULL);

  muster_api_request_set_accept (request, get_media_type (format));
  muster_api_request_add_query (request, "format", format);
  return muster_api_call_bytes (client, request);
}

/* --- test plans --- */

DexFuture *
muster_api_test_plans_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", PLANS, "", NULL), query,
                               &muster_test_plan_info);
}

DexFuture *
muster_api_test_plans_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", PLANS, id, NULL),
                                 &muster_test_plan_info);
}

DexFuture *
muster_api_test_plans_create (MusterApiClient *client, MusterEntity *plan)
{
  return create (client, PLANS, plan);
}

DexFuture *
muster_api_test_plans_update (MusterApiClient *client,
                              const char      *id,
                              JsonObject      *changes,
                              gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", PLANS, id, NULL), changes,
                                 revision, &muster_test_plan_info);
}

DexFuture *
muster_api_test_plans_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", PLANS, id, NULL),
                                 revision);
}

DexFuture *
muster_api_test_plans_run (MusterApiClient *client, const char *id, const char *port)
{
  MusterApiRequest *request = muster_api_request_new ("POST", PLANS, id, "runs", NULL);

  muster_api_request_take_object (request, muster_api_make_object ("port", port, NULL));
  return muster_api_call_entity (client, request, &muster_test_run_info);
}

/* --- test runs --- */

DexFuture *
muster_api_test_runs_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", RUNS, "", NULL), query,
                               &muster_test_run_info);
}

DexFuture *
muster_api_test_runs_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", RUNS, id, NULL),
                                 &muster_test_run_info);
}

DexFuture *
muster_api_test_runs_answer (MusterApiClient *client,
                             const char      *id,
                             gboolean         passed,
                             const char      *note)
{
  return answer (client, RUNS, id, passed, note, &muster_test_run_info);
}

DexFuture *
muster_api_test_runs_cancel (MusterApiClient *client, const char *id)
{
  return tell (client, RUNS, id, "cancel", &muster_test_run_info);
}

DexFuture *
muster_api_test_runs_get_report (MusterApiClient *client, const char *id, const char *format)
{
  return get_paper (client, RUNS, id, "report", format);
}

/* --- batches --- */

DexFuture *
muster_api_factory_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", BATCHES, "", NULL), query,
                               &muster_factory_batch_info);
}

DexFuture *
muster_api_factory_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", BATCHES, id, NULL),
                                 &muster_factory_batch_info);
}

DexFuture *
muster_api_factory_create (MusterApiClient *client, MusterEntity *batch)
{
  return create (client, BATCHES, batch);
}

DexFuture *
muster_api_factory_update (MusterApiClient *client,
                           const char      *id,
                           JsonObject      *changes,
                           gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", BATCHES, id, NULL), changes,
                                 revision, &muster_factory_batch_info);
}

DexFuture *
muster_api_factory_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", BATCHES, id, NULL),
                                 revision);
}

DexFuture *
muster_api_factory_add_units (MusterApiClient *client, const char *id, JsonArray *ports)
{
  MusterApiRequest *request = muster_api_request_new ("POST", BATCHES, id, "units", NULL);
  JsonObject       *members = json_object_new ();

  json_object_set_array_member (members, "ports", ports);
  muster_api_request_take_object (request, members);
  return muster_api_call_page (client, request, NULL, &muster_factory_unit_info);
}

DexFuture *
muster_api_factory_get_record (MusterApiClient *client, const char *id, const char *format)
{
  return get_paper (client, BATCHES, id, "record", format);
}

DexFuture *
muster_api_factory_get_keys (MusterApiClient *client, const char *batch_id, const char *gateway_id)
{
  MusterApiRequest *request = muster_api_request_new ("GET", KEYS, NULL);

  muster_api_request_set_accept (request, "text/plain");
  if (batch_id != NULL)
    muster_api_request_add_query (request, "batch_id", batch_id);
  if (gateway_id != NULL)
    muster_api_request_add_query (request, "gateway_id", gateway_id);
  return muster_api_call_bytes (client, request);
}

/* --- boards --- */

DexFuture *
muster_api_factory_list_units (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", UNITS, "", NULL), query,
                               &muster_factory_unit_info);
}

DexFuture *
muster_api_factory_get_unit (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", UNITS, id, NULL),
                                 &muster_factory_unit_info);
}

DexFuture *
muster_api_factory_retry_unit (MusterApiClient *client, const char *id)
{
  return tell (client, UNITS, id, "retry", &muster_factory_unit_info);
}

DexFuture *
muster_api_factory_cancel_unit (MusterApiClient *client, const char *id)
{
  return tell (client, UNITS, id, "cancel", &muster_factory_unit_info);
}

DexFuture *
muster_api_factory_answer_unit (MusterApiClient *client,
                                const char      *id,
                                gboolean         passed,
                                const char      *note)
{
  return answer (client, UNITS, id, passed, note, &muster_factory_unit_info);
}

DexFuture *
muster_api_factory_print_label (MusterApiClient *client,
                                const char      *id,
                                const char      *outcome,
                                const char      *error)
{
  MusterApiRequest *request = muster_api_request_new ("POST", UNITS, id, "label", NULL);
  JsonObject       *members = json_object_new ();

  if (outcome != NULL)
    json_object_set_string_member (members, "outcome", outcome);
  if (error != NULL)
    json_object_set_string_member (members, "error", error);
  muster_api_request_take_object (request, members);
  return muster_api_call_entity (client, request, &muster_factory_unit_info);
}

DexFuture *
muster_api_factory_get_report (MusterApiClient *client, const char *id, const char *format)
{
  return get_paper (client, UNITS, id, "report", format);
}
