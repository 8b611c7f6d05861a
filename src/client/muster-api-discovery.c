/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-discovery"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-discovery.h"

#include "model/muster-device.h"
#include "model/muster-manual-address.h"

DexFuture *
muster_api_discovery_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", "discovery", "", NULL), query,
                               &muster_candidate_info);
}

DexFuture *
muster_api_discovery_get_status (MusterApiClient *client)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("GET", "discovery", "status", NULL));
}

DexFuture *
muster_api_discovery_list_families (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "families", "", NULL));
}

DexFuture *
muster_api_discovery_scan (MusterApiClient *client)
{
  return muster_api_call_done (client, muster_api_request_new ("POST", "discovery", "scan", NULL));
}

DexFuture *
muster_api_discovery_ignore (MusterApiClient *client, const char *key)
{
  return muster_api_call_done (client,
                               muster_api_request_new ("POST", "discovery", key, "ignore", NULL));
}

DexFuture *
muster_api_discovery_unignore (MusterApiClient *client, const char *key)
{
  return muster_api_call_done (client,
                               muster_api_request_new ("POST", "discovery", key, "unignore", NULL));
}

DexFuture *
muster_api_discovery_adopt (MusterApiClient *client,
                            const char      *key,
                            const char      *secret,
                            const char      *name,
                            const char      *location)
{
  return muster_api_call_adopt (client,
                                muster_api_request_new ("POST", "discovery", key, "adopt", NULL),
                                muster_api_make_object ("secret", secret, "name", name, "location",
                                                        location, NULL));
}

DexFuture *
muster_api_discovery_list_addresses (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", "discovery", "addresses", NULL),
                               query, &muster_manual_address_info);
}

DexFuture *
muster_api_discovery_add_address (MusterApiClient *client, const char *address, const char *name)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "discovery", "addresses", NULL);

  muster_api_request_take_object (request,
                                  muster_api_make_object ("address", address, "name", name, NULL));
  return muster_api_call_entity (client, request, &muster_manual_address_info);
}

DexFuture *
muster_api_discovery_remove_address (MusterApiClient *client, const char *id)
{
  return muster_api_call_done (client, muster_api_request_new ("DELETE", "discovery", "addresses",
                                                               id, NULL));
}
