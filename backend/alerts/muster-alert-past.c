/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-past"

#include "config.h"

#include <math.h>

#include "muster-alert-past.h"
#include "muster-alert-replay.h"

static void
past_free (gpointer data)
{
  MusterAlertPast *self = data;

  g_free (self->metrics);
  muster_alert_plan_unref (self->plan);
  g_free (self->device_id);
  g_free (self->metric);
  g_free (self);
}

/* Whether it is over a threshold for which its time has not come. */
static gboolean
is_pending (const MusterAlertPlan *plan, const MusterAlertCondition *condition)
{
  for (unsigned level = condition->level; level < plan->n_levels; level++)
    if (condition->since[level] != 0)
      return plan->duration > 0;
  return FALSE;
}

static gboolean
has_past (const MusterAlertPlan *plan, const MusterAlertCondition *condition)
{
  switch (plan->kind)
    {
    case MUSTER_ALERT_RULE_RATE:
      return TRUE;
    case MUSTER_ALERT_RULE_THRESHOLD:
    case MUSTER_ALERT_RULE_RANGE:
    case MUSTER_ALERT_RULE_STATE:
    case MUSTER_ALERT_RULE_EXPRESSION:
      return is_pending (plan, condition);
    case MUSTER_ALERT_RULE_MISSING:
    case MUSTER_ALERT_RULE_OFFLINE:
    case MUSTER_ALERT_RULE_ANOMALY:
    default:
      return FALSE;
    }
}

/* The metrics that it is about, NULL-terminated: (transfer container). */
static const char **
list_metrics (const MusterAlertPast *self)
{
  unsigned           n_names = 1;
  const char *const *names = (const char *const *)&self->metric;
  const char       **list = NULL;

  if (self->plan->expression != NULL)
    names = muster_expression_get_variables (self->plan->expression, &n_names);
  list = g_new0 (const char *, n_names + 1);
  for (unsigned i = 0; i < n_names; i++)
    list[i] = names[i];
  return list;
}

static void
collect (const MusterAlertPlan      *plan,
         const char                 *device_id,
         const char                 *metric,
         const MusterAlertCondition *condition,
         gpointer                    user_data)
{
  MusterAlertPast *past = NULL;

  if (!has_past (plan, condition))
    return;
  past = g_new0 (MusterAlertPast, 1);
  past->plan = muster_alert_plan_ref ((MusterAlertPlan *)plan);
  past->device_id = g_strdup (device_id);
  past->metric = g_strdup (metric);
  past->metrics = list_metrics (past);
  past->length = 2 * plan->duration + plan->rate;
  g_ptr_array_add (user_data, past);
}

GPtrArray *
muster_alert_past_list (MusterAlertEngine *engine)
{
  GPtrArray *pasts = g_ptr_array_new_with_free_func (past_free);

  muster_alert_engine_foreach (engine, NULL, collect, pasts);
  return pasts;
}

static void
ignore_trace (const MusterAlertTrace *trace, gpointer user_data)
{
}

static gboolean
has_sample (MusterSampleBatch *batch, const char *metric)
{
  unsigned            n_samples = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n_samples);

  for (unsigned i = 0; i < n_samples; i++)
    if (g_str_equal (samples[i].metric, metric))
      return TRUE;
  return FALSE;
}

/* What none of BATCH is about has been as it is for longer. */
static void
set_constants (MusterAlertPast   *self,
               MusterAlertEngine *engine,
               MusterAlertReplay *replay,
               MusterSampleBatch *batch)
{
  for (unsigned i = 0; self->plan->expression != NULL && self->metrics[i] != NULL; i++)
    {
      const MusterSample *last =
        muster_alert_engine_get_last (engine, self->device_id, self->metrics[i]);
      double value = NAN;

      if (last != NULL && !has_sample (batch, self->metrics[i]) &&
          muster_alert_plan_read (self->plan, last, &value))
        muster_alert_replay_set (replay, self->metrics[i], value);
    }
}

void
muster_alert_past_restore (MusterAlertPast   *self,
                           MusterAlertEngine *engine,
                           MusterSampleBatch *batch,
                           gint64             now)
{
  g_autoptr (MusterAlertReplay) replay = muster_alert_replay_new (self->plan, now - self->length,
                                                                 NULL, NULL, ignore_trace, NULL);
  const MusterAlertCondition *was = NULL;

  set_constants (self, engine, replay, batch);
  muster_alert_replay_feed (replay, batch);
  was = muster_alert_replay_get_condition (replay, self->metric);
  if (was != NULL)
    muster_alert_engine_restore (engine, self->plan->id, self->device_id, self->metric, was, now);
}
