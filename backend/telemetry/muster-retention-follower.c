/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-follower"

#include "config.h"

#include "muster-retention-follower.h"

/* How often it looks whether a day has begun, or too much is stored. */
#define INTERVAL_SECONDS 60
/* How often deleting for want of room is tried at once: what was made of samples needs room too. */
#define MOST_ROUNDS 8
/* How often everything is looked through, in days. */
#define WHOLE_DAYS 7
/* A slice that took longer than this from being asked for waited for seals: then it is left to
 * them for PATIENCE times as long. */
#define BUSY_USEC 150000
#define PATIENCE 4

struct _MusterRetentionFollower
{
  gatomicrefcount        count;
  MusterSampleEngine    *engine; /* (nullable) until it is stopped */
  MusterClock           *clock;  /* (owned) */
  MusterRetentionPolicy *policy; /* (owned) */
  MusterRetentionTally   tally;
  gint64                 done_day; /* of which all was deleted; -1: none */
  gint64                 done_since[MUSTER_N_ROLLUP_LEVELS]; /* what is before was deleted then */
  unsigned               n_asked;                            /* how often all was to be gone over */
  guint                  timer;
  DexFuture             *pass; /* (owned) (nullable) under way */
};

static MusterRetentionFollower *
follower_ref (MusterRetentionFollower *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

static void
follower_unref (gpointer data)
{
  MusterRetentionFollower *self = data;

  if (!g_atomic_ref_count_dec (&self->count))
    return;
  muster_retention_policy_unref (self->policy);
  g_object_unref (self->clock);
  g_free (self);
}

/* --- one go over all devices --- */

/* Of the main thread while nothing is asked for, else of the thread that was asked. */
typedef struct
{
  MusterRetentionLimits limits;
  MusterRetentionCursor cursor;
  MusterRetentionTally  tally;
} Go;

static void
go_clear (gpointer data)
{
  muster_retention_limits_clear (&((Go *)data)->limits);
}

static void
go_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, go_clear);
}

static Go *
go_new (MusterRetentionFollower *self, MusterRetentionPolicy *policy)
{
  Go *go = g_atomic_rc_box_new0 (Go);

  muster_retention_limits_init (&go->limits, policy, muster_sample_engine_get_table (self->engine),
                                muster_clock_get_now (self->clock));
  return go;
}

static gboolean
cut_job (MusterSampleTable *table,
         MusterSampleFile  *file,
         gpointer           data,
         GValue            *result,
         GError           **error)
{
  Go      *go = data;
  gboolean more;

  if (!muster_retention_cut_some (table, file, &go->limits, &go->cursor, &go->tally, &more, error))
    return FALSE;
  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, more);
  return TRUE;
}

static gboolean
find_floors_job (MusterSampleTable *table,
                 MusterSampleFile  *file,
                 gpointer           data,
                 GValue            *result,
                 GError           **error)
{
  return muster_retention_find_floors (file, &((Go *)data)->limits, error);
}

/* Whether it went over all devices: not where it was stopped, or another policy was set, which may
 * keep what this one would delete. */
static gboolean
go_over_all (MusterRetentionFollower *self, Go *go, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gboolean more = TRUE;

  while (more && self->engine != NULL && go->limits.policy == self->policy)
    {
      gint64 begin = g_get_monotonic_time (), took;

      more = dex_await_boolean (muster_sample_engine_write (self->engine, cut_job,
                                                            g_atomic_rc_box_acquire (go), go_unref),
                                &cause);
      took = g_get_monotonic_time () - begin;
      if (more && took > BUSY_USEC && self->engine != NULL)
        dex_await (dex_timeout_new_usec (PATIENCE * took), NULL);
    }
  self->tally.samples += go->tally.samples;
  self->tally.chunks += go->tally.chunks;
  if (cause == NULL)
    return !more;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* --- for want of room --- */

static gboolean
make_room (MusterRetentionFollower *self, MusterRetentionPolicy *policy, GError **error)
{
  for (unsigned i = 0; policy->max_bytes > 0 && i < MOST_ROUNDS && self->engine != NULL; i++)
    {
      Go      *go = go_new (self, policy);
      gboolean is_good;
      gboolean is_done;

      is_good = dex_await (muster_sample_engine_read (self->engine, find_floors_job,
                                                      g_atomic_rc_box_acquire (go), go_unref),
                           error);
      is_done = !is_good || go->limits.floors[MUSTER_ROLLUP_RAW] == 0;
      if (!is_done)
        is_good = go_over_all (self, go, error);
      is_done |= go->tally.samples == 0 && go->tally.chunks == 0;
      go_unref (go);
      if (is_done || !is_good)
        return is_good;
    }
  return self->engine != NULL;
}

/* What a day has made too old is near what was deleted the day before; once in a while all is
 * looked through, for what came late. */
static gboolean
delete_old (MusterRetentionFollower *self, MusterRetentionPolicy *policy, GError **error)
{
  gint64   now = muster_clock_get_now (self->clock);
  unsigned asked = self->n_asked;
  Go      *go;
  gboolean is_good;

  if (self->done_day == now - now % MUSTER_DAY_USEC)
    return TRUE;
  /* What is in memory is as old as what is in blocks. */
  if (!dex_await (muster_sample_engine_flush (self->engine), error) || self->engine == NULL)
    return FALSE;
  go = go_new (self, policy);
  if (self->done_day >= 0 && go->limits.today / MUSTER_DAY_USEC % WHOLE_DAYS != 0)
    memcpy (go->limits.since, self->done_since, sizeof self->done_since);
  is_good = go_over_all (self, go, error);
  if (is_good && asked == self->n_asked)
    {
      self->done_day = go->limits.today;
      for (unsigned i = 0; i < MUSTER_N_ROLLUP_LEVELS; i++)
        self->done_since[i] =
          muster_retention_limits_get_earliest (&go->limits, (MusterRollupLevel)i);
    }
  go_unref (go);
  return is_good;
}

static DexFuture *
pass_fiber (gpointer data)
{
  MusterRetentionFollower *self = data;
  g_autoptr (GError) error = NULL;
  unsigned asked;

  do
    {
      g_autoptr (MusterRetentionPolicy) policy = muster_retention_policy_ref (self->policy);

      asked = self->n_asked;
      if (self->engine != NULL && muster_retention_policy_has_limits (policy) &&
          delete_old (self, policy, &error))
        make_room (self, policy, &error);
    }
  while (error == NULL && self->engine != NULL && asked != self->n_asked);
  if (error == NULL || self->engine == NULL)
    return dex_future_new_true ();
  g_warning ("samples that are too old stay for now: %s", error->message);
  return dex_future_new_for_error (g_steal_pointer (&error));
}

static DexFuture *
pass_done_cb (DexFuture *future, gpointer data)
{
  MusterRetentionFollower *self = data;

  dex_clear (&self->pass);
  return dex_ref (future);
}

DexFuture *
muster_retention_follower_go_on (MusterRetentionFollower *self)
{
  if (self->pass == NULL)
    {
      DexFuture *pass =
        dex_scheduler_spawn (NULL, 0, pass_fiber, follower_ref (self), follower_unref);

      self->pass = dex_future_finally (pass, pass_done_cb, follower_ref (self), follower_unref);
    }
  return dex_ref (self->pass);
}

DexFuture *
muster_retention_follower_catch_up (MusterRetentionFollower *self)
{
  self->done_day = -1;
  self->n_asked++;
  return muster_retention_follower_go_on (self);
}

static gboolean
timer_cb (gpointer data)
{
  dex_unref (muster_retention_follower_go_on (data));
  return G_SOURCE_CONTINUE;
}

/* --- asking --- */

typedef struct
{
  MusterRetentionFollower *follower; /* (owned) */
  Go                      *go;       /* (owned) */
  gboolean                 everything;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  go_unref (question->go);
  follower_unref (question->follower);
  g_free (question);
}

static gboolean
survey_job (MusterSampleTable *table,
            MusterSampleFile  *file,
            gpointer           data,
            GValue            *result,
            GError           **error)
{
  Question *question = data;
  GArray   *totals;

  if (!question->everything && !muster_retention_find_floors (file, &question->go->limits, error))
    return FALSE;
  totals =
    muster_retention_survey (table, file, &question->go->limits, question->everything, error);
  if (totals == NULL)
    return FALSE;
  g_value_init (result, G_TYPE_ARRAY);
  g_value_take_boxed (result, totals);
  return TRUE;
}

static DexFuture *
flushed_cb (DexFuture *future, gpointer data)
{
  Question *question = data, *copy;

  if (question->follower->engine == NULL)
    return dex_ref (future);
  copy = g_new (Question, 1);
  *copy = (Question){ follower_ref (question->follower), g_atomic_rc_box_acquire (question->go),
                      question->everything };
  return muster_sample_engine_read (copy->follower->engine, survey_job, copy, question_free);
}

DexFuture *
muster_retention_follower_survey (MusterRetentionFollower *self,
                                  MusterRetentionPolicy   *policy,
                                  gboolean                 everything)
{
  Question *question = g_new (Question, 1);

  *question = (Question){ follower_ref (self), go_new (self, policy), everything };
  return dex_future_then (muster_sample_engine_flush (self->engine), flushed_cb, question,
                          question_free);
}

MusterRetentionTally
muster_retention_follower_get_tally (MusterRetentionFollower *self)
{
  return self->tally;
}

/* --- life --- */

void
muster_retention_follower_set_policy (MusterRetentionFollower *self, MusterRetentionPolicy *policy)
{
  g_return_if_fail (self != NULL && policy != NULL);

  if (muster_retention_policy_equal (self->policy, policy))
    return;
  muster_retention_policy_unref (self->policy);
  self->policy = muster_retention_policy_ref (policy);
  dex_unref (muster_retention_follower_catch_up (self));
}

MusterRetentionFollower *
muster_retention_follower_new (MusterSampleEngine *engine, MusterClock *clock)
{
  MusterRetentionFollower *self = g_new0 (MusterRetentionFollower, 1);

  g_return_val_if_fail (engine != NULL && MUSTER_IS_CLOCK (clock), NULL);

  g_atomic_ref_count_init (&self->count);
  self->engine = engine;
  self->clock = g_object_ref (clock);
  self->policy = muster_retention_policy_new ();
  self->done_day = -1;
  self->timer = g_timeout_add_seconds (INTERVAL_SECONDS, timer_cb, self);
  return self;
}

void
muster_retention_follower_stop (MusterRetentionFollower *self)
{
  self->engine = NULL;
  g_clear_handle_id (&self->timer, g_source_remove);
  /* It sees by itself that there is nothing to follow any more. */
  if (self->pass != NULL)
    dex_future_disown (g_steal_pointer (&self->pass));
  follower_unref (self);
}
