/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-artifacts"

#include "config.h"

#include <string.h>

#include "core/http/muster-file-response.h"
#include "muster-ddi-call.h"

#define MD5_SUFFIX ".MD5SUM"

/* The updates whose files a device may have: those that are open, and what it runs: (transfer full)
 * (element-type MusterEntity). */
static GPtrArray *
list_updates (MusterDdiCall *call, GError **error)
{
  MusterUpdateService *updates = muster_ddi_service_get_parts (call->service)->updates;
  g_autoptr (GPtrArray) open = muster_update_service_list_open (updates, call->device_id);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) failure = NULL;
  MusterEntity *installed = NULL;

  for (guint i = 0; i < open->len; i++)
    g_ptr_array_add (list, g_object_ref (open->pdata[i]));
  installed = muster_ddi_service_find_installed (call->service, call->device_id, &failure);
  if (installed != NULL)
    g_ptr_array_add (list, installed);
  if (failure == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

/* What a request for the module of the path may have. */
typedef struct
{
  GPtrArray        *parts; /* (owned): part is one of them */
  MusterUpdatePart *part;
  MusterEntity     *update; /* (owned): which brings it */
} Module;

static void
module_clear (Module *self)
{
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_object (&self->update);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Module, module_clear)

static gboolean
find_module_of (MusterDdiCall *call, MusterEntity *update, Module *module, GError **error)
{
  gint64 number = muster_request_get_path_integer (call->request, "moduleId");

  g_clear_pointer (&module->parts, g_ptr_array_unref);
  module->parts = muster_ddi_list_parts (call, update, error);
  for (guint i = 0; module->parts != NULL && i < module->parts->len && module->part == NULL; i++)
    {
      MusterUpdatePart *part = module->parts->pdata[i];

      if (muster_entity_get_integer (part->artifact, "number") == number)
        module->part = part;
    }
  if (module->part != NULL)
    module->update = g_object_ref (update);
  return module->parts != NULL;
}

static gboolean
find_module (MusterDdiCall *call, Module *module, GError **error)
{
  g_autoptr (GPtrArray) updates = list_updates (call, error);

  if (updates == NULL)
    return FALSE;
  for (guint i = 0; i < updates->len && module->part == NULL; i++)
    if (!find_module_of (call, updates->pdata[i], module, error))
      return FALSE;
  if (module->part != NULL)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
               "no action of this target brings the software module %" G_GINT64_FORMAT,
               muster_request_get_path_integer (call->request, "moduleId"));
  return FALSE;
}

static MusterResponse *
answer_artifacts (MusterDdiCall *call, GError **error)
{
  g_auto (Module) module = { NULL };
  GString *json = NULL;

  if (!find_module (call, &module, error))
    return NULL;
  json = g_string_new (NULL);
  muster_ddi_append_artifacts (call, module.part, json);
  return muster_ddi_call_respond (call, json);
}

DexFuture *
muster_ddi_handle_artifacts (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_artifacts);
}

/* --- one file --- */

static MusterEntity *
find_file (MusterUpdatePart *part, const char *name, gsize length)
{
  for (guint i = 0; i < part->files->len; i++)
    {
      const char *other = muster_entity_get_string (part->files->pdata[i], "name");

      if (strlen (other) == length && memcmp (other, name, length) == 0)
        return part->files->pdata[i];
    }
  return NULL;
}

static void
name_file (MusterResponse *response, const char *name)
{
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *value = g_strdup_printf ("attachment; filename*=UTF-8''%s", escaped);

  muster_response_set_header (response, "Content-Disposition", value);
}

static MusterResponse *
answer_md5 (MusterEntity *file)
{
  const char      *name = muster_entity_get_string (file, "name");
  g_autofree char *text = g_strdup_printf ("%s  %s", muster_entity_get_string (file, "md5"), name);
  g_autofree char *suffixed = g_strconcat (name, MD5_SUFFIX, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  MusterResponse *response = muster_response_new_bytes (200, "text/plain", bytes);

  name_file (response, suffixed);
  return response;
}

/* That it fetches the file is worth noting once for each time it begins. */
static gboolean
note_download (MusterDdiCall *call, MusterEntity *update, MusterResponse *response, GError **error)
{
  int status = muster_entity_get_enum (update, "status");

  if (muster_response_get_status (response) != 200 ||
      !g_str_equal (muster_request_get_method (call->request), "GET") ||
      (status != MUSTER_UPDATE_WAITING && status != MUSTER_UPDATE_RUNNING))
    return TRUE;
  return muster_ddi_call_note (call, update, MUSTER_FEEDBACK_DOWNLOAD, -1, NULL, error);
}

static MusterResponse *
answer_file (MusterDdiCall *call, MusterEntity *update, MusterEntity *record, GError **error)
{
  MusterUpdateService   *updates = muster_ddi_service_get_parts (call->service)->updates;
  MusterFirmwareService *firmware = muster_update_service_get_firmware (updates);
  MusterFile file = { -1, muster_entity_get_integer (record, "size"), "application/octet-stream",
                      muster_entity_get_string (record, "sha1"),
                      muster_entity_get_integer (record, "created_at") };
  g_autoptr (MusterResponse) response = NULL;

  file.fd = muster_firmware_store_open (muster_firmware_service_get_store (firmware),
                                        muster_entity_get_string (record, "sha256"), error);
  if (file.fd < 0)
    return NULL;
  response = muster_response_new_file (call->request, &file);
  name_file (response, muster_entity_get_string (record, "name"));
  muster_response_set_pace (response, muster_update_service_get_leave (updates, update).pace);
  return note_download (call, update, response, error) ? g_steal_pointer (&response) : NULL;
}

static MusterResponse *
answer_download (MusterDdiCall *call, GError **error)
{
  const char *name = muster_request_get_path_param (call->request, "fileName");
  gsize       length = strlen (name);
  g_auto (Module) module = { NULL };
  MusterEntity *file = NULL;

  if (!find_module (call, &module, error))
    return NULL;
  file = find_file (module.part, name, length);
  if (file != NULL)
    return answer_file (call, module.update, file, error);
  if (g_str_has_suffix (name, MD5_SUFFIX))
    file = find_file (module.part, name, length - strlen (MD5_SUFFIX));
  if (file != NULL)
    return answer_md5 (file);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "the software module has no file %s",
               name);
  return NULL;
}

DexFuture *
muster_ddi_handle_download (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_DOWNLOAD, answer_download);
}
