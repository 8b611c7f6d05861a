/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-follower"

#include "config.h"

#include "muster-sample-follower.h"

/* A slice that took longer than this from being asked for waited for seals: then it is left to
 * them for PATIENCE times as long. */
#define BUSY_USEC 150000
#define PATIENCE 4

gpointer
muster_sample_follower_ref (gpointer data)
{
  MusterSampleFollower *self = data;

  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
muster_sample_follower_unref (gpointer data)
{
  MusterSampleFollower *self = data;

  if (!g_atomic_ref_count_dec (&self->count))
    return;
  if (self->klass->clear != NULL)
    self->klass->clear (self);
  g_free (self);
}

static DexFuture *
pass_fiber (gpointer data)
{
  MusterSampleFollower *self = data;
  g_autoptr (GError) error = NULL;

  self->klass->pass (self, &error);
  if (error == NULL || self->engine == NULL)
    return dex_future_new_true ();
  g_warning ("%s: %s", self->klass->trouble, error->message);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

static DexFuture *
pass_done_cb (DexFuture *future, gpointer data)
{
  MusterSampleFollower *self = data;

  dex_clear (&self->pass);
  return dex_ref (future);
}

DexFuture *
muster_sample_follower_go_on (gpointer data)
{
  MusterSampleFollower *self = data;

  if (self->pass == NULL)
    {
      DexFuture *pass = dex_scheduler_spawn (NULL, 0, pass_fiber, muster_sample_follower_ref (self),
                                             muster_sample_follower_unref);

      self->pass = dex_future_finally (pass, pass_done_cb, muster_sample_follower_ref (self),
                                       muster_sample_follower_unref);
    }
  return dex_ref (self->pass);
}

gboolean
muster_sample_follower_do_slice (gpointer             data,
                                 MusterSampleReadFunc job,
                                 gpointer             job_data,
                                 GDestroyNotify       destroy,
                                 gboolean            *more,
                                 GError             **error)
{
  MusterSampleFollower *self = data;
  g_autoptr (GError) cause = NULL;
  gint64 begin = g_get_monotonic_time (), took;

  *more =
    dex_await_boolean (muster_sample_engine_write (self->engine, job, job_data, destroy), &cause);
  took = g_get_monotonic_time () - begin;
  if (*more && took > BUSY_USEC && self->engine != NULL)
    dex_await (dex_timeout_new_usec (PATIENCE * took), NULL);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
timer_cb (gpointer data)
{
  dex_unref (muster_sample_follower_go_on (data));
  return G_SOURCE_CONTINUE;
}

void
muster_sample_follower_init (MusterSampleFollower            *self,
                             const MusterSampleFollowerClass *klass,
                             MusterSampleEngine              *engine)
{
  g_return_if_fail (engine != NULL);

  g_atomic_ref_count_init (&self->count);
  self->klass = klass;
  self->engine = engine;
  self->timer = g_timeout_add_seconds (klass->interval, timer_cb, self);
}

void
muster_sample_follower_stop (gpointer data)
{
  MusterSampleFollower *self = data;

  self->engine = NULL;
  g_clear_handle_id (&self->timer, g_source_remove);
  /* It sees by itself that there is nothing to follow any more. */
  if (self->pass != NULL)
    dex_future_disown (g_steal_pointer (&self->pass));
  muster_sample_follower_unref (self);
}
