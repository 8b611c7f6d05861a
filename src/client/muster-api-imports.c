/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-imports"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-imports.h"

#define COLLECTION "imports"
/* Files of many rows take their time. In ms. */
#define FILE_DEADLINE (10 * 60 * 1000)
/* The longest export taken, in bytes. */
#define EXPORT_LIMIT (1024 * 1024 * 1024)

DexFuture *
muster_api_imports_create (MusterApiClient *client,
                           const char      *entity,
                           const char      *name,
                           GBytes          *file)
{
  MusterApiRequest *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_API_CLIENT (client));
  dex_return_error_if_fail (entity != NULL && file != NULL);

  request = muster_api_request_new ("POST", COLLECTION, NULL);
  muster_api_request_add_query (request, "entity", entity);
  muster_api_request_add_query (request, "name", name);
  muster_api_request_set_body (request, "text/csv", file);
  muster_api_request_set_deadline (request, FILE_DEADLINE);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_imports_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", COLLECTION, id, NULL));
}

DexFuture *
muster_api_imports_update (MusterApiClient *client, const char *id, JsonObject *plan)
{
  MusterApiRequest *request = muster_api_request_new ("PUT", COLLECTION, id, NULL);

  muster_api_request_take_object (request, plan);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_imports_preview (MusterApiClient *client,
                            const char      *id,
                            const char      *only,
                            unsigned         limit)
{
  MusterApiRequest *request = muster_api_request_new ("GET", COLLECTION, id, "preview", NULL);

  muster_api_request_add_query (request, "only", only);
  if (limit > 0)
    muster_api_request_add_query_integer (request, "limit", limit);
  muster_api_request_set_deadline (request, FILE_DEADLINE);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_imports_apply (MusterApiClient *client, const char *id)
{
  MusterApiRequest *request = muster_api_request_new ("POST", COLLECTION, id, "apply", NULL);

  muster_api_request_set_deadline (request, FILE_DEADLINE);
  return muster_api_call_entity (client, request, &muster_job_info);
}

DexFuture *
muster_api_imports_delete (MusterApiClient *client, const char *id)
{
  return muster_api_call_done (client, muster_api_request_new ("DELETE", COLLECTION, id, NULL));
}

DexFuture *
muster_api_export (MusterApiClient          *client,
                   const char               *collection,
                   const char               *columns,
                   const char               *format,
                   gboolean                  byte_order_mark,
                   const MusterApiListQuery *query)
{
  MusterApiRequest *request = NULL;

  dex_return_error_if_fail (MUSTER_IS_API_CLIENT (client));
  dex_return_error_if_fail (collection != NULL);

  request = muster_api_request_new ("GET", "exports", collection, NULL);
  muster_api_request_add_query (request, "columns", columns);
  muster_api_request_add_query (request, "format", format);
  if (byte_order_mark)
    muster_api_request_add_query (request, "bom", "true");
  muster_api_request_add_list_query (request, query);
  muster_api_request_set_deadline (request, FILE_DEADLINE);
  muster_api_request_set_limit (request, EXPORT_LIMIT);
  muster_api_request_set_accept (request, "*/*");
  return muster_api_call_bytes (client, request);
}
