/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-overview-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-resource.h"

#define N_EVENTS 20

/* Appends how many devices have each value of the field: {"in_stock":3,…}. */
static gboolean
append_counts (MusterTransaction *transaction,
               const char        *field,
               const MusterEnum  *values,
               GString           *json,
               GError           **error)
{
  g_string_append_c (json, '{');
  for (unsigned i = 0; i < muster_enum_get_count (values); i++)
    {
      g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
      gint64 count = 0;

      muster_query_where (query, field, muster_enum_get_nick (values, i));
      count = muster_transaction_count (transaction, query, error);
      if (count < 0)
        return FALSE;
      g_string_append_printf (json, "%s\"%s\":%" G_GINT64_FORMAT, i > 0 ? "," : "",
                              muster_enum_get_nick (values, i), count);
    }
  g_string_append_c (json, '}');
  return TRUE;
}

static gboolean
append_events (MusterTransaction *transaction, GString *json, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_event_info);
  g_autoptr (GPtrArray) events = NULL;

  muster_query_set_limit (query, N_EVENTS);
  events = muster_transaction_select (transaction, query, error);
  if (events == NULL)
    return FALSE;
  g_string_append_c (json, '[');
  for (guint i = 0; i < events->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      muster_entity_encode (events->pdata[i], json);
    }
  g_string_append_c (json, ']');
  return TRUE;
}

/* What the records say, from one snapshot; left open for what memory adds. */
static gboolean
read_overview (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) all = muster_query_new (&muster_device_info);
  g_autoptr (GString) json = g_string_new (NULL);
  gint64 total = muster_transaction_count (transaction, all, error);

  if (total < 0)
    return FALSE;
  g_string_append_printf (json,
                          "{\"devices\":{\"total\":%" G_GINT64_FORMAT ",\"by_status\":", total);
  if (!append_counts (transaction, "status", &muster_device_status_enum, json, error))
    return FALSE;
  g_string_append (json, ",\"by_adoption\":");
  if (!append_counts (transaction, "adoption", &muster_adoption_enum, json, error))
    return FALSE;
  g_string_append (json, "},\"events\":");
  if (!append_events (transaction, json, error))
    return FALSE;
  g_value_init (result, G_TYPE_STRING);
  g_value_take_string (result, g_string_free_and_steal (g_steal_pointer (&json)));
  return TRUE;
}

static void
append_live (const MusterDeviceParts *parts, GString *json)
{
  MusterDeviceRegistry *registry = muster_device_service_get_registry (parts->devices);

  g_string_append (json, ",\"by_live_state\":{");
  for (unsigned i = 0; i < muster_enum_get_count (&muster_live_state_enum); i++)
    g_string_append_printf (json, "%s\"%s\":%u", i > 0 ? "," : "",
                            muster_enum_get_nick (&muster_live_state_enum, i),
                            muster_device_registry_count (registry, i));
  g_string_append_c (json, '}');
}

/* Of the past: what memory adds to the present is read from the records, or was not written down.
 */
static gboolean
read_past (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_auto (GValue) records = G_VALUE_INIT;
  g_autoptr (GString) json = NULL;

  if (!read_overview (transaction, data, &records, error))
    return FALSE;
  json = g_string_new (g_value_get_string (&records));
  g_string_append (json, ",\"by_live_state\":");
  if (!append_counts (transaction, "live_state", &muster_live_state_enum, json, error))
    return FALSE;
  g_string_append (json, ",\"samples_per_second\":0,\"unknown_nodes\":[]}");
  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, g_string_free_to_bytes (g_steal_pointer (&json)));
  return TRUE;
}

static DexFuture *
respond_past_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_bytes (200, "application/json",
                               g_value_get_boxed (dex_future_get_value (future, NULL))));
}

static DexFuture *
overview_fiber (gpointer user_data)
{
  const MusterDeviceParts *parts = muster_device_parts_holder_get (user_data);
  MusterDatabase          *database =
    muster_repository_get_database (muster_device_service_get_repository (parts->devices));
  g_autofree char *records = NULL;
  g_autoptr (GVariant) stats = NULL;
  GString *json = NULL;
  GError  *error = NULL;
  double   rate = 0;

  records = dex_await_string (muster_database_read (database, read_overview, NULL, NULL), &error);
  if (records == NULL)
    return dex_future_new_for_error (error);
  stats = dex_await_variant (muster_sample_store_get_stats (
                               muster_telemetry_get_store (parts->telemetry)),
                             &error);
  if (stats == NULL)
    return dex_future_new_for_error (error);
  g_variant_lookup (stats, "appended-per-second", "d", &rate);
  json = g_string_new (records);
  append_live (parts, json);
  g_string_append (json, ",\"samples_per_second\":");
  muster_json_append_double (json, rate);
  g_string_append (json, ",\"unknown_nodes\":");
  muster_node_service_encode_unknown (parts->nodes, json);
  g_string_append_c (json, '}');
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_overview (MusterRequest *request, gpointer user_data)
{
  const MusterDeviceParts *parts = muster_device_parts_holder_get (user_data);
  gint64                   as_of = muster_request_get_as_of (request);

  if (as_of != 0)
    return dex_future_then (muster_database_read_as_of (muster_repository_get_database (
                                                          muster_device_service_get_repository (
                                                            parts->devices)),
                                                        as_of, read_past, NULL, NULL),
                            respond_past_cb, NULL, NULL);
  return dex_scheduler_spawn (NULL, 0, overview_fiber, g_object_ref (user_data), g_object_unref);
}

/* clang-format off */
static const MusterField fields[] = {
  { "devices", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Devices"), .doc = "{total, by_status, by_adoption}: counts." },
  { "by_live_state", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Live states"), .doc = "{unknown, online, offline}: counts." },
  { "samples_per_second", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_REQUIRED, .unit = "1/s", .label = N_("Samples a second"), .doc = "Stored, over the last seconds." },
  { "events", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Events"), .doc = "The newest device events, newest first." },
  { "unknown_nodes", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Unknown nodes"), .doc = "Array of {group_id, node_id, first_seen, last_seen, messages}: Sparkplug nodes that speak, but that no record knows." },
};
static const MusterShape shape = { .schema = "Overview", .doc = "The site at a glance.", .fields = fields, .n_fields = G_N_ELEMENTS (fields) };
static const MusterRoute routes[] = {
  { "GET", "/overview", "getOverview", "devices", "The site at a glance", get_overview, MUSTER_ROUTE_PAST, .response = &shape },
};
/* clang-format on */

void
muster_overview_resource_add (MusterRouter *router, const MusterDeviceParts *parts)
{
  g_autoptr (MusterDevicePartsHolder) holder = muster_device_parts_holder_new (parts);

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (holder));
}
