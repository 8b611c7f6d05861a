/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollup-follower"

#include "config.h"

#include "muster-rollup-follower.h"
#include "muster-rollup-make.h"
#include "muster-sample-follower.h"

struct _MusterRollupFollower
{
  MusterSampleFollower parent;
};

static gboolean
make_job (MusterSampleTable *table,
          MusterSampleFile  *file,
          gpointer           data,
          GValue            *result,
          GError           **error)
{
  gboolean more;

  if (!muster_rollup_make_some (file, &more, error))
    return FALSE;
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, more);
  return TRUE;
}

static gboolean
make_all (gpointer data, GError **error)
{
  MusterRollupFollower *self = data;
  gboolean              more = TRUE;

  while (more && self->parent.engine != NULL)
    if (!muster_sample_follower_do_slice (self, make_job, NULL, NULL, &more, error))
      return FALSE;
  return !more;
}

static const MusterSampleFollowerClass follower_class = {
  .pass = make_all,
  .interval = 4,
  .trouble = "roll-ups are not made for now",
};

DexFuture *
muster_rollup_follower_catch_up (MusterRollupFollower *self)
{
  return muster_sample_follower_go_on (self);
}

MusterRollupFollower *
muster_rollup_follower_new (MusterSampleEngine *engine)
{
  MusterRollupFollower *self = g_new0 (MusterRollupFollower, 1);

  muster_sample_follower_init (&self->parent, &follower_class, engine);
  return self;
}

void
muster_rollup_follower_stop (MusterRollupFollower *self)
{
  muster_sample_follower_stop (self);
}
