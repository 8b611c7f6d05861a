/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-firmware-sets"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-collection.h"
#include "muster-api-firmware-sets.h"

DexFuture *
muster_api_firmware_sets_create (MusterApiClient   *client,
                                 JsonObject        *members,
                                 const char *const *artifact_ids)
{
  JsonArray *parts = json_array_new ();

  for (unsigned i = 0; artifact_ids[i] != NULL; i++)
    json_array_add_string_element (parts, artifact_ids[i]);
  json_object_set_array_member (members, "artifact_ids", parts);
  return muster_api_collection_create (client, &muster_firmware_set_info, members);
}

DexFuture *
muster_api_firmware_sets_list_members (MusterApiClient *client, const char *id)
{
  const MusterApiListQuery query = { .sort = "position", .limit = 1000 };

  return muster_api_call_page (client,
                               muster_api_request_new ("GET", "firmware-sets", id, "members", NULL),
                               &query, &muster_firmware_set_member_info);
}
