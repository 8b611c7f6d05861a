/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollup-follower"

#include "config.h"

#include "muster-rollup-follower.h"
#include "muster-rollup-make.h"

/* How often it looks for work. */
#define INTERVAL_SECONDS 4
/* A slice that took longer than this from being asked for waited for seals: then it is left to
 * them for PATIENCE times as long. */
#define BUSY_USEC 150000
#define PATIENCE 4

struct _MusterRollupFollower
{
  gatomicrefcount     count;
  MusterSampleEngine *engine; /* (nullable) until it is stopped */
  guint               timer;
  DexFuture          *pass; /* (owned) (nullable) under way */
};

static MusterRollupFollower *
follower_ref (MusterRollupFollower *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

static void
follower_unref (gpointer data)
{
  MusterRollupFollower *self = data;

  if (g_atomic_ref_count_dec (&self->count))
    g_free (self);
}

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

static DexFuture *
pass_fiber (gpointer data)
{
  MusterRollupFollower *self = data;
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;

  while (more && self->engine != NULL)
    {
      gint64 begin = g_get_monotonic_time (), took;

      more =
        dex_await_boolean (muster_sample_engine_write (self->engine, make_job, NULL, NULL), &error);
      took = g_get_monotonic_time () - begin;
      if (more && took > BUSY_USEC && self->engine != NULL)
        dex_await (dex_timeout_new_usec (PATIENCE * took), NULL);
    }
  if (error == NULL || self->engine == NULL)
    return dex_future_new_true ();
  g_warning ("roll-ups are not made for now: %s", error->message);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

static DexFuture *
pass_done_cb (DexFuture *future, gpointer data)
{
  MusterRollupFollower *self = data;

  dex_clear (&self->pass);
  return dex_ref (future);
}

DexFuture *
muster_rollup_follower_catch_up (MusterRollupFollower *self)
{
  if (self->pass == NULL)
    {
      DexFuture *pass =
        dex_scheduler_spawn (NULL, 0, pass_fiber, follower_ref (self), follower_unref);

      self->pass = dex_future_finally (pass, pass_done_cb, follower_ref (self), follower_unref);
    }
  return dex_ref (self->pass);
}

static gboolean
timer_cb (gpointer data)
{
  dex_unref (muster_rollup_follower_catch_up (data));
  return G_SOURCE_CONTINUE;
}

MusterRollupFollower *
muster_rollup_follower_new (MusterSampleEngine *engine)
{
  MusterRollupFollower *self = g_new0 (MusterRollupFollower, 1);

  g_return_val_if_fail (engine != NULL, NULL);

  g_atomic_ref_count_init (&self->count);
  self->engine = engine;
  self->timer = g_timeout_add_seconds (INTERVAL_SECONDS, timer_cb, self);
  return self;
}

void
muster_rollup_follower_stop (MusterRollupFollower *self)
{
  self->engine = NULL;
  g_clear_handle_id (&self->timer, g_source_remove);
  /* It sees by itself that there is nothing to follow any more. */
  if (self->pass != NULL)
    dex_future_disown (g_steal_pointer (&self->pass));
  follower_unref (self);
}
