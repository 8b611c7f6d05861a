/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterRolloutWizard:
 *
 * Makes a rollout, or changes one that has not begun, in three steps: what, whom (with what stands
 * against each device), how.
 */
#define MUSTER_TYPE_ROLLOUT_WIZARD (muster_rollout_wizard_get_type ())
G_DECLARE_FINAL_TYPE (MusterRolloutWizard,
                      muster_rollout_wizard,
                      MUSTER,
                      ROLLOUT_WIZARD,
                      MusterPage)

/* A new one of the firmware ARTIFACT_ID for the devices that FILTER (a query of the list of
 * devices) names; both are nullable, and can be chosen otherwise. */
MusterPage *muster_rollout_wizard_new (MusterSession *session,
                                       const char    *artifact_id,
                                       const char    *filter);
/* A new one of the set of firmware SET_ID. */
MusterPage *muster_rollout_wizard_new_of_set (MusterSession *session, const char *set_id);
/* Changes ROLLOUT. */
MusterPage *muster_rollout_wizard_new_edit (MusterSession *session, MusterEntity *rollout);
/* A new one that begins as a copy of ROLLOUT. */
MusterPage *muster_rollout_wizard_new_copy (MusterSession *session, MusterEntity *rollout);

G_END_DECLS
