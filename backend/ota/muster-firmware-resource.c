/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/http/muster-file-response.h"
#include "model/muster-firmware-component.h"
#include "muster-firmware-resource.h"
#include "muster-firmware-service-private.h"

/* The largest piece of an upload. */
#define PIECE_LIMIT (256 * 1024 * 1024)

static DexFuture *
respond_deleted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (muster_response_new (204));
}

static const char *
get_id (MusterRequest *request)
{
  return muster_request_get_path_param (request, "id");
}

/* --- artifacts --- */

static DexFuture *
list_artifacts (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
list_artifact_ids (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list_ids (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
get_artifact (MusterRequest *request, gpointer firmware)
{
  return muster_handle_get (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
create_artifact (MusterRequest *request, gpointer firmware)
{
  return muster_response_resolve_entity (
    muster_firmware_service_create (firmware, muster_request_get_actor (request),
                                    muster_request_get_entity (request)),
    201);
}

static DexFuture *
update_artifact (MusterRequest *request, gpointer firmware)
{
  return muster_handle_update (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
delete_artifact (MusterRequest *request, gpointer firmware)
{
  return muster_handle_delete (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
set_withdrawn (MusterRequest *request, gpointer firmware, gboolean is_withdrawn)
{
  return muster_response_resolve_entity (
    muster_firmware_service_set_withdrawn (firmware, muster_request_get_actor (request),
                                           get_id (request), is_withdrawn),
    200);
}

static DexFuture *
withdraw_artifact (MusterRequest *request, gpointer firmware)
{
  return set_withdrawn (request, firmware, TRUE);
}

static DexFuture *
restore_artifact (MusterRequest *request, gpointer firmware)
{
  return set_withdrawn (request, firmware, FALSE);
}

/* --- bytes --- */

typedef struct
{
  MusterRequest         *request;  /* (owned) */
  MusterFirmwareService *firmware; /* (owned) */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_object_unref (self->request);
  g_object_unref (self->firmware);
  g_free (self);
}

static Call *
call_new (MusterRequest *request, gpointer firmware)
{
  Call *self = g_new0 (Call, 1);

  self->request = g_object_ref (request);
  self->firmware = g_object_ref (firmware);
  return self;
}

static DexFuture *
respond_content_cb (DexFuture *future, gpointer user_data)
{
  Call            *call = user_data;
  MusterEntity    *artifact = g_value_get_object (dex_future_get_value (future, NULL));
  const char      *sha256 = muster_entity_get_string (artifact, "sha256");
  g_autofree char *name = NULL;
  g_autofree char *disposition = NULL;
  MusterResponse  *response = NULL;
  MusterFile       file = { .media_type = "application/octet-stream", .tag = sha256 };
  g_autoptr (GError) error = NULL;

  if (sha256 == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                  "this firmware has no file yet");
  file.fd =
    muster_firmware_store_open (muster_firmware_service_get_store (call->firmware), sha256, &error);
  if (file.fd < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));
  file.size = muster_entity_get_integer (artifact, "size");
  response = muster_response_new_file (call->request, &file);
  name = g_uri_escape_string (muster_entity_get_string (artifact, "file_name"), NULL, FALSE);
  disposition = g_strdup_printf ("attachment; filename*=UTF-8''%s", name);
  muster_response_set_header (response, "Content-Disposition", disposition);
  return muster_response_resolve (response);
}

static DexFuture *
get_content (MusterRequest *request, gpointer firmware)
{
  return dex_future_then (muster_repository_get (muster_firmware_service_get_repository (firmware),
                                                 &muster_firmware_artifact_info, get_id (request)),
                          respond_content_cb, call_new (request, firmware), call_free);
}

static DexFuture *
list_files (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list_of (request, muster_firmware_service_get_repository (firmware),
                                &muster_firmware_artifact_info, "artifact_id");
}

/* --- uploads --- */

static DexFuture *
begin_upload (MusterRequest *request, gpointer firmware)
{
  return muster_response_resolve_entity (
    muster_firmware_service_begin_upload (firmware, muster_request_get_actor (request),
                                          muster_request_get_entity (request)),
    201);
}

static DexFuture *
append_upload (MusterRequest *request, gpointer firmware)
{
  const MusterValue *offset = muster_request_get_param (request, "offset");
  gint64             length;
  int                fd = muster_request_get_body_file (request, &length);

  return muster_response_resolve_entity (
    muster_firmware_service_append_upload (firmware, muster_request_get_actor (request),
                                           get_id (request), offset->is_null ? 0 : offset->integer,
                                           fd),
    200);
}

static DexFuture *
finish_upload (MusterRequest *request, gpointer firmware)
{
  JsonNode *json = muster_request_get_json (request);

  return muster_response_resolve_entity (
    muster_firmware_service_finish_upload (
      firmware, muster_request_get_actor (request), get_id (request),
      json != NULL && JSON_NODE_HOLDS_OBJECT (json) ? json_node_get_object (json) : NULL),
    201);
}

static DexFuture *
drop_upload (MusterRequest *request, gpointer firmware)
{
  return dex_future_then (muster_firmware_service_drop_upload (firmware,
                                                               muster_request_get_actor (request),
                                                               get_id (request)),
                          respond_deleted_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField offset_parameter[] = {
  { "offset", MUSTER_FIELD_INTEGER, MUSTER_FIELD_PLAIN, 0, G_MAXINT64, .unit = "By", .label = N_("Offset"), .doc = "Where the piece belongs: how many bytes are here already." },
};
static const MusterShape artifact_shape = { .doc = "Firmware.", .entity = &muster_firmware_artifact_info };
static const MusterShape artifacts_shape = { .doc = "Firmware.", .entity = &muster_firmware_artifact_info, .list = TRUE };
static const MusterShape files_shape = { .doc = "Its files.", .entity = &muster_firmware_file_info, .list = TRUE };
static const MusterShape component_shape = { .doc = "A component.", .entity = &muster_firmware_component_info };
static const MusterShape components_shape = { .doc = "Components.", .entity = &muster_firmware_component_info, .list = TRUE };
static const MusterShape upload_shape = { .doc = "An upload.", .entity = &muster_firmware_upload_info };
static const MusterShape uploads_shape = { .doc = "Uploads.", .entity = &muster_firmware_upload_info, .list = TRUE };
static const MusterShape file_shape = { .schema = "FirmwareBytes", .doc = "The bytes of a file.", .media_type = "application/octet-stream" };

static const MusterRoute routes[] = {
  { "GET", "/firmware", "listFirmware", "ota", "List firmware", list_artifacts, MUSTER_ROUTE_LIST, .response = &artifacts_shape },
  { "GET", "/firmware/ids", "listFirmwareIds", "ota", "Every matching id, in order", list_artifact_ids, MUSTER_ROUTE_IDS, .response = &artifacts_shape },
  { "POST", "/firmware", "createFirmware", "ota", "Add firmware without a file yet", create_artifact, MUSTER_ROUTE_PLAIN, .request = &artifact_shape, .response = &artifact_shape, .status = 201 },
  { "GET", "/firmware/{id:uuid}", "getFirmware", "ota", "One piece of firmware", get_artifact, MUSTER_ROUTE_PLAIN, .response = &artifact_shape },
  { "PUT", "/firmware/{id:uuid}", "updateFirmware", "ota", "Say what it fits and what is new in it", update_artifact, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &artifact_shape, .response = &artifact_shape },
  { "DELETE", "/firmware/{id:uuid}", "deleteFirmware", "ota", "Delete firmware that no update names", delete_artifact, MUSTER_ROUTE_UPDATE, .entity = &muster_firmware_artifact_info },
  { "POST", "/firmware/{id:uuid}/withdraw", "withdrawFirmware", "ota", "Give it to no device any more: updates that wait are cancelled, rollouts pause, devices that are at it go on", withdraw_artifact, MUSTER_ROUTE_PLAIN, .response = &artifact_shape },
  { "POST", "/firmware/{id:uuid}/restore", "restoreFirmware", "ota", "Let devices be given it again", restore_artifact, MUSTER_ROUTE_PLAIN, .response = &artifact_shape },
  { "GET", "/firmware/{id:uuid}/content", "getFirmwareContent", "ota", "The bytes of its main file, or ranges of them", get_content, MUSTER_ROUTE_PLAIN, .response = &file_shape },
  { "GET", "/firmware/{id:uuid}/files", "listFirmwareFiles", "ota", "Its files", list_files, MUSTER_ROUTE_LIST, .response = &files_shape },
  { "GET", "/firmware-components", "listFirmwareComponents", "ota", "What firmware contains, as attached bills of materials tell: which firmware has a component by name, of one firmware by artifact_id", list_artifacts, MUSTER_ROUTE_LIST, .response = &components_shape },
  { "GET", "/firmware-components/ids", "listFirmwareComponentIds", "ota", "Every matching id, in order", list_artifact_ids, MUSTER_ROUTE_IDS, .response = &components_shape },
  { "GET", "/firmware-components/{id:uuid}", "getFirmwareComponent", "ota", "One component of one firmware", get_artifact, MUSTER_ROUTE_PLAIN, .response = &component_shape },
  { "GET", "/firmware/uploads", "listFirmwareUploads", "ota", "Files on their way in", list_artifacts, MUSTER_ROUTE_LIST, .response = &uploads_shape },
  { "POST", "/firmware/uploads", "createFirmwareUpload", "ota", "Begin to bring a file", begin_upload, MUSTER_ROUTE_PLAIN, .request = &upload_shape, .response = &upload_shape, .status = 201 },
  { "GET", "/firmware/uploads/{id:uuid}", "getFirmwareUpload", "ota", "How much of a file is here", get_artifact, MUSTER_ROUTE_PLAIN, .response = &upload_shape },
  { "PUT", "/firmware/uploads/{id:uuid}/content", "appendFirmwareUpload", "ota", "Bring the next piece of a file: the body is its bytes", append_upload, MUSTER_ROUTE_SPOOL, offset_parameter, G_N_ELEMENTS (offset_parameter), .request = &file_shape, .response = &upload_shape, .body_limit = PIECE_LIMIT },
  { "POST", "/firmware/uploads/{id:uuid}/finish", "finishFirmwareUpload", "ota", "Make firmware of a file that is here: what is left out is read from it", finish_upload, MUSTER_ROUTE_PARTIAL, .request = &artifact_shape, .response = &artifact_shape, .status = 201 },
  { "DELETE", "/firmware/uploads/{id:uuid}", "deleteFirmwareUpload", "ota", "Give an upload up", drop_upload, MUSTER_ROUTE_PLAIN, .entity = &muster_firmware_upload_info },
};
/* clang-format on */

void
muster_firmware_resource_add (MusterRouter *router, MusterFirmwareService *firmware)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (firmware));
}
