/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-groups"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-groups.h"

#include "model/muster-device-group-member.h"

#define COLLECTION "device-groups"

DexFuture *
muster_api_groups_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", COLLECTION, "", NULL), query,
                               &muster_device_group_info);
}

DexFuture *
muster_api_groups_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", COLLECTION, id, NULL),
                                 &muster_device_group_info);
}

DexFuture *
muster_api_groups_create (MusterApiClient *client, MusterDeviceGroup *group)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, "", NULL);

  muster_api_request_take_object (request, muster_api_make_body (MUSTER_ENTITY (group)));
  return muster_api_call_entity (client, request, &muster_device_group_info);
}

DexFuture *
muster_api_groups_update (MusterApiClient *client,
                          const char      *id,
                          JsonObject      *changes,
                          gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", COLLECTION, id, NULL),
                                 changes, revision, &muster_device_group_info);
}

DexFuture *
muster_api_groups_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", COLLECTION, id, NULL),
                                 revision);
}

DexFuture *
muster_api_groups_list_device_ids (MusterApiClient *client, const char *id)
{
  return muster_api_call_ids (client,
                              muster_api_request_new ("GET", COLLECTION, id, "devices", NULL));
}

DexFuture *
muster_api_groups_list_members (MusterApiClient          *client,
                                const char               *id,
                                const MusterApiListQuery *query)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", COLLECTION, id, "members", NULL),
                               query, &muster_device_group_member_info);
}

DexFuture *
muster_api_groups_add_member (MusterApiClient *client, const char *id, const char *device_id)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, id, "members", NULL);

  muster_api_request_take_object (request, muster_api_make_object ("device_id", device_id, NULL));
  return muster_api_call_done (client, request);
}

DexFuture *
muster_api_groups_remove_member (MusterApiClient *client, const char *id, const char *device_id)
{
  return muster_api_call_done (client, muster_api_request_new ("DELETE", COLLECTION, id, "members",
                                                               device_id, NULL));
}
