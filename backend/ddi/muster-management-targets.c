/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-targets"

#include "config.h"

#include <string.h>

#include "model/muster-device.h"
#include "muster-management-private.h"

/* --- how a target is told --- */

static const MusterManagementName names[] = {
  { "controllerid", "controller_id" },
  { "id", "controller_id" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { NULL, NULL },
};

static char **
get_target_values (MusterManagementView *view, MusterEntity *target, const char *name)
{
  return muster_target_query_get (view->targets, target, name);
}

static void
add_device (GString *json, MusterEntity *device)
{
  muster_management_add_text (json, "name", muster_entity_get_string (device, "name"));
  muster_management_add_text (json, "description", muster_entity_get_string (device, "notes"));
  muster_management_add_text (json, "ipAddress", muster_entity_get_string (device, "address"));
  if (!muster_entity_is_null (device, "last_seen"))
    muster_management_add_number (json, "lastControllerRequestAt",
                                  muster_entity_get_integer (device, "last_seen") / 1000);
}

static gboolean
encode_target (MusterManagementView *view, MusterEntity *target, GString *json, GError **error)
{
  const char      *id = muster_entity_get_string (target, "controller_id");
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("targets/", escaped, NULL);
  g_autoptr (MusterEntity) device =
              muster_transaction_get (view->transaction, &muster_device_info,
                                      muster_entity_get_string (target, "device_id"), error);

  if (device == NULL)
    return FALSE;
  muster_management_add_text (json, "controllerId", id);
  add_device (json, device);
  muster_management_add_text (json, "updateStatus",
                              muster_target_query_get_status (view->transaction, target));
  muster_management_add_text (json, "securityToken", muster_entity_get_string (target, "token"));
  muster_management_add_boolean (json, "requestAttributes",
                                 muster_entity_get_boolean (target, "attributes_wanted"));
  muster_management_add_boolean (json, "autoConfirmActive",
                                 muster_entity_get_boolean (target, "auto_confirm"));
  muster_management_add_stamps (json, target);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

const MusterManagementKind muster_management_target_kind = { &muster_update_target_info, names,
                                                             get_target_values, encode_target };

/* --- reading --- */

static MusterEntity *
get_target (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &muster_management_target_kind, "targetId", error);
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  return muster_management_list (call, &muster_management_target_kind, NULL, NULL, error);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);

  return target != NULL
           ? muster_management_show_one (call, &muster_management_target_kind, 200, target, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

static MusterResponse *
answer_attributes (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);
  const char *attributes = NULL;

  if (target == NULL)
    return NULL;
  attributes = muster_entity_get_string (target, "attributes");
  return muster_management_respond (200, g_string_new (attributes != NULL ? attributes : "{}"));
}
MUSTER_MANAGEMENT_HANDLER (attributes)

/* --- making and changing --- */

typedef struct
{
  GPtrArray *objects; /* (owned) (element-type JsonObject) */
} Creation;

static void
creation_free (gpointer data)
{
  g_ptr_array_unref (((Creation *)data)->objects);
  g_free (data);
}

static MusterEntity *
make_device (JsonObject *object, GError **error)
{
  const char *id = muster_management_get_text (object, "controllerId");
  const char *name = muster_management_get_text (object, "name");
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);
  g_autofree char *key = NULL;

  if (id == NULL || *id == '\0' || g_utf8_strlen (id, -1) > 256)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "controllerId must be a text of 1 to 256 characters");
      return NULL;
    }
  key = g_strconcat (MUSTER_DDI_KEY_PREFIX, id, NULL);
  if (!muster_management_set_text (device, "name", name != NULL ? name : id, error) ||
      !muster_management_set_text (device, "notes",
                                   muster_management_get_text (object, "description"), error))
    return NULL;
  muster_entity_set_string (device, "family", MUSTER_DDI_FAMILY);
  muster_entity_set_string (device, "family_key", key);
  muster_entity_set_enum (device, "adoption", MUSTER_ADOPTION_ADOPTED);
  muster_entity_set_enum (device, "status", MUSTER_DEVICE_STATUS_DEPLOYED);
  return g_steal_pointer (&device);
}

/* What OBJECT says of a target, into TARGET. */
static gboolean
take_members (MusterEntity *target, JsonObject *object, GError **error)
{
  if (json_object_has_member (object, "requestAttributes"))
    muster_entity_set_boolean (target, "attributes_wanted",
                               json_object_get_boolean_member_with_default (object,
                                                                            "requestAttributes",
                                                                            TRUE));
  return muster_management_set_text (target, "token",
                                     muster_management_get_text (object, "securityToken"), error);
}

/* The rule of this room makes the target with its device. */
static MusterEntity *
create_target (MusterTransaction *transaction, JsonObject *object, GError **error)
{
  g_autoptr (MusterEntity) device = make_device (object, error);
  g_autoptr (MusterEntity) target = NULL;

  if (device == NULL || !muster_transaction_insert (transaction, device, error))
    return NULL;
  target = muster_management_find (transaction, &muster_update_target_info, "device_id",
                                   muster_entity_get_id (device), NULL, error);
  return target != NULL && take_members (target, object, error) &&
             muster_transaction_update (transaction, target, 0, error)
           ? g_steal_pointer (&target)
           : NULL;
}

static gboolean
create_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Creation *self = data;
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->objects->len; i++)
    {
      MusterEntity *target = create_target (transaction, self->objects->pdata[i], error);

      if (target == NULL)
        return FALSE;
      g_ptr_array_add (targets, target);
    }
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&targets));
  return TRUE;
}

static MusterResponse *
answer_create (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (GPtrArray) targets = NULL;
  Creation *creation = NULL;

  if (objects == NULL)
    return NULL;
  creation = g_new0 (Creation, 1);
  creation->objects = g_steal_pointer (&objects);
  targets =
    dex_await_boxed (muster_database_write (muster_repository_get_database (call->repository),
                                            call->actor, "Add update targets", create_job, creation,
                                            creation_free),
                     error);
  return targets != NULL ? muster_management_show (call, &muster_management_target_kind, 201,
                                                   targets, TRUE, error)
                         : NULL;
}
MUSTER_MANAGEMENT_HANDLER (create)

typedef struct
{
  MusterEntity *target; /* (owned) */
  JsonObject   *object; /* (owned) */
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_object_unref (self->target);
  g_clear_pointer (&self->object, json_object_unref);
  g_free (self);
}

static gboolean
update_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change *self = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info,
                                      muster_entity_get_string (self->target, "device_id"), error);
  const char *name = muster_management_get_text (self->object, "name");

  return device != NULL &&
         (name == NULL || muster_management_set_text (device, "name", name, error)) &&
         muster_management_set_text (device, "notes",
                                     muster_management_get_text (self->object, "description"),
                                     error) &&
         muster_transaction_update (transaction, device, 0, error) &&
         take_members (self->target, self->object, error) &&
         muster_transaction_update (transaction, self->target, 0, error);
}

static MusterResponse *
answer_update (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) target = object != NULL ? get_target (call, error) : NULL;
  Change *change = NULL;

  if (target == NULL)
    return NULL;
  change = g_new0 (Change, 1);
  change->target = g_object_ref (target);
  change->object = json_object_ref (object);
  return dex_await (muster_database_write (muster_repository_get_database (call->repository),
                                           call->actor, "Change an update target", update_job,
                                           change, change_free),
                    error)
           ? muster_management_show_one (call, &muster_management_target_kind, 200, target, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (update)

/* A device that is nothing but a target goes with it; others only stop being one. */
static gboolean
delete_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Change     *self = data;
  const char *device_id = muster_entity_get_string (self->target, "device_id");
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, device_id, error);

  if (device == NULL)
    return FALSE;
  if (g_strcmp0 (muster_entity_get_string (device, "family"), MUSTER_DDI_FAMILY) == 0)
    return muster_transaction_delete (transaction, &muster_device_info, device_id, 0, error);
  return muster_transaction_delete (transaction, &muster_update_target_info,
                                    muster_entity_get_id (self->target), 0, error);
}

static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);
  Change *change = NULL;

  if (target == NULL)
    return NULL;
  change = g_new0 (Change, 1);
  change->target = g_object_ref (target);
  return dex_await (muster_database_write (muster_repository_get_database (call->repository),
                                           call->actor, "Delete an update target", delete_job,
                                           change, change_free),
                    error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (delete)

/* --- what it is given, and what it runs --- */

/* The set of UPDATE as it is told; 204 without. */
static MusterResponse *
show_set_of (MusterManagementCall *call, MusterEntity *update, GError **error)
{
  const char *set_id = update != NULL ? muster_entity_get_string (update, "set_id") : NULL;
  g_autoptr (MusterEntity) set =
              set_id != NULL ? muster_ddi_service_find (call->service, &muster_firmware_set_info,
                                                        "id", set_id, error)
                             : NULL;

  if (set_id == NULL)
    return muster_response_new (204);
  return set != NULL
           ? muster_management_show_one (call, &muster_management_set_kind, 200, set, error)
           : NULL;
}

static MusterResponse *
answer_assigned (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);
  MusterUpdateService *updates = muster_ddi_service_get_parts (call->service)->updates;
  MusterEntity        *next = NULL;
  g_autoptr (MusterEntity) installed = NULL;
  g_autoptr (GError) failure = NULL;

  if (target == NULL)
    return NULL;
  next = muster_update_service_get_next (updates, muster_entity_get_string (target, "device_id"));
  if (next != NULL)
    {
      g_autoptr (MusterEntity) kept = g_object_ref (next);

      return show_set_of (call, kept, error);
    }
  installed =
    muster_ddi_service_find_installed (call->service,
                                       muster_entity_get_string (target, "device_id"), &failure);
  if (failure == NULL)
    return show_set_of (call, installed, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
MUSTER_MANAGEMENT_HANDLER (assigned)

static MusterResponse *
answer_installed (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);
  g_autoptr (MusterEntity) installed = NULL;
  g_autoptr (GError) failure = NULL;

  if (target == NULL)
    return NULL;
  installed =
    muster_ddi_service_find_installed (call->service,
                                       muster_entity_get_string (target, "device_id"), &failure);
  if (failure == NULL)
    return show_set_of (call, installed, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
MUSTER_MANAGEMENT_HANDLER (installed)

static gboolean
assign_one (MusterManagementCall *call,
            MusterEntity         *target,
            JsonObject           *object,
            GPtrArray            *updates,
            GError              **error)
{
  g_autoptr (MusterEntity) set = muster_management_find_set (call, object, "id", error);

  return set != NULL && muster_management_assign (call, target, set, object, updates, error);
}

static MusterResponse *
answer_assign (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (MusterEntity) target = objects != NULL ? get_target (call, error) : NULL;
  g_autoptr (GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);

  if (target == NULL)
    return NULL;
  for (guint i = 0; i < objects->len; i++)
    if (!assign_one (call, target, objects->pdata[i], updates, error))
      return NULL;
  return muster_management_respond_assigned (objects->len, updates);
}
MUSTER_MANAGEMENT_HANDLER (assign)

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/targets", "managementListTargets", "management", "Management: targets", handle_list, MUSTER_ROUTE_PLAIN, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targets", "managementCreateTargets", "management", "Management: add targets", handle_create, RAW, .request = &muster_management_body, .response = &muster_management_answer, .status = 201, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}", "managementGetTarget", "management", "Management: a target", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/targets/{targetId}", "managementUpdateTarget", "management", "Management: change a target", handle_update, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/targets/{targetId}", "managementDeleteTarget", "management", "Management: delete a target", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}/attributes", "managementGetAttributes", "management", "Management: what a target says of itself", handle_attributes, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}/assignedDS", "managementGetAssigned", "management", "Management: the set that a target is given", handle_assigned, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targets/{targetId}/assignedDS", "managementAssignSets", "management", "Management: give a target a set", handle_assign, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/targets/{targetId}/installedDS", "managementGetInstalled", "management", "Management: the set that a target runs", handle_installed, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_targets_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
