/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/http/muster-file-response.h"
#include "muster-firmware-chunks.h"
#include "muster-firmware-index.h"
#include "muster-firmware-resource.h"

static const char *
get_id (MusterRequest *request)
{
  return muster_request_get_path_param (request, "id");
}

static DexFuture *
list_updates (MusterRequest *request, gpointer updates)
{
  return muster_handle_list (request, muster_update_service_get_repository (updates));
}

static DexFuture *
list_update_ids (MusterRequest *request, gpointer updates)
{
  return muster_handle_list_ids (request, muster_update_service_get_repository (updates));
}

/* What is known of an open one is newer in memory than on the disk. */
static DexFuture *
get_update (MusterRequest *request, gpointer updates)
{
  MusterEntity *open_one = muster_update_service_find (updates, get_id (request));

  if (open_one != NULL)
    return muster_response_resolve (muster_response_new_entity (200, open_one));
  return muster_handle_get (request, muster_update_service_get_repository (updates));
}

static DexFuture *
create_update (MusterRequest *request, gpointer updates)
{
  return muster_response_resolve_entity (
    muster_update_service_give (updates, muster_request_get_actor (request),
                                muster_request_get_entity (request), MUSTER_OTHERS_CANCEL, TRUE),
    201);
}

static DexFuture *
cancel_update (MusterRequest *request, gpointer updates)
{
  const MusterValue *force = muster_request_get_param (request, "force");

  return muster_response_resolve_entity (
    muster_update_service_cancel (updates, muster_request_get_actor (request), get_id (request),
                                  !force->is_null && force->integer != 0),
    200);
}

static DexFuture *
retry_update (MusterRequest *request, gpointer updates)
{
  return muster_response_resolve_entity (
    muster_update_service_retry (updates, muster_request_get_actor (request), get_id (request)),
    200);
}

static DexFuture *
force_update (MusterRequest *request, gpointer updates)
{
  return muster_response_resolve_entity (
    muster_update_service_force (updates, muster_request_get_actor (request), get_id (request)),
    200);
}

static DexFuture *
list_events (MusterRequest *request, gpointer updates)
{
  return muster_handle_list_of (request, muster_update_service_get_repository (updates),
                                &muster_firmware_update_info, "update_id");
}

/* --- where devices fetch their files --- */

typedef struct
{
  MusterRequest       *request; /* (owned) */
  MusterUpdateService *updates; /* (owned) */
  MusterPace          *pace;    /* (owned) (nullable) */
} Download;

static void
download_free (gpointer data)
{
  Download *self = data;

  g_object_unref (self->request);
  g_object_unref (self->updates);
  g_clear_pointer (&self->pace, muster_pace_unref);
  g_free (self);
}

static DexFuture *
respond_file_cb (DexFuture *future, gpointer user_data)
{
  Download       *call = user_data;
  MusterEntity   *artifact = g_value_get_object (dex_future_get_value (future, NULL));
  const char     *sha256 = muster_entity_get_string (artifact, "sha256");
  MusterFile      file = { .media_type = "application/octet-stream", .tag = sha256 };
  MusterResponse *response = NULL;
  g_autoptr (GError) error = NULL;

  if (sha256 == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no such file");
  file.fd = muster_firmware_store_open (muster_firmware_service_get_store (
                                          muster_update_service_get_firmware (call->updates)),
                                        sha256, &error);
  if (file.fd < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));
  file.size = muster_entity_get_integer (artifact, "size");
  response = muster_response_new_file (call->request, &file);
  muster_response_set_pace (response, call->pace);
  return muster_response_resolve (response);
}

static DexFuture *
respond_index_cb (DexFuture *future, gpointer user_data)
{
  Download        *call = user_data;
  MusterEntity    *artifact = g_value_get_object (dex_future_get_value (future, NULL));
  MusterFile       file = { .media_type = "application/octet-stream" };
  g_autofree char *tag = NULL;
  MusterResponse  *response = NULL;
  g_autoptr (GError) error = NULL;
  const char *sha256 = muster_entity_get_string (artifact, "sha256");

  if (sha256 == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no such file");
  file.fd = muster_firmware_index_open (muster_firmware_service_get_store (
                                          muster_update_service_get_firmware (call->updates)),
                                        sha256, &file.size, &error);
  if (file.fd < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));
  tag = g_strconcat (sha256, MUSTER_FIRMWARE_INDEX_SUFFIX, NULL);
  file.tag = tag;
  response = muster_response_new_file (call->request, &file);
  muster_response_set_pace (response, call->pace);
  return muster_response_resolve (response);
}

/* Whoever has the address may have the file, as long as the device is at it: a secret of 192 bits
 * stands in it, and no other device ever gets the same. */
static DexFuture *
respond_by_secret (MusterRequest *request, gpointer updates, DexFutureCallback respond)
{
  MusterEntity *update =
    muster_update_service_find_secret (updates, muster_request_get_path_param (request, "secret"));
  const char *artifact_id =
    update != NULL ? muster_entity_get_string (update, "artifact_id") : NULL;
  Download   *call = NULL;
  MusterPace *pace = NULL;

  if (artifact_id == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no such file");
  call = g_new0 (Download, 1);
  call->request = g_object_ref (request);
  call->updates = g_object_ref (updates);
  pace = muster_update_service_get_leave (updates, update).pace;
  call->pace = pace != NULL ? muster_pace_ref (pace) : NULL;
  return dex_future_then (muster_repository_get (muster_update_service_get_repository (updates),
                                                 &muster_firmware_artifact_info, artifact_id),
                          respond, call, download_free);
}

static DexFuture *
download (MusterRequest *request, gpointer updates)
{
  return respond_by_secret (request, updates, respond_file_cb);
}

static DexFuture *
download_index (MusterRequest *request, gpointer updates)
{
  return respond_by_secret (request, updates, respond_index_cb);
}

/* --- chunks, which clients fetch that show nothing but the hash --- */

static DexFuture *
respond_chunks_cb (DexFuture *future, gpointer user_data)
{
  Download   *call = user_data;
  const char *sha256 = muster_request_get_path_param (call->request, "sha256");
  MusterFile  file = { .media_type = "application/octet-stream", .tag = sha256 };
  g_autoptr (GError) error = NULL;

  file.size = g_value_get_int64 (dex_future_get_value (future, NULL));
  file.fd = muster_firmware_store_open (muster_firmware_service_get_store (
                                          muster_update_service_get_firmware (call->updates)),
                                        sha256, &error);
  if (file.fd < 0)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (muster_firmware_chunks_is_one (file.fd))
    return muster_response_resolve (muster_response_new_file (call->request, &file));
  close (file.fd);
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no such file");
}

/* The address stands in an update that its maker signed, so that it cannot have a secret of each
 * device's. Whoever knows the hash of the file may have it, and of nothing but files of zchunk. */
static DexFuture *
download_chunks (MusterRequest *request, gpointer updates)
{
  const char *sha256 = muster_request_get_path_param (request, "sha256");
  Download   *call = NULL;

  if (strlen (sha256) != 64 || strspn (sha256, "0123456789abcdef") != 64)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no such file");
  call = g_new0 (Download, 1);
  call->request = g_object_ref (request);
  call->updates = g_object_ref (updates);
  return dex_future_then (muster_database_read (muster_repository_get_database (
                                                  muster_update_service_get_repository (updates)),
                                                muster_firmware_chunks_find_size, g_strdup (sha256),
                                                g_free),
                          respond_chunks_cb, call, download_free);
}

/* clang-format off */
static const MusterField force_parameter[] = {
  { "force", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_PLAIN, .label = N_("At once"), .doc = "Whether one that is being cancelled ends without the device's word." },
};
static const MusterShape update_shape = { .doc = "An update.", .entity = &muster_firmware_update_info };
static const MusterShape updates_shape = { .doc = "Updates.", .entity = &muster_firmware_update_info, .list = TRUE };
static const MusterShape events_shape = { .doc = "What happened.", .entity = &muster_update_event_info, .list = TRUE };
static const MusterShape file_shape = { .schema = "FirmwareBytes", .doc = "The bytes of a file.", .media_type = "application/octet-stream" };

static const MusterRoute routes[] = {
  { "GET", "/updates", "listUpdates", "ota", "Updates of devices, done and under way", list_updates, MUSTER_ROUTE_LIST, .response = &updates_shape },
  { "GET", "/updates/ids", "listUpdateIds", "ota", "Every matching id, in order", list_update_ids, MUSTER_ROUTE_IDS, .response = &updates_shape },
  { "POST", "/updates", "createUpdate", "ota", "Give one device other firmware", create_update, MUSTER_ROUTE_PLAIN, .request = &update_shape, .response = &update_shape, .status = 201 },
  { "GET", "/updates/{id:uuid}", "getUpdate", "ota", "One update and how far it is", get_update, MUSTER_ROUTE_PLAIN, .response = &update_shape },
  { "POST", "/updates/{id:uuid}/cancel", "cancelUpdate", "ota", "Tell the device to let it be", cancel_update, MUSTER_ROUTE_PLAIN, force_parameter, G_N_ELEMENTS (force_parameter), .response = &update_shape },
  { "POST", "/updates/{id:uuid}/retry", "retryUpdate", "ota", "Try one that failed again", retry_update, MUSTER_ROUTE_PLAIN, .response = &update_shape },
  { "POST", "/updates/{id:uuid}/force", "forceUpdate", "ota", "Leave the device no choice when to install it", force_update, MUSTER_ROUTE_PLAIN, .response = &update_shape },
  { "GET", "/updates/{id:uuid}/events", "listUpdateEvents", "ota", "What happened on its way", list_events, MUSTER_ROUTE_LIST, .response = &events_shape },
  { "GET", "/firmware/download/{secret}", "downloadFirmware", "ota", "The file of an update, for its device, or ranges of it", download, MUSTER_ROUTE_PUBLIC, .response = &file_shape },
  { "GET", "/firmware/download/{secret}/index", "downloadFirmwareIndex", "ota", "The index of that file (firmware/IMAGE.md), by which its device fetches only what it has not yet", download_index, MUSTER_ROUTE_PUBLIC, .response = &file_shape },
  { "GET", "/firmware/chunks/{sha256}", "downloadFirmwareChunks", "ota", "A file of zchunk by its hash, or ranges of it, for clients that update by difference", download_chunks, MUSTER_ROUTE_PUBLIC, .response = &file_shape },
};
/* clang-format on */

void
muster_update_resource_add (MusterRouter *router, MusterUpdateService *updates)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (updates));
}
