/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-filters"

#include "config.h"

#include "model/muster-target-filter.h"
#include "muster-management-rollouts.h"

/* A filter by which targets get a set of themselves is a rollout that takes late joiners. */

/* --- how a filter is told --- */

static const MusterManagementName names[] = {
  { "id", "number" },
  { "name", "name" },
  { "query", "query" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { NULL, NULL },
};

/* Whether devices that come to match are still given what ROLLOUT gives. */
static gboolean
takes_joiners (MusterEntity *rollout)
{
  int status = muster_entity_get_enum (rollout, "status");

  return muster_entity_get_boolean (rollout, "dynamic") && status != MUSTER_ROLLOUT_FINISHED &&
         status != MUSTER_ROLLOUT_CANCELLED;
}

/* The rollout by which FILTER gives a set: (transfer full) (nullable). */
static MusterEntity *
find_rollout (MusterTransaction *transaction, MusterEntity *filter, GError **error)
{
  const char *id = muster_entity_get_string (filter, "rollout_id");
  g_autoptr (MusterEntity) rollout =
              id != NULL ? muster_transaction_get (transaction, &muster_rollout_info, id, error)
                         : NULL;

  return rollout != NULL && takes_joiners (rollout) ? g_steal_pointer (&rollout) : NULL;
}

static gboolean
add_assignment (MusterManagementView *view, MusterEntity *rollout, GString *json, GError **error)
{
  g_autoptr (MusterEntity) set =
              muster_transaction_get (view->transaction, &muster_firmware_set_info,
                                      muster_entity_get_string (rollout, "set_id"), error);

  if (set == NULL)
    return FALSE;
  muster_management_add_number (json, "autoAssignDistributionSet",
                                muster_entity_get_integer (set, "number"));
  muster_management_add_text (json, "autoAssignActionType",
                              muster_management_get_force_type (rollout));
  muster_management_add_number (json, "autoAssignWeight",
                                muster_entity_get_integer (rollout, "weight"));
  muster_management_add_boolean (json, "confirmationRequired",
                                 muster_entity_get_boolean (rollout, "confirmation_required"));
  return TRUE;
}

static gboolean
encode_filter (MusterManagementView *view, MusterEntity *filter, GString *json, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (MusterEntity) rollout = find_rollout (view->transaction, filter, &failure);
  gint64           number = muster_entity_get_integer (filter, "number");
  g_autofree char *path = g_strdup_printf ("targetfilters/%" G_GINT64_FORMAT, number);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  muster_management_add_number (json, "id", number);
  muster_management_add_text (json, "name", muster_entity_get_string (filter, "name"));
  muster_management_add_text (json, "query", muster_entity_get_string (filter, "query"));
  if (rollout != NULL && !add_assignment (view, rollout, json, error))
    return FALSE;
  muster_management_add_stamps (json, filter);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

static const MusterManagementKind filter_kind = { &muster_target_filter_info, names, NULL,
                                                  encode_filter };

/* --- reading --- */

static MusterEntity *
get_filter (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &filter_kind, "filterId", error);
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  return muster_management_list (call, &filter_kind, NULL, NULL, error);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) filter = get_filter (call, error);

  return filter != NULL ? muster_management_show_one (call, &filter_kind, 200, filter, error)
                        : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

/* --- giving a set --- */

/* The rollout of FILTER, as long as it takes late joiners, into *ROLLOUT: (transfer full)
 * (nullable). */
static gboolean
read_rollout (MusterManagementCall *call,
              MusterEntity         *filter,
              MusterEntity        **rollout,
              GError              **error)
{
  const char *id = muster_entity_get_string (filter, "rollout_id");
  GError     *failure = NULL;

  *rollout = id != NULL
               ? muster_ddi_service_find (call->service, &muster_rollout_info, "id", id, &failure)
               : NULL;
  if (*rollout != NULL && !takes_joiners (*rollout))
    g_clear_object (rollout);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* Those that were given the set go on with it; nobody gets it any more. */
static gboolean
end_assignment (MusterManagementCall *call, MusterEntity *filter, GError **error)
{
  g_autoptr (MusterEntity) rollout = NULL;

  if (!read_rollout (call, filter, &rollout, error))
    return FALSE;
  if (rollout != NULL)
    muster_entity_set_boolean (rollout, "dynamic", FALSE);
  if (rollout != NULL &&
      !muster_management_write (call, "Take no more devices into a rollout", rollout, error))
    return FALSE;
  muster_entity_set_string (filter, "rollout_id", NULL);
  return muster_management_write (call, "Change a filter of update clients", filter, error);
}

/* ROLLOUT, with its set and its kind, gives that to those FILTER matches. */
static gboolean
begin_assignment (MusterManagementCall *call,
                  MusterEntity         *filter,
                  MusterEntity         *rollout,
                  GError              **error)
{
  MusterSettings *settings = muster_ddi_service_get_parts (call->service)->settings;
  g_autoptr (MusterEntity) made = NULL;

  muster_entity_set_string (rollout, "name", muster_entity_get_string (filter, "name"));
  muster_entity_set_string (rollout, "target_query", muster_entity_get_string (filter, "query"));
  muster_entity_set_boolean (rollout, "dynamic", TRUE);
  muster_entity_set_integer (rollout, "error_threshold", 100);
  muster_entity_set_boolean (rollout, "needs_approval",
                             muster_settings_get_boolean (settings,
                                                          MUSTER_SETTING_DDI_APPROVE_ROLLOUTS));
  made = muster_management_add_rollout (call, rollout, TRUE, error);
  if (made == NULL)
    return FALSE;
  muster_entity_set_string (filter, "rollout_id", muster_entity_get_id (made));
  return muster_management_write (call, "Change a filter of update clients", filter, error);
}

static MusterEntity *
read_assignment (MusterManagementCall *call, JsonObject *object, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);
  g_autoptr (MusterEntity) set = muster_management_find_set (call, object, "id", error);
  gboolean asks = FALSE;

  if (set == NULL || !muster_management_take_kind (rollout, object, error) ||
      !muster_management_take_consent (object, &asks, error))
    return NULL;
  muster_entity_set_boolean (rollout, "confirmation_required", asks);
  muster_entity_set_string (rollout, "set_id", muster_entity_get_id (set));
  return g_steal_pointer (&rollout);
}

static MusterResponse *
answer_assign (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) filter = object != NULL ? get_filter (call, error) : NULL;
  g_autoptr (MusterEntity) rollout = filter != NULL ? read_assignment (call, object, error) : NULL;

  return rollout != NULL && end_assignment (call, filter, error) &&
             begin_assignment (call, filter, rollout, error)
           ? muster_management_show_one (call, &filter_kind, 200, filter, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (assign)

static MusterResponse *
answer_assigned (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) filter = get_filter (call, error);
  g_autoptr (MusterEntity) rollout = NULL;
  g_autoptr (MusterEntity) set = NULL;

  if (filter == NULL || !read_rollout (call, filter, &rollout, error))
    return NULL;
  if (rollout == NULL)
    return muster_response_new (204);
  set = muster_management_find_one (call, &muster_firmware_set_info, "id",
                                    muster_entity_get_string (rollout, "set_id"), error);
  return set != NULL
           ? muster_management_show_one (call, &muster_management_set_kind, 200, set, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (assigned)

static MusterResponse *
answer_unassign (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) filter = get_filter (call, error);

  return filter != NULL && end_assignment (call, filter, error) ? muster_response_new (204) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (unassign)

/* --- making and changing --- */

static gboolean
take_members (MusterEntity *filter, JsonObject *object, GError **error)
{
  const char *name = muster_management_get_text (object, "name");
  const char *query = muster_management_get_text (object, "query");
  gboolean    is_new = muster_entity_is_null (filter, "query");

  return (query == NULL || muster_target_query_check (query, error)) &&
         ((query == NULL && !is_new) ||
          muster_management_set_text (filter, "query", query, error)) &&
         ((name == NULL && !is_new) || muster_management_set_text (filter, "name", name, error));
}

static MusterResponse *
answer_create (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) filter = muster_entity_new (&muster_target_filter_info);
  g_autoptr (MusterEntity) made = NULL;

  if (object == NULL || !take_members (filter, object, error))
    return NULL;
  made = dex_await_object (muster_repository_insert (call->repository, call->actor,
                                                     "Add a filter of update clients", filter),
                           error);
  return made != NULL ? muster_management_show_one (call, &filter_kind, 201, made, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (create)

/* A new rollout in place of OLD, whose devices are fixed. */
static gboolean
assign_anew (MusterManagementCall *call, MusterEntity *filter, MusterEntity *old, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_entity_new (&muster_rollout_info);

  muster_entity_set_string (rollout, "set_id", muster_entity_get_string (old, "set_id"));
  muster_entity_set_enum (rollout, "kind", muster_entity_get_enum (old, "kind"));
  muster_entity_set_integer (rollout, "weight", muster_entity_get_integer (old, "weight"));
  muster_entity_set_boolean (rollout, "confirmation_required",
                             muster_entity_get_boolean (old, "confirmation_required"));
  if (!muster_entity_is_null (old, "force_at"))
    muster_entity_set_integer (rollout, "force_at", muster_entity_get_integer (old, "force_at"));
  return end_assignment (call, filter, error) && begin_assignment (call, filter, rollout, error);
}

static MusterResponse *
answer_update (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) filter = object != NULL ? get_filter (call, error) : NULL;
  g_autoptr (MusterEntity) rollout = NULL;
  g_autofree char *before =
    filter != NULL ? g_strdup (muster_entity_get_string (filter, "query")) : NULL;

  if (filter == NULL || !take_members (filter, object, error) ||
      !muster_management_write (call, "Change a filter of update clients", filter, error) ||
      !read_rollout (call, filter, &rollout, error))
    return NULL;
  if (rollout != NULL && g_strcmp0 (before, muster_entity_get_string (filter, "query")) != 0 &&
      !assign_anew (call, filter, rollout, error))
    return NULL;
  return muster_management_show_one (call, &filter_kind, 200, filter, error);
}
MUSTER_MANAGEMENT_HANDLER (update)

static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) filter = get_filter (call, error);

  return filter != NULL && end_assignment (call, filter, error) &&
             dex_await (muster_repository_delete (call->repository, call->actor,
                                                  "Delete a filter of update clients",
                                                  &muster_target_filter_info,
                                                  muster_entity_get_id (filter), 0),
                        error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (delete)

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/targetfilters", "managementListFilters", "management", "Management: filters of targets", handle_list, MUSTER_ROUTE_OPEN_QUERY, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targetfilters", "managementCreateFilter", "management", "Management: add a filter of targets", handle_create, RAW, .request = &muster_management_body, .response = &muster_management_answer, .status = 201, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targetfilters/{filterId:integer}", "managementGetFilter", "management", "Management: a filter of targets", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/targetfilters/{filterId:integer}", "managementUpdateFilter", "management", "Management: change a filter of targets", handle_update, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/targetfilters/{filterId:integer}", "managementDeleteFilter", "management", "Management: delete a filter of targets", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targetfilters/{filterId:integer}/autoAssignDS", "managementGetAutoAssigned", "management", "Management: the set that matching targets are given", handle_assigned, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targetfilters/{filterId:integer}/autoAssignDS", "managementAutoAssign", "management", "Management: give matching targets a set, and those that come to match", handle_assign, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/targetfilters/{filterId:integer}/autoAssignDS", "managementStopAutoAssign", "management", "Management: give no more targets the set", handle_unassign, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_filters_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
