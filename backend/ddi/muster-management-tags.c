/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-tags"

#include "config.h"

#include <string.h>

#include "core/http/muster-json-body.h"
#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "muster-management-private.h"
#include "ota/muster-preflight.h"

/* A tag is a group of devices. */

/* --- how a tag is told --- */

static const MusterManagementName names[] = {
  { "id", "number" },
  { "name", "name" },
  { "description", "description" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { NULL, NULL },
};

static gboolean
encode_tag (MusterManagementView *view, MusterEntity *group, GString *json, GError **error)
{
  gint64           number = muster_entity_get_integer (group, "number");
  g_autofree char *path = g_strdup_printf ("targettags/%" G_GINT64_FORMAT, number);

  muster_management_add_number (json, "id", number);
  muster_management_add_text (json, "name", muster_entity_get_string (group, "name"));
  muster_management_add_text (json, "description", muster_entity_get_string (group, "description"));
  muster_management_add_stamps (json, group);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

static const MusterManagementKind tag_kind = { &muster_device_group_info, names, NULL, encode_tag };

/* --- reading --- */

static MusterEntity *
get_tag (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &tag_kind, "tagId", error);
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  return muster_management_list (call, &tag_kind, NULL, NULL, error);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) group = get_tag (call, error);

  return group != NULL ? muster_management_show_one (call, &tag_kind, 200, group, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

/* --- making and changing --- */

static gboolean
take_members (MusterEntity *group, JsonObject *object, GError **error)
{
  const char *name = muster_management_get_text (object, "name");

  return ((name == NULL && !muster_entity_is_null (group, "name")) ||
          muster_management_set_text (group, "name", name, error)) &&
         muster_management_set_text (group, "description",
                                     muster_management_get_text (object, "description"), error);
}

static MusterEntity *
create_tag (MusterManagementCall *call, JsonObject *object, GError **error)
{
  g_autoptr (MusterEntity) group = muster_entity_new (&muster_device_group_info);

  return take_members (group, object, error)
           ? dex_await_object (muster_repository_insert (call->repository, call->actor,
                                                         "Add a group", group),
                               error)
           : NULL;
}

static MusterResponse *
answer_create (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      MusterEntity *group = create_tag (call, objects->pdata[i], error);

      if (group == NULL)
        return NULL;
      g_ptr_array_add (groups, group);
    }
  return objects != NULL ? muster_management_show (call, &tag_kind, 201, groups, TRUE, error)
                         : NULL;
}
MUSTER_MANAGEMENT_HANDLER (create)

static MusterResponse *
answer_update (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) group = object != NULL ? get_tag (call, error) : NULL;

  return group != NULL && take_members (group, object, error) &&
             muster_management_write (call, "Change a group", group, error)
           ? muster_management_show_one (call, &tag_kind, 200, group, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (update)

static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) group = get_tag (call, error);

  return group != NULL &&
             dex_await (muster_repository_delete (call->repository, call->actor, "Delete a group",
                                                  &muster_device_group_info,
                                                  muster_entity_get_id (group), 0),
                        error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (delete)

/* --- who has it --- */

static int
compare_targets (gconstpointer a, gconstpointer b)
{
  return strcmp (muster_entity_get_string (*(MusterEntity *const *)a, "controller_id"),
                 muster_entity_get_string (*(MusterEntity *const *)b, "controller_id"));
}

static gboolean
assigned_job (MusterTransaction *transaction, gpointer group, GValue *result, GError **error)
{
  g_autoptr (GHashTable) devices =
              g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer       id;

  if (!muster_preflight_add_group (transaction, muster_entity_get_id (group), devices, error))
    return FALSE;
  g_hash_table_iter_init (&iter, devices);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      MusterEntity *target = muster_management_find (transaction, &muster_update_target_info,
                                                     "device_id", id, NULL, NULL);

      if (target != NULL)
        g_ptr_array_add (targets, target);
    }
  g_ptr_array_sort (targets, compare_targets);
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&targets));
  return TRUE;
}

static MusterResponse *
answer_assigned (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) group = get_tag (call, error);
  g_autoptr (GPtrArray) targets = NULL;

  if (group == NULL)
    return NULL;
  targets =
    dex_await_boxed (muster_database_read (muster_repository_get_database (call->repository),
                                           assigned_job, g_object_ref (group), g_object_unref),
                     error);
  return targets != NULL
           ? muster_management_list_given (call, &muster_management_target_kind, targets, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (assigned)

/* Who is to have a tag, or to have it no more. */
typedef struct
{
  MusterEntity *group; /* (owned) */
  GPtrArray    *ids;   /* (owned) (element-type utf8): of controllers */
  gboolean      drops;
} Assignment;

static void
assignment_free (gpointer data)
{
  Assignment *self = data;

  g_object_unref (self->group);
  g_ptr_array_unref (self->ids);
  g_free (self);
}

/* The member of the group that TARGET's device is by name: (transfer full) (nullable). */
static MusterEntity *
find_member (MusterTransaction *transaction, MusterEntity *group, MusterEntity *target)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_member_info);

  muster_query_where (query, "group_id", muster_entity_get_id (group));
  muster_query_where (query, "device_id", muster_entity_get_string (target, "device_id"));
  muster_query_set_limit (query, 1);
  return muster_transaction_find (transaction, query, NULL);
}

static gboolean
add_member (MusterTransaction *transaction,
            MusterEntity      *group,
            MusterEntity      *target,
            GError           **error)
{
  g_autoptr (MusterEntity) known = find_member (transaction, group, target);
  g_autoptr (MusterEntity) member = NULL;

  if (known != NULL)
    return TRUE;
  member = muster_entity_new (&muster_device_group_member_info);
  muster_entity_set_string (member, "group_id", muster_entity_get_id (group));
  muster_entity_set_string (member, "device_id", muster_entity_get_string (target, "device_id"));
  return muster_transaction_insert (transaction, member, error);
}

static gboolean
drop_member (MusterTransaction *transaction,
             MusterEntity      *group,
             MusterEntity      *target,
             GError           **error)
{
  g_autoptr (MusterEntity) member = find_member (transaction, group, target);

  if (member != NULL)
    return muster_transaction_delete (transaction, &muster_device_group_member_info,
                                      muster_entity_get_id (member), 0, error);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
               "%s does not have the tag, or has it by the filter of its group",
               muster_entity_get_string (target, "controller_id"));
  return FALSE;
}

/* Resolves to the targets. */
static gboolean
assign_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Assignment *self = data;
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->ids->len; i++)
    {
      MusterEntity *target =
        muster_management_find (transaction, &muster_update_target_info, "controller_id",
                                self->ids->pdata[i], NULL, NULL);

      if (target == NULL)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no target %s",
                       (const char *)self->ids->pdata[i]);
          return FALSE;
        }
      g_ptr_array_add (targets, target);
      if (!(self->drops ? drop_member : add_member) (transaction, self->group, target, error))
        return FALSE;
    }
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&targets));
  return TRUE;
}

/* Takes IDS. */
static GPtrArray *
assign (MusterManagementCall *call,
        MusterEntity         *group,
        GPtrArray            *ids,
        gboolean              drops,
        GError              **error)
{
  Assignment *assignment = g_new0 (Assignment, 1);

  assignment->group = g_object_ref (group);
  assignment->ids = ids;
  assignment->drops = drops;
  return dex_await_boxed (muster_database_write (muster_repository_get_database (call->repository),
                                                 call->actor,
                                                 drops ? "Take out of a group" : "Add to a group",
                                                 assign_job, assignment, assignment_free),
                          error);
}

/* ["dev1"], or [{"controllerId":"dev1"}]: (transfer full); NULL with ERROR. */
static GPtrArray *
read_ids (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonNode) node =
              muster_json_body_parse (muster_request_get_body (call->request), error);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gboolean good = array != NULL;

  for (guint i = 0; good && i < json_array_get_length (array); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      const char *id = NULL;

      if (JSON_NODE_HOLDS_OBJECT (element))
        id = muster_management_get_text (json_node_get_object (element), "controllerId");
      else if (JSON_NODE_HOLDS_VALUE (element))
        id = json_node_get_string (element);
      good = id != NULL;
      if (good)
        g_ptr_array_add (ids, g_strdup (id));
    }
  if (node != NULL && !good)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                         "the body must be a list of controller ids");
  return good ? g_steal_pointer (&ids) : NULL;
}

static MusterResponse *
answer_assign_several (MusterManagementCall *call, GError **error)
{
  GPtrArray *ids = read_ids (call, error);
  g_autoptr (MusterEntity) group = NULL;
  g_autoptr (GPtrArray) targets = NULL;

  if (ids == NULL)
    return NULL;
  group = get_tag (call, error);
  if (group == NULL)
    {
      g_ptr_array_unref (ids);
      return NULL;
    }
  targets = assign (call, group, ids, FALSE, error);
  return targets != NULL ? muster_management_show (call, &muster_management_target_kind, 200,
                                                   targets, TRUE, error)
                         : NULL;
}
MUSTER_MANAGEMENT_HANDLER (assign_several)

/* The path's target gets the path's tag, or loses it. */
static MusterResponse *
assign_one (MusterManagementCall *call, gboolean drops, GError **error)
{
  g_autoptr (MusterEntity) group = get_tag (call, error);
  g_autoptr (GPtrArray) targets = NULL;
  GPtrArray *ids = NULL;

  if (group == NULL)
    return NULL;
  ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (ids, g_strdup (muster_request_get_path_param (call->request, "targetId")));
  targets = assign (call, group, ids, drops, error);
  return targets != NULL ? muster_response_new (204) : NULL;
}

static MusterResponse *
answer_assign (MusterManagementCall *call, GError **error)
{
  return assign_one (call, FALSE, error);
}
MUSTER_MANAGEMENT_HANDLER (assign)

static MusterResponse *
answer_unassign (MusterManagementCall *call, GError **error)
{
  return assign_one (call, TRUE, error);
}
MUSTER_MANAGEMENT_HANDLER (unassign)

/* --- the tags of one target --- */

static gboolean
tags_job (MusterTransaction *transaction, gpointer target, GValue *result, GError **error)
{
  g_autoptr (MusterTargetQuery) query = muster_target_query_new (transaction);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) tags = muster_target_query_get (query, target, "tag");

  for (char **tag = tags; tag != NULL && *tag != NULL; tag++)
    {
      MusterEntity *group =
        muster_management_find (transaction, &muster_device_group_info, "name", *tag, NULL, error);

      if (group == NULL)
        return FALSE;
      g_ptr_array_add (groups, group);
    }
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&groups));
  return TRUE;
}

static MusterResponse *
answer_tags (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target =
              muster_management_get (call, &muster_management_target_kind, "targetId", error);
  g_autoptr (GPtrArray) groups = NULL;

  if (target == NULL)
    return NULL;
  groups = dex_await_boxed (muster_database_read (muster_repository_get_database (call->repository),
                                                  tags_job, g_object_ref (target), g_object_unref),
                            error);
  return groups != NULL ? muster_management_show (call, &tag_kind, 200, groups, TRUE, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (tags)

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/targettags", "managementListTags", "management", "Management: tags of targets", handle_list, MUSTER_ROUTE_OPEN_QUERY, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targettags", "managementCreateTags", "management", "Management: add tags", handle_create, RAW, .request = &muster_management_body, .response = &muster_management_answer, .status = 201, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targettags/{tagId:integer}", "managementGetTag", "management", "Management: a tag", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/targettags/{tagId:integer}", "managementUpdateTag", "management", "Management: change a tag", handle_update, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/targettags/{tagId:integer}", "managementDeleteTag", "management", "Management: delete a tag", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targettags/{tagId:integer}/assigned", "managementListTagged", "management", "Management: the targets that have a tag", handle_assigned, MUSTER_ROUTE_OPEN_QUERY, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targettags/{tagId:integer}/assigned", "managementTagTargets", "management", "Management: give targets a tag", handle_assign_several, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targettags/{tagId:integer}/assigned/{targetId}", "managementTagTarget", "management", "Management: give a target a tag", handle_assign, RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/targettags/{tagId:integer}/assigned/{targetId}", "managementUntagTarget", "management", "Management: take a tag from a target", handle_unassign, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}/tags", "managementListTargetTags", "management", "Management: the tags of a target", handle_tags, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_tags_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
