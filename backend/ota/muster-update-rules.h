/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-firmware-update.h"
#include "model/muster-update-event.h"
#include "muster-update-service.h"

G_BEGIN_DECLS

/* Where a device's word leads its update. */
typedef struct
{
  MusterUpdateStatus    status;
  MusterUpdatePhase     phase;
  MusterUpdateEventKind event;
  gboolean              is_known; /* nothing follows: it has ended so already */
} MusterUpdateStep;

gboolean muster_update_status_is_open (MusterUpdateStatus status);
/* Whether UPDATE needs the consent of somebody at its device, who has not given it. */
gboolean muster_update_waits_for_consent (MusterEntity *update);

/* What follows from FEEDBACK for an update of KIND in STATUS and PHASE: pure. FALSE with
 * MUSTER_ERROR_CONFLICT: it has ended otherwise, or cannot go there. */
gboolean muster_update_step (MusterUpdateStatus status,
                             MusterUpdatePhase  phase,
                             MusterUpdateKind   kind,
                             MusterFeedbackKind feedback,
                             MusterUpdateStep  *step,
                             GError           **error);

G_END_DECLS
