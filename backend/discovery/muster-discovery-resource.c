/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-manual-address.h"
#include "muster-candidate-order.h"
#include "muster-discovery-resource.h"

#define LIMIT_DEFAULT 1000

/* A change under way, and the answer to be given once it is made. */
typedef struct
{
  DexFuture *change; /* (owned) (nullable): what to await */
  unsigned   status;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  dex_clear (&call->change);
  g_free (call);
}

static DexFuture *
answer_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) entity = NULL;
  g_autofree char *location = NULL;
  MusterResponse  *response;

  if (call->status != 201)
    {
      if (!dex_await (g_steal_pointer (&call->change), &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
      return muster_response_resolve (muster_response_new (call->status));
    }
  entity = dex_await_object (g_steal_pointer (&call->change), &error);
  if (entity == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  response = muster_response_new_entity (201, entity);
  location = g_strconcat ("/discovery/addresses/", muster_entity_get_id (entity), NULL);
  muster_response_set_header (response, "Location", location);
  return muster_response_resolve (response);
}

/* Answers with STATUS once CHANGE (taken) has resolved. */
static DexFuture *
answer_when (DexFuture *change, unsigned status)
{
  Call *call = g_new0 (Call, 1);

  call->change = change;
  call->status = status;
  return dex_scheduler_spawn (NULL, 0, answer_fiber, call, call_free);
}

/* --- the list --- */

static gboolean
is_one_of (const char *list, const char *nick)
{
  g_auto (GStrv) nicks = g_strsplit (list, ",", 20);

  return g_strv_contains ((const char *const *)nicks, nick);
}

static gboolean
contains_text (MusterEntity *candidate, const char *needle)
{
  static const char *const fields[] = { "name",         "key",    "host", "model",
                                        "manufacturer", "serial", "mac",  "addresses" };
  g_autofree char         *folded = g_utf8_casefold (needle, -1);

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char      *text = muster_entity_get_string (candidate, fields[i]);
      g_autofree char *other = g_utf8_casefold (text != NULL ? text : "", -1);

      if (strstr (other, folded) != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_wanted (MusterRequest *request, MusterEntity *candidate)
{
  static const char *const enums[] = { "state", "kind", "family" };
  const MusterValue       *present = muster_request_get_param (request, "present");
  const char              *needle = muster_request_get_param_text (request, "q");

  for (unsigned i = 0; i < G_N_ELEMENTS (enums); i++)
    {
      const char *wanted = muster_request_get_param_text (request, enums[i]);
      const char *nick = muster_entity_get_string (candidate, enums[i]);

      if (wanted != NULL && !is_one_of (wanted, nick != NULL ? nick : "null"))
        return FALSE;
    }
  if (!present->is_null &&
      (present->integer != 0) != muster_entity_get_boolean (candidate, "present"))
    return FALSE;
  return needle == NULL || contains_text (candidate, needle);
}

static gboolean
contains_id (GPtrArray *list, const char *id)
{
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (muster_entity_get_id (list->pdata[i]), id))
      return TRUE;
  return FALSE;
}

static DexFuture *
list_candidates (MusterRequest *request, gpointer service)
{
  g_autoptr (GPtrArray) list = muster_discovery_service_list (service);
  const MusterValue *limit = muster_request_get_param (request, "limit");
  const char        *cursor = muster_request_get_param_text (request, "cursor");
  const char        *sort = muster_request_get_param_text (request, "sort");
  g_autoptr (GError) error = NULL;
  GString      *json;
  gint64        room = limit->is_null ? LIMIT_DEFAULT : limit->integer;
  MusterEntity *last = NULL;
  gboolean      is_found = cursor == NULL;
  gboolean      has_more = FALSE;
  unsigned      total = 0;

  if (sort != NULL && !muster_candidates_sort (list, sort, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (sort != NULL && cursor != NULL && !contains_id (list, cursor))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_INVALID,
                                  "cursor: what it stands at is gone: begin anew");
  json = g_string_new ("{\"items\":[");
  for (guint i = 0; i < list->len; i++)
    {
      /* By the order of ids, so that a page has a place though its last candidate is gone; in
       * another order by where it stands. */
      int      place = cursor != NULL ? strcmp (muster_entity_get_id (list->pdata[i]), cursor) : 1;
      gboolean is_behind = sort != NULL ? is_found : place > 0;
      gboolean take = is_behind && room > 0;

      is_found = is_found || place == 0;
      if (!is_wanted (request, list->pdata[i]))
        continue;
      total++;
      has_more = has_more || (is_behind && !take && last != NULL);
      if (!take)
        continue;
      g_string_append (json, last != NULL ? "," : "");
      last = list->pdata[i];
      muster_entity_encode (last, json);
      room--;
    }
  g_string_append_printf (json, "],\"total\":%u,\"next\":", total);
  if (has_more)
    muster_json_append_string (json, muster_entity_get_id (last), -1);
  else
    g_string_append (json, "null");
  g_string_append_c (json, '}');
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_candidate (MusterRequest *request, gpointer service)
{
  const char *key = muster_request_get_path_param (request, "key");
  g_autoptr (MusterCandidate) candidate = muster_discovery_service_find (service, key, NULL);
  GString *json;

  if (candidate == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no candidate %s",
                                  key);
  json = g_string_new (NULL);
  muster_entity_encode (MUSTER_ENTITY (candidate), json);
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_status (MusterRequest *request, gpointer service)
{
  GString *json = g_string_new (NULL);

  muster_discovery_service_encode_status (service, json);
  return muster_response_resolve (muster_response_new_json (200, json));
}

/* --- actions --- */

static DexFuture *
scan (MusterRequest *request, gpointer service)
{
  muster_discovery_service_scan (service);
  return muster_response_resolve (muster_response_new (202));
}

static DexFuture *
ignore (MusterRequest *request, gpointer service)
{
  return answer_when (muster_discovery_service_ignore (service, muster_request_get_actor (request),
                                                       muster_request_get_path_param (request,
                                                                                      "key")),
                      204);
}

static DexFuture *
unignore (MusterRequest *request, gpointer service)
{
  return answer_when (
    muster_discovery_service_unignore (service, muster_request_get_actor (request),
                                       muster_request_get_path_param (request, "key")),
    204);
}

static DexFuture *
add_address (MusterRequest *request, gpointer service)
{
  return answer_when (muster_discovery_service_add_address (service,
                                                            muster_request_get_actor (request),
                                                            muster_request_get_entity (request)),
                      201);
}

static DexFuture *
remove_address (MusterRequest *request, gpointer service)
{
  return answer_when (
    muster_discovery_service_remove_address (service, muster_request_get_actor (request),
                                             muster_request_get_path_param (request, "id")),
    204);
}

/* clang-format off */
static const MusterField list_params[] = {
  { "q", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Search"), .doc = "Text in name, key, host, model, maker, serial number or addresses." },
  { "state", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("State"), .doc = "States, joined by commas." },
  { "kind", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Kind"), .doc = "Kinds, joined by commas." },
  { "family", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Family"), .doc = "Families, joined by commas." },
  { "present", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Present"), .doc = "Only those announced now, or only those that are not." },
  { "sort", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Sort"), .doc = "Up to 4 fields, joined by commas, `-` before those that go down; left out: in order of first sight." },
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Limit"), .doc = "At most so many; 1000 when left out." },
  { "cursor", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Cursor"), .doc = "`next` of the page before." },
};

static const MusterField status_fields[] = {
  { "available", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Available"), .doc = "Whether the network can be browsed now." },
  { "trouble", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 500, .label = N_("Trouble"), .doc = "Why not, for a person." },
  { "types", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Types"), .doc = "Service types that are browsed." },
  { "interfaces", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Interfaces"), .doc = "Array of names of the network interfaces on which something was heard." },
  { "networks", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Networks"), .doc = "Array of the networks on which devices can announce themselves, such as 10.0.4.0/24." },
  { "candidates", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Candidates"), .doc = "How many are known." },
  { "dropped", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Dropped"), .doc = "Announcements left out because there were too many." },
};

static const MusterShape candidate_shape = { .doc = "One candidate.", .entity = &muster_candidate_info };
static const MusterShape candidates_shape = { .doc = "What is on the network, in order of first sight.", .entity = &muster_candidate_info, .list = TRUE };
static const MusterShape status_shape = { .schema = "DiscoveryStatus", .doc = "How discovery does.", .fields = status_fields, .n_fields = G_N_ELEMENTS (status_fields) };
static const MusterShape address_shape = { .doc = "An address to look at.", .entity = &muster_manual_address_info };
static const MusterShape addresses_shape = { .doc = "Addresses to look at.", .entity = &muster_manual_address_info, .list = TRUE };

static const MusterRoute routes[] = {
  { "GET", "/discovery", "listCandidates", "discovery", "What is on the network", list_candidates, MUSTER_ROUTE_PLAIN, list_params, G_N_ELEMENTS (list_params), .response = &candidates_shape },
  { "GET", "/discovery/status", "getDiscoveryStatus", "discovery", "How discovery does", get_status, MUSTER_ROUTE_PLAIN, .response = &status_shape },
  { "POST", "/discovery/scan", "scan", "discovery", "Ask the network again at once", scan, MUSTER_ROUTE_PLAIN, .status = 202 },
  { "POST", "/discovery/addresses", "addAddress", "discovery", "Look at an address that mDNS does not reach", add_address, MUSTER_ROUTE_PLAIN, .request = &address_shape, .response = &address_shape, .status = 201 },
  { "DELETE", "/discovery/addresses/{id:uuid}", "removeAddress", "discovery", "Forget an address", remove_address, MUSTER_ROUTE_PLAIN },
  { "GET", "/discovery/{key}", "getCandidate", "discovery", "One candidate", get_candidate, MUSTER_ROUTE_PLAIN, .response = &candidate_shape },
  { "POST", "/discovery/{key}/ignore", "ignoreCandidate", "discovery", "Show a candidate no more", ignore, MUSTER_ROUTE_PLAIN },
  { "POST", "/discovery/{key}/unignore", "unignoreCandidate", "discovery", "Show a candidate again", unignore, MUSTER_ROUTE_PLAIN },
};

static const MusterRoute repository_routes[] = {
  { "GET", "/discovery/addresses", "listAddresses", "discovery", "Addresses to look at", muster_handle_list, MUSTER_ROUTE_LIST, .response = &addresses_shape },
};
/* clang-format on */

void
muster_discovery_resource_add (MusterRouter           *router,
                               MusterDiscoveryService *service,
                               MusterRepository       *repository)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (MUSTER_IS_DISCOVERY_SERVICE (service));
  g_return_if_fail (MUSTER_IS_REPOSITORY (repository));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
  muster_router_add (router, repository_routes, G_N_ELEMENTS (repository_routes),
                     G_OBJECT (repository));
}
