/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "muster-retention-cut.h"
#include "muster-retention-survey.h"
#include "muster-sample-engine.h"

G_BEGIN_DECLS

/* Deletes what a policy keeps no longer: when it changes, and with every day, a slice at a time
 * between two seals. On the main thread. */
typedef struct _MusterRetentionFollower MusterRetentionFollower;

MusterRetentionFollower *muster_retention_follower_new (MusterSampleEngine *engine,
                                                        MusterClock        *clock);
/* Gives it back; a slice under way ends with the engine, which must be freed later. */
void muster_retention_follower_stop (MusterRetentionFollower *self);
/* Deleting begins with it. */
void muster_retention_follower_set_policy (MusterRetentionFollower *self,
                                           MusterRetentionPolicy   *policy);
/* Deletes what a new day made too old, and what there is no room for, as every minute does by
 * itself. Resolves to TRUE. */
DexFuture *muster_retention_follower_go_on (MusterRetentionFollower *self);
/* Looks through all. Resolves to TRUE once there is nothing to delete by now. */
DexFuture *muster_retention_follower_catch_up (MusterRetentionFollower *self);
/* What POLICY would delete now, or, with EVERYTHING, what there is of its classes: resolves to a
 * GArray (boxed) (element-type MusterRetentionTotals) as of muster_retention_survey(). */
DexFuture *muster_retention_follower_survey (MusterRetentionFollower *self,
                                             MusterRetentionPolicy   *policy,
                                             gboolean                 everything);
/* What was deleted since the start. */
MusterRetentionTally muster_retention_follower_get_tally (MusterRetentionFollower *self);

G_END_DECLS
