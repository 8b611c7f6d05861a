/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-base"

#include "config.h"

#include <string.h>

#include "model/muster-device.h"
#include "muster-ddi-call.h"
#include "muster-ddi-message.h"
#include "ota/muster-update-rules.h"

/* --- what there is to do --- */

static void
append_link (MusterDdiCall *call, GString *links, const char *name, const char *path)
{
  g_autofree char *href = g_strdup_printf ("%s/%s", call->base, path);

  g_string_append_printf (links, "%s\"%s\":{\"href\":", links->len > 0 ? "," : "", name);
  muster_json_append_string (links, href, -1);
  g_string_append_c (links, '}');
}

static void
append_action (MusterDdiCall *call, GString *links, const char *name, MusterEntity *update)
{
  gint64           number = muster_entity_get_integer (update, "number");
  g_autofree char *path = g_str_equal (name, "cancelAction")
                            ? g_strdup_printf ("%s/%" G_GINT64_FORMAT, name, number)
                            : g_strdup_printf ("%s/%" G_GINT64_FORMAT "?c=%u", name, number,
                                               muster_ddi_get_checksum (call, update));

  append_link (call, links, name, path);
}

gboolean
muster_ddi_may_tell (MusterDdiCall *call, MusterEntity *update)
{
  MusterUpdateService *updates = muster_ddi_service_get_parts (call->service)->updates;
  MusterUpdateLeave    leave = muster_update_service_get_leave (updates, update);
  gboolean             is_partly = !leave.may_install ||
                       muster_entity_get_enum (update, "kind") == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY;

  return leave.may_begin &&
         (!is_partly || muster_ddi_service_tells_early (call->service, call->target));
}

/* The action to do next: at most one link. */
static void
append_next (MusterDdiCall *call, MusterEntity *update, GString *links)
{
  if (muster_entity_get_enum (update, "status") == MUSTER_UPDATE_CANCELLING)
    append_action (call, links, "cancelAction", update);
  else if (muster_update_waits_for_consent (update))
    append_action (call, links, "confirmationBase", update);
  else if (muster_ddi_may_tell (call, update))
    append_action (call, links, "deploymentBase", update);
}

/* Consent that was given beforehand counts when an update comes to need it. */
static gboolean
give_consent (MusterDdiCall *call, MusterEntity *update, GError **error)
{
  const char *messages[] = { "confirmed in advance", NULL };

  return muster_entity_get_enum (update, "confirmation") != MUSTER_UPDATE_CONSENT_NEEDED ||
         !muster_entity_get_boolean (call->target, "auto_confirm") ||
         muster_ddi_call_note (call, update, MUSTER_FEEDBACK_CONSENT_GIVEN, -1, messages, error);
}

static gboolean
append_links (MusterDdiCall *call, GString *links, GError **error)
{
  MusterUpdateService *updates = muster_ddi_service_get_parts (call->service)->updates;
  MusterEntity        *next = NULL;
  g_autoptr (MusterEntity) waiting = NULL;
  g_autoptr (MusterEntity) installed = NULL;
  g_autoptr (GError) failure = NULL;

  if (!dex_await (muster_update_service_end_lapsed (updates, call->device_id), error))
    return FALSE;
  next = muster_update_service_get_next (updates, call->device_id);
  waiting = next != NULL ? g_object_ref (next) : NULL;
  if (waiting != NULL && !give_consent (call, waiting, error))
    return FALSE;
  installed = muster_ddi_service_find_installed (call->service, call->device_id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  next = muster_update_service_get_next (updates, call->device_id);
  if (next != NULL)
    append_next (call, next, links);
  if (installed != NULL)
    {
      g_autofree char *path = g_strdup_printf ("installedBase/%" G_GINT64_FORMAT,
                                               muster_entity_get_integer (installed, "number"));

      append_link (call, links, "installedBase", path);
    }
  return TRUE;
}

/* So that a window is not slept through. */
static gint64
get_sleep (MusterDdiCall *call)
{
  const MusterDdiParts *parts = muster_ddi_service_get_parts (call->service);
  gint64 sleep = muster_settings_get_integer (parts->settings, MUSTER_SETTING_DDI_POLLING_TIME);
  MusterEntity *next = call->device_id != NULL
                         ? muster_update_service_get_next (parts->updates, call->device_id)
                         : NULL;
  gint64        opens_at =
    next != NULL ? muster_update_service_get_leave (parts->updates, next).opens_at : 0;
  gint64 left = (opens_at - muster_clock_get_now (parts->clock)) / G_USEC_PER_SEC + 1;

  return opens_at > 0 && left > 0 ? MIN (sleep, left) : sleep;
}

static MusterResponse *
answer_base (MusterDdiCall *call, GError **error)
{
  const char *remote = muster_request_get_remote (call->request);
  GString    *json = NULL;
  g_autoptr (GString) links = g_string_new (NULL);
  gboolean wants_data;
  char     sleep[9];

  if (call->target != NULL)
    muster_ddi_service_note_poll (call->service, call->target, remote);
  else
    muster_ddi_service_note_stranger (call->service, call->controller_id, remote);
  if (call->target != NULL && !append_links (call, links, error))
    return NULL;
  wants_data = call->target != NULL
                 ? muster_entity_get_boolean (call->target, "attributes_wanted")
                 : muster_ddi_service_get_stranger (call->service, call->controller_id) == NULL;
  if (wants_data)
    append_link (call, links, "configData", "configData");
  muster_ddi_format_sleep (get_sleep (call), sleep);
  json = g_string_new (NULL);
  g_string_printf (json, "{\"config\":{\"polling\":{\"sleep\":\"%s\"}}", sleep);
  if (links->len > 0)
    g_string_append_printf (json, ",\"_links\":{%s}", links->str);
  g_string_append_c (json, '}');
  return muster_ddi_call_respond (call, json);
}

DexFuture *
muster_ddi_handle_base (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_STRANGER, answer_base);
}

/* --- what the device says of itself --- */

static MusterResponse *
answer_config_data (MusterDdiCall *call, GError **error)
{
  const char      *before = call->target != NULL
                              ? muster_entity_get_string (call->target, "attributes")
                              : muster_ddi_service_get_stranger (call->service, call->controller_id);
  g_autofree char *after =
    muster_ddi_attributes_apply (before, muster_request_get_body (call->request), error);

  if (after == NULL)
    return NULL;
  if (call->target == NULL)
    {
      muster_ddi_service_set_stranger (call->service, call->controller_id, after);
      return muster_response_new (200);
    }
  muster_entity_set_string (call->target, "attributes", after);
  muster_entity_set_boolean (call->target, "attributes_wanted", FALSE);
  return muster_ddi_call_update_target (call, "Note what a device says of itself", error)
           ? muster_response_new (200)
           : NULL;
}

DexFuture *
muster_ddi_handle_config_data (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_STRANGER, answer_config_data);
}

static MusterResponse *
answer_put_installed (MusterDdiCall *call, GError **error)
{
  MusterUpdateService *updates = muster_ddi_service_get_parts (call->service)->updates;
  g_autoptr (JsonNode) node = muster_ddi_body_parse (muster_request_get_body (call->request), error);
  const char *version = NULL;

  if (node == NULL)
    return NULL;
  version =
    json_object_get_string_member_with_default (json_node_get_object (node), "version", NULL);
  if (version == NULL || *version == '\0' || g_utf8_strlen (version, -1) > 64)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "version must be a text of 1 to 64 characters");
      return NULL;
    }
  return dex_await (muster_update_service_note_installed (updates, call->device_id, version, NULL,
                                                          -1),
                    error)
           ? muster_response_new (200)
           : NULL;
}

DexFuture *
muster_ddi_handle_put_installed (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_put_installed);
}
