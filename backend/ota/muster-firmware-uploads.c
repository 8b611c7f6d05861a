/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-uploads"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "core/muster-promise.h"
#include "muster-firmware-chunks.h"
#include "muster-firmware-service-private.h"

DexFuture *
muster_firmware_service_begin_upload (MusterFirmwareService *self,
                                      MusterActor           *actor,
                                      MusterEntity          *upload)
{
  g_autoptr (MusterEntity) copy = NULL;
  gint64 limit;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_UPLOAD (upload));

  limit = muster_firmware_service_get_limit (self);
  if (muster_entity_get_integer (upload, "size") > limit)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                                  "the file is larger than %" G_GINT64_FORMAT
                                  " bytes, which the site's settings allow",
                                  limit);
  copy = muster_entity_copy (upload);
  muster_entity_set_string (copy, "actor", muster_actor_to_string (actor));
  return muster_repository_insert (muster_firmware_service_get_repository (self), actor, NULL,
                                   copy);
}

static MusterEntity *
get_upload (MusterFirmwareCall *call, GError **error)
{
  return dex_await_object (muster_repository_get (muster_firmware_service_get_repository (
                                                    call->service),
                                                  &muster_firmware_upload_info, call->id),
                           error);
}

static DexFuture *
append_upload_fiber (gpointer user_data)
{
  MusterFirmwareCall    *call = user_data;
  MusterFirmwareService *self = call->service;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) upload = get_upload (call, &error);
  gint64 limit = muster_firmware_service_get_limit (self);
  gint64 received;

  if (upload == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (!muster_entity_is_null (upload, "size"))
    limit = MIN (limit, muster_entity_get_integer (upload, "size"));
  received =
    dex_await_int64 (muster_firmware_store_append (muster_firmware_service_get_store (self),
                                                   call->id, call->offset, call->fd, limit),
                     &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_entity_set_integer (upload, "received", received);
  return muster_repository_update (muster_firmware_service_get_repository (self), call->actor, NULL,
                                   upload, 0);
}

DexFuture *
muster_firmware_service_append_upload (MusterFirmwareService *self,
                                       MusterActor           *actor,
                                       const char            *id,
                                       gint64                 offset,
                                       int                    fd)
{
  MusterFirmwareCall *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (id != NULL && offset >= 0 && fd >= 0);

  call = muster_firmware_call_new (self, actor, id, fd);
  call->offset = offset;
  return muster_firmware_call_run (call, append_upload_fiber);
}

/* The new artifact of an upload: what MEMBERS says, else what its file says. */
static MusterEntity *
make_artifact (MusterFirmwareCall        *call,
               MusterEntity              *upload,
               const MusterFirmwareFacts *facts,
               GError                   **error)
{
  g_autoptr (MusterEntity) artifact = muster_entity_new (&muster_firmware_artifact_info);
  g_autoptr (JsonObject) object =
              call->members != NULL ? json_object_ref (call->members) : json_object_new ();
  const char *file_name = muster_entity_get_string (upload, "file_name");

  if (!json_object_has_member (object, "name"))
    {
      const char      *dot = strrchr (file_name, '.');
      g_autofree char *stem =
        g_strndup (file_name,
                   dot != NULL && dot > file_name ? dot - file_name : strlen (file_name));

      json_object_set_string_member (object, "name",
                                     facts->models != NULL ? facts->models[0] : stem);
    }
  if (!json_object_has_member (object, "version") && facts->version != NULL)
    json_object_set_string_member (object, "version", facts->version);
  if (!muster_entity_decode (artifact, object, MUSTER_DECODE_CREATE, "", error) ||
      !muster_firmware_check_artifact (artifact, error) ||
      !muster_firmware_check_facts (artifact, facts, error))
    return NULL;
  return g_steal_pointer (&artifact);
}

static gboolean
find_owner_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterEntity *owner = muster_firmware_chunks_find_owner (transaction, data, error);

  if (owner == NULL)
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, owner);
  return TRUE;
}

/* In a fiber. A file of zchunk belongs to the update that fetches it, and is told by nobody to
 * whom.
 */
static gboolean
find_owner (MusterFirmwareCall *call, MusterFirmwareAddition *addition, GError **error)
{
  MusterDatabase *database =
    muster_repository_get_database (muster_firmware_service_get_repository (call->service));
  g_autoptr (MusterEntity) owner =
              dex_await_object (muster_database_read (database, find_owner_job,
                                                      g_strdup (addition->facts.chunks), g_free),
                                error);

  if (owner != NULL)
    addition->artifact_id = g_strdup (muster_entity_get_id (owner));
  return owner != NULL;
}

/* In a fiber. To what the file belongs. */
static gboolean
settle_artifact (MusterFirmwareCall     *call,
                 MusterEntity           *upload,
                 MusterFirmwareAddition *addition,
                 GError                **error)
{
  if (addition->artifact_id != NULL)
    return TRUE;
  if (*addition->facts.chunks != '\0')
    return find_owner (call, addition, error);
  addition->artifact = make_artifact (call, upload, &addition->facts, error);
  return addition->artifact != NULL;
}

/* In a fiber. What there is to add of UPLOAD, without its bytes. */
static MusterFirmwareAddition *
prepare_upload (MusterFirmwareCall *call, MusterEntity *upload, GError **error)
{
  MusterFirmwareService *self = call->service;
  gint64                 size = muster_entity_get_integer (upload, "size");
  gint64                 received =
    muster_firmware_store_get_received (muster_firmware_service_get_store (self), call->id);
  MusterFirmwareAddition *addition = NULL;
  g_autofd int            fd = -1;

  if (received == 0 || (!muster_entity_is_null (upload, "size") && received != size))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "only %" G_GINT64_FORMAT " bytes are here: send the rest first", received);
      return NULL;
    }
  fd =
    muster_firmware_store_open_upload (muster_firmware_service_get_store (self), call->id, error);
  if (fd < 0)
    return NULL;
  addition = g_new0 (MusterFirmwareAddition, 1);
  addition->artifact_id = g_strdup (muster_entity_get_string (upload, "artifact_id"));
  addition->name = g_strdup (muster_entity_get_string (upload, "file_name"));
  addition->upload_id = g_strdup (call->id);
  addition->store = g_object_ref (muster_firmware_service_get_store (self));
  addition->content.size = received;
  addition->wants_artifact = TRUE;
  if (muster_firmware_service_read_facts (self, fd, &addition->facts, error) &&
      settle_artifact (call, upload, addition, error))
    return addition;
  muster_firmware_addition_free (addition);
  return NULL;
}

/* Until it is written down the upload stays, so that what was refused can be mended, and finished
 * again. */
static DexFuture *
finish_upload_fiber (gpointer user_data)
{
  MusterFirmwareCall    *call = user_data;
  MusterFirmwareService *self = call->service;
  MusterFirmwareStore   *store = muster_firmware_service_get_store (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) upload = get_upload (call, &error);
  MusterFirmwareAddition *addition = upload != NULL ? prepare_upload (call, upload, &error) : NULL;
  g_autofree MusterFirmwareContent *content = NULL;
  DexFuture                        *added = NULL;

  if (addition == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  content =
    dex_await_boxed (muster_firmware_store_weigh (store, call->id, addition->content.size,
                                                  muster_entity_get_string (upload, "sha256")),
                     &error);
  if (content == NULL)
    {
      muster_firmware_addition_free (addition);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  addition->content = *content;
  added = muster_firmware_addition_run (self, call->actor, addition);
  if (dex_await (dex_ref (added), NULL))
    muster_firmware_store_drop (store, call->id);
  return added;
}

DexFuture *
muster_firmware_service_finish_upload (MusterFirmwareService *self,
                                       MusterActor           *actor,
                                       const char            *id,
                                       JsonObject            *members)
{
  MusterFirmwareCall *call = NULL;

  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (id != NULL);

  call = muster_firmware_call_new (self, actor, id, -1);
  call->members = members != NULL ? json_object_ref (members) : NULL;
  return muster_firmware_call_run (call, finish_upload_fiber);
}

static DexFuture *
drop_upload_cb (DexFuture *future, gpointer user_data)
{
  MusterFirmwareCall *call = user_data;

  muster_firmware_store_drop (muster_firmware_service_get_store (call->service), call->id);
  return dex_future_new_true ();
}

DexFuture *
muster_firmware_service_drop_upload (MusterFirmwareService *self,
                                     MusterActor           *actor,
                                     const char            *id)
{
  dex_return_error_if_fail (MUSTER_IS_FIRMWARE_SERVICE (self));
  dex_return_error_if_fail (id != NULL);

  return dex_future_then (muster_repository_delete (muster_firmware_service_get_repository (self),
                                                    actor, NULL, &muster_firmware_upload_info, id,
                                                    0),
                          drop_upload_cb, muster_firmware_call_new (self, actor, id, -1),
                          muster_firmware_call_free);
}
