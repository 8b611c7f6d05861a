/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-telemetry"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-telemetry.h"

#include "model/muster-time.h"

/* A year of samples takes its time. In ms. */
#define LONG_DEADLINE (30 * 60 * 1000)

DexFuture *
muster_api_metrics_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", "monitoring", "metrics", NULL), query,
                               &muster_metric_info);
}

DexFuture *
muster_api_metrics_create (MusterApiClient *client, JsonObject *members)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "monitoring", "metrics", NULL);

  muster_api_request_take_object (request, members);
  return muster_api_call_entity (client, request, &muster_metric_info);
}

DexFuture *
muster_api_metrics_update (MusterApiClient *client,
                           const char      *id,
                           JsonObject      *changes,
                           gint64           revision)
{
  return muster_api_call_update (client,
                                 muster_api_request_new ("PUT", "monitoring", "metrics", id, NULL),
                                 changes, revision, &muster_metric_info);
}

DexFuture *
muster_api_metrics_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (
    client, muster_api_request_new ("DELETE", "monitoring", "metrics", id, NULL), revision);
}

DexFuture *
muster_api_derived_metrics_preview (MusterApiClient *client,
                                    const char      *expression,
                                    const char      *device_id,
                                    const char      *product_id)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "derived-metrics", "preview", NULL);

  muster_api_request_take_object (request, muster_api_make_object ("expression", expression,
                                                                   "device_id", device_id,
                                                                   "product_id", product_id, NULL));
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_derived_metrics_recalculate (MusterApiClient *client,
                                        const char      *id,
                                        const char      *device_id,
                                        gint64           from,
                                        gint64           to)
{
  MusterApiRequest *request =
    muster_api_request_new ("POST", "derived-metrics", id, "recalculate", NULL);
  char from_text[MUSTER_TIME_TEXT_LENGTH + 1];
  char to_text[MUSTER_TIME_TEXT_LENGTH + 1];

  muster_time_format (from * 1000, from_text);
  muster_time_format (to * 1000, to_text);
  muster_api_request_take_object (request, muster_api_make_object ("from", from_text, "to",
                                                                   to > 0 ? to_text : NULL,
                                                                   "device_id", device_id, NULL));
  muster_api_request_set_deadline (request, LONG_DEADLINE);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_retention_preview (MusterApiClient *client, JsonArray *classes, gint64 max_bytes)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "retention-classes", "preview", NULL);
  JsonObject       *question = json_object_new ();

  if (classes != NULL)
    json_object_set_array_member (question, "classes", classes);
  if (max_bytes >= 0)
    json_object_set_int_member (question, "max_bytes", max_bytes);
  muster_api_request_take_object (request, question);
  muster_api_request_set_deadline (request, LONG_DEADLINE);
  return muster_api_call_object (client, request);
}

/* CLASS with CHANGES (nullable) over it: (transfer full). */
static JsonObject *
make_class (MusterEntity *class, JsonObject *changes)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  JsonObject    *object;
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  muster_entity_encode (class, json);
  node = json_from_string (json->str, NULL);
  object = json_node_dup_object (node);
  if (changes == NULL)
    return object;
  json_object_iter_init (&iter, changes);
  while (json_object_iter_next (&iter, &name, &member))
    json_object_set_member (object, name, json_node_copy (member));
  return object;
}

DexFuture *
muster_api_retention_preview_change (MusterApiClient *client,
                                     GPtrArray       *classes,
                                     const char      *id,
                                     JsonObject      *changes)
{
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; i < classes->len; i++)
    {
      gboolean is_it = g_strcmp0 (muster_entity_get_id (classes->pdata[i]), id) == 0;

      if (!is_it || changes != NULL)
        json_array_add_object_element (array,
                                       make_class (classes->pdata[i], is_it ? changes : NULL));
    }
  if (id == NULL && changes != NULL && json_object_get_size (changes) > 0)
    json_array_add_object_element (array, json_object_ref (changes));
  return muster_api_retention_preview (client, array, -1);
}

DexFuture *
muster_api_retention_get_statistics (MusterApiClient *client)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "monitoring", "retention", NULL);

  muster_api_request_set_deadline (request, LONG_DEADLINE);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_samples_import (MusterApiClient              *client,
                           GBytes                       *file,
                           const MusterApiSamplesImport *options)
{
  MusterApiRequest *request;

  dex_return_error_if_fail (MUSTER_IS_API_CLIENT (client));
  dex_return_error_if_fail (file != NULL && options != NULL);

  request = muster_api_request_new ("POST", "monitoring", "import", NULL);
  muster_api_request_add_query (request, "device", options->device);
  muster_api_request_add_query (request, "zone", options->zone);
  if (options->decimal_comma)
    muster_api_request_add_query (request, "decimal_comma", "true");
  if (options->is_preview)
    muster_api_request_add_query (request, "preview", "true");
  muster_api_request_set_body (request, "text/csv", file);
  muster_api_request_set_deadline (request, LONG_DEADLINE);
  return muster_api_call_object (client, request);
}
