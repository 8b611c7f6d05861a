/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-collection"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-collection.h"

DexFuture *
muster_api_collection_list (MusterApiClient          *client,
                            const MusterEntityInfo   *info,
                            const MusterApiListQuery *query)
{
  g_return_val_if_fail (info != NULL, NULL);

  return muster_api_call_page (client, muster_api_request_new ("GET", info->path, "", NULL), query,
                               info);
}

DexFuture *
muster_api_collection_list_ids (MusterApiClient          *client,
                                const MusterEntityInfo   *info,
                                const MusterApiListQuery *query)
{
  MusterApiRequest *request;

  g_return_val_if_fail (info != NULL, NULL);

  request = muster_api_request_new ("GET", info->path, "ids", NULL);
  muster_api_request_add_list_query (request, query);
  return muster_api_call_ids (client, request);
}

DexFuture *
muster_api_collection_list_by_ids (MusterApiClient        *client,
                                   const MusterEntityInfo *info,
                                   const char *const      *ids)
{
  MusterApiRequest *request;
  g_autofree char  *list = NULL;

  g_return_val_if_fail (info != NULL && ids != NULL, NULL);
  g_return_val_if_fail (g_strv_length ((char **)ids) <= MUSTER_API_COLLECTION_IDS_MAXIMUM, NULL);

  list = g_strjoinv (",", (char **)ids);
  request = muster_api_request_new ("GET", info->path, "", NULL);
  muster_api_request_add_query (request, "id", list);
  muster_api_request_add_query (request, "limit", "1000");
  return muster_api_call_page (client, request, NULL, info);
}

DexFuture *
muster_api_collection_get (MusterApiClient *client, const MusterEntityInfo *info, const char *id)
{
  g_return_val_if_fail (info != NULL && id != NULL, NULL);

  return muster_api_call_entity (client, muster_api_request_new ("GET", info->path, id, NULL),
                                 info);
}

DexFuture *
muster_api_collection_create (MusterApiClient        *client,
                              const MusterEntityInfo *info,
                              JsonObject             *members)
{
  MusterApiRequest *request;

  g_return_val_if_fail (info != NULL && members != NULL, NULL);

  request = muster_api_request_new ("POST", info->path, "", NULL);
  muster_api_request_take_object (request, members);
  return muster_api_call_entity (client, request, info);
}

DexFuture *
muster_api_collection_update (MusterApiClient        *client,
                              const MusterEntityInfo *info,
                              const char             *id,
                              JsonObject             *changes,
                              gint64                  revision)
{
  g_return_val_if_fail (info != NULL && id != NULL && changes != NULL, NULL);

  return muster_api_call_update (client, muster_api_request_new ("PUT", info->path, id, NULL),
                                 changes, revision, info);
}

DexFuture *
muster_api_collection_delete (MusterApiClient        *client,
                              const MusterEntityInfo *info,
                              const char             *id,
                              gint64                  revision)
{
  g_return_val_if_fail (info != NULL && id != NULL, NULL);

  return muster_api_call_delete (client, muster_api_request_new ("DELETE", info->path, id, NULL),
                                 revision);
}
