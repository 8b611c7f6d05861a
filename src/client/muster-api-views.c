/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-views"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-views.h"

#define COLLECTION "views"

DexFuture *
muster_api_views_list (MusterApiClient *client, const char *entity)
{
  const char *const        filters[] = { "entity", entity, NULL };
  const MusterApiListQuery query = { .sort = "name",
                                     .limit = 1000,
                                     .filters = entity != NULL ? filters : NULL };

  return muster_api_call_page (client, muster_api_request_new ("GET", COLLECTION, "", NULL), &query,
                               &muster_saved_view_info);
}

DexFuture *
muster_api_views_create (MusterApiClient *client,
                         const char      *name,
                         const char      *entity,
                         JsonObject      *query,
                         JsonArray       *columns,
                         gboolean         shared)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, "", NULL);
  JsonObject       *body = muster_api_make_object ("name", name, "entity", entity, NULL);

  json_object_set_object_member (body, "query", query);
  if (columns != NULL)
    json_object_set_array_member (body, "columns", columns);
  if (shared)
    json_object_set_null_member (body, "person_id");
  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, &muster_saved_view_info);
}

DexFuture *
muster_api_views_update (MusterApiClient *client,
                         const char      *id,
                         JsonObject      *changes,
                         gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", COLLECTION, id, NULL),
                                 changes, revision, &muster_saved_view_info);
}

DexFuture *
muster_api_views_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", COLLECTION, id, NULL),
                                 revision);
}
