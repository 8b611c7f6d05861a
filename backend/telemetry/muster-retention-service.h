/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "core/muster-metrics.h"
#include "core/muster-repository.h"
#include "core/muster-settings.h"
#include "muster-retention-follower.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/* Bytes; 0: no limit. */
#define MUSTER_SETTING_MAX_BYTES "samples.max-bytes"
extern const MusterSetting muster_retention_settings[];

/**
 * MusterRetentionService:
 *
 * Keeps samples as long as the records of retention classes say, and within the room that the
 * settings allow. Of the store on this machine: VictoriaMetrics has a retention of its own.
 */
#define MUSTER_TYPE_RETENTION_SERVICE (muster_retention_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterRetentionService,
                      muster_retention_service,
                      MUSTER,
                      RETENTION_SERVICE,
                      MusterService)

/* STORE must be started before, and stopped after it. */
MusterRetentionService *muster_retention_service_new (MusterRepository  *repository,
                                                      MusterSampleStore *store,
                                                      MusterSettings    *settings,
                                                      MusterClock       *clock,
                                                      MusterBus         *bus);
/* The policy of CLASSES (element-type MusterEntity), in any order: (transfer full). */
MusterRetentionPolicy *muster_retention_make_policy (GPtrArray *classes, gint64 max_bytes);
/* What is in force; borrowed. */
MusterRetentionPolicy *muster_retention_service_get_policy (MusterRetentionService *self);
/* Borrowed. */
MusterRepository *muster_retention_service_get_repository (MusterRetentionService *self);
/* Where what comes now is kept: FALSE, and it is deleted as the policy says; TRUE, in
 * VictoriaMetrics, which has a retention of its own and deletes nothing sooner for one metric. */
gboolean muster_retention_service_is_elsewhere (MusterRetentionService *self);
/* See muster_retention_follower_survey(). */
DexFuture *muster_retention_service_survey (MusterRetentionService *self,
                                            MusterRetentionPolicy  *policy,
                                            gboolean                everything);
void muster_retention_service_add_metrics (MusterRetentionService *self, MusterMetrics *metrics);

G_END_DECLS
