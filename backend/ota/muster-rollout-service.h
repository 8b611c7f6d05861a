/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rollout-store.h"
#include "muster-update-service.h"
#include "telemetry/muster-sample-store.h"

G_BEGIN_DECLS

/**
 * MusterRolloutService:
 *
 * Updates of many devices, group after group. What a rollout has decided stands in its records, so
 * that whatever happens to the daemon it goes on from there: all updates of a rollout are made,
 * each once, when it begins; a group that begins lets its own go on. The decisions themselves are
 * muster_rollout_plan_move(). Main thread only.
 */
#define MUSTER_TYPE_ROLLOUT_SERVICE (muster_rollout_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterRolloutService,
                      muster_rollout_service,
                      MUSTER,
                      ROLLOUT_SERVICE,
                      MusterService)

/* SAMPLES: what telemetry gates are decided by. */
MusterRolloutService *muster_rollout_service_new (MusterUpdateService *updates,
                                                  MusterSampleStore   *samples,
                                                  MusterBus           *bus,
                                                  MusterClock         *clock);
MusterUpdateService  *muster_rollout_service_get_updates (MusterRolloutService *self);

/* Does DEED, one of those that people do, to the rollout ID; POSITION (from 1) names the group to
 * be opened, REMARK (nullable) is what is said with an approval or a denial. Resolves to the
 * MusterRollout. MUSTER_ERROR_CONFLICT names the states that it may go
 * to, MUSTER_ERROR_FORBIDDEN asks for a second person. */
DexFuture *muster_rollout_service_do (MusterRolloutService *self,
                                      MusterActor          *actor,
                                      const char           *id,
                                      MusterRolloutDeed     deed,
                                      gint64                position,
                                      const char           *remark);
/* Which devices it would be given to, and what stands against the others: resolves to a GBytes of
 * JSON, see muster_preflight_run(). ROLLOUT need not be stored. */
DexFuture *muster_rollout_service_preflight (MusterRolloutService *self, MusterEntity *rollout);

G_END_DECLS
