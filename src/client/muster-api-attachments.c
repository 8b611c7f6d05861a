/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-attachments"

#include "config.h"

#include "muster-api-attachments.h"
#include "muster-api-calls.h"

#define COLLECTION "attachments"
/* Sending and reading a file over a slow line takes its time. In ms. */
#define FILE_DEADLINE (10 * 60 * 1000)

DexFuture *
muster_api_attachments_list (MusterApiClient *client, const char *entity, const char *entity_id)
{
  const char *const        filters[] = { "entity", entity, "entity_id", entity_id, NULL };
  const MusterApiListQuery query = { .limit = 1000, .filters = filters };

  return muster_api_call_page (client, muster_api_request_new ("GET", COLLECTION, "", NULL), &query,
                               &muster_attachment_info);
}

DexFuture *
muster_api_attachments_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", COLLECTION, id, NULL),
                                 &muster_attachment_info);
}

DexFuture *
muster_api_attachments_create (MusterApiClient *client,
                               const char      *entity,
                               const char      *entity_id,
                               const char      *name,
                               const char      *purpose,
                               GBytes          *content)
{
  MusterApiRequest *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_API_CLIENT (client));
  dex_return_error_if_fail (content != NULL);

  request = muster_api_request_new ("POST", COLLECTION, "", NULL);
  muster_api_request_add_query (request, "entity", entity);
  muster_api_request_add_query (request, "entity_id", entity_id);
  muster_api_request_add_query (request, "name", name);
  muster_api_request_add_query (request, "purpose", purpose);
  muster_api_request_set_body (request, "application/octet-stream", content);
  muster_api_request_set_deadline (request, FILE_DEADLINE);
  return muster_api_call_entity (client, request, &muster_attachment_info);
}

DexFuture *
muster_api_attachments_get_content (MusterApiClient *client, const char *id)
{
  MusterApiRequest *request = muster_api_request_new ("GET", COLLECTION, id, "content", NULL);

  muster_api_request_set_deadline (request, FILE_DEADLINE);
  muster_api_request_set_accept (request, "*/*");
  return muster_api_call_bytes (client, request);
}

DexFuture *
muster_api_attachments_update (MusterApiClient *client,
                               const char      *id,
                               JsonObject      *changes,
                               gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", COLLECTION, id, NULL),
                                 changes, revision, &muster_attachment_info);
}

DexFuture *
muster_api_attachments_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", COLLECTION, id, NULL),
                                 revision);
}
