/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-modules"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/http/muster-file-response.h"
#include "muster-form-file.h"
#include "muster-management-private.h"

/* --- how a module is told --- */

static const MusterManagementName names[] = {
  { "id", "number" },
  { "name", "name" },
  { "version", "version" },
  { "type", "part" },
  { "vendor", "vendor" },
  { "description", "description" },
  { "createdat", "created_at" },
  { "lastmodifiedat", "updated_at" },
  { NULL, NULL },
};

static gboolean
encode_module (MusterManagementView *view, MusterEntity *artifact, GString *json, GError **error)
{
  gint64           number = muster_entity_get_integer (artifact, "number");
  g_autofree char *path = g_strdup_printf ("softwaremodules/%" G_GINT64_FORMAT, number);

  muster_management_add_number (json, "id", number);
  muster_management_add_text (json, "name", muster_entity_get_string (artifact, "name"));
  muster_management_add_text (json, "version", muster_entity_get_string (artifact, "version"));
  muster_management_add_text (json, "type", muster_entity_get_string (artifact, "part"));
  muster_management_add_text (json, "vendor", muster_entity_get_string (artifact, "vendor"));
  muster_management_add_text (json, "description",
                              muster_entity_get_string (artifact, "description"));
  muster_management_add_boolean (json, "deleted",
                                 muster_entity_get_enum (artifact, "status") ==
                                   MUSTER_ARTIFACT_WITHDRAWN);
  muster_management_add_stamps (json, artifact);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

const MusterManagementKind muster_management_module_kind = { &muster_firmware_artifact_info, names,
                                                             NULL, encode_module };

/* --- its files --- */

static const MusterManagementName file_names[] = { { "id", "number" },
                                                   { "filename", "name" },
                                                   { "createdat", "created_at" },
                                                   { NULL, NULL } };

static gboolean
encode_file (MusterManagementView *view, MusterEntity *file, GString *json, GError **error)
{
  g_autoptr (MusterEntity) artifact =
              muster_transaction_get (view->transaction, &muster_firmware_artifact_info,
                                      muster_entity_get_string (file, "artifact_id"), error);
  gint64           number = muster_entity_get_integer (file, "number");
  g_autofree char *path = NULL;

  if (artifact == NULL)
    return FALSE;
  path = g_strdup_printf ("softwaremodules/%" G_GINT64_FORMAT "/artifacts/%" G_GINT64_FORMAT,
                          muster_entity_get_integer (artifact, "number"), number);
  muster_management_add_number (json, "id", number);
  muster_management_add_text (json, "providedFilename", muster_entity_get_string (file, "name"));
  muster_management_add_raw (json, "hashes", "{");
  muster_management_add_text (json, "sha1", muster_entity_get_string (file, "sha1"));
  muster_management_add_text (json, "md5", muster_entity_get_string (file, "md5"));
  muster_management_add_text (json, "sha256", muster_entity_get_string (file, "sha256"));
  g_string_append_c (json, '}');
  muster_management_add_number (json, "size", muster_entity_get_integer (file, "size"));
  muster_management_add_stamps (json, file);
  muster_management_add_self (json, view->base, path);
  return TRUE;
}

static const MusterManagementKind file_kind = { &muster_firmware_file_info, file_names, NULL,
                                                encode_file };

/* --- reading --- */

static MusterFirmwareService *
get_firmware (MusterManagementCall *call)
{
  return muster_update_service_get_firmware (muster_ddi_service_get_parts (call->service)->updates);
}

static MusterEntity *
get_module (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &muster_management_module_kind, "moduleId", error);
}

/* The path's file of the path's module: (transfer full). */
static MusterEntity *
get_file (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) artifact = get_module (call, error);
  g_autoptr (MusterEntity) file = artifact != NULL
                                   ? muster_management_get (call, &file_kind, "artifactId", error)
                                   : NULL;

  if (file == NULL)
    return NULL;
  if (g_str_equal (muster_entity_get_string (file, "artifact_id"), muster_entity_get_id (artifact)))
    return g_steal_pointer (&file);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                       "the software module has no such artifact");
  return NULL;
}

static MusterResponse *
answer_list (MusterManagementCall *call, GError **error)
{
  return muster_management_list (call, &muster_management_module_kind, NULL, NULL, error);
}
MUSTER_MANAGEMENT_HANDLER (list)

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) artifact = get_module (call, error);

  return artifact != NULL
           ? muster_management_show_one (call, &muster_management_module_kind, 200, artifact, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get)

static GPtrArray *
select_files (MusterManagementCall *call, MusterEntity *artifact, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_firmware_file_info);

  muster_query_where (query, "artifact_id", muster_entity_get_id (artifact));
  muster_query_set_sort (query, "number");
  muster_query_set_limit (query, 0);
  return dex_await_boxed (muster_repository_select (call->repository, query), error);
}

static MusterResponse *
answer_list_files (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) artifact = get_module (call, error);
  g_autoptr (GPtrArray) files = artifact != NULL ? select_files (call, artifact, error) : NULL;

  return files != NULL ? muster_management_show (call, &file_kind, 200, files, TRUE, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (list_files)

static MusterResponse *
answer_get_file (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) file = get_file (call, error);

  return file != NULL ? muster_management_show_one (call, &file_kind, 200, file, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (get_file)

static MusterResponse *
answer_download (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) record = get_file (call, error);
  MusterFile file = { -1, 0, "application/octet-stream", NULL, 0 };

  if (record == NULL)
    return NULL;
  file.size = muster_entity_get_integer (record, "size");
  file.tag = muster_entity_get_string (record, "sha1");
  file.modified = muster_entity_get_integer (record, "created_at");
  file.fd = muster_firmware_store_open (muster_firmware_service_get_store (get_firmware (call)),
                                        muster_entity_get_string (record, "sha256"), error);
  return file.fd >= 0 ? muster_response_new_file (call->request, &file) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (download)

/* --- making --- */

static MusterEntity *
create_module (MusterManagementCall *call, JsonObject *object, GError **error)
{
  static const char *const members[][2] = { { "name", "name" },
                                            { "version", "version" },
                                            { "type", "part" },
                                            { "vendor", "vendor" },
                                            { "description", "description" } };
  g_autoptr (MusterEntity) artifact = muster_entity_new (&muster_firmware_artifact_info);

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    if (!muster_management_set_text (artifact, members[i][1],
                                     muster_management_get_text (object, members[i][0]), error))
      return NULL;
  return dex_await_object (muster_firmware_service_create (get_firmware (call), call->actor,
                                                           artifact),
                           error);
}

static MusterResponse *
answer_create (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (GPtrArray) artifacts = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      MusterEntity *artifact = create_module (call, objects->pdata[i], error);

      if (artifact == NULL)
        return NULL;
      g_ptr_array_add (artifacts, artifact);
    }
  return objects != NULL ? muster_management_show (call, &muster_management_module_kind, 201,
                                                   artifacts, TRUE, error)
                         : NULL;
}
MUSTER_MANAGEMENT_HANDLER (create)

static MusterResponse *
answer_update (MusterManagementCall *call, GError **error)
{
  g_autoptr (GPtrArray) objects = muster_management_list_objects (call, error);
  g_autoptr (MusterEntity) artifact = objects != NULL ? get_module (call, error) : NULL;
  JsonObject *object = NULL;

  if (artifact == NULL)
    return NULL;
  object = objects->len > 0 ? objects->pdata[0] : NULL;
  return muster_management_set_text (artifact, "vendor",
                                     muster_management_get_text (object, "vendor"), error) &&
             muster_management_set_text (artifact, "description",
                                         muster_management_get_text (object, "description"),
                                         error) &&
             muster_management_write (call, "Change firmware", artifact, error)
           ? muster_management_show_one (call, &muster_management_module_kind, 200, artifact, error)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (update)

/* What updates have used stays, and is given to nobody any more. */
static MusterResponse *
answer_delete (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) artifact = get_module (call, error);
  GError *failure = NULL;

  if (artifact == NULL)
    return NULL;
  if (muster_entity_get_enum (artifact, "status") == MUSTER_ARTIFACT_WITHDRAWN ||
      dex_await (muster_repository_delete (call->repository, call->actor, "Delete firmware",
                                           &muster_firmware_artifact_info,
                                           muster_entity_get_id (artifact), 0),
                 &failure))
    return muster_response_new (204);
  if (g_error_matches (failure, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    {
      g_clear_error (&failure);
      muster_entity_set_enum (artifact, "status", MUSTER_ARTIFACT_WITHDRAWN);
      if (muster_management_write (call, "Withdraw firmware", artifact, &failure))
        return muster_response_new (204);
    }
  g_propagate_error (error, failure);
  return NULL;
}
MUSTER_MANAGEMENT_HANDLER (delete)

/* --- uploading --- */

static gboolean
check_digests (MusterManagementCall *call, MusterFormFile *file, GError **error)
{
  static const char *const params[] = { "md5sum", "sha1sum", "sha256sum" };

  for (gsize i = 0; i < G_N_ELEMENTS (params); i++)
    {
      const char *wanted = muster_request_get_param_text (call->request, params[i]);

      if (wanted == NULL || g_ascii_strcasecmp (wanted, file->digests[i]) == 0)
        continue;
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "%s: the file's is %s", params[i],
                   file->digests[i]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_size (MusterManagementCall *call, gint64 size, GError **error)
{
  gint64 limit = muster_firmware_service_get_limit (get_firmware (call));

  if (size <= limit)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
               "the file is larger than %" G_GINT64_FORMAT
               " bytes, which the site's settings allow",
               limit);
  return FALSE;
}

static MusterResponse *
answer_upload (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) artifact = get_module (call, error);
  const char     *type = muster_request_get_header (call->request, "Content-Type");
  const char     *name = muster_request_get_param_text (call->request, "filename");
  MusterFormFile *form = NULL;
  g_autoptr (MusterEntity) file = NULL;
  gint64 length;
  int    fd = muster_request_get_body_file (call->request, &length);

  if (artifact == NULL)
    return NULL;
  form = dex_await_boxed (muster_form_file_extract (fd, type != NULL ? type : "", "file"), error);
  if (form == NULL)
    return NULL;
  if (check_size (call, form->size, error) && check_digests (call, form, error))
    file =
      dex_await_object (muster_firmware_service_add_file (get_firmware (call), call->actor,
                                                          muster_entity_get_id (artifact),
                                                          name != NULL ? name : form->name, fd),
                        error);
  g_boxed_free (MUSTER_TYPE_FORM_FILE, form);
  return file != NULL ? muster_management_show_one (call, &file_kind, 201, file, error) : NULL;
}
MUSTER_MANAGEMENT_HANDLER (upload)

static MusterResponse *
answer_delete_file (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) file = get_file (call, error);

  if (file == NULL)
    return NULL;
  return dex_await (muster_firmware_service_remove_file (get_firmware (call), call->actor,
                                                         muster_entity_get_id (file)),
                    error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (delete_file)

/* clang-format off */
#define RAW MUSTER_ROUTE_RAW
#define LIST muster_management_list_query, MUSTER_MANAGEMENT_N_LIST_QUERY
static const MusterField upload_query[] = {
  { "filename", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 256, .label = N_("Name"), .doc = "Its name, instead of that in the form." },
  { "md5sum", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 32, 32, .label = "MD5", .doc = "What its bytes must give." },
  { "sha1sum", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 40, 40, .label = "SHA-1", .doc = "What its bytes must give." },
  { "sha256sum", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 64, 64, .label = "SHA-256", .doc = "What its bytes must give." },
};
static const MusterShape file_shape = { .schema = "ManagementFile", .doc = "The bytes of a file.", .media_type = "*/*" };
static const MusterShape form_shape = { .schema = "ManagementForm", .doc = "A form of multipart/form-data with the part `file`.", .media_type = "multipart/form-data" };

static const MusterRoute routes[] = {
  { "GET", "/rest/v1/softwaremodules", "managementListModules", "management", "Management: software modules", handle_list, MUSTER_ROUTE_PLAIN, LIST, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/softwaremodules", "managementCreateModules", "management", "Management: add software modules", handle_create, RAW, .request = &muster_management_body, .response = &muster_management_answer, .status = 201, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/softwaremodules/{moduleId:integer}", "managementGetModule", "management", "Management: a software module", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "PUT", "/rest/v1/softwaremodules/{moduleId:integer}", "managementUpdateModule", "management", "Management: change a software module", handle_update, RAW, .request = &muster_management_body, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/softwaremodules/{moduleId:integer}", "managementDeleteModule", "management", "Management: delete a software module, or withdraw it", handle_delete, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/softwaremodules/{moduleId:integer}/artifacts", "managementListArtifacts", "management", "Management: the files of a software module", handle_list_files, MUSTER_ROUTE_OPEN_QUERY, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/softwaremodules/{moduleId:integer}/artifacts", "managementUploadArtifact", "management", "Management: upload a file", handle_upload, MUSTER_ROUTE_SPOOL, upload_query, G_N_ELEMENTS (upload_query), .request = &form_shape, .response = &muster_management_answer, .status = 201, .body_limit = (gsize)1 << 40, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/softwaremodules/{moduleId:integer}/artifacts/{artifactId:integer}", "managementGetArtifact", "management", "Management: a file", handle_get_file, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "GET", "/rest/v1/softwaremodules/{moduleId:integer}/artifacts/{artifactId:integer}/download", "managementDownloadArtifact", "management", "Management: the bytes of a file, or ranges of them", handle_download, MUSTER_ROUTE_PLAIN, .response = &file_shape, .dialect = &muster_management_dialect },
  { "DELETE", "/rest/v1/softwaremodules/{moduleId:integer}/artifacts/{artifactId:integer}", "managementDeleteArtifact", "management", "Management: delete a file", handle_delete_file, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_modules_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
