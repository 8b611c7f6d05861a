/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-calls"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-json.h"

#include "model/muster-device.h"
#include "muster-fiber.h"

/* From this size on, parsing would be felt as a stutter: it goes to another thread. */
#define LARGE (128 * 1024)
/* Pairing waits for the device, up to a minute. */
#define PAIRING_MILLISECONDS 75000

static DexFuture *
send_and_unref (MusterApiClient *client, MusterApiRequest *request)
{
  DexFuture *future = muster_api_client_send (client, request);

  muster_api_request_unref (request);
  return future;
}

static DexFuture *
parse_fiber (gpointer response)
{
  GError     *error = NULL;
  JsonObject *object = muster_api_response_parse_object (response, &error);

  return object != NULL ? dex_future_new_take_boxed (JSON_TYPE_OBJECT, object)
                        : dex_future_new_for_error (error);
}

static DexFuture *
parse_cb (DexFuture *future, gpointer user_data)
{
  MusterApiResponse *response = g_value_get_object (dex_future_get_value (future, NULL));

  if (g_bytes_get_size (muster_api_response_get_body (response)) < LARGE)
    return parse_fiber (response);
  return muster_fiber_spawn_in_pool (parse_fiber, g_object_ref (response), g_object_unref);
}

DexFuture *
muster_api_call_object (MusterApiClient *client, MusterApiRequest *request)
{
  return dex_future_then (send_and_unref (client, request), parse_cb, NULL, NULL);
}

/* A stored record without its id is of no use to anybody. */
static MusterEntity *
decode_entity (const MusterEntityInfo *info, JsonObject *object, GError **error)
{
  g_autoptr (MusterEntity) entity = muster_entity_new_from_json (info, object, error);

  if (entity == NULL || (info->flags & MUSTER_ENTITY_TRANSIENT) ||
      muster_entity_get_id (entity) != NULL)
    return g_steal_pointer (&entity);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "a %s of the daemon has no id",
               info->name);
  return NULL;
}

static DexFuture *
entity_cb (DexFuture *future, gpointer info)
{
  GError       *error = NULL;
  MusterEntity *entity =
    decode_entity (info, g_value_get_boxed (dex_future_get_value (future, NULL)), &error);

  return entity != NULL ? dex_future_new_take_object (entity) : dex_future_new_for_error (error);
}

DexFuture *
muster_api_call_entity (MusterApiClient        *client,
                        MusterApiRequest       *request,
                        const MusterEntityInfo *info)
{
  return dex_future_then (muster_api_call_object (client, request), entity_cb, (gpointer)info,
                          NULL);
}

typedef struct
{
  GType            item_type;
  MusterApiRowFunc make_row;
  gconstpointer    data;
} Rows;

static DexFuture *
rows_cb (DexFuture *future, gpointer user_data)
{
  Rows          *rows = user_data;
  GError        *error = NULL;
  JsonObject    *object = g_value_get_boxed (dex_future_get_value (future, NULL));
  MusterApiPage *page =
    muster_api_page_new_from_json (object, rows->item_type, rows->make_row, rows->data, &error);

  return page != NULL ? dex_future_new_take_object (page) : dex_future_new_for_error (error);
}

static DexFuture *
call_rows (MusterApiClient *client, MusterApiRequest *request, Rows rows)
{
  return dex_future_then (muster_api_call_object (client, request), rows_cb,
                          g_memdup2 (&rows, sizeof rows), g_free);
}

static GObject *
make_entity (JsonObject *row, gconstpointer info, GError **error)
{
  return (GObject *)decode_entity (info, row, error);
}

DexFuture *
muster_api_call_page (MusterApiClient          *client,
                      MusterApiRequest         *request,
                      const MusterApiListQuery *query,
                      const MusterEntityInfo   *info)
{
  muster_api_request_add_list_query (request, query);
  return call_rows (client, request, (Rows){ info->get_type (), make_entity, info });
}

DexFuture *
muster_api_call_update (MusterApiClient        *client,
                        MusterApiRequest       *request,
                        JsonObject             *changes,
                        gint64                  revision,
                        const MusterEntityInfo *info)
{
  muster_api_request_take_object (request, changes);
  muster_api_request_set_revision (request, revision);
  return muster_api_call_entity (client, request, info);
}

DexFuture *
muster_api_call_delete (MusterApiClient *client, MusterApiRequest *request, gint64 revision)
{
  muster_api_request_set_revision (request, revision);
  return muster_api_call_done (client, request);
}

/* Another attempt is for the person to decide: each counts against the device's patience. */
DexFuture *
muster_api_call_adopt (MusterApiClient *client, MusterApiRequest *request, JsonObject *body)
{
  muster_api_request_set_deadline (request, PAIRING_MILLISECONDS);
  muster_api_request_set_single (request, TRUE);
  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, &muster_device_info);
}

DexFuture *
muster_api_call_rows (MusterApiClient  *client,
                      MusterApiRequest *request,
                      GType             item_type,
                      MusterApiRowFunc  make_row)
{
  return call_rows (client, request, (Rows){ item_type, make_row, NULL });
}

static DexFuture *
ids_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  JsonArray *array =
    muster_api_json_get_array (g_value_get_boxed (dex_future_get_value (future, NULL)), "ids");

  if (array == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                                  "the daemon's answer has no “ids”");
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                                      "the daemon's answer: /ids/%u: is not text", i);
      g_strv_builder_add (ids, json_node_get_string (node));
    }
  return dex_future_new_take_boxed (G_TYPE_STRV, g_strv_builder_end (ids));
}

DexFuture *
muster_api_call_ids (MusterApiClient *client, MusterApiRequest *request)
{
  return dex_future_then (muster_api_call_object (client, request), ids_cb, NULL, NULL);
}

static DexFuture *
bytes_cb (DexFuture *future, gpointer user_data)
{
  MusterApiResponse *response = g_value_get_object (dex_future_get_value (future, NULL));

  return dex_future_new_take_boxed (G_TYPE_BYTES,
                                    g_bytes_ref (muster_api_response_get_body (response)));
}

DexFuture *
muster_api_call_bytes (MusterApiClient *client, MusterApiRequest *request)
{
  return dex_future_then (send_and_unref (client, request), bytes_cb, NULL, NULL);
}

static DexFuture *
done_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_true ();
}

DexFuture *
muster_api_call_done (MusterApiClient *client, MusterApiRequest *request)
{
  return dex_future_then (send_and_unref (client, request), done_cb, NULL, NULL);
}

void
muster_api_request_add_list_query (MusterApiRequest *self, const MusterApiListQuery *query)
{
  if (query == NULL)
    return;
  muster_api_request_add_query (self, "q", query->q);
  muster_api_request_add_query (self, "sort", query->sort);
  muster_api_request_add_query (self, "cursor", query->cursor);
  if (query->limit > 0)
    muster_api_request_add_query_integer (self, "limit", query->limit);
  for (unsigned i = 0; query->filters != NULL && query->filters[i] != NULL; i += 2)
    muster_api_request_add_query (self, query->filters[i], query->filters[i + 1]);
}

JsonObject *
muster_api_make_object (const char *name, ...)
{
  JsonObject *object = json_object_new ();
  va_list     values;

  va_start (values, name);
  for (; name != NULL; name = va_arg (values, const char *))
    {
      const char *value = va_arg (values, const char *);

      if (value != NULL)
        json_object_set_string_member (object, name, value);
    }
  va_end (values);
  return object;
}

JsonObject *
muster_api_make_body (MusterEntity *entity)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  g_autoptr (GString) json = g_string_new ("{");
  g_autoptr (JsonNode) node = NULL;

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];
      const MusterValue *value = muster_entity_peek (entity, i);

      if ((field->flags & MUSTER_FIELD_READ_ONLY) || value->is_null)
        continue;
      if (json->len > 1)
        g_string_append_c (json, ',');
      muster_json_append_string (json, field->name, -1);
      g_string_append_c (json, ':');
      muster_field_encode_value (field, value, json);
    }
  g_string_append_c (json, '}');
  node = json_from_string (json->str, NULL);
  return json_node_dup_object (node);
}
