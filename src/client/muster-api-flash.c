/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-flash"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-flash.h"

#define BATCHES "flash-batches"
#define RUNS "flash-runs"

DexFuture *
muster_api_flash_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", BATCHES, "", NULL), query,
                               &muster_flash_batch_info);
}

DexFuture *
muster_api_flash_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", BATCHES, id, NULL),
                                 &muster_flash_batch_info);
}

DexFuture *
muster_api_flash_create (MusterApiClient *client, JsonObject *members)
{
  MusterApiRequest *request = muster_api_request_new ("POST", BATCHES, "", NULL);

  muster_api_request_take_object (request, members);
  return muster_api_call_entity (client, request, &muster_flash_batch_info);
}

DexFuture *
muster_api_flash_add (MusterApiClient *client, const char *id, const char *const *ports)
{
  MusterApiRequest *request = muster_api_request_new ("POST", BATCHES, id, "runs", NULL);
  JsonObject       *members = json_object_new ();
  JsonArray        *array = json_array_new ();

  for (unsigned i = 0; ports != NULL && ports[i] != NULL; i++)
    json_array_add_string_element (array, ports[i]);
  json_object_set_array_member (members, "ports", array);
  muster_api_request_take_object (request, members);
  return muster_api_call_entity (client, request, &muster_flash_batch_info);
}

static DexFuture *
tell (MusterApiClient *client, const char *id, const char *verb)
{
  return muster_api_call_entity (client, muster_api_request_new ("POST", BATCHES, id, verb, NULL),
                                 &muster_flash_batch_info);
}

DexFuture *
muster_api_flash_retry_failed (MusterApiClient *client, const char *id)
{
  return tell (client, id, "retry-failed");
}

DexFuture *
muster_api_flash_cancel (MusterApiClient *client, const char *id)
{
  return tell (client, id, "cancel");
}

DexFuture *
muster_api_flash_list_runs (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", RUNS, "", NULL), query,
                               &muster_flash_run_info);
}

DexFuture *
muster_api_flash_get_run (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", RUNS, id, NULL),
                                 &muster_flash_run_info);
}

DexFuture *
muster_api_flash_get_log (MusterApiClient *client, const char *run_id)
{
  MusterApiRequest *request = muster_api_request_new ("GET", RUNS, run_id, "log", NULL);

  muster_api_request_set_accept (request, "text/plain");
  return muster_api_call_bytes (client, request);
}

DexFuture *
muster_api_flash_list_tools (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "flash-tools", "", NULL));
}

DexFuture *
muster_api_flash_list_ports (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "flash-ports", "", NULL));
}
