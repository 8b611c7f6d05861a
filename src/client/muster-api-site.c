/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-site"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-site.h"

DexFuture *
muster_api_site_get (MusterApiClient *client)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", "site", NULL),
                                 &muster_site_info);
}

DexFuture *
muster_api_site_update (MusterApiClient *client, JsonObject *changes, gint64 revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", "site", NULL), changes,
                                 revision, &muster_site_info);
}

DexFuture *
muster_api_settings_list (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "settings", NULL));
}

DexFuture *
muster_api_settings_set (MusterApiClient *client, const char *key, JsonNode *value)
{
  MusterApiRequest *request = muster_api_request_new ("PUT", "settings", key, NULL);
  JsonObject       *body = json_object_new ();

  json_object_set_member (body, "value", value);
  muster_api_request_take_object (request, body);
  return muster_api_call_done (client, request);
}
