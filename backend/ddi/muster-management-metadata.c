/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-metadata"

#include "config.h"

#include "model/muster-firmware-note.h"
#include "muster-management-private.h"

/* --- how it is told --- */

static const MusterManagementName names[] = {
  { "key", "key" },
  { "value", "value" },
  { "targetvisible", "told" },
  { NULL, NULL },
};

static gboolean
encode_note (MusterManagementView *view, MusterEntity *note, GString *json, GError **error)
{
  muster_management_add_text (json, "key", muster_entity_get_string (note, "key"));
  muster_management_add_text (json, "value", muster_entity_get_string (note, "value"));
  muster_management_add_boolean (json, "targetVisible", muster_entity_get_boolean (note, "told"));
  return TRUE;
}

static const MusterManagementKind note_kind = { &muster_firmware_note_info, names, NULL,
                                                encode_note };

/* --- reading --- */

static MusterEntity *
get_module (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &muster_management_module_kind, "moduleId", error);
}

static gboolean
note_job (MusterTransaction *transaction, gpointer query, GValue *result, GError **error)
{
  MusterEntity *note = muster_transaction_find (transaction, query, error);

  if (note == NULL && (error == NULL || *error == NULL))
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                         "the software module has no such metadata");
  if (note == NULL)
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, note);
  return TRUE;
}

/* The path's key of the path's module: (transfer full). */
static MusterEntity *
get_note (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) module = get_module (call, error);
  MusterQuery *query = NULL;

  if (module == NULL)
    return NULL;
  query = muster_query_new (&muster_firmware_note_info);
  muster_query_where (query, "artifact_id", muster_entity_get_id (module));
  muster_query_where (query, "key", muster_request_get_path_param (call->request, "key"));
  return dex_await_object (muster_database_read (muster_repository_get_database (call->repository),
                                                 note_job, query,
                                                 (GDestroyNotify)muster_query_unref),
                           error);
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) module = get_module (call, error);

  return module != NULL ? muster_management_list (call, &note_kind, "artifact_id",
                                                  muster_entity_get_id (module), error)
                        : NULL;
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) note = get_note (call, error);

  return note != NULL ? muster_management_show_one (call, &note_kind, 200, note, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

/* --- making and changing --- */

static gboolean
take_value (MusterEntity *note, JsonObject *object, GError **error)
{
  muster_entity_set_boolean (note, "told",
                             json_object_get_boolean_member_with_default (
                               object, "targetVisible", muster_entity_get_boolean (note, "told")));
  return muster_management_set_text (note, "value", muster_management_get_text (object, "value"),
                                     error);
}

static MusterEntity *
create_note (MusterManagementCall *call, MusterEntity *module, JsonObject *object, GError **error)
{
  g_autoptr (MusterEntity) note = muster_entity_new (&muster_firmware_note_info);

  muster_entity_set_string (note, "artifact_id", muster_entity_get_id (module));
  return muster_management_set_text (note, "key", muster_management_get_text (object, "key"),
                                     error) &&
             take_value (note, object, error)
           ? dex_await_object (muster_repository_insert (call->repository, call->actor,
                                                         "Say something of firmware", note),
                               error)
           : NULL;
}

static MusterResponse *
answer_create (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (MusterEntity) module = objects != NULL ? get_module (call, error) : NULL;
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; module != NULL && i < objects->len; i++)
    {
      MusterEntity *note = create_note (call, module, objects->pdata[i], error);

      if (note == NULL)
        return NULL;
      g_ptr_array_add (notes, note);
    }
  return module != NULL ? muster_management_show (call, &note_kind, 201, notes, TRUE, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (create)

static MusterResponse *
answer_update (MusterManagementCall *call, GError **error)
{
  g_autoptr (JsonObject) object = muster_management_read_object (call, error);
  g_autoptr (MusterEntity) note = object != NULL ? get_note (call, error) : NULL;

  return note != NULL && take_value (note, object, error) &&
             muster_management_write (call, "Say something else of firmware", note, error)
           ? muster_management_show_one (call, &note_kind, 200, note, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (update)

static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) note = get_note (call, error);

  return note != NULL && dex_await (muster_repository_delete (call->repository, call->actor,
                                                              "Say something of firmware no more",
                                                              &muster_firmware_note_info,
                                                              muster_entity_get_id (note), 0),
                                    error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (delete)

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/softwaremodules/{moduleId:integer}/metadata", "managementListMetadata", "management", "Management: what is said of a software module", handle_list, MUSTER_ROUTE_OPEN_QUERY, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/softwaremodules/{moduleId:integer}/metadata", "managementCreateMetadata", "management", "Management: say something of a software module", handle_create, RAW, .request = &muster_management_body, .response = &muster_management_answer, .status = 201, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/softwaremodules/{moduleId:integer}/metadata/{key}", "managementGetMetadata", "management", "Management: what is said under a key", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/softwaremodules/{moduleId:integer}/metadata/{key}", "managementUpdateMetadata", "management", "Management: say something else under a key", handle_update, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/softwaremodules/{moduleId:integer}/metadata/{key}", "managementDeleteMetadata", "management", "Management: say nothing under a key any more", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_metadata_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
