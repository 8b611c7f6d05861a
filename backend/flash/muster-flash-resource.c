/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "muster-flash-resource.h"

static const char *
get_id (MusterRequest *request)
{
  return muster_request_get_path_param (request, "id");
}

static DexFuture *
respond_entity_cb (DexFuture *future, gpointer status)
{
  return muster_response_resolve (
    muster_response_new_entity (GPOINTER_TO_UINT (status),
                                g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
respond_entity (DexFuture *future, unsigned status)
{
  return dex_future_then (future, respond_entity_cb, GUINT_TO_POINTER (status), NULL);
}

/* Takes JSON. */
static DexFuture *
respond_json (char *json)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (json, strlen (json));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

static DexFuture *
list_records (MusterRequest *request, gpointer flash)
{
  return muster_handle_list (request, muster_flash_service_get_repository (flash));
}

static DexFuture *
list_record_ids (MusterRequest *request, gpointer flash)
{
  return muster_handle_list_ids (request, muster_flash_service_get_repository (flash));
}

static DexFuture *
get_record (MusterRequest *request, gpointer flash)
{
  return muster_handle_get (request, muster_flash_service_get_repository (flash));
}

/* The texts of the array `ports`; what is no text counts as an empty one, which is refused in its
 * place. (transfer full) */
static char **
read_ports (JsonObject *members)
{
  JsonNode  *node = json_object_get_member (members, "ports");
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) ports = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      g_strv_builder_add (ports, JSON_NODE_HOLDS_VALUE (item) &&
                                     json_node_get_value_type (item) == G_TYPE_STRING
                                   ? json_node_get_string (item)
                                   : "");
    }
  return g_strv_builder_end (ports);
}

static JsonObject *
get_members (MusterRequest *request)
{
  return json_node_get_object (muster_request_get_json (request));
}

static DexFuture *
create_batch (MusterRequest *request, gpointer flash)
{
  JsonObject *given = get_members (request);
  g_autoptr (JsonObject) members = json_object_new ();
  g_autoptr (MusterEntity) batch = muster_entity_new (&muster_flash_batch_info);
  g_auto (GStrv) ports = read_ports (given);
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *node = NULL;
  GError        *error = NULL;

  json_object_iter_init (&iter, given);
  while (json_object_iter_next (&iter, &name, &node))
    if (!g_str_equal (name, "ports"))
      json_object_set_member (members, name, json_node_copy (node));
  if (!muster_entity_decode (batch, members, MUSTER_DECODE_CREATE, "", &error))
    return dex_future_new_for_error (error);
  return respond_entity (muster_flash_service_create (flash, muster_request_get_actor (request),
                                                      batch, (const char *const *)ports, NULL),
                         201);
}

static DexFuture *
add_runs (MusterRequest *request, gpointer flash)
{
  g_auto (GStrv) ports = read_ports (get_members (request));

  return respond_entity (muster_flash_service_add (flash, muster_request_get_actor (request),
                                                   get_id (request), (const char *const *)ports,
                                                   NULL),
                         200);
}

static DexFuture *
retry_batch (MusterRequest *request, gpointer flash)
{
  return respond_entity (muster_flash_service_retry (flash, muster_request_get_actor (request),
                                                     get_id (request)),
                         200);
}

static DexFuture *
cancel_batch (MusterRequest *request, gpointer flash)
{
  return respond_entity (muster_flash_service_cancel (flash, muster_request_get_actor (request),
                                                      get_id (request)),
                         200);
}

/* --- logs --- */

typedef struct
{
  MusterFlashService *flash; /* (owned) */
  char               *id;
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_object_unref (self->flash);
  g_free (self->id);
  g_free (self);
}

static DexFuture *
respond_log_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_bytes (200, "text/plain",
                               g_value_get_boxed (dex_future_get_value (future, NULL))));
}

/* Once it is known that there is such a run. */
static DexFuture *
read_log_cb (DexFuture *future, gpointer user_data)
{
  Call *call = user_data;

  return dex_future_then (muster_flash_service_read_log (call->flash, call->id), respond_log_cb,
                          NULL, NULL);
}

static DexFuture *
get_log (MusterRequest *request, gpointer flash)
{
  Call *call = g_new0 (Call, 1);

  call->flash = g_object_ref (flash);
  call->id = g_strdup (get_id (request));
  return dex_future_then (muster_repository_get_json (muster_flash_service_get_repository (flash),
                                                      &muster_flash_run_info, call->id),
                          read_log_cb, call, call_free);
}

/* --- what the machine has --- */

static DexFuture *
list_tools (MusterRequest *request, gpointer flash)
{
  return respond_json (muster_flash_service_encode_tools (flash));
}

static DexFuture *
list_ports (MusterRequest *request, gpointer flash)
{
  return respond_json (muster_flash_service_encode_ports (flash));
}

/* clang-format off */
static const MusterField new_fields[] = {
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "artifact_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .references = "firmware_artifact", .label = N_("Firmware"), .doc = "What the boards are given." },
  { "tool", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_flash_tool_enum, .label = N_("Tool"), .doc = "The program that writes it." },
  { "part", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Part"), .doc = "The chip, as the tool calls it." },
  { "programmer", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Programmer"), .doc = "What stands between the machine and the chip, as the tool calls it." },
  { "address", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, 4294967295, .label = N_("Address"), .doc = "Where in the chip's memory it goes." },
  { "ports", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Ports"), .doc = "Array of the ports, each of which has a board." },
};
static const MusterField ports_fields[] = {
  { "ports", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Ports"), .doc = "Array of the ports, each of which has the next board." },
};
static const MusterField items_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_PLAIN, .label = N_("Items"), .doc = "Array of objects." },
};
static const MusterShape new_shape = { .schema = "NewFlashBatch", .doc = "Boards that are to be given firmware.", .fields = new_fields, .n_fields = G_N_ELEMENTS (new_fields) };
static const MusterShape ports_shape = { .schema = "FlashPorts", .doc = "Ports with boards.", .fields = ports_fields, .n_fields = G_N_ELEMENTS (ports_fields) };
static const MusterShape items_shape = { .schema = "FlashItems", .doc = "What the daemon's machine has: tools with tool, program, problem, needs_part and needs_programmer; ports with port, busy, used_by (a phrase that says who has it, or null) and user_id (of that record).", .fields = items_fields, .n_fields = G_N_ELEMENTS (items_fields) };
static const MusterShape log_shape = { .schema = "FlashLog", .doc = "What the tools said.", .media_type = "text/plain" };
static const MusterShape batch_shape = { .doc = "A batch.", .entity = &muster_flash_batch_info };
static const MusterShape batches_shape = { .doc = "Batches.", .entity = &muster_flash_batch_info, .list = TRUE };
static const MusterShape run_shape = { .doc = "A board.", .entity = &muster_flash_run_info };
static const MusterShape runs_shape = { .doc = "Boards.", .entity = &muster_flash_run_info, .list = TRUE };

static const MusterRoute routes[] = {
  { "GET", "/flash-batches", "listFlashBatches", "flash", "Boards that are given firmware over cables", list_records, MUSTER_ROUTE_LIST, .response = &batches_shape },
  { "GET", "/flash-batches/ids", "listFlashBatchIds", "flash", "Every matching id, in order", list_record_ids, MUSTER_ROUTE_IDS, .response = &batches_shape },
  { "POST", "/flash-batches", "createFlashBatch", "flash", "Give the boards at these ports their firmware", create_batch, MUSTER_ROUTE_PLAIN, .request = &new_shape, .response = &batch_shape, .status = 201 },
  { "GET", "/flash-batches/{id:uuid}", "getFlashBatch", "flash", "One batch", get_record, MUSTER_ROUTE_PLAIN, .response = &batch_shape },
  { "POST", "/flash-batches/{id:uuid}/runs", "addFlashRuns", "flash", "Go on with the next boards at these ports", add_runs, MUSTER_ROUTE_PLAIN, .request = &ports_shape, .response = &batch_shape },
  { "POST", "/flash-batches/{id:uuid}/retry-failed", "retryFlashBatch", "flash", "Try again what failed or was cancelled", retry_batch, MUSTER_ROUTE_PLAIN, .response = &batch_shape },
  { "POST", "/flash-batches/{id:uuid}/cancel", "cancelFlashBatch", "flash", "Stop; a board that is being written is left without firmware", cancel_batch, MUSTER_ROUTE_PLAIN, .response = &batch_shape },
  { "GET", "/flash-runs", "listFlashRuns", "flash", "Single boards; of one batch by batch_id", list_records, MUSTER_ROUTE_LIST, .response = &runs_shape },
  { "GET", "/flash-runs/ids", "listFlashRunIds", "flash", "Every matching id, in order", list_record_ids, MUSTER_ROUTE_IDS, .response = &runs_shape },
  { "GET", "/flash-runs/{id:uuid}", "getFlashRun", "flash", "One board", get_record, MUSTER_ROUTE_PLAIN, .response = &run_shape },
  { "GET", "/flash-runs/{id:uuid}/log", "getFlashLog", "flash", "What the tools said while it was written", get_log, MUSTER_ROUTE_PLAIN, .response = &log_shape },
  { "GET", "/flash-tools", "listFlashTools", "flash", "Which tools the daemon's machine has, and what to do about the others", list_tools, MUSTER_ROUTE_PLAIN, .response = &items_shape },
  { "GET", "/flash-ports", "listFlashPorts", "flash", "The serial ports of the daemon's machine", list_ports, MUSTER_ROUTE_PLAIN, .response = &items_shape },
};
/* clang-format on */

void
muster_flash_resource_add (MusterRouter *router, MusterFlashService *flash)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (flash));
}
