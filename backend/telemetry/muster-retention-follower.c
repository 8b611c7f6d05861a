/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-retention-follower"

#include "config.h"

#include "muster-retention-follower.h"
#include "muster-sample-follower.h"

/* How often deleting for want of room is tried at once: what was made of samples needs room too. */
#define MOST_ROUNDS 8
/* How often everything is looked through, in days. */
#define WHOLE_DAYS 7

struct _MusterRetentionFollower
{
  MusterSampleFollower   parent;
  MusterClock           *clock;  /* (owned) */
  MusterRetentionPolicy *policy; /* (owned) */
  MusterRetentionTally   tally;
  gint64                 done_day; /* of which all was deleted; -1: none */
  gint64                 done_since[MUSTER_N_ROLLUP_LEVELS]; /* what is before was deleted then */
  unsigned               n_asked;                            /* how often all was to be gone over */
};

static void
follower_clear (gpointer data)
{
  MusterRetentionFollower *self = data;

  muster_retention_policy_unref (self->policy);
  g_object_unref (self->clock);
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

  muster_retention_limits_init (&go->limits, policy,
                                muster_sample_engine_get_table (self->parent.engine),
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
  gboolean is_good = TRUE;
  gboolean more = TRUE;

  while (is_good && more && self->parent.engine != NULL && go->limits.policy == self->policy)
    is_good = muster_sample_follower_do_slice (self, cut_job, g_atomic_rc_box_acquire (go),
                                               go_unref, &more, error);
  self->tally.samples += go->tally.samples;
  self->tally.chunks += go->tally.chunks;
  return is_good && !more;
}

/* --- for want of room --- */

static gboolean
make_room (MusterRetentionFollower *self, MusterRetentionPolicy *policy, GError **error)
{
  for (unsigned i = 0; policy->max_bytes > 0 && i < MOST_ROUNDS && self->parent.engine != NULL; i++)
    {
      Go      *go = go_new (self, policy);
      gboolean is_good;
      gboolean is_done;

      is_good = dex_await (muster_sample_engine_read (self->parent.engine, find_floors_job,
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
  return self->parent.engine != NULL;
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
  if (!dex_await (muster_sample_engine_flush (self->parent.engine), error) ||
      self->parent.engine == NULL)
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

static gboolean
delete_all (gpointer data, GError **error)
{
  MusterRetentionFollower *self = data;
  g_autoptr (GError) cause = NULL;
  unsigned asked;

  do
    {
      g_autoptr (MusterRetentionPolicy) policy = muster_retention_policy_ref (self->policy);

      asked = self->n_asked;
      if (self->parent.engine != NULL && muster_retention_policy_has_limits (policy) &&
          delete_old (self, policy, &cause))
        make_room (self, policy, &cause);
    }
  while (cause == NULL && self->parent.engine != NULL && asked != self->n_asked);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static const MusterSampleFollowerClass follower_class = {
  .pass = delete_all,
  .clear = follower_clear,
  .interval = 60,
  .trouble = "samples that are too old stay for now",
};

DexFuture *
muster_retention_follower_go_on (MusterRetentionFollower *self)
{
  return muster_sample_follower_go_on (self);
}

DexFuture *
muster_retention_follower_catch_up (MusterRetentionFollower *self)
{
  self->done_day = -1;
  self->n_asked++;
  return muster_retention_follower_go_on (self);
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
  muster_sample_follower_unref (question->follower);
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

  if (question->follower->parent.engine == NULL)
    return dex_ref (future);
  copy = g_new (Question, 1);
  *copy = (Question){ muster_sample_follower_ref (question->follower),
                      g_atomic_rc_box_acquire (question->go), question->everything };
  return muster_sample_engine_read (copy->follower->parent.engine, survey_job, copy, question_free);
}

DexFuture *
muster_retention_follower_survey (MusterRetentionFollower *self,
                                  MusterRetentionPolicy   *policy,
                                  gboolean                 everything)
{
  Question *question = g_new (Question, 1);

  *question = (Question){ muster_sample_follower_ref (self), go_new (self, policy), everything };
  return dex_future_then (muster_sample_engine_flush (self->parent.engine), flushed_cb, question,
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

  muster_sample_follower_init (&self->parent, &follower_class, engine);
  self->clock = g_object_ref (clock);
  self->policy = muster_retention_policy_new ();
  self->done_day = -1;
  return self;
}

void
muster_retention_follower_stop (MusterRetentionFollower *self)
{
  muster_sample_follower_stop (self);
}
