/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-operations"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-operations.h"

/* Copying a big site's databases takes a while. */
#define BACKUP_MILLISECONDS 600000

DexFuture *
muster_api_overview_get (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "overview", NULL));
}

DexFuture *
muster_api_messaging_get_status (MusterApiClient *client)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("GET", "messaging", "status", NULL));
}

DexFuture *
muster_api_operations_get_ready (MusterApiClient *client)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "health", "ready", NULL);

  muster_api_request_set_single (request, TRUE);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_operations_backup (MusterApiClient *client, const char *path)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "backup", NULL);

  muster_api_request_set_deadline (request, BACKUP_MILLISECONDS);
  muster_api_request_take_object (request, muster_api_make_object ("path", path, NULL));
  return muster_api_call_object (client, request);
}
