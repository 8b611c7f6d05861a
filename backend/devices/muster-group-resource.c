/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-group-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-device-group-member.h"
#include "model/muster-device-group.h"
#include "muster-device-resource.h"

/* --- the filter --- */

/* FILTER as a query of the device list; NULL with a row at `/filter`. */
static MusterQuery *
parse_filter (const char *filter, GError **error)
{
  g_autoptr (GHashTable) params = g_uri_parse_params (filter, -1, "&", G_URI_PARAMS_NONE, NULL);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) cause = NULL;
  MusterQuery *query = NULL;

  if (params != NULL)
    query = muster_query_new_from_params (&muster_device_info, params, NULL, &cause);
  if (query != NULL)
    return query;
  if (cause == NULL || muster_error_get_fields (cause)->len == 0)
    muster_field_errors_add (
      errors, "/filter",
      "must be a query of the device list, for instance status=deployed&kind=sensor");
  else
    {
      const MusterFieldError *first = muster_error_get_fields (cause)->pdata[0];

      muster_field_errors_add (errors, "/filter", "%s %s", first->pointer, first->detail);
    }
  muster_field_errors_check (errors, error);
  return NULL;
}

static gboolean
check_filter (MusterRequest *request, GError **error)
{
  const char *filter = muster_device_get_member (request, "filter");
  g_autoptr (MusterQuery) query = NULL;

  if (filter == NULL)
    return TRUE;
  query = parse_filter (filter, error);
  return query != NULL;
}

static DexFuture *
create_group (MusterRequest *request, gpointer repository)
{
  GError *error = NULL;

  return check_filter (request, &error) ? muster_handle_create (request, repository)
                                        : dex_future_new_for_error (error);
}

static DexFuture *
update_group (MusterRequest *request, gpointer repository)
{
  GError *error = NULL;

  return check_filter (request, &error) ? muster_handle_update (request, repository)
                                        : dex_future_new_for_error (error);
}

static DexFuture *
respond_removed_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static DexFuture *
delete_group (MusterRequest *request, gpointer repository)
{
  return dex_future_then (muster_repository_delete (repository, muster_request_get_actor (request),
                                                    "Delete a group", &muster_device_group_info,
                                                    muster_request_get_path_param (request, "id"),
                                                    muster_request_get_expected_revision (request)),
                          respond_removed_cb, NULL, NULL);
}

/* --- members --- */

/* A request about the members of a group. */
typedef struct
{
  MusterRequest    *request;
  MusterRepository *repository;
} MembersCall;

static void
members_call_free (gpointer data)
{
  MembersCall *call = data;

  g_object_unref (call->request);
  g_object_unref (call->repository);
  g_free (call);
}

/* What THEN gives once it is known that there is such a group. */
static DexFuture *
with_group (MusterRequest *request, MusterRepository *repository, DexFutureCallback then)
{
  MembersCall *call = g_new0 (MembersCall, 1);

  call->request = g_object_ref (request);
  call->repository = g_object_ref (repository);
  return dex_future_then (muster_repository_get_json_as_of (repository, &muster_device_group_info,
                                                            muster_request_get_path_param (request,
                                                                                           "id"),
                                                            muster_request_get_as_of (request)),
                          then, call, members_call_free);
}

static DexFuture *
list_members_cb (DexFuture *group, gpointer user_data)
{
  MembersCall *call = user_data;

  muster_query_where (muster_request_get_query (call->request), "group_id",
                      muster_request_get_path_param (call->request, "id"));
  return muster_handle_list (call->request, call->repository);
}

static DexFuture *
list_members (MusterRequest *request, gpointer repository)
{
  return with_group (request, repository, list_members_cb);
}

static DexFuture *
respond_member_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (201, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
add_member_cb (DexFuture *group, gpointer user_data)
{
  MembersCall   *call = user_data;
  MusterRequest *request = call->request;
  g_autoptr (MusterEntity) member = muster_entity_new (&muster_device_group_member_info);

  muster_entity_set_string (member, "group_id", muster_request_get_path_param (request, "id"));
  muster_entity_set_string (member, "device_id", muster_device_get_member (request, "device_id"));
  return dex_future_then (muster_repository_insert (call->repository,
                                                    muster_request_get_actor (request),
                                                    "Add to a group", member),
                          respond_member_cb, NULL, NULL);
}

static DexFuture *
add_member (MusterRequest *request, gpointer repository)
{
  return with_group (request, repository, add_member_cb);
}

/* One group and one device, or the group alone. */
typedef struct
{
  MusterRepository *repository;
  char             *group_id;
  char             *device_id; /* (nullable) */
  gint64            as_of;
} GroupCall;

static void
group_call_clear (gpointer data)
{
  GroupCall *call = data;

  g_object_unref (call->repository);
  g_free (call->group_id);
  g_free (call->device_id);
}

static void
group_call_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, group_call_clear);
}

static GroupCall *
group_call_new (MusterRequest *request, MusterRepository *repository)
{
  GroupCall *call = g_atomic_rc_box_new0 (GroupCall);

  call->repository = g_object_ref (repository);
  call->group_id = g_strdup (muster_request_get_path_param (request, "id"));
  call->as_of = muster_request_get_as_of (request);
  return call;
}

static gboolean
delete_member (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GroupCall *call = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_member_info);
  g_autoptr (MusterEntity) member = NULL;
  g_autoptr (GError) cause = NULL;

  muster_query_where (query, "group_id", call->group_id);
  muster_query_where (query, "device_id", call->device_id);
  member = muster_transaction_find (transaction, query, &cause);
  if (member != NULL)
    return muster_transaction_delete (transaction, &muster_device_group_member_info,
                                      muster_entity_get_id (member), 0, error);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                 "the device is no member of the group");
  return FALSE;
}

static DexFuture *
remove_member (MusterRequest *request, gpointer repository)
{
  GroupCall *call = group_call_new (request, repository);

  call->device_id = g_strdup (muster_request_get_path_param (request, "device_id"));
  return dex_future_then (muster_database_write (muster_repository_get_database (repository),
                                                 muster_request_get_actor (request),
                                                 "Take out of a group", delete_member, call,
                                                 group_call_unref),
                          respond_removed_cb, NULL, NULL);
}

/* --- who belongs to it --- */

static void
append_id (GString *json, GHashTable *seen, const char *id)
{
  if (!g_hash_table_add (seen, g_strdup (id)))
    return;
  g_string_append_printf (json, "%s\"%s\"", g_hash_table_size (seen) > 1 ? "," : "", id);
}

static gboolean
append_named (GroupCall *call, GString *json, GHashTable *seen, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_member_info);
  g_autoptr (GPtrArray) members = NULL;

  muster_query_where (query, "group_id", call->group_id);
  muster_query_set_limit (query, 0);
  muster_query_set_as_of (query, call->as_of);
  members = dex_await_boxed (muster_repository_select (call->repository, query), error);
  for (guint i = 0; members != NULL && i < members->len; i++)
    append_id (json, seen, muster_entity_get_string (members->pdata[i], "device_id"));
  return members != NULL;
}

static gboolean
append_filtered (GroupCall  *call,
                 const char *filter,
                 GString    *json,
                 GHashTable *seen,
                 GError    **error)
{
  g_autoptr (MusterQuery) query = parse_filter (filter, error);
  g_autoptr (GPtrArray) devices = NULL;

  if (query == NULL)
    return FALSE;
  muster_query_set_limit (query, 0);
  muster_query_set_as_of (query, call->as_of);
  devices = dex_await_boxed (muster_repository_select (call->repository, query), error);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    append_id (json, seen, muster_entity_get_id (devices->pdata[i]));
  return devices != NULL;
}

/* The group as it was. */
static MusterEntity *
await_group (GroupCall *call, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_group_info);
  g_autoptr (GPtrArray) groups = NULL;

  muster_query_where (query, "id", call->group_id);
  muster_query_set_as_of (query, call->as_of);
  groups = dex_await_boxed (muster_repository_select (call->repository, query), error);
  if (groups != NULL && groups->len > 0)
    return g_object_ref (groups->pdata[0]);
  if (groups != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device group %s",
                 call->group_id);
  return NULL;
}

static DexFuture *
list_devices_fiber (gpointer user_data)
{
  GroupCall *call = user_data;
  g_autoptr (MusterEntity) group = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) json = g_string_new ("{\"ids\":[");
  const char *filter = NULL;
  GError     *error = NULL;

  group = await_group (call, &error);
  if (group == NULL || !append_named (call, json, seen, &error))
    return dex_future_new_for_error (error);
  filter = muster_entity_get_string (group, "filter");
  if (filter != NULL && !append_filtered (call, filter, json, seen, &error))
    return dex_future_new_for_error (error);
  g_string_append_printf (json, "],\"total\":%u}", g_hash_table_size (seen));
  return muster_response_resolve (muster_response_new_json (200, g_steal_pointer (&json)));
}

static DexFuture *
list_devices (MusterRequest *request, gpointer repository)
{
  return dex_scheduler_spawn (NULL, 0, list_devices_fiber, group_call_new (request, repository),
                              group_call_unref);
}

/* clang-format off */
static const MusterField member_fields[] = {
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Device"), .doc = "The device to add." },
};
static const MusterField ids_fields[] = {
  { "ids", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Ids"), .doc = "Array of ids." },
  { "total", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Total"), .doc = "How many." },
};
static const MusterShape group_shape = { .doc = "A group.", .entity = &muster_device_group_info };
static const MusterShape groups_shape = { .doc = "Groups.", .entity = &muster_device_group_info, .list = TRUE };
static const MusterShape member_shape = { .schema = "NewDeviceGroupMember", .doc = "Who becomes a member.", .fields = member_fields, .n_fields = G_N_ELEMENTS (member_fields) };
static const MusterShape stored_member_shape = { .doc = "A member.", .entity = &muster_device_group_member_info };
static const MusterShape members_shape = { .doc = "Members.", .entity = &muster_device_group_member_info, .list = TRUE };
static const MusterShape ids_shape = { .schema = "DeviceIds", .doc = "Ids of devices.", .fields = ids_fields, .n_fields = G_N_ELEMENTS (ids_fields) };

static const MusterRoute routes[] = {
  { "GET", "/device-groups", "listDeviceGroups", "devices", "List groups", muster_handle_list, MUSTER_ROUTE_LIST, .response = &groups_shape },
  { "POST", "/device-groups", "createDeviceGroup", "devices", "Add a group", create_group, MUSTER_ROUTE_PLAIN, .request = &group_shape, .response = &group_shape, .status = 201 },
  { "GET", "/device-groups/{id:uuid}", "getDeviceGroup", "devices", "One group", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &group_shape },
  { "PUT", "/device-groups/{id:uuid}", "updateDeviceGroup", "devices", "Change a group", update_group, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &group_shape, .response = &group_shape },
  { "DELETE", "/device-groups/{id:uuid}", "deleteDeviceGroup", "devices", "Delete a group; its devices stay", delete_group, MUSTER_ROUTE_UPDATE },
  { "GET", "/device-groups/{id:uuid}/members", "listDeviceGroupMembers", "devices", "Who was named a member", list_members, MUSTER_ROUTE_LIST, .response = &members_shape },
  { "POST", "/device-groups/{id:uuid}/members", "addDeviceGroupMember", "devices", "Name a member", add_member, MUSTER_ROUTE_PLAIN, .request = &member_shape, .response = &stored_member_shape, .status = 201 },
  { "DELETE", "/device-groups/{id:uuid}/members/{device_id:uuid}", "removeDeviceGroupMember", "devices", "Take a device out", remove_member, MUSTER_ROUTE_PLAIN },
  { "GET", "/device-groups/{id:uuid}/devices", "listDeviceGroupDevices", "devices", "Everyone who belongs to it, by name or by filter", list_devices, MUSTER_ROUTE_PAST, .response = &ids_shape },
};
/* clang-format on */

void
muster_group_resource_add (MusterRouter *router, MusterRepository *repository)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (repository));
}
