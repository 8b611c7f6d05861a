/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-groups"

#include "config.h"

#include <string.h>

#include "muster-management-rollouts.h"

/* A group's id there is made of its rollout's number and its own position. */
#define GROUPS_A_ROLLOUT 1000

/* hawkBit's, where a tool says nothing. */
#define DEFAULT_THRESHOLD 50

/* --- reading what a tool says of them --- */

/* The conditions of a rollout, or of one of its groups. */
typedef struct
{
  gint64   success; /* percent */
  gint64   failure; /* percent */
  gboolean pauses;  /* before the next one */
  gboolean asks;    /* for consent */
} Conditions;

static gboolean
refuse (const char *name, const char *wanted, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "%s: %s", name, wanted);
  return FALSE;
}

/* The object NAME of OBJECT; NULL without. */
static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* {"condition":"THRESHOLD","expression":"50"}; what is left out stays as it is. */
static gboolean
read_threshold (JsonObject *object, const char *name, gint64 *threshold, GError **error)
{
  JsonObject *condition = get_object (object, name);
  const char *kind = muster_management_get_text (condition, "condition");
  const char *text = muster_management_get_text (condition, "expression");
  gint64      percent = muster_management_get_number (condition, "expression");

  if (condition == NULL)
    return TRUE;
  if (kind != NULL && g_ascii_strcasecmp (kind, "THRESHOLD") != 0)
    return refuse (name, "condition must be THRESHOLD", error);
  if ((text != NULL && (*text == '\0' || strspn (text, "0123456789") != strlen (text))) ||
      percent < 0 || percent > 100)
    return refuse (name, "expression must be percent from 0 to 100", error);
  *threshold = percent;
  return TRUE;
}

static gboolean
read_conditions (JsonObject *object, Conditions *conditions, GError **error)
{
  const char *success = muster_management_get_text (get_object (object, "successAction"), "action");
  const char *failure = muster_management_get_text (get_object (object, "errorAction"), "action");

  if (success != NULL && g_ascii_strcasecmp (success, "NEXTGROUP") != 0 &&
      g_ascii_strcasecmp (success, "PAUSE") != 0)
    return refuse ("successAction", "action must be NEXTGROUP or PAUSE", error);
  if (failure != NULL && g_ascii_strcasecmp (failure, "PAUSE") != 0)
    return refuse ("errorAction", "action must be PAUSE", error);
  if (success != NULL)
    conditions->pauses = g_ascii_strcasecmp (success, "PAUSE") == 0;
  return muster_management_take_consent (object, &conditions->asks, error) &&
         read_threshold (object, "successCondition", &conditions->success, error) &&
         read_threshold (object, "errorCondition", &conditions->failure, error);
}

/* A group that waits for a person where the one before it PAUSES. */
static JsonObject *
make_group (const char *name, guint position, const Conditions *conditions, gboolean is_manual)
{
  JsonObject      *group = json_object_new ();
  g_autofree char *given = name == NULL ? g_strdup_printf ("group-%u", position) : g_strdup (name);

  json_object_set_string_member (group, "name", given);
  json_object_set_int_member (group, "success_threshold", conditions->success);
  json_object_set_int_member (group, "error_threshold", MAX (conditions->failure, 1));
  json_object_set_boolean_member (group, "confirmation_required", conditions->asks);
  if (is_manual)
    json_object_set_boolean_member (group, "manual", TRUE);
  return group;
}

/* AMOUNT of the same size. */
static gboolean
add_equal (JsonArray *plan, gint64 amount, const Conditions *conditions, GError **error)
{
  if (amount < 1 || amount > MUSTER_ROLLOUT_GROUPS_MAX)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "amountGroups must be from 1 to %d",
                   MUSTER_ROLLOUT_GROUPS_MAX);
      return FALSE;
    }
  for (gint64 i = 0; i < amount; i++)
    {
      JsonObject *group = make_group (NULL, i + 1, conditions, i > 0 && conditions->pauses);

      if (i + 1 < amount)
        json_object_set_double_member (group, "percent", 100.0 / amount);
      json_array_add_object_element (plan, group);
    }
  return TRUE;
}

/* Which of the targets that are left GROUP takes, as OBJECT says. */
static gboolean
take_targets (JsonObject *group, JsonObject *object, GError **error)
{
  const char *filter = muster_management_get_text (object, "targetFilterQuery");
  JsonNode   *node = json_object_get_member (object, "targetPercentage");
  double share = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 100;

  if (!(share >= 0.001 && share <= 100))
    return refuse ("groups", "targetPercentage must be above 0, and at most 100", error);
  if (share < 100)
    json_object_set_double_member (group, "share", share);
  if (filter == NULL || *filter == '\0')
    return TRUE;
  json_object_set_string_member (group, "target_query", filter);
  return muster_target_query_check (filter, error);
}

static gboolean
add_given (JsonArray *plan, JsonArray *groups, const Conditions *all, GError **error)
{
  gboolean is_manual = FALSE;

  for (guint i = 0; i < json_array_get_length (groups); i++)
    {
      JsonNode   *node = json_array_get_element (groups, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      Conditions  conditions = *all;
      JsonObject *group = NULL;

      if (object == NULL)
        return refuse ("groups", "must be a list of objects", error);
      if (!read_conditions (object, &conditions, error))
        return FALSE;
      group =
        make_group (muster_management_get_text (object, "name"), i + 1, &conditions, is_manual);
      json_array_add_object_element (plan, group);
      if (!take_targets (group, object, error))
        return FALSE;
      is_manual = conditions.pauses;
    }
  return TRUE;
}

gboolean
muster_management_take_groups (MusterEntity *rollout, JsonObject *object, GError **error)
{
  Conditions all = { DEFAULT_THRESHOLD, DEFAULT_THRESHOLD, FALSE, FALSE };
  JsonNode  *groups = json_object_get_member (object, "groups");
  g_autoptr (JsonArray) plan = json_array_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *text = NULL;
  gboolean         has_groups = groups != NULL && JSON_NODE_HOLDS_ARRAY (groups) &&
                        json_array_get_length (json_node_get_array (groups)) > 0;
  gboolean good = read_conditions (object, &all, error);

  if (good && has_groups)
    good = add_given (plan, json_node_get_array (groups), &all, error);
  else if (good)
    good = add_equal (plan,
                      json_object_has_member (object, "amountGroups")
                        ? muster_management_get_number (object, "amountGroups")
                        : 1,
                      &all, error);
  json_node_set_array (node, plan);
  text = json_to_string (node, FALSE);
  muster_entity_set_integer (rollout, "success_threshold", all.success);
  muster_entity_set_integer (rollout, "error_threshold", MAX (all.failure, 1));
  muster_entity_set_string (rollout, "plan", text);
  return good;
}

/* --- how a group is told --- */

static const MusterManagementName names[] = {
  { "id", "position" },
  { "name", "name" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { NULL, NULL },
};

static gint64
get_id (MusterEntity *rollout, MusterEntity *group)
{
  return muster_entity_get_integer (rollout, "number") * GROUPS_A_ROLLOUT +
         muster_entity_get_integer (group, "position");
}

static MusterEntity *
get_rollout (MusterManagementView *view, MusterEntity *group, GError **error)
{
  return muster_transaction_get (view->transaction, &muster_rollout_info,
                                 muster_entity_get_string (group, "rollout_id"), error);
}

static const char *
get_status (MusterEntity *rollout, MusterEntity *group)
{
  switch ((MusterRolloutGroupStatus)muster_entity_get_enum (group, "status"))
    {
    case MUSTER_ROLLOUT_GROUP_RUNNING:
    case MUSTER_ROLLOUT_GROUP_WATCHED:
      return "running";
    case MUSTER_ROLLOUT_GROUP_DONE:
      return "finished";
    case MUSTER_ROLLOUT_GROUP_FAILED:
      return "error";
    case MUSTER_ROLLOUT_GROUP_WAITING:
    case MUSTER_ROLLOUT_GROUP_GATE:
    default:
      return muster_entity_is_null (rollout, "started_at") ? "ready" : "scheduled";
    }
}

static void
add_condition (GString *json, const char *name, MusterEntity *group, const char *field)
{
  g_autofree char *text =
    g_strdup_printf ("{\"condition\":\"THRESHOLD\",\"expression\":\"%" G_GINT64_FORMAT "\"}",
                     muster_entity_get_integer (group, field));

  muster_management_add_raw (json, name, text);
}

static gboolean
encode_group (MusterManagementView *view, MusterEntity *group, GString *json, GError **error)
{
  g_autoptr (MusterEntity) rollout = get_rollout (view, group, error);
  g_autofree char       *filter = NULL;
  g_autofree char       *path = NULL;
  MusterManagementCounts counts;

  if (rollout == NULL ||
      !muster_management_read_counts (&counts, view->transaction, "rollout_group_id", group, error))
    return FALSE;
  filter = muster_entity_is_null (group, "target_query")
             ? muster_management_dup_target_filter (view->transaction, rollout)
             : g_strdup (muster_entity_get_string (group, "target_query"));
  path = g_strdup_printf ("rollouts/%" G_GINT64_FORMAT "/deploygroups/%" G_GINT64_FORMAT,
                          muster_entity_get_integer (rollout, "number"), get_id (rollout, group));
  muster_management_add_number (json, "id", get_id (rollout, group));
  muster_management_add_text (json, "name", muster_entity_get_string (group, "name"));
  muster_management_add_text (json, "status", get_status (rollout, group));
  muster_management_add_text (json, "targetFilterQuery", filter);
  muster_management_add_boolean (json, "confirmationRequired",
                                 muster_entity_get_boolean (group, "confirmation_required"));
  muster_management_add_counts (json, &counts);
  add_condition (json, "successCondition", group, "success_threshold");
  muster_management_add_raw (json, "successAction",
                             "{\"action\":\"NEXTGROUP\",\"expression\":\"\"}");
  add_condition (json, "errorCondition", group, "error_threshold");
  muster_management_add_raw (json, "errorAction", "{\"action\":\"PAUSE\",\"expression\":\"\"}");
  muster_management_add_stamps (json, group);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

static char **
get_group_values (MusterManagementView *view, MusterEntity *group, const char *name)
{
  g_autoptr (MusterEntity) rollout = get_rollout (view, group, NULL);

  if (rollout != NULL && strcmp (name, "id") == 0)
    return muster_rsql_take_value (g_strdup_printf ("%" G_GINT64_FORMAT, get_id (rollout, group)));
  return rollout != NULL && strcmp (name, "status") == 0
           ? muster_rsql_take_value (g_strdup (get_status (rollout, group)))
           : NULL;
}

static const MusterManagementKind group_kind = { &muster_rollout_group_info, names,
                                                 get_group_values, encode_group };

/* --- finding them --- */

/* As they will be, for the devices of now: those of one that has not begun are not stored. *N_REST
 * (nullable): how many are in none that a tool planned. */
static GPtrArray *
plan_groups (MusterTransaction *transaction, MusterEntity *rollout, guint *n_rest, GError **error)
{
  g_autoptr (GArray) plan = muster_rollout_plan_read (rollout, error);
  g_autoptr (GPtrArray) devices =
              plan != NULL
                ? muster_rollout_store_list_devices (transaction, rollout, NULL, NULL, error)
                : NULL;
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GArray) given = devices != NULL ? muster_rollout_store_split (transaction, rollout,
                                                                          plan, devices, error)
                                            : NULL;

  for (guint i = 0; given != NULL && i < plan->len; i++)
    {
      const MusterRolloutGroupPlan *one = &g_array_index (plan, MusterRolloutGroupPlan, i);
      MusterEntity                 *group = muster_rollout_store_make_group (rollout, one, i + 1);
      guint                         total = 0;

      for (guint n = 0; n < given->len; n++)
        total += g_array_index (given, guint, n) == i;
      muster_entity_set_integer (group, "total", total);
      if (one->is_rest && n_rest != NULL)
        *n_rest = total;
      g_ptr_array_add (groups, group);
    }
  return given != NULL ? g_steal_pointer (&groups) : NULL;
}

static gboolean
check_job (MusterTransaction *transaction, gpointer rollout, GValue *result, GError **error)
{
  guint n_rest = 0;
  g_autoptr (GPtrArray) groups = plan_groups (transaction, rollout, &n_rest, error);

  if (n_rest > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                 "groups: %u of the targets are in none: let the last take all that is left, "
                 "without targetFilterQuery",
                 n_rest);
  g_value_init (result, G_TYPE_BOOLEAN);
  return groups != NULL && n_rest == 0;
}

gboolean
muster_management_check_groups (MusterManagementCall *call, MusterEntity *rollout, GError **error)
{
  g_autoptr (GArray) plan = muster_rollout_plan_read (rollout, error);

  if (plan == NULL || !g_array_index (plan, MusterRolloutGroupPlan, plan->len - 1).is_rest)
    return plan != NULL;
  return dex_await (muster_database_read (muster_repository_get_database (call->repository),
                                          check_job, g_object_ref (rollout), g_object_unref),
                    error);
}

static gboolean
groups_job (MusterTransaction *transaction, gpointer rollout, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_rollout_group_info);
  g_autoptr (GPtrArray) groups = NULL;

  muster_query_where (query, "rollout_id", muster_entity_get_id (rollout));
  muster_query_set_sort (query, "position");
  muster_query_set_limit (query, 0);
  groups = muster_transaction_select (transaction, query, error);
  if (groups != NULL && groups->len == 0)
    {
      g_ptr_array_unref (groups);
      groups = plan_groups (transaction, rollout, NULL, error);
    }
  if (groups == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&groups));
  return TRUE;
}

static GPtrArray *
list_groups (MusterManagementCall *call, MusterEntity *rollout, GError **error)
{
  return dex_await_boxed (muster_database_read (muster_repository_get_database (call->repository),
                                                groups_job, g_object_ref (rollout), g_object_unref),
                          error);
}

/* The path's group of the path's rollout: (transfer full). */
static MusterEntity *
get_group (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_management_get_rollout (call, error);
  g_autoptr (GPtrArray) groups = rollout != NULL ? list_groups (call, rollout, error) : NULL;
  gint64 id = muster_request_get_path_integer (call->request, "groupId");

  for (guint i = 0; groups != NULL && i < groups->len; i++)
    if (get_id (rollout, groups->pdata[i]) == id)
      return g_object_ref (groups->pdata[i]);
  if (groups != NULL)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                         "the rollout has no such group");
  return NULL;
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) rollout = muster_management_get_rollout (call, error);
  g_autoptr (GPtrArray) groups = rollout != NULL ? list_groups (call, rollout, error) : NULL;

  return groups != NULL ? muster_management_list_given (call, &group_kind, groups, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) group = get_group (call, error);

  return group != NULL ? muster_management_show_one (call, &group_kind, 200, group, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

/* --- the targets of one --- */

static const MusterManagementName member_names[] = { { "id", "number" },
                                                     { "createdat", "created_at" },
                                                     { NULL, NULL } };

static MusterEntity *
find_target (MusterManagementView *view, MusterEntity *update)
{
  return muster_management_find (view->transaction, &muster_update_target_info, "device_id",
                                 muster_entity_get_string (update, "device_id"), NULL, NULL);
}

/* A device that has no update client is told how far it is by its node, and has its record's id. */
static gboolean
encode_member (MusterManagementView *view, MusterEntity *update, GString *json, GError **error)
{
  g_autoptr (MusterEntity) target = find_target (view, update);

  if (target != NULL)
    return muster_management_target_kind.encode (view, target, json, error);
  muster_management_add_text (json, "controllerId", muster_entity_get_string (update, "device_id"));
  return TRUE;
}

static char **
get_member_values (MusterManagementView *view, MusterEntity *update, const char *name)
{
  g_autoptr (MusterEntity) target = find_target (view, update);

  return target != NULL ? muster_target_query_get (view->targets, target, name) : NULL;
}

/* What a group holds are updates; each is told as its target. */
static const MusterManagementKind member_kind = { &muster_firmware_update_info, member_names,
                                                  get_member_values, encode_member };

static MusterResponse *
answer_targets (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) group = get_group (call, error);

  return group != NULL ? muster_management_list (call, &member_kind, "rollout_group_id",
                                                 muster_entity_get_id (group), error)
                       : NULL;
}
MUSTER_MANAGEMENT_HANDLER (targets)

/* clang-format off */
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/rollouts/{rolloutId:integer}/deploygroups", "managementListRolloutGroups", "management", "Management: the groups of a rollout", handle_list, MUSTER_ROUTE_OPEN_QUERY, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/rollouts/{rolloutId:integer}/deploygroups/{groupId:integer}", "managementGetRolloutGroup", "management", "Management: a group of a rollout", handle_get, MUSTER_ROUTE_OPEN_QUERY, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/rollouts/{rolloutId:integer}/deploygroups/{groupId:integer}/targets", "managementListGroupTargets", "management", "Management: the targets of a group", handle_targets, MUSTER_ROUTE_OPEN_QUERY, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_groups_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
