/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-firmware"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "muster-api-calls.h"
#include "muster-api-firmware.h"
#include "muster-fiber.h"

#define FIRMWARE "firmware"
#define UPDATES "updates"
#define PIECE_BYTES (4 * 1024 * 1024)
/* Sending a piece over a slow line, and reading a large file once more, takes its time. In ms. */
#define PIECE_DEADLINE (10 * 60 * 1000)
#define TRIES 5

DexFuture *
muster_api_firmware_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", FIRMWARE, "", NULL), query,
                               &muster_firmware_artifact_info);
}

DexFuture *
muster_api_firmware_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", FIRMWARE, id, NULL),
                                 &muster_firmware_artifact_info);
}

DexFuture *
muster_api_firmware_update (MusterApiClient *client,
                            const char      *id,
                            JsonObject      *changes,
                            gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", FIRMWARE, id, NULL),
                                 changes, revision, &muster_firmware_artifact_info);
}

DexFuture *
muster_api_firmware_withdraw (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", FIRMWARE, id, "withdraw", NULL),
                                 &muster_firmware_artifact_info);
}

DexFuture *
muster_api_firmware_restore (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", FIRMWARE, id, "restore", NULL),
                                 &muster_firmware_artifact_info);
}

DexFuture *
muster_api_firmware_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", FIRMWARE, id, NULL),
                                 revision);
}

DexFuture *
muster_api_firmware_list_files (MusterApiClient *client, const char *id)
{
  const MusterApiListQuery query = { .sort = "name", .limit = 1000 };

  return muster_api_call_page (client, muster_api_request_new ("GET", FIRMWARE, id, "files", NULL),
                               &query, &muster_firmware_file_info);
}

/* --- uploads --- */

typedef struct
{
  MusterApiClient    *client; /* (owned) */
  char               *path;
  JsonObject         *members; /* (owned) (nullable) */
  MusterApiUploadFunc progress;
  gpointer            user_data;
  int                 fd; /* (owned); -1 before it is opened */
  gint64              size;
} Upload;

static void
upload_free (gpointer data)
{
  Upload *self = data;

  g_object_unref (self->client);
  g_free (self->path);
  g_clear_pointer (&self->members, json_object_unref);
  g_clear_fd (&self->fd, NULL);
  g_free (self);
}

static gboolean
upload_open (Upload *self, GError **error)
{
  struct stat status;

  self->fd = g_open (self->path, O_RDONLY | O_CLOEXEC, 0);
  if (self->fd >= 0 && fstat (self->fd, &status) == 0)
    {
      self->size = status.st_size;
      return TRUE;
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "%s: %s", self->path,
               g_strerror (errno));
  return FALSE;
}

/* (transfer full) */
static GBytes *
upload_read (Upload *self, gint64 offset, GError **error)
{
  gsize            length = MIN (PIECE_BYTES, self->size - offset);
  g_autofree char *piece = g_malloc (length);
  gsize            done = 0;

  while (done < length)
    {
      gssize got = pread (self->fd, piece + done, length - done, offset + done);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s: %s", self->path,
                       got < 0 ? g_strerror (errno) : "became shorter while it was sent");
          return NULL;
        }
      done += got;
    }
  return g_bytes_new_take (g_steal_pointer (&piece), length);
}

/* In a fiber. One piece; where its answer got lost, the daemon says how far the file has come. */
static gboolean
upload_send_piece (Upload *self, const char *id, gint64 *offset, GError **error)
{
  g_autoptr (GBytes) piece = upload_read (self, *offset, error);
  g_autofree char  *at = g_strdup_printf ("%" G_GINT64_FORMAT, *offset);
  MusterApiRequest *request = NULL;
  g_autoptr (MusterEntity) upload = NULL;

  if (piece == NULL)
    return FALSE;
  request = muster_api_request_new ("PUT", FIRMWARE, "uploads", id, "content", NULL);
  muster_api_request_add_query (request, "offset", at);
  muster_api_request_set_body (request, "application/octet-stream", piece);
  muster_api_request_set_deadline (request, PIECE_DEADLINE);
  upload =
    dex_await_object (muster_api_call_entity (self->client, request, &muster_firmware_upload_info),
                      error);
  if (upload == NULL)
    return FALSE;
  *offset = muster_entity_get_integer (upload, "received");
  return TRUE;
}

/* In a fiber: where to go on from after a piece was not taken; FALSE with ERROR as it was. */
static gboolean
upload_recover (Upload *self, const char *id, gint64 *offset, GError **error)
{
  g_autoptr (MusterEntity) upload = NULL;

  if (g_error_matches (*error, MUSTER_ERROR, MUSTER_ERROR_INVALID) ||
      g_error_matches (*error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE) ||
      g_error_matches (*error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN) ||
      g_error_matches (*error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL))
    return FALSE;
  dex_await (dex_timeout_new_seconds (1), NULL);
  upload = dex_await_object (muster_api_call_entity (self->client,
                                                     muster_api_request_new ("GET", FIRMWARE,
                                                                             "uploads", id, NULL),
                                                     &muster_firmware_upload_info),
                             NULL);
  if (upload == NULL)
    return FALSE;
  *offset = muster_entity_get_integer (upload, "received");
  g_clear_error (error);
  return TRUE;
}

static gboolean
upload_tell (Upload *self, gint64 offset, GError **error)
{
  if (self->progress == NULL || self->progress (offset, self->size, self->user_data))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s was given up", self->path);
  return FALSE;
}

/* In a fiber. */
static gboolean
upload_send (Upload *self, const char *id, GError **error)
{
  gint64   offset = 0;
  unsigned n_failed = 0;

  while (offset < self->size)
    {
      g_autoptr (GError) cause = NULL;

      if (!upload_tell (self, offset, error))
        return FALSE;
      if (upload_send_piece (self, id, &offset, &cause))
        n_failed = 0;
      else if (++n_failed >= TRIES || !upload_recover (self, id, &offset, &cause))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
    }
  return upload_tell (self, self->size, error);
}

/* In a fiber: the id of the new upload (transfer full). */
static char *
upload_begin (Upload *self, GError **error)
{
  g_autofree char  *name = g_path_get_basename (self->path);
  JsonObject       *body = json_object_new ();
  MusterApiRequest *request = muster_api_request_new ("POST", FIRMWARE, "uploads", NULL);
  g_autoptr (MusterEntity) upload = NULL;

  json_object_set_string_member (body, "file_name", name);
  json_object_set_int_member (body, "size", self->size);
  muster_api_request_take_object (request, body);
  upload =
    dex_await_object (muster_api_call_entity (self->client, request, &muster_firmware_upload_info),
                      error);
  return upload != NULL ? g_strdup (muster_entity_get_id (upload)) : NULL;
}

/* In a fiber: nobody else knows the upload ID, so that what was refused would only lie there. */
static void
upload_drop (Upload *self, const char *id)
{
  MusterApiRequest *request = muster_api_request_new ("DELETE", FIRMWARE, "uploads", id, NULL);

  dex_await (muster_api_call_delete (self->client, request, 0), NULL);
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT) ||
         g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

static DexFuture *
upload_fiber (gpointer user_data)
{
  Upload *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char  *id = upload_open (self, &error) ? upload_begin (self, &error) : NULL;
  MusterApiRequest *request = NULL;
  DexFuture        *finished = NULL;

  if (id == NULL || !upload_send (self, id, &error))
    {
      if (id != NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        upload_drop (self, id);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  request = muster_api_request_new ("POST", FIRMWARE, "uploads", id, "finish", NULL);
  muster_api_request_take_object (request, self->members != NULL ? json_object_ref (self->members)
                                                                 : json_object_new ());
  muster_api_request_set_deadline (request, PIECE_DEADLINE);
  finished = muster_api_call_entity (self->client, request, &muster_firmware_artifact_info);
  if (!dex_await (dex_ref (finished), &error) && is_refusal (error))
    upload_drop (self, id);
  return finished;
}

DexFuture *
muster_api_firmware_upload (MusterApiClient    *client,
                            const char         *path,
                            JsonObject         *members,
                            MusterApiUploadFunc progress,
                            gpointer            user_data)
{
  Upload *upload = NULL;

  dex_return_error_if_fail (MUSTER_IS_API_CLIENT (client));
  dex_return_error_if_fail (path != NULL);

  upload = g_new0 (Upload, 1);
  upload->client = g_object_ref (client);
  upload->path = g_strdup (path);
  upload->members = members;
  upload->progress = progress;
  upload->user_data = user_data;
  upload->fd = -1;
  return muster_fiber_spawn (NULL, 0, upload_fiber, upload, upload_free);
}

/* --- updates --- */

DexFuture *
muster_api_updates_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", UPDATES, "", NULL), query,
                               &muster_firmware_update_info);
}

DexFuture *
muster_api_updates_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", UPDATES, id, NULL),
                                 &muster_firmware_update_info);
}

DexFuture *
muster_api_updates_create (MusterApiClient *client, MusterEntity *update)
{
  MusterApiRequest *request = muster_api_request_new ("POST", UPDATES, "", NULL);

  muster_api_request_take_object (request, muster_api_make_body (update));
  return muster_api_call_entity (client, request, &muster_firmware_update_info);
}

static DexFuture *
tell (MusterApiClient *client, const char *id, const char *verb)
{
  return muster_api_call_entity (client, muster_api_request_new ("POST", UPDATES, id, verb, NULL),
                                 &muster_firmware_update_info);
}

DexFuture *
muster_api_updates_cancel (MusterApiClient *client, const char *id, gboolean force)
{
  MusterApiRequest *request = muster_api_request_new ("POST", UPDATES, id, "cancel", NULL);

  muster_api_request_add_query (request, "force", force ? "true" : NULL);
  return muster_api_call_entity (client, request, &muster_firmware_update_info);
}

DexFuture *
muster_api_updates_retry (MusterApiClient *client, const char *id)
{
  return tell (client, id, "retry");
}

DexFuture *
muster_api_updates_force (MusterApiClient *client, const char *id)
{
  return tell (client, id, "force");
}

DexFuture *
muster_api_updates_list_events (MusterApiClient *client, const char *id)
{
  const MusterApiListQuery query = { .sort = "id", .limit = 1000 };

  return muster_api_call_page (client, muster_api_request_new ("GET", UPDATES, id, "events", NULL),
                               &query, &muster_update_event_info);
}
