/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-jobs"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-jobs.h"

#define COLLECTION "jobs"
/* Every row of a large job is written down before the answer. */
#define CREATE_MILLISECONDS 120000

DexFuture *
muster_api_jobs_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", COLLECTION, "", NULL), query,
                               &muster_job_info);
}

DexFuture *
muster_api_jobs_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", COLLECTION, id, NULL),
                                 &muster_job_info);
}

DexFuture *
muster_api_jobs_create (MusterApiClient *client, const MusterApiJobDraft *draft)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, "", NULL);
  JsonObject *body = muster_api_make_object ("kind", draft->kind, "entity", draft->entity, NULL);

  if (draft->ids != NULL)
    {
      JsonArray *ids = json_array_new ();

      for (unsigned i = 0; draft->ids[i] != NULL; i++)
        json_array_add_string_element (ids, draft->ids[i]);
      json_object_set_array_member (body, "ids", ids);
    }
  if (draft->filter != NULL)
    json_object_set_string_member (body, "filter", draft->filter);
  if (draft->changes != NULL)
    json_object_set_object_member (body, "changes", json_object_ref (draft->changes));
  if (draft->title != NULL)
    json_object_set_string_member (body, "title", draft->title);
  muster_api_request_take_object (request, body);
  muster_api_request_set_deadline (request, CREATE_MILLISECONDS);
  return muster_api_call_entity (client, request, &muster_job_info);
}

static DexFuture *
tell (MusterApiClient *client, const char *id, const char *verb)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", COLLECTION, id, verb, NULL),
                                 &muster_job_info);
}

DexFuture *
muster_api_jobs_pause (MusterApiClient *client, const char *id)
{
  return tell (client, id, "pause");
}

DexFuture *
muster_api_jobs_resume (MusterApiClient *client, const char *id)
{
  return tell (client, id, "resume");
}

DexFuture *
muster_api_jobs_cancel (MusterApiClient *client, const char *id)
{
  return tell (client, id, "cancel");
}

DexFuture *
muster_api_jobs_retry (MusterApiClient *client, const char *id)
{
  return tell (client, id, "retry");
}

DexFuture *
muster_api_jobs_list_rows (MusterApiClient *client, const char *id, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", COLLECTION, id, "rows", NULL),
                               query, &muster_job_row_info);
}

DexFuture *
muster_api_jobs_get_failures (MusterApiClient *client, const char *id)
{
  MusterApiRequest *request = muster_api_request_new ("GET", COLLECTION, id, "failed.csv", NULL);

  muster_api_request_set_accept (request, "text/csv");
  return muster_api_call_bytes (client, request);
}
