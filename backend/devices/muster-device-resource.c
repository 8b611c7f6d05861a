/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "model/muster-label-secret.h"
#include "model/muster-metric.h"
#include "model/muster-time.h"
#include "muster-device-resource.h"

static MusterRepository *
get_repository (gpointer holder)
{
  return muster_device_service_get_repository (muster_device_parts_holder_get (holder)->devices);
}

static MusterDeviceRegistry *
get_registry (gpointer holder)
{
  return muster_device_service_get_registry (muster_device_parts_holder_get (holder)->devices);
}

/* --- records --- */

/* The label secret in the one form in which it is kept: (transfer full); NULL with ERROR. */
static char *
normalize_secret (const char *text, GError **error)
{
  guint8 secret[MUSTER_LABEL_SECRET_LENGTH];
  char  *normal = NULL;

  if (!muster_label_secret_parse (text, secret, error))
    return NULL;
  normal = muster_label_secret_format (secret);
  sodium_memzero (secret, sizeof secret);
  return normal;
}

static DexFuture *
respond_created_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (201, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
create_device (MusterRequest *request, gpointer user_data)
{
  MusterEntity    *device = muster_request_get_entity (request);
  const char      *secret = muster_entity_get_string (device, "secret");
  g_autofree char *operation =
    g_strdup_printf ("Add %s", muster_entity_get_string (device, "name"));

  if (secret != NULL)
    {
      GError          *error = NULL;
      g_autofree char *normal = normalize_secret (secret, &error);

      if (normal == NULL)
        return dex_future_new_for_error (error);
      muster_entity_set_string (device, "secret", normal);
    }
  return dex_future_then (muster_repository_insert (get_repository (user_data),
                                                    muster_request_get_actor (request), operation,
                                                    device),
                          respond_created_cb, NULL, NULL);
}

static DexFuture *
patch_device (MusterRequest *request, gpointer user_data, const char *operation, JsonObject *object)
{
  return dex_future_then (muster_repository_patch (get_repository (user_data),
                                                   muster_request_get_actor (request), operation,
                                                   &muster_device_info,
                                                   muster_request_get_path_param (request, "id"),
                                                   object,
                                                   muster_request_get_expected_revision (request)),
                          muster_device_respond_entity_cb, NULL, NULL);
}

static char *
describe_device (MusterRequest *request, gpointer user_data, const char *verb)
{
  const MusterDeviceBrief *brief =
    muster_device_registry_get_brief (get_registry (user_data),
                                      muster_request_get_path_param (request, "id"));

  return g_strdup_printf ("%s %s", verb, brief != NULL ? brief->name : "device");
}

/* A shallow copy that may be changed, as the request's own may not. */
static JsonObject *
copy_object (JsonObject *object)
{
  JsonObject    *copy = json_object_new ();
  JsonObjectIter iter;
  const char    *name = NULL;
  JsonNode      *node = NULL;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    json_object_set_member (copy, name, json_node_copy (node));
  return copy;
}

/* The broker lets a device speak as nothing but the node of its account. */
static gboolean
check_node (MusterRequest *request, gpointer user_data, GError **error)
{
  JsonObject              *object = json_node_get_object (muster_request_get_json (request));
  const MusterDeviceBrief *brief =
    muster_device_registry_get_brief (get_registry (user_data),
                                      muster_request_get_path_param (request, "id"));

  if (brief == NULL || brief->adoption != MUSTER_ADOPTION_ADOPTED ||
      !json_object_has_member (object, "node_id") ||
      g_strcmp0 (muster_device_get_member (request, "node_id"), brief->node_id) == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
               "node_id is bound to the account of %s: release it first", brief->name);
  return FALSE;
}

static DexFuture *
update_device (MusterRequest *request, gpointer user_data)
{
  JsonObject      *object = json_node_get_object (muster_request_get_json (request));
  const char      *secret = muster_device_get_member (request, "secret");
  g_autofree char *operation = describe_device (request, user_data, "Change");
  g_autoptr (JsonObject) copy = NULL;
  g_autofree char *normal = NULL;
  GError          *error = NULL;

  if (!check_node (request, user_data, &error))
    return dex_future_new_for_error (error);
  if (secret == NULL)
    return patch_device (request, user_data, operation, object);
  normal = normalize_secret (secret, &error);
  if (normal == NULL)
    return dex_future_new_for_error (error);
  copy = copy_object (object);
  json_object_set_string_member (copy, "secret", normal);
  return patch_device (request, user_data, operation, copy);
}

static DexFuture *
respond_deleted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static DexFuture *
delete_device (MusterRequest *request, gpointer user_data)
{
  g_autofree char *operation = describe_device (request, user_data, "Delete");

  return dex_future_then (muster_repository_delete (get_repository (user_data),
                                                    muster_request_get_actor (request), operation,
                                                    &muster_device_info,
                                                    muster_request_get_path_param (request, "id"),
                                                    muster_request_get_expected_revision (request)),
                          respond_deleted_cb, NULL, NULL);
}

/* --- status --- */

/* {"status","adoption","live":{"state","since","proofs"}} */
static DexFuture *
respond_status_cb (DexFuture *future, gpointer user_data)
{
  MusterEntity   *device = g_value_get_object (dex_future_get_value (future, NULL));
  GString        *json = g_string_new (NULL);
  MusterResponse *response = NULL;

  g_string_append_printf (json, "{\"status\":\"%s\",\"adoption\":\"%s\",\"live\":",
                          muster_entity_get_string (device, "status"),
                          muster_entity_get_string (device, "adoption"));
  muster_device_registry_encode_live (user_data, muster_entity_get_id (device), json);
  g_string_append_c (json, '}');
  response = muster_response_new_json (200, json);
  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

/* Which proofs there were, nobody knows any more. */
static DexFuture *
respond_past_status_cb (DexFuture *future, gpointer user_data)
{
  GPtrArray *found = g_value_get_boxed (dex_future_get_value (future, NULL));
  GString   *json = g_string_new (NULL);

  if (found->len == 0)
    {
      g_string_free (json, TRUE);
      return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                    "the device was not there at that time");
    }
  g_string_append_printf (json,
                          "{\"status\":\"%s\",\"adoption\":\"%s\",\"live\":{\"state\":\"%s\","
                          "\"since\":null,\"proofs\":[]}}",
                          muster_entity_get_string (found->pdata[0], "status"),
                          muster_entity_get_string (found->pdata[0], "adoption"),
                          muster_entity_get_string (found->pdata[0], "live_state"));
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_past_status (MusterRequest *request, MusterRepository *repository)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);

  muster_query_where (query, "id", muster_request_get_path_param (request, "id"));
  muster_query_set_as_of (query, muster_request_get_as_of (request));
  return dex_future_then (muster_repository_select (repository, query), respond_past_status_cb,
                          NULL, NULL);
}

static DexFuture *
get_status (MusterRequest *request, gpointer user_data)
{
  if (muster_request_get_as_of (request) != 0)
    return get_past_status (request, get_repository (user_data));
  return dex_future_then (muster_repository_get (get_repository (user_data), &muster_device_info,
                                                 muster_request_get_path_param (request, "id")),
                          respond_status_cb, g_object_ref (get_registry (user_data)),
                          g_object_unref);
}

static DexFuture *
put_status (MusterRequest *request, gpointer user_data)
{
  g_autofree char *operation = describe_device (request, user_data, "Set the status of");

  return patch_device (request, user_data, operation,
                       json_node_get_object (muster_request_get_json (request)));
}

/* --- events --- */

static DexFuture *
reject_unknown_device (const char *id)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s", id);
}

static DexFuture *
list_of_device (MusterRequest *request, gpointer user_data)
{
  const char *id = muster_request_get_path_param (request, "id");

  if (muster_request_get_as_of (request) == 0 &&
      muster_device_registry_get_brief (get_registry (user_data), id) == NULL)
    return reject_unknown_device (id);
  muster_query_where (muster_request_get_query (request), "device_id", id);
  return muster_handle_list (request, get_repository (user_data));
}

static DexFuture *
post_event (MusterRequest *request, gpointer user_data)
{
  const char  *id = muster_request_get_path_param (request, "id");
  MusterActor *actor = muster_request_get_actor (request);
  JsonObject  *object = json_node_get_object (muster_request_get_json (request));
  g_autoptr (MusterEntity) event = muster_entity_new (&muster_device_event_info);
  g_autofree char *data = NULL;
  const char      *severity = json_object_get_string_member_with_default (object, "severity", NULL);

  if (muster_actor_get_kind (actor) == MUSTER_ACTOR_DEVICE &&
      g_strcmp0 (muster_actor_get_id (actor), id) != 0)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                                  "a device may tell of itself alone");
  if (muster_device_registry_get_brief (get_registry (user_data), id) == NULL)
    return reject_unknown_device (id);
  if (json_object_has_member (object, "data") && !json_object_get_null_member (object, "data"))
    data = json_to_string (json_object_get_member (object, "data"), FALSE);
  muster_entity_set_string (event, "device_id", id);
  muster_entity_set_string (event, "kind", muster_device_get_member (request, "kind"));
  muster_entity_set_string (event, "message", muster_device_get_member (request, "message"));
  muster_entity_set_string (event, "data", data);
  if (severity != NULL)
    muster_entity_set_string (event, "severity", severity);
  muster_device_event_log_append_event (muster_device_registry_get_event_log (
                                          get_registry (user_data)),
                                        event);
  return dex_future_then (muster_device_event_log_flush (
                            muster_device_registry_get_event_log (get_registry (user_data))),
                          respond_deleted_cb, NULL, NULL);
}

/* --- metrics --- */

typedef struct
{
  MusterRepository  *repository;
  MusterSampleStore *store;
  char              *device_id;
  gboolean           is_offline;
  gint64             as_of;
} MetricsCall;

static void
metrics_call_free (gpointer data)
{
  MetricsCall *call = data;

  g_object_unref (call->repository);
  g_object_unref (call->store);
  g_free (call->device_id);
  g_free (call);
}

/* The last that a device said before it went is stale, whatever it said of it (Sparkplug 3.0,
 * chapter 5, "operational behavior"). */
static void
append_latest (const MusterSample *sample, gboolean is_offline, GString *json)
{
  char        time[MUSTER_TIME_TEXT_LENGTH + 1];
  const char *quality = "good";

  if (sample->flags & MUSTER_SAMPLE_BAD)
    quality = "bad";
  else if (is_offline || (sample->flags & MUSTER_SAMPLE_STALE))
    quality = "stale";

  g_string_append_printf (json,
                          "{\"time\":\"%s\",\"value\":", muster_time_format (sample->time, time));
  muster_sample_encode_value (sample, json);
  g_string_append_printf (json, ",\"quality\":\"%s\"}", quality);
}

/* The record with one member more. */
static void
append_metric (MusterEntity       *metric,
               const MusterSample *samples,
               unsigned            n_samples,
               gboolean            is_offline,
               GString            *json)
{
  const char         *name = muster_entity_get_string (metric, "name");
  const MusterSample *latest = NULL;

  /* In order of time. */
  for (unsigned i = 0; i < n_samples; i++)
    if (g_str_equal (samples[i].metric, name))
      latest = &samples[i];
  muster_entity_encode (metric, json);
  g_string_truncate (json, json->len - 1);
  g_string_append (json, ",\"latest\":");
  if (latest != NULL)
    append_latest (latest, is_offline, json);
  else
    g_string_append (json, "null");
  g_string_append_c (json, '}');
}

/* The same id for the same metric, though there is no record that has it. */
static void
set_made_up_id (MusterEntity *metric)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char      *device_id = muster_entity_get_string (metric, "device_id");
  const char      *name = muster_entity_get_string (metric, "name");
  const char      *hex;
  g_autofree char *id = NULL;

  g_checksum_update (checksum, (const guchar *)device_id, -1);
  g_checksum_update (checksum, (const guchar *)name, -1);
  hex = g_checksum_get_string (checksum);
  /* RFC 9562: version 8, made as one likes. */
  id = g_strdup_printf ("%.8s-%.4s-8%.3s-8%.3s-%.12s", hex, hex + 8, hex + 12, hex + 15, hex + 18);
  muster_entity_set_string (metric, "id", id);
}

/* What a sample tells of a metric that no birth declares: it came by HTTP, say. It has no record:
 * revision 0. */
static MusterEntity *
make_undeclared (const char *device_id, const MusterSample *sample)
{
  MusterEntity  *metric = muster_entity_new (&muster_metric_info);
  MusterDatatype datatype = sample->type == MUSTER_SAMPLE_INTEGER   ? MUSTER_DATATYPE_INT64
                            : sample->type == MUSTER_SAMPLE_BOOLEAN ? MUSTER_DATATYPE_BOOLEAN
                            : sample->type == MUSTER_SAMPLE_STRING  ? MUSTER_DATATYPE_STRING
                                                                    : MUSTER_DATATYPE_DOUBLE;

  muster_entity_set_string (metric, "device_id", device_id);
  muster_entity_set_string (metric, "name", sample->metric);
  muster_entity_set_enum (metric, "datatype", datatype);
  muster_entity_set_integer (metric, "created_at", sample->time);
  muster_entity_set_integer (metric, "updated_at", sample->time);
  set_made_up_id (metric);
  return metric;
}

/* Adds to METRICS what has samples and no record. */
static void
add_undeclared (GPtrArray          *metrics,
                const char         *device_id,
                const MusterSample *samples,
                unsigned            n_samples)
{
  g_autoptr (GHashTable) declared = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < metrics->len; i++)
    g_hash_table_add (declared, (char *)muster_entity_get_string (metrics->pdata[i], "name"));
  for (unsigned i = 0; i < n_samples; i++)
    if (g_hash_table_add (declared, (char *)samples[i].metric))
      g_ptr_array_add (metrics, make_undeclared (device_id, &samples[i]));
}

/* Of the past: the last of each metric before the moment, from the shortest stretch that has any.
 * Whoever goes through time asks for it at every step. */
static GPtrArray *
await_latest (MetricsCall *call, GError **error)
{
  static const gint64 reaches[] = { 3600, 7 * 86400, 366 * 86400 }; /* seconds */
  const char *const   ids[] = { call->device_id, NULL };

  if (call->as_of == 0)
    return dex_await_boxed (muster_sample_store_query_latest (call->store, ids), error);
  for (unsigned i = 0; i < G_N_ELEMENTS (reaches); i++)
    {
      MusterSampleQuery query = { .device_id = call->device_id, .to = call->as_of };
      g_autoptr (GPtrArray) batches = NULL;
      unsigned n_samples = 0;

      query.from = MAX (call->as_of - reaches[i] * G_USEC_PER_SEC, 0);
      /* The first, least, greatest and last. */
      query.points = 4;
      batches = dex_await_boxed (muster_sample_store_query_range (call->store, &query), error);
      if (batches == NULL)
        return NULL;
      if (batches->len > 0)
        muster_sample_batch_get (batches->pdata[0], &n_samples);
      if (n_samples > 0)
        return g_steal_pointer (&batches);
    }
  return g_ptr_array_new_with_free_func (g_object_unref);
}

static DexFuture *
list_metrics_fiber (gpointer user_data)
{
  MetricsCall *call = user_data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (GPtrArray) metrics = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  const MusterSample *samples = NULL;
  unsigned            n_samples = 0;
  GString            *json = NULL;
  GError             *error = NULL;

  muster_query_where (query, "device_id", call->device_id);
  muster_query_set_sort (query, "name");
  muster_query_set_limit (query, 0);
  muster_query_set_as_of (query, call->as_of);
  metrics = dex_await_boxed (muster_repository_select (call->repository, query), &error);
  if (metrics == NULL || (batches = await_latest (call, &error)) == NULL)
    return dex_future_new_for_error (error);
  if (batches->len > 0)
    samples = muster_sample_batch_get (batches->pdata[0], &n_samples);
  add_undeclared (metrics, call->device_id, samples, n_samples);
  json = g_string_new ("{\"items\":[");
  for (guint i = 0; i < metrics->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      append_metric (metrics->pdata[i], samples, n_samples, call->is_offline, json);
    }
  g_string_append_printf (json, "],\"total\":%u,\"next\":null}", metrics->len);
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
list_metrics (MusterRequest *request, gpointer user_data)
{
  const char              *id = muster_request_get_path_param (request, "id");
  const MusterDeviceBrief *brief = muster_device_registry_get_brief (get_registry (user_data), id);
  MetricsCall             *call = NULL;

  if (brief == NULL && muster_request_get_as_of (request) == 0)
    return reject_unknown_device (id);
  call = g_new0 (MetricsCall, 1);
  call->repository = g_object_ref (get_repository (user_data));
  call->store = g_object_ref (
    muster_telemetry_get_store (muster_device_parts_holder_get (user_data)->telemetry));
  call->device_id = g_strdup (id);
  call->as_of = muster_request_get_as_of (request);
  call->is_offline = call->as_of == 0 && brief->live_state == MUSTER_LIVE_OFFLINE;
  return dex_scheduler_spawn (NULL, 0, list_metrics_fiber, call, metrics_call_free);
}

/* --- the table --- */

/* clang-format off */
static const MusterField status_fields[] = {
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_device_status_enum, .label = N_("Status"), .doc = "Where it is in its life." },
};
static const MusterField live_fields[] = {
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_device_status_enum, .label = N_("Status"), .doc = "Where it is in its life." },
  { "adoption", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_adoption_enum, .label = N_("Adoption"), .doc = "Whether it holds an account of the site's broker." },
  { "live", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Live state"), .doc = "{state, since, proofs: [{kind, at, age_ms, fresh, detail}]}: how it is known." },
};
static const MusterField event_fields[] = {
  { "kind", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Event"), .doc = "What happened, as a word." },
  { "severity", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_severity_enum, .label = N_("Severity"), .doc = "How much it matters." },
  { "message", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Message"), .doc = "One sentence for a person." },
  { "data", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Data"), .doc = "Details for a program." },
};

static const MusterShape device_shape = { .doc = "A device.", .entity = &muster_device_info };
static const MusterShape devices_shape = { .doc = "Devices.", .entity = &muster_device_info, .list = TRUE };
static const MusterShape status_shape = { .schema = "DeviceStatusChange", .doc = "The new status.", .fields = status_fields, .n_fields = G_N_ELEMENTS (status_fields) };
static const MusterShape live_shape = { .schema = "DeviceLive", .doc = "Status, adoption and life of a device.", .fields = live_fields, .n_fields = G_N_ELEMENTS (live_fields) };
static const MusterShape events_shape = { .doc = "Events.", .entity = &muster_device_event_info, .list = TRUE };
static const MusterShape event_shape = { .schema = "NewDeviceEvent", .doc = "Something that happened.", .fields = event_fields, .n_fields = G_N_ELEMENTS (event_fields) };
static const MusterShape metrics_shape = { .doc = "Metrics, each with its newest sample as `latest` {time, value, quality}, or null. One that was never declared and only has samples has no record: its revision is 0.", .entity = &muster_metric_info, .list = TRUE };

static const MusterRoute record_routes[] = {
  { "GET", "/devices", "listDevices", "devices", "List devices", muster_handle_list, MUSTER_ROUTE_LIST, .response = &devices_shape },
  { "GET", "/devices/ids", "listDeviceIds", "devices", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &devices_shape },
  { "GET", "/devices/{id:uuid}", "getDevice", "devices", "One device", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &device_shape },
};

static const MusterRoute routes[] = {
  { "POST", "/devices", "createDevice", "devices", "Add a device", create_device, MUSTER_ROUTE_PLAIN, .request = &device_shape, .response = &device_shape, .status = 201 },
  { "PUT", "/devices/{id:uuid}", "updateDevice", "devices", "Change a device", update_device, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &device_shape, .response = &device_shape },
  { "DELETE", "/devices/{id:uuid}", "deleteDevice", "devices", "Delete a device with its account, metrics and memberships", delete_device, MUSTER_ROUTE_UPDATE },
  { "GET", "/devices/{id:uuid}/status", "getDeviceStatus", "devices", "Status and live state with its proofs", get_status, MUSTER_ROUTE_PAST, .response = &live_shape },
  { "PUT", "/devices/{id:uuid}/status", "setDeviceStatus", "devices", "Go to another status", put_status, MUSTER_ROUTE_UPDATE, .request = &status_shape, .response = &device_shape },
  { "GET", "/devices/{id:uuid}/events", "listDeviceEvents", "devices", "What happened to a device", list_of_device, MUSTER_ROUTE_LIST, .response = &events_shape },
  { "POST", "/devices/{id:uuid}/events", "addDeviceEvent", "devices", "Tell of something that happened to a device", post_event, MUSTER_ROUTE_DEVICE, .request = &event_shape },
  { "GET", "/devices/{id:uuid}/metrics", "listDeviceMetrics", "devices", "What a device reports, with the newest values", list_metrics, MUSTER_ROUTE_PAST, .response = &metrics_shape },
};
/* clang-format on */

void
muster_device_resource_add (MusterRouter *router, const MusterDeviceParts *parts)
{
  g_autoptr (MusterDevicePartsHolder) holder = muster_device_parts_holder_new (parts);

  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (get_repository (holder)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (holder));
}
