/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-rules"

#include "config.h"

#include "model/muster-error.h"
#include "muster-update-rules.h"

#define KEEPS (-1)

/* What each word of a device means: the event it is noted as, the phase it tells of, the status it
 * leads to. */
static const struct
{
  MusterUpdateEventKind event;
  int                   phase;  /* KEEPS: the one before */
  int                   status; /* KEEPS: it goes on */
} meanings[] = {
  [MUSTER_FEEDBACK_TOLD] = { MUSTER_UPDATE_EVENT_TOLD, MUSTER_UPDATE_PHASE_TOLD, KEEPS },
  [MUSTER_FEEDBACK_DOWNLOAD] = { MUSTER_UPDATE_EVENT_DOWNLOAD, MUSTER_UPDATE_PHASE_DOWNLOADING,
                                 KEEPS },
  [MUSTER_FEEDBACK_DOWNLOADING] = { MUSTER_UPDATE_EVENT_DOWNLOADING,
                                    MUSTER_UPDATE_PHASE_DOWNLOADING, KEEPS },
  [MUSTER_FEEDBACK_DOWNLOADED] = { MUSTER_UPDATE_EVENT_DOWNLOADED, MUSTER_UPDATE_PHASE_DOWNLOADED,
                                   KEEPS },
  [MUSTER_FEEDBACK_INSTALLING] = { MUSTER_UPDATE_EVENT_INSTALLING, MUSTER_UPDATE_PHASE_INSTALLING,
                                   KEEPS },
  [MUSTER_FEEDBACK_REBOOTING] = { MUSTER_UPDATE_EVENT_REBOOTING, MUSTER_UPDATE_PHASE_REBOOTING,
                                  KEEPS },
  [MUSTER_FEEDBACK_CONFIRMING] = { MUSTER_UPDATE_EVENT_CONFIRMING, MUSTER_UPDATE_PHASE_CONFIRMING,
                                   KEEPS },
  [MUSTER_FEEDBACK_RUNNING] = { MUSTER_UPDATE_EVENT_RUNNING, KEEPS, KEEPS },
  [MUSTER_FEEDBACK_WARNING] = { MUSTER_UPDATE_EVENT_WARNING, KEEPS, KEEPS },
  [MUSTER_FEEDBACK_CONFIRMED] = { MUSTER_UPDATE_EVENT_CONFIRMED, MUSTER_UPDATE_PHASE_NONE,
                                  MUSTER_UPDATE_CONFIRMED },
  [MUSTER_FEEDBACK_FAILED] = { MUSTER_UPDATE_EVENT_FAILED, KEEPS, MUSTER_UPDATE_FAILED },
  [MUSTER_FEEDBACK_REVERTED] = { MUSTER_UPDATE_EVENT_REVERTED, KEEPS, MUSTER_UPDATE_REVERTED },
  [MUSTER_FEEDBACK_CANCELLED] = { MUSTER_UPDATE_EVENT_CANCELLED, KEEPS, MUSTER_UPDATE_CANCELLED },
  [MUSTER_FEEDBACK_CANCEL_REFUSED] = { MUSTER_UPDATE_EVENT_CANCEL_REFUSED, KEEPS,
                                       MUSTER_UPDATE_RUNNING },
  [MUSTER_FEEDBACK_CANCEL_FAILED] = { MUSTER_UPDATE_EVENT_WARNING, KEEPS, MUSTER_UPDATE_RUNNING },
  [MUSTER_FEEDBACK_CONSENT_GIVEN] = { MUSTER_UPDATE_EVENT_CONSENT_GIVEN, KEEPS, KEEPS },
  [MUSTER_FEEDBACK_CONSENT_DENIED] = { MUSTER_UPDATE_EVENT_CONSENT_DENIED, KEEPS, KEEPS },
};

gboolean
muster_update_status_is_open (MusterUpdateStatus status)
{
  return status == MUSTER_UPDATE_WAITING || status == MUSTER_UPDATE_RUNNING ||
         status == MUSTER_UPDATE_CANCELLING;
}

static gboolean
refuse_ended (MusterUpdateStatus status, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the update has ended: it is %s",
               muster_enum_get_nick (&muster_update_status_enum, status));
  return FALSE;
}

/* A device may speak of its update before it asked, or after it was told to cancel. */
static MusterUpdateStatus
go_on (MusterUpdateStatus status, MusterFeedbackKind feedback)
{
  if (feedback == MUSTER_FEEDBACK_CONSENT_GIVEN || feedback == MUSTER_FEEDBACK_CONSENT_DENIED)
    return status;
  return status == MUSTER_UPDATE_WAITING ? MUSTER_UPDATE_RUNNING : status;
}

gboolean
muster_update_waits_for_consent (MusterEntity *update)
{
  int confirmation = 0;

  g_return_val_if_fail (MUSTER_IS_FIRMWARE_UPDATE (update), FALSE);

  confirmation = muster_entity_get_enum (update, "confirmation");
  return confirmation == MUSTER_UPDATE_CONSENT_NEEDED ||
         confirmation == MUSTER_UPDATE_CONSENT_DENIED;
}

gboolean
muster_update_step (MusterUpdateStatus status,
                    MusterUpdatePhase  phase,
                    MusterUpdateKind   kind,
                    MusterFeedbackKind feedback,
                    MusterUpdateStep  *step,
                    GError           **error)
{
  int next;

  g_return_val_if_fail (feedback < G_N_ELEMENTS (meanings) && step != NULL, FALSE);

  next = meanings[feedback].status;
  if (feedback == MUSTER_FEEDBACK_DOWNLOADED && kind == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY)
    next = MUSTER_UPDATE_CONFIRMED;
  step->event = meanings[feedback].event;
  step->is_known = FALSE;
  step->phase =
    meanings[feedback].phase == KEEPS ? phase : (MusterUpdatePhase)meanings[feedback].phase;
  if (!muster_update_status_is_open (status))
    {
      step->is_known = next == (int)status;
      step->status = status;
      return step->is_known || refuse_ended (status, error);
    }
  if (next == MUSTER_UPDATE_RUNNING && status != MUSTER_UPDATE_CANCELLING)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                           "the update is not being cancelled");
      return FALSE;
    }
  step->status = next == KEEPS ? go_on (status, feedback) : (MusterUpdateStatus)next;
  return TRUE;
}
