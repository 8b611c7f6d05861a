/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-actions"

#include "config.h"

#include "muster-ddi-call.h"
#include "muster-ddi-consent.h"
#include "muster-ddi-message.h"
#include "ota/muster-update-rules.h"

static MusterUpdateStatus
get_status (MusterEntity *update)
{
  return muster_entity_get_enum (update, "status");
}

static gboolean
is_open (MusterEntity *update)
{
  MusterUpdateStatus status = get_status (update);

  return status == MUSTER_UPDATE_WAITING || status == MUSTER_UPDATE_RUNNING ||
         status == MUSTER_UPDATE_CANCELLING;
}

static MusterResponse *
refuse_missing (const char *what, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "the action %s", what);
  return NULL;
}

/* A refusal of the service as the API tells it: what has ended is gone. */
static MusterResponse *
refuse_by (GError *failure, unsigned on_conflict, GError **error)
{
  MusterResponse *response = NULL;

  if (g_error_matches (failure, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    response = muster_ddi_refuse (on_conflict, failure->message);
  if (response != NULL)
    g_error_free (failure);
  else
    g_propagate_error (error, failure);
  return response;
}

/* --- {"id":…,"deployment":{…}} --- */

static MusterResponse *
answer_with (MusterDdiCall *call, MusterEntity *update, const char *member, GError **error)
{
  g_autoptr (GString) json = g_string_new (NULL);

  g_string_printf (json, "{\"id\":\"%" G_GINT64_FORMAT "\",\"%s\":",
                   muster_entity_get_integer (update, "number"), member);
  if (!muster_ddi_append_deployment (call, update, json, error) ||
      !muster_ddi_append_history (call, update, json, error))
    return NULL;
  g_string_append_c (json, '}');
  return muster_ddi_call_respond (call, g_steal_pointer (&json));
}

static MusterResponse *
answer_deployment (MusterDdiCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = muster_ddi_call_get_update (call, error);

  if (update == NULL)
    return NULL;
  if (get_status (update) == MUSTER_UPDATE_CANCELLING ||
      get_status (update) == MUSTER_UPDATE_CANCELLED)
    return refuse_missing ("is cancelled", error);
  if (is_open (update) && muster_update_waits_for_consent (update))
    return refuse_missing ("waits for its confirmation", error);
  /* Its address may be guessed, or be of a poll before the rollout paused or the window closed. */
  if (is_open (update) && !muster_ddi_may_tell (call, update))
    return refuse_missing ("is not to be done now", error);
  if (get_status (update) == MUSTER_UPDATE_WAITING &&
      !muster_ddi_call_note (call, update, MUSTER_FEEDBACK_TOLD, -1, NULL, error))
    return NULL;
  return answer_with (call, update, "deployment", error);
}

DexFuture *
muster_ddi_handle_deployment (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_deployment);
}

static MusterResponse *
answer_installed (MusterDdiCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = muster_ddi_call_get_update (call, error);

  if (update == NULL)
    return NULL;
  return get_status (update) == MUSTER_UPDATE_CONFIRMED
           ? answer_with (call, update, "deployment", error)
           : refuse_missing ("is not installed", error);
}

DexFuture *
muster_ddi_handle_installed (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_installed);
}

/* --- feedback --- */

static MusterFeedbackKind
map_execution (const MusterDdiFeedback *feedback)
{
  switch (feedback->execution)
    {
    case MUSTER_DDI_CLOSED:
      return feedback->finished == MUSTER_DDI_FAILURE ? MUSTER_FEEDBACK_FAILED
                                                      : MUSTER_FEEDBACK_CONFIRMED;
    case MUSTER_DDI_CANCELED:
      return MUSTER_FEEDBACK_CANCELLED;
    case MUSTER_DDI_REJECTED:
      return MUSTER_FEEDBACK_WARNING;
    case MUSTER_DDI_DOWNLOAD:
      return MUSTER_FEEDBACK_DOWNLOADING;
    case MUSTER_DDI_DOWNLOADED:
      return MUSTER_FEEDBACK_DOWNLOADED;
    case MUSTER_DDI_PROCEEDING:
    case MUSTER_DDI_SCHEDULED:
    case MUSTER_DDI_RESUMED:
    default:
      return MUSTER_FEEDBACK_RUNNING;
    }
}

/* What a device runs now may be another: it is asked anew what it has to say of itself. */
static gboolean
ask_for_attributes (MusterDdiCall *call, MusterFeedbackKind kind, GError **error)
{
  if (kind != MUSTER_FEEDBACK_CONFIRMED && kind != MUSTER_FEEDBACK_DOWNLOADED)
    return TRUE;
  muster_entity_set_boolean (call->target, "attributes_wanted", TRUE);
  return muster_ddi_call_update_target (call, "Ask a device for its attributes", error);
}

static gboolean
note (MusterDdiCall           *call,
      MusterEntity            *update,
      MusterFeedbackKind       kind,
      const MusterDdiFeedback *feedback,
      GError                 **error)
{
  const MusterDdiParts *parts = muster_ddi_service_get_parts (call->service);
  MusterFeedback        noted = { .kind = kind,
                                  .delivery = MUSTER_UPDATE_BY_POLL,
                                  .progress = feedback->progress,
                                  .messages = (const char *const *)feedback->messages,
                                  .has_code = feedback->has_code,
                                  .code = feedback->code };

  return dex_await (muster_update_service_feedback (parts->updates,
                                                    muster_ddi_service_get_actor (call->service),
                                                    muster_entity_get_id (update), &noted),
                    error);
}

static MusterResponse *
answer_deployment_feedback (MusterDdiCall *call, GError **error)
{
  g_auto (MusterDdiFeedback) feedback = { 0 };
  g_autoptr (MusterEntity) update = muster_ddi_call_get_update (call, error);
  MusterFeedbackKind kind;
  GError            *failure = NULL;

  if (update == NULL ||
      !muster_ddi_feedback_parse (&feedback, muster_request_get_body (call->request), error))
    return NULL;
  kind = map_execution (&feedback);
  if (!note (call, update, kind, &feedback, &failure))
    return refuse_by (failure, 410, error);
  return ask_for_attributes (call, kind, error) ? muster_response_new (200) : NULL;
}

DexFuture *
muster_ddi_handle_deployment_feedback (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_deployment_feedback);
}

/* --- cancelling --- */

static MusterResponse *
answer_cancel (MusterDdiCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = muster_ddi_call_get_update (call, error);
  GString *json = NULL;
  gint64   number;

  if (update == NULL)
    return NULL;
  if (get_status (update) != MUSTER_UPDATE_CANCELLING)
    return refuse_missing ("is not being cancelled", error);
  number = muster_entity_get_integer (update, "number");
  json = g_string_new (NULL);
  g_string_printf (json,
                   "{\"id\":\"%" G_GINT64_FORMAT
                   "\",\"cancelAction\":{\"stopId\":\"%" G_GINT64_FORMAT "\"}}",
                   number, number);
  return muster_ddi_call_respond (call, json);
}

DexFuture *
muster_ddi_handle_cancel (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_cancel);
}

/* "canceled" does not mean that the device agrees: hawkBit's word for that is "closed". */
static MusterFeedbackKind
map_cancel (const MusterDdiFeedback *feedback)
{
  switch (feedback->execution)
    {
    case MUSTER_DDI_CLOSED:
      return feedback->finished == MUSTER_DDI_FAILURE ? MUSTER_FEEDBACK_CANCEL_FAILED
                                                      : MUSTER_FEEDBACK_CANCELLED;
    case MUSTER_DDI_REJECTED:
      return MUSTER_FEEDBACK_CANCEL_REFUSED;
    case MUSTER_DDI_CANCELED:
      return MUSTER_FEEDBACK_WARNING;
    case MUSTER_DDI_DOWNLOAD:
    case MUSTER_DDI_DOWNLOADED:
    case MUSTER_DDI_PROCEEDING:
    case MUSTER_DDI_SCHEDULED:
    case MUSTER_DDI_RESUMED:
    default:
      return MUSTER_FEEDBACK_RUNNING;
    }
}

static MusterResponse *
answer_cancel_feedback (MusterDdiCall *call, GError **error)
{
  g_auto (MusterDdiFeedback) feedback = { 0 };
  g_autoptr (MusterEntity) update = muster_ddi_call_get_update (call, error);
  GError *failure = NULL;

  if (update == NULL ||
      !muster_ddi_feedback_parse (&feedback, muster_request_get_body (call->request), error))
    return NULL;
  if (get_status (update) != MUSTER_UPDATE_CANCELLING)
    return muster_ddi_refuse (405, "the action is not being cancelled");
  return note (call, update, map_cancel (&feedback), &feedback, &failure)
           ? muster_response_new (200)
           : refuse_by (failure, 405, error);
}

DexFuture *
muster_ddi_handle_cancel_feedback (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_cancel_feedback);
}

/* --- consent --- */

static MusterResponse *
answer_consent (MusterDdiCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = muster_ddi_call_get_update (call, error);

  if (update == NULL)
    return NULL;
  return is_open (update) && muster_update_waits_for_consent (update)
           ? answer_with (call, update, "confirmation", error)
           : refuse_missing ("waits for no confirmation", error);
}

DexFuture *
muster_ddi_handle_consent (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_consent);
}

static MusterResponse *
answer_consent_feedback (MusterDdiCall *call, GError **error)
{
  g_autoptr (MusterEntity) update = muster_ddi_call_get_update (call, error);
  g_auto (GStrv) messages = NULL;
  gboolean is_given;
  GError  *failure = NULL;

  if (update == NULL || !muster_ddi_consent_parse (muster_request_get_body (call->request),
                                                   &is_given, &messages, error))
    return NULL;
  if (!is_open (update) || !muster_update_waits_for_consent (update))
    return muster_ddi_refuse (410, "the action waits for no confirmation");
  return muster_ddi_call_note (call, update,
                               is_given ? MUSTER_FEEDBACK_CONSENT_GIVEN
                                        : MUSTER_FEEDBACK_CONSENT_DENIED,
                               -1, (const char *const *)messages, &failure)
           ? muster_response_new (200)
           : refuse_by (failure, 410, error);
}

DexFuture *
muster_ddi_handle_consent_feedback (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_consent_feedback);
}

static MusterResponse *
answer_consent_base (MusterDdiCall *call, GError **error)
{
  MusterUpdateService *updates = muster_ddi_service_get_parts (call->service)->updates;
  MusterEntity        *next = muster_update_service_get_next (updates, call->device_id);
  GString             *json = g_string_new ("{\"autoConfirm\":");
  const char          *link = muster_entity_get_boolean (call->target, "auto_confirm")
                                ? "deactivateAutoConfirm"
                                : "activateAutoConfirm";

  muster_ddi_auto_confirm_append (call->target, json);
  g_string_append_printf (json, ",\"_links\":{\"%s\":{\"href\":\"%s/confirmationBase/%s\"}", link,
                          call->base, link);
  if (next != NULL && muster_entity_get_enum (next, "status") != MUSTER_UPDATE_CANCELLING &&
      muster_update_waits_for_consent (next))
    g_string_append_printf (
      json, ",\"confirmationBase\":{\"href\":\"%s/confirmationBase/%" G_GINT64_FORMAT "?c=%u\"}",
      call->base, muster_entity_get_integer (next, "number"), muster_ddi_get_checksum (call, next));
  g_string_append (json, "}}");
  return muster_ddi_call_respond (call, json);
}

DexFuture *
muster_ddi_handle_consent_base (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_consent_base);
}

static MusterResponse *
answer_auto_confirm (MusterDdiCall *call, GError **error)
{
  GBytes *body = muster_request_get_body (call->request);
  g_autoptr (JsonNode) node =
              g_bytes_get_size (body) > 0 ? muster_ddi_body_parse (body, error) : NULL;

  if (g_bytes_get_size (body) > 0 && node == NULL)
    return NULL;
  if (muster_entity_get_boolean (call->target, "auto_confirm"))
    return muster_ddi_refuse (409, "it confirms by itself already");
  return muster_ddi_auto_confirm_start (call->service, muster_ddi_service_get_actor (call->service),
                                        call->target,
                                        node != NULL ? json_node_get_object (node) : NULL, error)
           ? muster_response_new (200)
           : NULL;
}

DexFuture *
muster_ddi_handle_auto_confirm (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_auto_confirm);
}

static MusterResponse *
answer_stop_auto_confirm (MusterDdiCall *call, GError **error)
{
  return muster_ddi_auto_confirm_stop (call->service, muster_ddi_service_get_actor (call->service),
                                       call->target, error)
           ? muster_response_new (200)
           : NULL;
}

DexFuture *
muster_ddi_handle_stop_auto_confirm (MusterRequest *request, gpointer service)
{
  return muster_ddi_call_run (request, service, MUSTER_DDI_ADMIT_KNOWN, answer_stop_auto_confirm);
}
