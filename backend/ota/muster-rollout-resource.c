/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-rollout-resource.h"

static MusterRepository *
get_repository (gpointer rollouts)
{
  return muster_update_service_get_repository (muster_rollout_service_get_updates (rollouts));
}

static DexFuture *
list_rollouts (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_list (request, get_repository (rollouts));
}

static DexFuture *
list_rollout_ids (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_list_ids (request, get_repository (rollouts));
}

static DexFuture *
get_rollout (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_get (request, get_repository (rollouts));
}

static DexFuture *
create_rollout (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_create (request, get_repository (rollouts));
}

static DexFuture *
update_rollout (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_update (request, get_repository (rollouts));
}

static DexFuture *
delete_rollout (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_delete (request, get_repository (rollouts));
}

static DexFuture *
list_groups (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_list_of (request, get_repository (rollouts), &muster_rollout_info,
                                "rollout_id");
}

static DexFuture *
list_all_groups (MusterRequest *request, gpointer rollouts)
{
  return muster_handle_list (request, get_repository (rollouts));
}

static DexFuture *
do_deed (MusterRequest *request, gpointer rollouts, MusterRolloutDeed deed, gint64 position)
{
  return muster_response_resolve_entity (
    muster_rollout_service_do (rollouts, muster_request_get_actor (request),
                               muster_request_get_path_param (request, "id"), deed, position, NULL),
    200);
}

static DexFuture *
start_rollout (MusterRequest *request, gpointer rollouts)
{
  return do_deed (request, rollouts, MUSTER_ROLLOUT_DO_START, 0);
}

static DexFuture *
approve_rollout (MusterRequest *request, gpointer rollouts)
{
  return do_deed (request, rollouts, MUSTER_ROLLOUT_DO_APPROVE, 0);
}

static DexFuture *
pause_rollout (MusterRequest *request, gpointer rollouts)
{
  return do_deed (request, rollouts, MUSTER_ROLLOUT_DO_PAUSE, 0);
}

static DexFuture *
resume_rollout (MusterRequest *request, gpointer rollouts)
{
  return do_deed (request, rollouts, MUSTER_ROLLOUT_DO_RESUME, 0);
}

static DexFuture *
cancel_rollout (MusterRequest *request, gpointer rollouts)
{
  return do_deed (request, rollouts, MUSTER_ROLLOUT_DO_CANCEL, 0);
}

static DexFuture *
retry_rollout (MusterRequest *request, gpointer rollouts)
{
  return do_deed (request, rollouts, MUSTER_ROLLOUT_DO_RETRY, 0);
}

static DexFuture *
open_group (MusterRequest *request, gpointer rollouts)
{
  return do_deed (request, rollouts, MUSTER_ROLLOUT_DO_OPEN,
                  muster_request_get_path_integer (request, "position"));
}

/* --- pre-flight --- */

static DexFuture *
respond_json_cb (DexFuture *future, gpointer user_data)
{
  GBytes *json = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", json));
}

static DexFuture *
preflight (MusterRequest *request, gpointer rollouts)
{
  return dex_future_then (muster_rollout_service_preflight (rollouts,
                                                            muster_request_get_entity (request)),
                          respond_json_cb, NULL, NULL);
}

static DexFuture *
preflight_stored_cb (DexFuture *future, gpointer rollouts)
{
  return dex_future_then (muster_rollout_service_preflight (
                            rollouts, g_value_get_object (dex_future_get_value (future, NULL))),
                          respond_json_cb, NULL, NULL);
}

static DexFuture *
preflight_stored (MusterRequest *request, gpointer rollouts)
{
  return dex_future_then (muster_repository_get (get_repository (rollouts), &muster_rollout_info,
                                                 muster_request_get_path_param (request, "id")),
                          preflight_stored_cb, g_object_ref (rollouts), g_object_unref);
}

/* clang-format off */
static const MusterField preflight_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_PLAIN, .label = N_("Devices"), .doc = "Each with device_id, name, verdict (ready, later, never) and reasons: sentences on its model, hardware, version, key, battery, space, window or another update." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, .label = N_("Total"), .doc = "How many devices it is for." },
  { "ready", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, .label = N_("Ready"), .doc = "How many can be updated now." },
  { "later", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, .label = N_("Later"), .doc = "How many have to wait." },
  { "never", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, .label = N_("Not"), .doc = "How many cannot be given it." },
};
static const MusterShape preflight_shape = { .schema = "Preflight", .doc = "Which devices can be updated, and what stands against the others.", .fields = preflight_fields, .n_fields = G_N_ELEMENTS (preflight_fields) };
static const MusterShape rollout_shape = { .doc = "A rollout.", .entity = &muster_rollout_info };
static const MusterShape rollouts_shape = { .doc = "Rollouts.", .entity = &muster_rollout_info, .list = TRUE };
static const MusterShape groups_shape = { .doc = "Groups.", .entity = &muster_rollout_group_info, .list = TRUE };

static const MusterRoute routes[] = {
  { "GET", "/rollouts", "listRollouts", "ota", "Updates of many devices", list_rollouts, MUSTER_ROUTE_LIST, .response = &rollouts_shape },
  { "GET", "/rollouts/ids", "listRolloutIds", "ota", "Every matching id, in order", list_rollout_ids, MUSTER_ROUTE_IDS, .response = &rollouts_shape },
  { "POST", "/rollouts", "createRollout", "ota", "Draft an update of many devices", create_rollout, MUSTER_ROUTE_PLAIN, .request = &rollout_shape, .response = &rollout_shape, .status = 201 },
  { "POST", "/rollouts/preflight", "preflightRollout", "ota", "Which devices a rollout could update, before it is drafted", preflight, MUSTER_ROUTE_PLAIN, .request = &rollout_shape, .response = &preflight_shape },
  { "GET", "/rollouts/{id:uuid}", "getRollout", "ota", "One rollout", get_rollout, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
  { "PUT", "/rollouts/{id:uuid}", "updateRollout", "ota", "Change a rollout; who is given what only while it is a draft", update_rollout, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &rollout_shape, .response = &rollout_shape },
  { "DELETE", "/rollouts/{id:uuid}", "deleteRollout", "ota", "Delete a draft", delete_rollout, MUSTER_ROUTE_UPDATE, .entity = &muster_rollout_info },
  { "GET", "/rollouts/{id:uuid}/groups", "listRolloutGroups", "ota", "Its groups and how far they are", list_groups, MUSTER_ROUTE_LIST, .response = &groups_shape },
  { "GET", "/rollout-groups", "listGroupsOfRollouts", "ota", "Groups of all rollouts and how far they are", list_all_groups, MUSTER_ROUTE_LIST, .response = &groups_shape },
  { "GET", "/rollouts/{id:uuid}/preflight", "getRolloutPreflight", "ota", "Which devices it can update, and what stands against the others", preflight_stored, MUSTER_ROUTE_PLAIN, .response = &preflight_shape },
  { "POST", "/rollouts/{id:uuid}/start", "startRollout", "ota", "Let it begin, once it is approved and its time has come", start_rollout, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
  { "POST", "/rollouts/{id:uuid}/approve", "approveRollout", "ota", "Approve it, as another person than who made it", approve_rollout, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
  { "POST", "/rollouts/{id:uuid}/pause", "pauseRollout", "ota", "Let no further device begin", pause_rollout, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
  { "POST", "/rollouts/{id:uuid}/resume", "resumeRollout", "ota", "Go on with it", resume_rollout, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
  { "POST", "/rollouts/{id:uuid}/cancel", "cancelRollout", "ota", "End it; devices under way are told to let it be", cancel_rollout, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
  { "POST", "/rollouts/{id:uuid}/retry-failed", "retryRollout", "ota", "Try what failed again", retry_rollout, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
  { "POST", "/rollouts/{id:uuid}/groups/{position:integer}/open", "openRolloutGroup", "ota", "Let a group begin that waits for a person", open_group, MUSTER_ROUTE_PLAIN, .response = &rollout_shape },
};
/* clang-format on */

void
muster_rollout_resource_add (MusterRouter *router, MusterRolloutService *rollouts)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (rollouts));
}
