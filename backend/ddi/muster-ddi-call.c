/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-call"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "core/http/muster-problem.h"
#include "core/http/muster-request-certificate.h"
#include "muster-ddi-call.h"
#include "muster-ddi-consent.h"

#define MAX_TOKEN 128
#define MAX_AUTHORITIES 16

/* --- refusing --- */

/* By status; of an API that others have specified, so the words are theirs. */
static const struct
{
  unsigned    status;
  const char *code;
} codes[] = {
  { 400, "hawkbit.server.error.rest.body.notReadable" },
  { 404, "hawkbit.server.error.repo.entitiyNotFound" },
  { 405, "hawkbit.server.error.action.notcancelable" },
  { 409, "hawkbit.server.error.repo.entitiyAlreadyExists" },
  { 410, "hawkbit.server.error.action.notactive" },
  { 413, "hawkbit.server.error.quota.fileSizeExceeded" },
  { 429, "hawkbit.server.error.quota.tooManyEntries" },
};

MusterResponse *
muster_ddi_refuse (unsigned status, const char *message)
{
  GString    *json = NULL;
  const char *code = "hawkbit.server.error.unspecified";

  if (status == 401)
    return muster_response_new (401);
  json = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].status == status)
      code = codes[i].code;
  g_string_printf (json, "{\"exceptionClass\":\"muster\",\"errorCode\":\"%s\",\"message\":", code);
  muster_json_append_string (json, message, -1);
  g_string_append_c (json, '}');
  return muster_response_new_json (status, json);
}

static MusterResponse *
refuse (MusterRequest *request, const GError *error)
{
  unsigned status = muster_problem_find (error)->status;

  return muster_ddi_refuse (status == 422 ? 400 : status,
                            error->domain == MUSTER_ERROR ? error->message : "an internal error");
}

const MusterDialect muster_ddi_dialect = { NULL, refuse, "ddi" };

/* --- who asks --- */

static gboolean
equals (const char *a, const char *b)
{
  gsize length = a != NULL ? strlen (a) : 0;

  return length > 0 && b != NULL && strlen (b) == length && sodium_memcmp (a, b, length) == 0;
}

/* What stands behind SCHEME in the Authorization header; NULL without. */
static const char *
get_credentials (MusterRequest *request, const char *scheme)
{
  const char *header = muster_request_get_header (request, "Authorization");
  gsize       length = strlen (scheme);

  if (header == NULL || g_ascii_strncasecmp (header, scheme, length) != 0 ||
      header[length] != ' ' || strlen (header + length + 1) > MAX_TOKEN)
    return NULL;
  return header + length + 1;
}

static gboolean
list_has (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list != NULL ? list : "", ",", -1);

  for (char **at = words; *at != NULL; at++)
    if (*g_strstrip (*at) != '\0' && g_strcmp0 (*at, word) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
any_is_trusted (const char *trusted, const char *told)
{
  g_auto (GStrv) words = g_strsplit (told != NULL ? told : "", ",", MAX_AUTHORITIES);

  for (char **at = words; *at != NULL; at++)
    if (list_has (trusted, g_strstrip (*at)))
      return TRUE;
  return FALSE;
}

/* A proxy has looked at its certificate, and says so. */
static gboolean
muster_ddi_call_is_vouched_for (MusterDdiCall *self, MusterSettings *settings)
{
  const char *trusted = muster_settings_get_string (settings, MUSTER_SETTING_DDI_PROXY_AUTHORITIES);
  const char *proxies = muster_settings_get_string (settings, MUSTER_SETTING_DDI_PROXIES);

  if (trusted == NULL ||
      !muster_settings_get_boolean (settings, MUSTER_SETTING_DDI_PROXY_HEADERS) ||
      !list_has (proxies, muster_request_get_remote (self->request)) ||
      !equals (muster_request_get_header (self->request, "X-Controller-Id"), self->controller_id))
    return FALSE;
  if (any_is_trusted (trusted, muster_request_get_header (self->request, "X-Authority")))
    return TRUE;
  for (int i = 0; i < MAX_AUTHORITIES; i++)
    {
      g_autofree char *name = g_strdup_printf ("X-Authority-%d", i);

      if (any_is_trusted (trusted, muster_request_get_header (self->request, name)))
        return TRUE;
    }
  return FALSE;
}

/* It has shown a certificate of its own. */
static gboolean
muster_ddi_call_is_certified (MusterDdiCall *self)
{
  GTlsCertificate *certificate = muster_request_get_certificate (self->request);

  return certificate != NULL &&
         muster_ddi_service_knows_certificate (self->service, certificate, self->controller_id);
}

static gboolean
muster_ddi_call_is_admitted (MusterDdiCall *self, MusterDdiAdmission admission)
{
  MusterSettings *settings = muster_ddi_service_get_parts (self->service)->settings;

  if (self->target == NULL && admission != MUSTER_DDI_ADMIT_STRANGER)
    return FALSE;
  if (admission == MUSTER_DDI_ADMIT_DOWNLOAD &&
      muster_settings_get_boolean (settings, MUSTER_SETTING_DDI_OPEN_DOWNLOADS))
    return TRUE;
  if (self->target != NULL &&
      muster_settings_get_boolean (settings, MUSTER_SETTING_DDI_TARGET_TOKENS) &&
      equals (get_credentials (self->request, "TargetToken"),
              muster_entity_get_string (self->target, "token")))
    return TRUE;
  if (muster_settings_get_boolean (settings, MUSTER_SETTING_DDI_GATEWAY_TOKENS) &&
      equals (get_credentials (self->request, "GatewayToken"),
              muster_settings_get_string (settings, MUSTER_SETTING_DDI_GATEWAY_TOKEN)))
    return TRUE;
  return muster_ddi_call_is_certified (self) || muster_ddi_call_is_vouched_for (self, settings);
}

/* --- one call --- */

typedef struct
{
  MusterDdiCall      call;
  MusterDdiAdmission admission;
  MusterDdiFunc      func;
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  g_clear_object (&self->call.target);
  g_object_unref (self->call.request);
  g_object_unref (self->call.service);
  g_free (self->call.base);
  g_free (self);
}

static char *
make_base (MusterRequest *request)
{
  g_autofree char *origin = muster_request_dup_origin (request);
  g_autofree char *tenant =
    g_uri_escape_string (muster_request_get_path_param (request, "tenant"), NULL, FALSE);
  g_autofree char *id =
    g_uri_escape_string (muster_request_get_path_param (request, "controllerId"), NULL, FALSE);

  return g_strdup_printf ("%s/%s/controller/v1/%s", origin, tenant, id);
}

static gboolean
muster_ddi_call_admit (MusterDdiCall *self, MusterDdiAdmission admission, GError **error)
{
  MusterSettings *settings = muster_ddi_service_get_parts (self->service)->settings;
  GError         *failure = NULL;
  gboolean        is_ours =
    g_ascii_strcasecmp (muster_request_get_path_param (self->request, "tenant"),
                        muster_settings_get_string (settings, MUSTER_SETTING_DDI_TENANT)) == 0;

  if (is_ours && g_utf8_strlen (self->controller_id, -1) <= 256)
    self->target = muster_ddi_service_find (self->service, &muster_update_target_info,
                                            "controller_id", self->controller_id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (self->target != NULL)
    self->device_id = muster_entity_get_string (self->target, "device_id");
  if (is_ours && muster_ddi_call_is_admitted (self, admission))
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                       "the client shows nothing that lets it in");
  return FALSE;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Run            *self = user_data;
  GError         *error = NULL;
  MusterResponse *response = NULL;

  if (muster_ddi_call_admit (&self->call, self->admission, &error))
    response = self->func (&self->call, &error);
  return response != NULL ? muster_response_resolve (response) : dex_future_new_for_error (error);
}

DexFuture *
muster_ddi_call_run (MusterRequest     *request,
                     MusterDdiService  *service,
                     MusterDdiAdmission admission,
                     MusterDdiFunc      func)
{
  Run *self = g_new0 (Run, 1);

  self->call.request = g_object_ref (request);
  self->call.service = g_object_ref (service);
  self->call.controller_id = muster_request_get_path_param (request, "controllerId");
  self->call.base = make_base (request);
  self->admission = admission;
  self->func = func;
  return dex_scheduler_spawn (NULL, 0, run_fiber, self, run_free);
}

MusterResponse *
muster_ddi_call_respond (MusterDdiCall *call, GString *json)
{
  const char      *accept = muster_request_get_header (call->request, "Accept");
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_MD5, json->str, json->len);
  g_autofree char *tag = g_strconcat ("0", digest, NULL);
  MusterResponse  *response = muster_response_new_json (200, json);

  if (accept != NULL && strstr (accept, "application/hal+json") != NULL)
    muster_response_set_header (response, "Content-Type", "application/hal+json");
  muster_response_set_tag (response, tag);
  return response;
}

/* --- updates --- */

MusterEntity *
muster_ddi_call_get_update (MusterDdiCall *call, GError **error)
{
  gint64           number = muster_request_get_path_integer (call->request, "actionId");
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autoptr (GError) failure = NULL;
  g_autoptr (MusterEntity) update =
              muster_ddi_service_find (call->service, &muster_firmware_update_info, "number", text,
                                       &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  if (update != NULL &&
      g_strcmp0 (muster_entity_get_string (update, "device_id"), call->device_id) == 0)
    return g_steal_pointer (&update);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "this target has no action %s", text);
  return NULL;
}

gboolean
muster_ddi_call_note (MusterDdiCall     *call,
                      MusterEntity      *update,
                      MusterFeedbackKind kind,
                      int                progress,
                      const char *const *messages,
                      GError           **error)
{
  const MusterDdiParts *parts = muster_ddi_service_get_parts (call->service);
  MusterFeedback        feedback = {
           .kind = kind, .delivery = MUSTER_UPDATE_BY_POLL, .progress = progress, .messages = messages
  };

  return dex_await (muster_update_service_feedback (parts->updates,
                                                    muster_ddi_service_get_actor (call->service),
                                                    muster_entity_get_id (update), &feedback),
                    error);
}

gboolean
muster_ddi_call_update_target (MusterDdiCall *call, const char *operation, GError **error)
{
  return muster_ddi_target_write (call->service, muster_ddi_service_get_actor (call->service),
                                  call->target, operation, error);
}
