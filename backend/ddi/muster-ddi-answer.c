/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-answer"

#include "config.h"

#include <string.h>

#include "muster-ddi-call.h"

#define MAX_HISTORY 100

static void
append_member (GString *json, const char *name, const char *value)
{
  g_string_append_printf (json, "\"%s\":", name);
  muster_json_append_string (json, value, -1);
}

/* --- files --- */

static void
append_link (GString *json, const char *name, const char *href, const char *suffix)
{
  g_autofree char *text = g_strconcat (href, suffix, NULL);

  g_string_append_printf (json, "\"%s\":{", name);
  append_member (json, "href", text);
  g_string_append_c (json, '}');
}

/* All four links, whatever the scheme: some clients look for one pair alone. */
static void
append_links (GString *json, const char *href)
{
  g_string_append (json, ",\"_links\":{");
  append_link (json, "download", href, "");
  g_string_append_c (json, ',');
  append_link (json, "md5sum", href, ".MD5SUM");
  g_string_append_c (json, ',');
  append_link (json, "download-http", href, "");
  g_string_append_c (json, ',');
  append_link (json, "md5sum-http", href, ".MD5SUM");
  g_string_append_c (json, '}');
}

static void
append_artifact (MusterDdiCall *call, gint64 module, MusterEntity *file, GString *json)
{
  const char      *name = muster_entity_get_string (file, "name");
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *href = g_strdup_printf ("%s/softwaremodules/%" G_GINT64_FORMAT "/artifacts/%s",
                                           call->base, module, escaped);

  g_string_append_c (json, '{');
  append_member (json, "filename", name);
  g_string_append (json, ",\"hashes\":{");
  append_member (json, "sha1", muster_entity_get_string (file, "sha1"));
  g_string_append_c (json, ',');
  append_member (json, "md5", muster_entity_get_string (file, "md5"));
  g_string_append_c (json, ',');
  append_member (json, "sha256", muster_entity_get_string (file, "sha256"));
  g_string_append_printf (json, "},\"size\":%" G_GINT64_FORMAT,
                          muster_entity_get_integer (file, "size"));
  append_links (json, href);
  g_string_append_c (json, '}');
}

void
muster_ddi_append_artifacts (MusterDdiCall *call, MusterUpdatePart *part, GString *json)
{
  gint64 module = muster_entity_get_integer (part->artifact, "number");

  g_string_append_c (json, '[');
  for (guint i = 0; i < part->files->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      append_artifact (call, module, part->files->pdata[i], json);
    }
  g_string_append_c (json, ']');
}

/* Names that hawkBit changed, and clients still wait for: Zephyr takes "bApp" alone. */
static const char *
get_part_name (MusterEntity *artifact)
{
  const char *part = muster_entity_get_string (artifact, "part");

  if (g_str_equal (part, "application"))
    return "bApp";
  return g_str_equal (part, "runtime") ? "jvm" : part;
}

/* Left out where nothing is to be told: old clients have little room. */
static void
append_notes (MusterUpdatePart *part, GString *json)
{
  for (guint i = 0; i < part->notes->len; i++)
    {
      g_string_append (json, i > 0 ? ",{" : ",\"metadata\":[{");
      append_member (json, "key", muster_entity_get_string (part->notes->pdata[i], "key"));
      g_string_append_c (json, ',');
      append_member (json, "value", muster_entity_get_string (part->notes->pdata[i], "value"));
      g_string_append_c (json, '}');
    }
  if (part->notes->len > 0)
    g_string_append_c (json, ']');
}

static void
append_chunk (MusterDdiCall *call, MusterUpdatePart *part, GString *json)
{
  g_string_append_c (json, '{');
  append_member (json, "part", get_part_name (part->artifact));
  g_string_append_c (json, ',');
  append_member (json, "version", muster_entity_get_string (part->artifact, "version"));
  g_string_append_c (json, ',');
  append_member (json, "name", muster_entity_get_string (part->artifact, "name"));
  g_string_append (json, ",\"artifacts\":");
  muster_ddi_append_artifacts (call, part, json);
  append_notes (part, json);
  g_string_append_c (json, '}');
}

GPtrArray *
muster_ddi_list_parts (MusterDdiCall *call, MusterEntity *update, GError **error)
{
  return dex_await_boxed (muster_update_service_list_parts (
                            muster_ddi_service_get_parts (call->service)->updates, update),
                          error);
}

/* --- a deployment --- */

/* How an update is to be handled now. */
typedef struct
{
  const char *download;
  const char *update;
  const char *window; /* NULL: it has none */
} Handling;

static Handling
get_handling (MusterDdiCall *call, MusterEntity *update)
{
  const MusterDdiParts *parts = muster_ddi_service_get_parts (call->service);
  MusterUpdateLeave     leave = muster_update_service_get_leave (parts->updates, update);
  const char           *how = leave.is_forced ? "forced" : "attempt";
  Handling              handling = { how, how, NULL };

  if (muster_entity_get_enum (update, "kind") == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY)
    handling.download = "forced";
  if (!leave.may_install ||
      muster_entity_get_enum (update, "kind") == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY)
    handling.update = "skip";
  if (leave.has_window)
    handling.window = leave.may_install ? "available" : "unavailable";
  return handling;
}

unsigned
muster_ddi_get_checksum (MusterDdiCall *call, MusterEntity *update)
{
  Handling         handling = get_handling (call, update);
  g_autofree char *text = g_strdup_printf ("%s:%s:%s:%d", handling.download, handling.update,
                                           handling.window != NULL ? handling.window : "",
                                           muster_entity_get_enum (update, "confirmation"));

  return g_str_hash (text) & G_MAXINT32;
}

gboolean
muster_ddi_append_deployment (MusterDdiCall *call,
                              MusterEntity  *update,
                              GString       *json,
                              GError       **error)
{
  Handling handling = get_handling (call, update);
  g_autoptr (GPtrArray) parts = muster_ddi_list_parts (call, update, error);

  if (parts == NULL)
    return FALSE;
  g_string_append_printf (json, "{\"download\":\"%s\",\"update\":\"%s\"", handling.download,
                          handling.update);
  if (handling.window != NULL)
    g_string_append_printf (json, ",\"maintenanceWindow\":\"%s\"", handling.window);
  g_string_append (json, ",\"chunks\":[");
  for (guint i = 0; i < parts->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      append_chunk (call, parts->pdata[i], json);
    }
  g_string_append (json, "]}");
  return TRUE;
}

/* --- what the device said so far --- */

static const char *
get_history_status (MusterEntity *update)
{
  switch ((MusterUpdateStatus)muster_entity_get_enum (update, "status"))
    {
    case MUSTER_UPDATE_CONFIRMED:
      return "FINISHED";
    case MUSTER_UPDATE_FAILED:
    case MUSTER_UPDATE_REVERTED:
      return "ERROR";
    case MUSTER_UPDATE_CANCELLING:
      return "CANCELING";
    case MUSTER_UPDATE_CANCELLED:
      return "CANCELED";
    case MUSTER_UPDATE_WAITING:
    case MUSTER_UPDATE_RUNNING:
    default:
      return "RUNNING";
    }
}

static void
append_messages (MusterEntity *event, unsigned *n_left, GString *json)
{
  const char *text = muster_entity_get_string (event, "messages");
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array) && *n_left > 0; i++)
    {
      g_string_append (json, g_str_has_suffix (json->str, "[") ? "" : ",");
      muster_json_append_string (json, json_array_get_string_element (array, i), -1);
      (*n_left)--;
    }
}

gboolean
muster_ddi_append_history (MusterDdiCall *call, MusterEntity *update, GString *json, GError **error)
{
  const MusterValue *asked = muster_request_get_param (call->request, "actionHistory");
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) events = NULL;
  unsigned n_left;

  if (asked->is_null || asked->integer == 0)
    return TRUE;
  n_left = asked->integer < 0 ? MAX_HISTORY : MIN (asked->integer, MAX_HISTORY);
  query = muster_query_new (&muster_update_event_info);
  muster_query_where (query, "update_id", muster_entity_get_id (update));
  muster_query_where (query, "by_device", "true");
  muster_query_set_limit (query, MAX_HISTORY);
  events = dex_await_boxed (
    muster_repository_select (muster_ddi_service_get_repository (call->service), query), error);
  if (events == NULL)
    return FALSE;
  g_string_append_printf (json, ",\"actionHistory\":{\"status\":\"%s\",\"messages\":[",
                          get_history_status (update));
  for (guint i = 0; i < events->len; i++)
    append_messages (events->pdata[i], &n_left, json);
  g_string_append (json, "]}");
  return TRUE;
}
