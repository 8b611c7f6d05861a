/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-engine.h"

G_BEGIN_DECLS

/* Makes roll-ups of what has been sealed, a slice at a time between two seals, as long as the
 * engine has time. On the main thread. */
typedef struct _MusterRollupFollower MusterRollupFollower;

MusterRollupFollower *muster_rollup_follower_new (MusterSampleEngine *engine);
/* Gives it back; a slice under way ends with the engine, which must be freed later. */
void muster_rollup_follower_stop (MusterRollupFollower *self);
/* Resolves to TRUE once there is nothing to do. */
DexFuture *muster_rollup_follower_catch_up (MusterRollupFollower *self);

G_END_DECLS
