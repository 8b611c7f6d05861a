/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-sets"

#include "config.h"

#include "muster-management-private.h"
#include "ota/muster-firmware-use.h"

/* --- how a set is told --- */

static const MusterManagementName names[] = {
  { "id", "number" },
  { "name", "name" },
  { "version", "version" },
  { "type", "kind" },
  { "description", "description" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { NULL, NULL },
};

/* The artifacts of SET in its order: (transfer full) (element-type MusterEntity). */
static GPtrArray *
select_members (MusterTransaction *transaction, MusterEntity *set, GError **error)
{
  return muster_firmware_use_list_parts (transaction, NULL, muster_entity_get_id (set), error);
}

static gboolean
encode_set (MusterManagementView *view, MusterEntity *set, GString *json, GError **error)
{
  gint64           number = muster_entity_get_integer (set, "number");
  g_autofree char *path = g_strdup_printf ("distributionsets/%" G_GINT64_FORMAT, number);
  g_autoptr (GPtrArray) artifacts = select_members (view->transaction, set, error);

  if (artifacts == NULL)
    return FALSE;
  muster_management_add_number (json, "id", number);
  muster_management_add_text (json, "name", muster_entity_get_string (set, "name"));
  muster_management_add_text (json, "version", muster_entity_get_string (set, "version"));
  muster_management_add_text (json, "type", muster_entity_get_string (set, "kind"));
  muster_management_add_text (json, "description", muster_entity_get_string (set, "description"));
  muster_management_add_boolean (json, "complete", artifacts->len > 0);
  muster_management_add_boolean (json, "deleted", FALSE);
  muster_management_add_boolean (json, "requiredMigrationStep", FALSE);
  muster_management_add_raw (json, "modules", "[");
  for (guint i = 0; i < artifacts->len; i++)
    {
      g_string_append (json, i > 0 ? ",{" : "{");
      if (!muster_management_module_kind.encode (view, artifacts->pdata[i], json, error))
        return FALSE;
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
  muster_management_add_stamps (json, set);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

const MusterManagementKind muster_management_set_kind = { &muster_firmware_set_info, names, NULL,
                                                          encode_set };

/* --- reading --- */

MusterEntity *
muster_management_find_set (MusterManagementCall *call,
                            JsonObject           *object,
                            const char           *name,
                            GError              **error)
{
  g_autofree char *number =
    g_strdup_printf ("%" G_GINT64_FORMAT, muster_management_get_number (object, name));

  return muster_management_find_one (call, &muster_firmware_set_info, "number", number, error);
}

static MusterEntity *
get_set (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &muster_management_set_kind, "setId", error);
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  return muster_management_list (call, &muster_management_set_kind, NULL, NULL, error);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) set = get_set (call, error);

  return set != NULL
           ? muster_management_show_one (call, &muster_management_set_kind, 200, set, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

static gboolean
members_job (MusterTransaction *transaction, gpointer set, GValue *result, GError **error)
{
  GPtrArray *artifacts = select_members (transaction, set, error);

  if (artifacts == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, artifacts);
  return TRUE;
}

static MusterResponse *
answer_members (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) set = get_set (call, error);
  g_autoptr (GPtrArray) artifacts = NULL;

  if (set == NULL)
    return NULL;
  artifacts =
    dex_await_boxed (muster_database_read (muster_repository_get_database (call->repository),
                                           members_job, g_object_ref (set), g_object_unref),
                     error);
  return artifacts != NULL ? muster_management_show (call, &muster_management_module_kind, 200,
                                                     artifacts, TRUE, error)
                           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (members)

/* --- making --- */

/* The ids of what OBJECT names in `modules`: (transfer full). */
static char **
find_artifacts (MusterManagementCall *call, JsonObject *object, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  JsonNode  *node = json_object_get_member (object, "modules");
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode        *element = json_array_get_element (array, i);
      gint64           id = JSON_NODE_HOLDS_OBJECT (element)
                              ? muster_management_get_number (json_node_get_object (element), "id")
                              : 0;
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, id);
      g_autoptr (MusterEntity) artifact =
                  muster_management_find_one (call, &muster_firmware_artifact_info, "number",
                                              number, error);

      if (artifact == NULL)
        return NULL;
      g_strv_builder_add (ids, muster_entity_get_id (artifact));
    }
  return g_strv_builder_end (ids);
}

static MusterEntity *
create_set (MusterManagementCall *call, JsonObject *object, GError **error)
{
  static const char *const members[][2] = { { "name", "name" },
                                            { "version", "version" },
                                            { "type", "kind" },
                                            { "description", "description" } };
  MusterFirmwareService   *firmware =
    muster_update_service_get_firmware (muster_ddi_service_get_parts (call->service)->updates);
  g_autoptr (MusterEntity) set = muster_entity_new (&muster_firmware_set_info);
  g_auto (GStrv) ids = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (!muster_management_set_text (set, members[i][1],
                                     muster_management_get_text (object, members[i][0]), error))
      return NULL;
  ids = find_artifacts (call, object, error);
  return ids != NULL
           ? dex_await_object (muster_firmware_service_create_set (firmware, call->actor, set,
                                                                   (const char *const *)ids),
                               error)
           : NULL;
}

static MusterResponse *
answer_create (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      MusterEntity *set = create_set (call, objects->pdata[i], error);

      if (set == NULL)
        return NULL;
      g_ptr_array_add (sets, set);
    }
  return objects != NULL
           ? muster_management_show (call, &muster_management_set_kind, 201, sets, TRUE, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (create)

/* One that updates have used stays as it is: it is as good as gone for whoever deletes it. */
static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) set = get_set (call, error);
  GError *failure = NULL;

  if (set == NULL)
    return NULL;
  if (dex_await (muster_repository_delete (call->repository, call->actor, "Delete a firmware set",
                                           &muster_firmware_set_info, muster_entity_get_id (set),
                                           0),
                 &failure))
    return muster_response_new (204);
  if (!g_error_matches (failure, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  g_error_free (failure);
  return muster_response_new (204);
}
MUSTER_MANAGEMENT_HANDLER (delete)

/* --- giving --- */

static gboolean
assign_one (MusterManagementCall *call,
            MusterEntity         *set,
            JsonObject           *object,
            GPtrArray            *updates,
            GError              **error)
{
  const char *id = muster_management_get_text (object, "id");
  g_autoptr (MusterEntity) target =
              muster_management_find_one (call, &muster_update_target_info, "controller_id",
                                          id != NULL ? id : "", error);

  return target != NULL && muster_management_assign (call, target, set, object, updates, error);
}

static MusterResponse *
answer_assign (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (MusterEntity) set = objects != NULL ? get_set (call, error) : NULL;
  g_autoptr (GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);

  if (set == NULL)
    return NULL;
  for (guint i = 0; i < objects->len; i++)
    if (!assign_one (call, set, objects->pdata[i], updates, error))
      return NULL;
  return muster_management_respond_assigned (objects->len, updates);
}
MUSTER_MANAGEMENT_HANDLER (assign)

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/distributionsets", "managementListSets", "management", "Management: distribution sets", handle_list, MUSTER_ROUTE_PLAIN, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/distributionsets", "managementCreateSets", "management", "Management: add distribution sets", handle_create, RAW, .request = &muster_management_body, .response = &muster_management_answer, .status = 201, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/distributionsets/{setId:integer}", "managementGetSet", "management", "Management: a distribution set", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/distributionsets/{setId:integer}", "managementDeleteSet", "management", "Management: delete a distribution set", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/distributionsets/{setId:integer}/assignedSM", "managementListSetModules", "management", "Management: the software modules of a set", handle_members, MUSTER_ROUTE_OPEN_QUERY, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/distributionsets/{setId:integer}/assignedTargets", "managementAssignTargets", "management", "Management: give targets a set", handle_assign, RAW | MUSTER_ROUTE_OPEN_QUERY, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_sets_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
