/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-actions"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "muster-management-private.h"
#include "ota/muster-update-rules.h"

/* --- how an action is told --- */

static const MusterManagementName names[] = {
  { "id", "number" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { "weight", "weight" },
  { NULL, NULL },
};

static gboolean
is_active (MusterEntity *update)
{
  int status = muster_entity_get_enum (update, "status");

  return status == MUSTER_UPDATE_WAITING || status == MUSTER_UPDATE_RUNNING ||
         status == MUSTER_UPDATE_CANCELLING;
}

static const char *
get_detail (MusterEntity *update)
{
  switch ((MusterUpdateStatus)muster_entity_get_enum (update, "status"))
    {
    case MUSTER_UPDATE_CONFIRMED:
      return "finished";
    case MUSTER_UPDATE_FAILED:
    case MUSTER_UPDATE_REVERTED:
      return "error";
    case MUSTER_UPDATE_CANCELLING:
      return "canceling";
    case MUSTER_UPDATE_CANCELLED:
      return "canceled";
    case MUSTER_UPDATE_WAITING:
    case MUSTER_UPDATE_RUNNING:
    default:
      return muster_update_waits_for_consent (update) ? "wait_for_confirmation" : "running";
    }
}

const char *
muster_management_get_force_type (MusterEntity *entity)
{
  switch ((MusterUpdateKind)muster_entity_get_enum (entity, "kind"))
    {
    case MUSTER_UPDATE_KIND_SOFT:
      return "soft";
    case MUSTER_UPDATE_KIND_TIME_FORCED:
      return "timeforced";
    case MUSTER_UPDATE_KIND_DOWNLOAD_ONLY:
      return "downloadonly";
    case MUSTER_UPDATE_KIND_FORCED:
    default:
      return "forced";
    }
}

static const char *
get_type (MusterEntity *update)
{
  int status = muster_entity_get_enum (update, "status");

  return status == MUSTER_UPDATE_CANCELLING || status == MUSTER_UPDATE_CANCELLED ? "cancel"
                                                                                 : "update";
}

static MusterEntity *
find_target (MusterManagementView *view, MusterEntity *update)
{
  return muster_management_find (view->transaction, &muster_update_target_info, "device_id",
                                 muster_entity_get_string (update, "device_id"), NULL, NULL);
}

static char *
dup_action_value (MusterManagementView *view, MusterEntity *update, const char *name)
{
  g_autoptr (MusterEntity) target = NULL;

  if (strcmp (name, "status") == 0)
    return g_strdup (is_active (update) ? "pending" : "finished");
  if (strcmp (name, "detailstatus") == 0)
    return g_strdup (get_detail (update));
  if (strcmp (name, "active") == 0)
    return g_strdup (is_active (update) ? "true" : "false");
  if (strcmp (name, "target.controllerid") != 0)
    return NULL;
  target = find_target (view, update);
  return target != NULL ? g_strdup (muster_entity_get_string (target, "controller_id")) : NULL;
}

static char **
get_action_values (MusterManagementView *view, MusterEntity *update, const char *name)
{
  return muster_rsql_take_value (dup_action_value (view, update, name));
}

static gboolean
add_rollout (MusterManagementView *view, MusterEntity *update, GString *json, GError **error)
{
  const char *id = muster_entity_get_string (update, "rollout_id");
  g_autoptr (MusterEntity) rollout =
              id != NULL
                ? muster_transaction_get (view->transaction, &muster_rollout_info, id, error)
                : NULL;

  if (rollout == NULL)
    return id == NULL;
  muster_management_add_number (json, "rollout", muster_entity_get_integer (rollout, "number"));
  muster_management_add_text (json, "rolloutName", muster_entity_get_string (rollout, "name"));
  return TRUE;
}

static gboolean
encode_action (MusterManagementView *view, MusterEntity *update, GString *json, GError **error)
{
  g_autoptr (MusterEntity) target = find_target (view, update);
  const char      *id = target != NULL ? muster_entity_get_string (target, "controller_id") : "-";
  const char      *window = muster_entity_get_string (update, "window");
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("targets/%s/actions/%" G_GINT64_FORMAT, escaped,
                                           muster_entity_get_integer (update, "number"));

  muster_management_add_number (json, "id", muster_entity_get_integer (update, "number"));
  muster_management_add_text (json, "type", get_type (update));
  muster_management_add_text (json, "status", is_active (update) ? "pending" : "finished");
  muster_management_add_text (json, "detailStatus", get_detail (update));
  muster_management_add_boolean (json, "active", is_active (update));
  muster_management_add_text (json, "forceType", muster_management_get_force_type (update));
  if (!muster_entity_is_null (update, "force_at"))
    muster_management_add_number (json, "forceTime",
                                  muster_entity_get_integer (update, "force_at") / 1000);
  muster_management_add_number (json, "weight", muster_entity_get_integer (update, "weight"));
  if (!add_rollout (view, update, json, error))
    return FALSE;
  if (window != NULL && strstr (window, "\"schedule\"") != NULL)
    muster_management_add_raw (json, "maintenanceWindow", window);
  muster_management_add_stamps (json, update);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

const MusterManagementKind muster_management_action_kind = { &muster_firmware_update_info, names,
                                                             get_action_values, encode_action };

/* --- what happened on its way --- */

static const MusterManagementName status_names[] = {
  { "id", "number" },
  { "createdat", "created_at" },
  { "reportedat", "created_at" },
  { NULL, NULL },
};

/* hawkBit's word for what an event is. */
static const char *
get_status_type (MusterEntity *event)
{
  static const char *const words[][2] = {
    { "told", "retrieved" },
    { "download", "download" },
    { "downloading", "download" },
    { "downloaded", "downloaded" },
    { "warning", "warning" },
    { "confirmed", "finished" },
    { "failed", "error" },
    { "reverted", "error" },
    { "cancelling", "canceling" },
    { "cancelled", "canceled" },
    { "cancel_refused", "cancel_rejected" },
    { "consent_needed", "wait_for_confirmation" },
    { "consent_denied", "wait_for_confirmation" },
  };
  const char *kind = muster_entity_get_string (event, "kind");

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i][0], kind))
      return words[i][1];
  return "running";
}

static char **
get_status_values (MusterManagementView *view, MusterEntity *event, const char *name)
{
  return strcmp (name, "type") == 0 ? muster_rsql_take_value (g_strdup (get_status_type (event)))
                                    : NULL;
}

static gboolean
encode_status (MusterManagementView *view, MusterEntity *event, GString *json, GError **error)
{
  const char *messages = muster_entity_get_string (event, "messages");

  muster_management_add_number (json, "id", muster_entity_get_integer (event, "number"));
  muster_management_add_text (json, "type", get_status_type (event));
  muster_management_add_raw (json, "messages", messages != NULL ? messages : "[]");
  if (!muster_entity_is_null (event, "code"))
    muster_management_add_number (json, "code", muster_entity_get_integer (event, "code"));
  muster_management_add_number (json, "reportedAt",
                                muster_entity_get_integer (event, "created_at") / 1000);
  return TRUE;
}

const MusterManagementKind muster_management_status_kind = { &muster_update_event_info,
                                                             status_names, get_status_values,
                                                             encode_status };

/* --- reading --- */

static MusterEntity *
get_target (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &muster_management_target_kind, "targetId", error);
}

/* The path's action of the path's target: (transfer full). */
static MusterEntity *
get_action (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);
  g_autoptr (MusterEntity) update =
              target != NULL
                ? muster_management_get (call, &muster_management_action_kind, "actionId", error)
                : NULL;

  if (update == NULL)
    return NULL;
  if (g_str_equal (muster_entity_get_string (update, "device_id"),
                   muster_entity_get_string (target, "device_id")))
    return g_steal_pointer (&update);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                       "the target has no such action");
  return NULL;
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  return muster_management_list (call, &muster_management_action_kind, NULL, NULL, error);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get_any (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) update =
              muster_management_get (call, &muster_management_action_kind, "actionId", error);

  return update != NULL
           ? muster_management_show_one (call, &muster_management_action_kind, 200, update, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get_any)

static MusterResponse *
answer_list_of_target (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);

  return target != NULL
           ? muster_management_list (call, &muster_management_action_kind, "device_id",
                                     muster_entity_get_string (target, "device_id"), error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (list_of_target)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = get_action (call, error);

  return update != NULL
           ? muster_management_show_one (call, &muster_management_action_kind, 200, update, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

static MusterResponse *
answer_status (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = get_action (call, error);

  return update != NULL ? muster_management_list (call, &muster_management_status_kind, "update_id",
                                                  muster_entity_get_id (update), error)
                        : NULL;
}
MUSTER_MANAGEMENT_HANDLER (status)

/* --- changing --- */

static MusterUpdateService *
get_updates (MusterManagementCall *call)
{
  return muster_ddi_service_get_parts (call->service)->updates;
}

static MusterResponse *
answer_cancel (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = get_action (call, error);
  const MusterValue *force = NULL;
  GError            *failure = NULL;

  if (update == NULL)
    return NULL;
  force = muster_request_get_param (call->request, "force");
  if (dex_await (muster_update_service_cancel (get_updates (call), call->actor,
                                               muster_entity_get_id (update),
                                               !force->is_null && force->integer != 0),
                 &failure))
    return muster_response_new (204);
  if (g_error_matches (failure, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    {
      GString *json = g_string_new ("{");

      muster_management_add_text (json, "exceptionClass", "muster");
      muster_management_add_text (json, "errorCode", "hawkbit.server.error.action.notcancelable");
      muster_management_add_text (json, "message", failure->message);
      g_string_append_c (json, '}');
      g_error_free (failure);
      return muster_management_respond (405, json);
    }
  g_propagate_error (error, failure);
  return NULL;
}
MUSTER_MANAGEMENT_HANDLER (cancel)

static MusterResponse *
answer_update (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) update = object != NULL ? get_action (call, error) : NULL;
  g_autoptr (MusterEntity) forced = NULL;

  if (update == NULL)
    return NULL;
  if (g_strcmp0 (muster_management_get_text (object, "forceType"), "forced") != 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "forceType: an action can only be made forced");
      return NULL;
    }
  forced = dex_await_object (muster_update_service_force (get_updates (call), call->actor,
                                                          muster_entity_get_id (update)),
                             error);
  return forced != NULL
           ? muster_management_show_one (call, &muster_management_action_kind, 200, forced, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (update)

static MusterResponse *
answer_confirm (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) update = object != NULL ? get_action (call, error) : NULL;
  const char    *word = object != NULL ? muster_management_get_text (object, "confirmation") : NULL;
  MusterFeedback feedback = { .kind = MUSTER_FEEDBACK_CONSENT_GIVEN,
                              .delivery = MUSTER_UPDATE_BY_NONE,
                              .progress = -1 };

  if (update == NULL)
    return NULL;
  if (g_strcmp0 (word, "denied") == 0)
    feedback.kind = MUSTER_FEEDBACK_CONSENT_DENIED;
  else if (g_strcmp0 (word, "confirmed") != 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "confirmation must be confirmed or denied");
      return NULL;
    }
  return dex_await (muster_update_service_feedback (get_updates (call), call->actor,
                                                    muster_entity_get_id (update), &feedback),
                    error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (confirm)

/* --- giving --- */

static gboolean
take_type (MusterEntity *update, JsonObject *object, GError **error)
{
  static const char *const words[][2] = { { "forced", "forced" },
                                          { "soft", "soft" },
                                          { "timeforced", "time_forced" },
                                          { "downloadonly", "download_only" } };
  const char              *type = muster_management_get_text (object, "type");

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (type == NULL || g_ascii_strcasecmp (words[i][0], type) == 0)
      {
        muster_entity_set_string (update, "kind", words[i][1]);
        return TRUE;
      }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                       "type must be forced, soft, timeforced or downloadonly");
  return FALSE;
}

gboolean
muster_management_take_kind (MusterEntity *entity, JsonObject *object, GError **error)
{
  gint64 at = muster_management_get_number (object, "forcetime");
  gint64 weight = muster_management_get_number (object, "weight");

  if (!take_type (entity, object, error))
    return FALSE;
  if (at > 0 && muster_entity_get_enum (entity, "kind") == MUSTER_UPDATE_KIND_TIME_FORCED)
    muster_entity_set_integer (entity, "force_at", at * 1000);
  if (weight > 0)
    muster_entity_set_integer (entity, "weight", MIN (weight, 1000));
  return TRUE;
}

/* Its calendar is looked at where the update is given. */
static gboolean
take_window (MusterEntity *update, JsonObject *object, GError **error)
{
  JsonNode        *node = json_object_get_member (object, "maintenanceWindow");
  g_autofree char *text = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node) ||
      muster_management_get_text (json_node_get_object (node), "schedule") == NULL)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "maintenanceWindow: must be an object {schedule, duration, timezone}");
      return FALSE;
    }
  text = json_to_string (node, FALSE);
  if (strlen (text) <= 4096)
    muster_entity_set_string (update, "window", text);
  else
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                         "maintenanceWindow: must have at most 4096 bytes");
  return strlen (text) <= 4096;
}

gboolean
muster_management_assign (MusterManagementCall *call,
                          MusterEntity         *target,
                          MusterEntity         *set,
                          JsonObject           *object,
                          GPtrArray            *updates,
                          GError              **error)
{
  g_autoptr (MusterEntity) update = muster_entity_new (&muster_firmware_update_info);
  GError       *failure = NULL;
  MusterEntity *given = NULL;
  gboolean      asks = FALSE;

  muster_entity_set_string (update, "device_id", muster_entity_get_string (target, "device_id"));
  muster_entity_set_string (update, "set_id", muster_entity_get_id (set));
  if (!muster_management_take_kind (update, object, error) ||
      !take_window (update, object, error) ||
      !muster_management_take_consent (object, &asks, error))
    return FALSE;
  if (asks)
    muster_entity_set_enum (update, "confirmation", MUSTER_UPDATE_CONSENT_NEEDED);
  /* Tools know what a target is, of which nothing need be known here. */
  given = dex_await_object (muster_update_service_give (get_updates (call), call->actor, update,
                                                        MUSTER_OTHERS_CANCEL, FALSE),
                            &failure);
  if (given != NULL)
    g_ptr_array_add (updates, given);
  else if (g_error_matches (failure, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    g_clear_error (&failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return given != NULL || failure == NULL;
}

MusterResponse *
muster_management_respond_assigned (unsigned n_wanted, GPtrArray *updates)
{
  GString *json = g_string_new ("{");

  muster_management_add_number (json, "alreadyAssigned", n_wanted - updates->len);
  muster_management_add_number (json, "assigned", updates->len);
  muster_management_add_number (json, "total", n_wanted);
  muster_management_add_raw (json, "assignedActions", "[");
  for (guint i = 0; i < updates->len; i++)
    g_string_append_printf (json, "%s{\"id\":%" G_GINT64_FORMAT "}", i > 0 ? "," : "",
                            muster_entity_get_integer (updates->pdata[i], "number"));
  g_string_append (json, "]}");
  return muster_management_respond (200, json);
}

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterField cancel_query[] = {
  { "force", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("Force"), .doc = "Whether it ends though the device does not agree; after it was asked to cancel." },
};

static const MusterRoute routes[] = {
  { "GET", "/rest/v1/actions", "managementListActions", "management", "Management: actions", handle_list, MUSTER_ROUTE_PLAIN, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/actions/{actionId:integer}", "managementGetAction", "management", "Management: an action", handle_get_any, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}/actions", "managementListTargetActions", "management", "Management: the actions of a target", handle_list_of_target, MUSTER_ROUTE_PLAIN, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}/actions/{actionId:integer}", "managementGetTargetAction", "management", "Management: an action of a target", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/targets/{targetId}/actions/{actionId:integer}", "managementForceAction", "management", "Management: make an action forced", handle_update, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/targets/{targetId}/actions/{actionId:integer}", "managementCancelAction", "management", "Management: cancel an action", handle_cancel, MUSTER_ROUTE_PLAIN, cancel_query, G_N_ELEMENTS (cancel_query), .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/targets/{targetId}/actions/{actionId:integer}/confirmation", "managementConfirmAction", "management", "Management: consent to an action", handle_confirm, RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}/actions/{actionId:integer}/status", "managementListActionStatus", "management", "Management: what happened to an action", handle_status, MUSTER_ROUTE_PLAIN, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_actions_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
