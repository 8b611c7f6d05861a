/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-rollouts"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-rollouts.h"

#define COLLECTION "rollouts"
/* Making the updates of many devices takes its time. In ms. */
#define START_DEADLINE 120000

DexFuture *
muster_api_rollouts_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", COLLECTION, "", NULL), query,
                               &muster_rollout_info);
}

DexFuture *
muster_api_rollouts_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", COLLECTION, id, NULL),
                                 &muster_rollout_info);
}

DexFuture *
muster_api_rollouts_create (MusterApiClient *client, MusterEntity *rollout)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, "", NULL);

  muster_api_request_take_object (request, muster_api_make_body (rollout));
  return muster_api_call_entity (client, request, &muster_rollout_info);
}

DexFuture *
muster_api_rollouts_update (MusterApiClient *client,
                            const char      *id,
                            JsonObject      *changes,
                            gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", COLLECTION, id, NULL),
                                 changes, revision, &muster_rollout_info);
}

DexFuture *
muster_api_rollouts_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", COLLECTION, id, NULL),
                                 revision);
}

DexFuture *
muster_api_rollouts_list_all_groups (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", "rollout-groups", "", NULL),
                               query, &muster_rollout_group_info);
}

DexFuture *
muster_api_rollouts_list_groups (MusterApiClient *client, const char *id)
{
  const MusterApiListQuery query = { .sort = "position", .limit = 1000 };

  return muster_api_call_page (client,
                               muster_api_request_new ("GET", COLLECTION, id, "groups", NULL),
                               &query, &muster_rollout_group_info);
}

DexFuture *
muster_api_rollouts_get_preflight (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("GET", COLLECTION, id, "preflight", NULL));
}

DexFuture *
muster_api_rollouts_preflight (MusterApiClient *client, MusterEntity *rollout)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, "preflight", NULL);

  muster_api_request_take_object (request, muster_api_make_body (rollout));
  return muster_api_call_object (client, request);
}

static DexFuture *
tell (MusterApiClient *client, const char *id, const char *verb)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, id, verb, NULL);

  muster_api_request_set_deadline (request, START_DEADLINE);
  return muster_api_call_entity (client, request, &muster_rollout_info);
}

DexFuture *
muster_api_rollouts_start (MusterApiClient *client, const char *id)
{
  return tell (client, id, "start");
}

DexFuture *
muster_api_rollouts_approve (MusterApiClient *client, const char *id)
{
  return tell (client, id, "approve");
}

DexFuture *
muster_api_rollouts_pause (MusterApiClient *client, const char *id)
{
  return tell (client, id, "pause");
}

DexFuture *
muster_api_rollouts_resume (MusterApiClient *client, const char *id)
{
  return tell (client, id, "resume");
}

DexFuture *
muster_api_rollouts_cancel (MusterApiClient *client, const char *id)
{
  return tell (client, id, "cancel");
}

DexFuture *
muster_api_rollouts_retry_failed (MusterApiClient *client, const char *id)
{
  return tell (client, id, "retry-failed");
}

DexFuture *
muster_api_rollouts_open_group (MusterApiClient *client, const char *id, unsigned position)
{
  g_autofree char *number = g_strdup_printf ("%u", position);

  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", COLLECTION, id, "groups", number,
                                                         "open", NULL),
                                 &muster_rollout_info);
}
