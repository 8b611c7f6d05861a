/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-rollouts"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "model/muster-device-group.h"
#include "muster-management-rollouts.h"

/* --- how a rollout is told --- */

static const MusterManagementName names[] = {
  { "id", "number" },
  { "name", "name" },
  { "description", "description" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { "weight", "weight" },
  { "startat", "starts_at" },
  { NULL, NULL },
};

/* A group waits for a person: hawkBit pauses the rollout there. */
static gboolean
has_gate (MusterManagementView *view, MusterEntity *rollout)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_rollout_group_info);

  muster_query_where (query, "rollout_id", muster_entity_get_id (rollout));
  muster_query_where (query, "status", "gate");
  return muster_transaction_count (view->transaction, query, NULL) > 0;
}

static gboolean
is_denied (MusterEntity *rollout)
{
  return muster_entity_get_boolean (rollout, "needs_approval") &&
         muster_entity_is_null (rollout, "approved_by") &&
         muster_entity_is_null (rollout, "started_at");
}

static const char *
get_status (MusterManagementView *view, MusterEntity *rollout)
{
  switch ((MusterRolloutStatus)muster_entity_get_enum (rollout, "status"))
    {
    case MUSTER_ROLLOUT_APPROVAL:
      return "waiting_for_approval";
    case MUSTER_ROLLOUT_RUNNING:
      return has_gate (view, rollout) ? "paused" : "running";
    case MUSTER_ROLLOUT_PAUSED:
      return "paused";
    case MUSTER_ROLLOUT_FINISHED:
      return "finished";
    case MUSTER_ROLLOUT_CANCELLED:
      return is_denied (rollout) ? "approval_denied" : "stopped";
    case MUSTER_ROLLOUT_DRAFT:
    case MUSTER_ROLLOUT_SCHEDULED:
    default:
      return "ready";
    }
}

char *
muster_management_dup_target_filter (MusterTransaction *transaction, MusterEntity *rollout)
{
  const char *query = muster_entity_get_string (rollout, "target_query");
  const char *group_id = muster_entity_get_string (rollout, "device_group_id");
  g_autoptr (MusterEntity) group =
              query == NULL && group_id != NULL
                ? muster_transaction_get (transaction, &muster_device_group_info, group_id, NULL)
                : NULL;

  if (query != NULL || group == NULL)
    return g_strdup (query);
  return g_strdup_printf ("tag=='%s'", muster_entity_get_string (group, "name"));
}

void
muster_management_add_counts (GString *json, const MusterManagementCounts *counts)
{
  muster_management_add_number (json, "totalTargets", counts->total);
  muster_management_add_raw (json, "totalTargetsPerStatus", "{");
  muster_management_add_number (json, "running", counts->running);
  muster_management_add_number (json, "notstarted",
                                MAX (counts->total - counts->running - counts->succeeded -
                                       counts->failed - counts->cancelled,
                                     0));
  muster_management_add_number (json, "scheduled", 0);
  muster_management_add_number (json, "cancelled", counts->cancelled);
  muster_management_add_number (json, "finished", counts->succeeded);
  muster_management_add_number (json, "error", counts->failed);
  g_string_append_c (json, '}');
}

gboolean
muster_management_read_counts (MusterManagementCounts *self,
                               MusterTransaction      *transaction,
                               const char             *field,
                               MusterEntity           *record,
                               GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_update_info);

  muster_query_where (query, field, muster_entity_get_id (record));
  muster_query_where (query, "status", "cancelled");
  *self = (MusterManagementCounts){ muster_entity_get_integer (record, "total"),
                                    muster_entity_get_integer (record, "running"),
                                    muster_entity_get_integer (record, "succeeded"),
                                    muster_entity_get_integer (record, "failed"),
                                    muster_transaction_count (transaction, query, error) };
  return self->cancelled >= 0;
}

/* How many it would be for, of one that has not begun. */
static gboolean
count_planned (MusterManagementView   *view,
               MusterEntity           *rollout,
               MusterManagementCounts *counts,
               GError                **error)
{
  g_autoptr (GPtrArray) devices = NULL;

  if (!muster_entity_is_null (rollout, "started_at"))
    return TRUE;
  devices = muster_rollout_store_list_devices (view->transaction, rollout, NULL, NULL, error);
  if (devices != NULL)
    counts->total = devices->len;
  return devices != NULL;
}

static gboolean
add_set (MusterManagementView *view, MusterEntity *rollout, GString *json, GError **error)
{
  const char *set_id = muster_entity_get_string (rollout, "set_id");
  g_autoptr (MusterEntity) set =
              set_id != NULL ? muster_transaction_get (view->transaction, &muster_firmware_set_info,
                                                       set_id, error)
                             : NULL;

  if (set != NULL)
    muster_management_add_number (json, "distributionSetId",
                                  muster_entity_get_integer (set, "number"));
  return set != NULL || set_id == NULL;
}

static void
add_time (GString *json, const char *name, MusterEntity *rollout, const char *field)
{
  if (!muster_entity_is_null (rollout, field))
    muster_management_add_number (json, name, muster_entity_get_integer (rollout, field) / 1000);
}

static void
add_links (MusterManagementView *view, MusterEntity *rollout, GString *json)
{
  static const char *const links[][2] = {
    { "start", "start" },         { "stop", "stop" },
    { "pause", "pause" },         { "resume", "resume" },
    { "approve", "approve" },     { "deny", "deny" },
    { "groups", "deploygroups" }, { "triggerNextGroup", "triggerNextGroup" },
  };
  g_autofree char *path =
    g_strdup_printf ("rollouts/%" G_GINT64_FORMAT, muster_entity_get_integer (rollout, "number"));

  muster_management_add_self (json, view->base, path);
  g_string_truncate (json, json->len - 1);
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *href = g_strdup_printf ("%s/%s/%s", view->base, path, links[i][1]);

      g_string_append_printf (json, ",\"%s\":{\"href\":", links[i][0]);
      muster_json_append_string (json, href, -1);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, '}');
}

static gboolean
encode (MusterManagementView         *view,
        MusterEntity                 *rollout,
        const MusterManagementCounts *counts,
        GString                      *json,
        GError                      **error)
{
  g_autofree char *filter = muster_management_dup_target_filter (view->transaction, rollout);

  muster_management_add_number (json, "id", muster_entity_get_integer (rollout, "number"));
  muster_management_add_text (json, "name", muster_entity_get_string (rollout, "name"));
  muster_management_add_text (json, "description",
                              muster_entity_get_string (rollout, "description"));
  muster_management_add_text (json, "status", get_status (view, rollout));
  muster_management_add_text (json, "statusDetail", muster_entity_get_string (rollout, "reason"));
  muster_management_add_text (json, "targetFilterQuery", filter);
  if (!add_set (view, rollout, json, error))
    return FALSE;
  muster_management_add_text (json, "type", muster_management_get_force_type (rollout));
  muster_management_add_boolean (json, "dynamic", muster_entity_get_boolean (rollout, "dynamic"));
  muster_management_add_boolean (json, "confirmationRequired",
                                 muster_entity_get_boolean (rollout, "confirmation_required"));
  muster_management_add_number (json, "weight", muster_entity_get_integer (rollout, "weight"));
  add_time (json, "startAt", rollout, "starts_at");
  add_time (json, "forcetime", rollout, "force_at");
  muster_management_add_text (json, "approveDecidedBy",
                              muster_entity_get_string (rollout, "approved_by"));
  muster_management_add_text (json, "approvalRemark",
                              muster_entity_get_string (rollout, "approval_remark"));
  muster_management_add_counts (json, counts);
  muster_management_add_boolean (json, "deleted", FALSE);
  muster_management_add_stamps (json, rollout);
  add_links (view, rollout, json);
  return TRUE;
}

static gboolean
encode_rollout (MusterManagementView *view, MusterEntity *rollout, GString *json, GError **error)
{
  MusterManagementCounts counts;

  return muster_management_read_counts (&counts, view->transaction, "rollout_id", rollout, error) &&
         encode (view, rollout, &counts, json, error);
}

static gboolean
encode_one (MusterManagementView *view, MusterEntity *rollout, GString *json, GError **error)
{
  MusterManagementCounts counts;

  return muster_management_read_counts (&counts, view->transaction, "rollout_id", rollout, error) &&
         count_planned (view, rollout, &counts, error) &&
         encode (view, rollout, &counts, json, error);
}

static char **
get_rollout_values (MusterManagementView *view, MusterEntity *rollout, const char *name)
{
  g_autofree char *filter = NULL;

  if (strcmp (name, "status") == 0)
    return muster_rsql_take_value (g_strdup (get_status (view, rollout)));
  if (strcmp (name, "targetfilterquery") != 0)
    return NULL;
  filter = muster_management_dup_target_filter (view->transaction, rollout);
  return muster_rsql_take_value (g_steal_pointer (&filter));
}

const MusterManagementKind muster_management_rollout_kind = { &muster_rollout_info, names,
                                                              get_rollout_values, encode_rollout };
/* With how many it will be for, which takes a look at all devices. */
static const MusterManagementKind one_kind = { &muster_rollout_info, names, get_rollout_values,
                                               encode_one };

/* --- reading --- */

MusterEntity *
muster_management_get_rollout (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &muster_management_rollout_kind, "rolloutId", error);
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  return muster_management_list (call, &muster_management_rollout_kind, NULL, NULL, error);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_management_get_rollout (call, error);

  return rollout != NULL ? muster_management_show_one (call, &one_kind, 200, rollout, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

/* --- making --- */

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, message);
  return FALSE;
}

static gboolean
needs_approval (MusterManagementCall *call)
{
  return muster_settings_get_boolean (muster_ddi_service_get_parts (call->service)->settings,
                                      MUSTER_SETTING_DDI_APPROVE_ROLLOUTS);
}

/* What is for the whole rollout, but for its groups. */
static gboolean
take_members (MusterManagementCall *call, MusterEntity *rollout, JsonObject *object, GError **error)
{
  const char *filter = muster_management_get_text (object, "targetFilterQuery");
  gint64      starts_at = muster_management_get_number (object, "startAt");
  gboolean    asks = FALSE;

  if (filter == NULL || *filter == '\0')
    return refuse ("targetFilterQuery must say which targets it is for", error);
  if (!muster_management_take_consent (object, &asks, error))
    return FALSE;
  muster_entity_set_boolean (rollout, "confirmation_required", asks);
  muster_entity_set_boolean (rollout, "dynamic",
                             json_object_get_boolean_member_with_default (object, "dynamic",
                                                                          FALSE));
  muster_entity_set_boolean (rollout, "needs_approval", needs_approval (call));
  if (starts_at > 0)
    muster_entity_set_integer (rollout, "starts_at", starts_at * 1000);
  return muster_management_set_text (rollout, "name", muster_management_get_text (object, "name"),
                                     error) &&
         muster_management_set_text (rollout, "description",
                                     muster_management_get_text (object, "description"), error) &&
         muster_management_set_text (rollout, "target_query", filter, error) &&
         muster_management_take_kind (rollout, object, error);
}

static MusterEntity *
read_rollout (MusterManagementCall *call, JsonObject *object, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autoptr (MusterEntity) set = NULL;

  if (!take_members (call, rollout, object, error) ||
      !muster_management_take_groups (rollout, object, error))
    return NULL;
  set = muster_management_find_set (call, object, "distributionSetId", error);
  if (set == NULL)
    return NULL;
  muster_entity_set_string (rollout, "set_id", muster_entity_get_id (set));
  return muster_management_check_groups (call, rollout, error) ? g_steal_pointer (&rollout) : NULL;
}

MusterEntity *
muster_management_do (MusterManagementCall *call,
                      MusterEntity         *rollout,
                      MusterRolloutDeed     deed,
                      gint64                position,
                      GError              **error)
{
  return dex_await_object (
    muster_rollout_service_do (muster_ddi_service_get_parts (call->service)->rollouts, call->actor,
                               muster_entity_get_id (rollout), deed, position,
                               deed == MUSTER_ROLLOUT_DO_APPROVE || deed == MUSTER_ROLLOUT_DO_DENY
                                 ? muster_request_get_param_text (call->request, "remark")
                                 : NULL),
    error);
}

MusterEntity *
muster_management_add_rollout (MusterManagementCall *call,
                               MusterEntity         *rollout,
                               gboolean              starts,
                               GError              **error)
{
  g_autoptr (MusterEntity) made = dex_await_object (
    muster_repository_insert (call->repository, call->actor, "Draft a rollout", rollout), error);

  if (made == NULL || !starts)
    return g_steal_pointer (&made);
  return muster_management_do (call, made, MUSTER_ROLLOUT_DO_START, 0, error);
}

/* One that has its time, or is to be approved, leaves its draft at once: the tool need not come
 * back for that. */
static MusterResponse *
answer_create (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) rollout = object != NULL ? read_rollout (call, object, error) : NULL;
  g_autoptr (MusterEntity) made = NULL;

  if (rollout == NULL)
    return NULL;
  made = muster_management_add_rollout (
    call, rollout, needs_approval (call) || !muster_entity_is_null (rollout, "starts_at"), error);
  return made != NULL ? muster_management_show_one (call, &one_kind, 201, made, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (create)

static MusterResponse *
answer_update (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) rollout =
              object != NULL ? muster_management_get_rollout (call, error) : NULL;
  const char *name = object != NULL ? muster_management_get_text (object, "name") : NULL;

  if (rollout == NULL)
    return NULL;
  return (name == NULL || muster_management_set_text (rollout, "name", name, error)) &&
             muster_management_set_text (rollout, "description",
                                         muster_management_get_text (object, "description"),
                                         error) &&
             muster_management_write (call, "Change a rollout", rollout, error)
           ? muster_management_show_one (call, &one_kind, 200, rollout, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (update)

/* One that has begun stays, as what happened to devices; it ends if it is still under way. */
static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_management_get_rollout (call, error);
  g_autoptr (MusterEntity) ended = NULL;
  int status;

  if (rollout == NULL)
    return NULL;
  status = muster_entity_get_enum (rollout, "status");
  if (status == MUSTER_ROLLOUT_FINISHED || status == MUSTER_ROLLOUT_CANCELLED)
    return muster_response_new (204);
  if (status == MUSTER_ROLLOUT_DRAFT || status == MUSTER_ROLLOUT_APPROVAL)
    return dex_await (muster_repository_delete (call->repository, call->actor, "Delete a rollout",
                                                &muster_rollout_info,
                                                muster_entity_get_id (rollout), 0),
                      error)
             ? muster_response_new (204)
             : NULL;
  ended = muster_management_do (call, rollout, MUSTER_ROLLOUT_DO_CANCEL, 0, error);
  return ended != NULL ? muster_response_new (204) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (delete)

/* --- what people do --- */

static MusterResponse *
respond_done (MusterEntity *rollout)
{
  if (rollout == NULL)
    return NULL;
  g_object_unref (rollout);
  return muster_response_new (204);
}

static MusterResponse *
do_deed (MusterManagementCall *call, MusterRolloutDeed deed, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_management_get_rollout (call, error);

  return rollout != NULL ? respond_done (muster_management_do (call, rollout, deed, 0, error))
                         : NULL;
}

/* Whoever starts it does not want to wait for its time. One that its approval has started is as it
 * should be. */
static MusterResponse *
answer_start (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_management_get_rollout (call, error);

  if (rollout == NULL)
    return NULL;
  if (muster_entity_get_enum (rollout, "status") == MUSTER_ROLLOUT_RUNNING &&
      !muster_entity_is_null (rollout, "approved_by"))
    return muster_response_new (204);
  if (!muster_entity_is_null (rollout, "starts_at"))
    {
      muster_entity_set_null (rollout, "starts_at");
      if (!muster_management_write (call, "Start a rollout before its time", rollout, error))
        return NULL;
    }
  return respond_done (muster_management_do (call, rollout, MUSTER_ROLLOUT_DO_START, 0, error));
}
MUSTER_MANAGEMENT_HANDLER (start)

static MusterResponse *
answer_pause (MusterManagementCall *call, GError **error)
{
  return do_deed (call, MUSTER_ROLLOUT_DO_PAUSE, error);
}
MUSTER_MANAGEMENT_HANDLER (pause)

/* One that runs and waits for a person goes on with its next group. */
static MusterResponse *
answer_resume (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_management_get_rollout (call, error);
  gboolean runs =
    rollout != NULL && muster_entity_get_enum (rollout, "status") == MUSTER_ROLLOUT_RUNNING;

  return rollout != NULL
           ? respond_done (muster_management_do (
               call, rollout, runs ? MUSTER_ROLLOUT_DO_NEXT : MUSTER_ROLLOUT_DO_RESUME, 0, error))
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (resume)

static MusterResponse *
answer_stop (MusterManagementCall *call, GError **error)
{
  return do_deed (call, MUSTER_ROLLOUT_DO_CANCEL, error);
}
MUSTER_MANAGEMENT_HANDLER (stop)

static MusterResponse *
answer_approve (MusterManagementCall *call, GError **error)
{
  return do_deed (call, MUSTER_ROLLOUT_DO_APPROVE, error);
}
MUSTER_MANAGEMENT_HANDLER (approve)

static MusterResponse *
answer_deny (MusterManagementCall *call, GError **error)
{
  return do_deed (call, MUSTER_ROLLOUT_DO_DENY, error);
}
MUSTER_MANAGEMENT_HANDLER (deny)

static MusterResponse *
answer_next (MusterManagementCall *call, GError **error)
{
  return do_deed (call, MUSTER_ROLLOUT_DO_NEXT, error);
}
MUSTER_MANAGEMENT_HANDLER (next)

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterField remark_query[] = {
  { "remark", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 0, 1000, .label = N_("Remark"), .doc = "What is to be kept with it." },
};
#define REMARK remark_query, G_N_ELEMENTS (remark_query)

static const MusterRoute routes[] = {
  { "GET", "/rest/v1/rollouts", "managementListRollouts", "management", "Management: rollouts", handle_list, MUSTER_ROUTE_OPEN_QUERY, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts", "managementCreateRollout", "management", "Management: draft a rollout", handle_create, RAW, .request = &muster_management_body, .response = &muster_management_answer, .status = 201, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/rollouts/{rolloutId:integer}", "managementGetRollout", "management", "Management: a rollout", handle_get, MUSTER_ROUTE_OPEN_QUERY, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/rollouts/{rolloutId:integer}", "managementUpdateRollout", "management", "Management: what a rollout is called", handle_update, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/rollouts/{rolloutId:integer}", "managementDeleteRollout", "management", "Management: delete a draft, or end a rollout", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts/{rolloutId:integer}/start", "managementStartRollout", "management", "Management: let a rollout begin", handle_start, RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts/{rolloutId:integer}/pause", "managementPauseRollout", "management", "Management: let no further target begin", handle_pause, RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts/{rolloutId:integer}/resume", "managementResumeRollout", "management", "Management: go on with a rollout", handle_resume, RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts/{rolloutId:integer}/stop", "managementStopRollout", "management", "Management: end a rollout", handle_stop, RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts/{rolloutId:integer}/approve", "managementApproveRollout", "management", "Management: approve a rollout, as another person than who made it", handle_approve, RAW, REMARK, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts/{rolloutId:integer}/deny", "managementDenyRollout", "management", "Management: deny a rollout its approval", handle_deny, RAW, REMARK, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/rollouts/{rolloutId:integer}/triggerNextGroup", "managementTriggerNextGroup", "management", "Management: let the next group begin", handle_next, RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_rollouts_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
